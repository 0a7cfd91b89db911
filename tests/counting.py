"""Counting what a page asks the database, so that it never grows with the number of rows."""

from __future__ import annotations

import tomllib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, event

from cop.web.cache import pages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from flask.testing import FlaskClient

    Url = str | Callable[[], str]

BUDGETS: dict[str, dict[str, int]] = tomllib.loads(
    (Path(__file__).parent / "budgets.toml").read_text(encoding="utf-8")
)
#: What is no question but the shape of the tests' transaction.
_SHAPE = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT", "PRAGMA")


@contextmanager
def counted() -> Iterator[list[str]]:
    """Gather the statements sent to the database within the block."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.upper().startswith(_SHAPE):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def statements_of(client: FlaskClient, url: str) -> list[str]:
    """Return what one request for a page asks, the page being made and not taken from the store.

    It is asked for once before, so that what a process reads once is not counted.
    """
    client.get(url, follow_redirects=False)
    pages(client.application).clear()
    with counted() as seen:
        answer = client.get(url)
    assert answer.status_code == 200, f"{url} answered {answer.status_code}"
    return seen


def assert_constant_queries(
    client: FlaskClient, url: Url, *, grow: Callable[[int], object], budget: str = ""
) -> None:
    """Assert that a page asks as much with 20 rows as with 1, and stays under its ceiling.

    `grow(number)` adds so many rows of what the page shows.
    """
    assert_all_constant([(client, url, budget)], grow=grow)


def assert_all_constant(
    asked: Sequence[tuple[FlaskClient, Url, str]], *, grow: Callable[[int], object]
) -> None:
    """Assert it of several pages (client, address, name of the ceiling) that grow with the same rows."""
    grow(1)
    before = [statements_of(client, _address(url)) for client, url, _budget in asked]
    grow(19)
    for (client, url, budget), one in zip(asked, before, strict=True):
        many = statements_of(client, _address(url))
        assert len(many) == len(one), "\n".join(
            [f"{_address(url)}: {len(one)} statements for one row, {len(many)} for 20:", *many]
        )
        ceiling = BUDGETS["queries"].get(budget)
        if ceiling is not None:
            assert len(many) <= ceiling, "\n".join([f"{budget} asks {len(many)} times:", *many])


def _address(url: Url) -> str:
    return url if isinstance(url, str) else url()
