"""What the page of one search asks in several places is asked once, and all of them go by the same answer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")

_known: ContextVar[dict[Any, Any] | None] = ContextVar("known_of_one_search", default=None)


@contextmanager
def asking_once() -> Iterator[None]:
    """Within the block, what goes through `once` is found out at most once."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def once(key: Any, ask: Callable[[], T]) -> T:
    """Return the answer known in this block under the key, else ask; outside a block ask each time."""
    known = _known.get()
    if known is None:
        return ask()
    if key not in known:
        known[key] = ask()
    found: T = known[key]
    return found
