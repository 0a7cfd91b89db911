"""Reading a page of a table by key: newest first, from a moment and an id, straight from the index."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import BigInteger, Select, Tuple, literal, tuple_

from cop.core.page import Cursor, Page
from cop.core.types import UTCDateTime

T = TypeVar("T")


def read_page(
    statement: Any,
    at: Any,
    row_id: Any,
    *,
    older: str | None,
    newer: str | None,
    size: int,
    read: Callable[[Select[Any]], Sequence[T]],
    place: Callable[[T], Cursor],
    ascending: bool = False,
) -> Page[T]:
    """Return one page of a statement, newest first by the columns `at` and `row_id`; else oldest first.

    What comes further down the list is `older` in both orders.

    `older` and `newer` are keys of neighbouring pages as an address holds them, and a made-up one shows the
    first page. `read` runs the statement, and `place` says where a row stands.
    """
    before, after = Cursor.decode(older), Cursor.decode(newer)
    # A row value, not its parts joined by OR: only so the databases go straight to the place.
    here = tuple_(at, row_id)
    if before is not None:
        after = None
        edge = place_of(before)
        statement = statement.where(here > edge if ascending else here < edge)
    elif after is not None:
        edge = place_of(after)
        statement = statement.where(here < edge if ascending else here > edge)
    upwards = ascending != (after is not None)
    order = (at.asc(), row_id.asc()) if upwards else (at.desc(), row_id.desc())
    rows = read(statement.order_by(*order).limit(size + 1))
    return Page.of(rows, size=size, place=place, before=before, after=after)


def place_of(cursor: Cursor) -> Tuple:
    """Return the place as a row value; the types are said, since a made-up id may be any size."""
    return tuple_(literal(cursor.at, UTCDateTime), literal(cursor.id, BigInteger))
