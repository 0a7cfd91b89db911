"""Titles of what is written in somebody's circles, by the keys under which they are found while she types.

They are no part of what is kept for all: there one circle's titles would push out others', and be noticed by who may
not know of it. Read for each of those in a circle, the newest alone; nothing is asked where somebody is in none.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache

from sqlalchemy import select

from cop.core.db import db
from cop.entries.models import Entry, Text
from cop.people.viewer import Viewer
from cop.search.suggest import Found, Name, Names, Typed

#: Tellings looked at: the newest of all her circles.
_MOST = 200
_Row = tuple[int, str, datetime, str]


def found_in_circles(viewer: Viewer, asked: Typed, most: int) -> Mapping[str, list[Found]]:
    """Return entries of the viewer's circles one of whose titles fits, by kind; to be shown only after a look."""
    if not viewer.circles:
        return {}
    audiences = [f"circle:{circle_id}" for circle_id in sorted(viewer.circles)]
    rows = db.session.execute(
        select(Entry.id, Entry.kind, Entry.published_at, Text.title)
        .join(Text, Text.entry_id == Entry.id)
        .where(Entry.circle_id.in_(sorted(viewer.circles)), Entry.audience.in_(audiences))
        .order_by(Entry.published_at.desc(), Entry.id.desc(), Text.id)
        .limit(_MOST)
    )
    kept = _names(tuple((row[0], row[1], row[2], row[3]) for row in rows))
    return {kind: names.find(asked, most) for kind, names in kept.items()}


@lru_cache(maxsize=16)
def _names(rows: tuple[_Row, ...]) -> Mapping[str, Names]:
    """Return titles by their keys; kept for the next letter, and for who is in the same circles."""
    by_kind: dict[str, list[Name]] = {}
    for entry_id, kind, published_at, title in rows:
        rank = -int(published_at.timestamp() // 60)
        by_kind.setdefault(kind, []).append(Name(entry_id, rank, title))
    return {kind: Names.of(names) for kind, names in by_kind.items()}
