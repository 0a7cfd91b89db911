"""The site as `wsgi` serves it, saying in each answer what the search engine took of it.

`Server-Timing: engine;dur=…` tells the milliseconds of processor time that the request's thread spent in what
`tests.benchmarks.search` measures by itself: scoring, counting facets, cutting passages, near spellings.
"""

from __future__ import annotations

import functools
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from cop.discover import results, said, ways_out
from cop.search.local import LocalEngine
from cop.search.matched import Found
from wsgi import app

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Response

_spent: ContextVar[float] = ContextVar("spent", default=0.0)
_running: ContextVar[bool] = ContextVar("running", default=False)


def _clocked(owner: Any, name: str) -> None:
    """Let this function of a module or class be timed; what it calls itself is not timed twice."""
    real: Callable[..., Any] = getattr(owner, name)

    @functools.wraps(real)
    def timed(*args: Any, **kwargs: Any) -> Any:
        if _running.get():
            return real(*args, **kwargs)
        _running.set(True)
        started = time.thread_time()
        try:
            return real(*args, **kwargs)
        finally:
            _running.set(False)
            _spent.set(_spent.get() + time.thread_time() - started)

    setattr(owner, name, timed)


for owner, names in (
    (LocalEngine, ("search", "holding")),
    (Found, ("counts",)),
    (results, ("passage", "highlight")),
    (said, ("passage", "highlight")),
    (ways_out, ("meant",)),
):
    for name in names:
        _clocked(owner, name)


@app.before_request
def _begin() -> None:
    _spent.set(0.0)


@app.after_request
def _tell(response: Response) -> Response:
    response.headers["Server-Timing"] = f"engine;dur={_spent.get() * 1000:.4f}"
    return response
