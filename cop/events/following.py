"""Following what happens, for what a process keeps: which entries changed since it last looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from cop.core.db import db, rows
from cop.events.models import Event

#: Events looked at: one that was committed late under a lower number is still among these.
LATEST = 64
#: After more changes than this everything is read anew.
MANY = 300

# Built once: many requests ask them.
_HAPPENED = select(Event.id, Event.verb, Event.entry_id).order_by(Event.id.desc())
_LATEST = _HAPPENED.limit(LATEST)


@dataclass(frozen=True)
class News:
    """What happened since the last look."""

    entry_ids: frozenset[int]
    verbs: frozenset[str]
    #: Whether too much happened, or something was undone: what is kept of entries must be read anew.
    is_lost: bool
    seen: frozenset[int]


class Follower:
    """Remembers which events were looked at. Its owner sees to it that one thread at a time asks."""

    def __init__(self) -> None:
        """Begin with the first look; what happened before is no news."""
        self._seen: frozenset[int] | None = None

    def look(self) -> News:
        """Return what is new, in the transaction of who asks; one query, and one more after many events."""
        latest: Sequence[Any] = rows(_LATEST)
        seen = frozenset(row.id for row in latest)
        before = seen if self._seen is None else self._seen
        new = [row for row in latest if row.id not in before]
        last = max(before, default=0)
        if new and latest[-1].id > last:
            between = _HAPPENED.where(Event.id > last, Event.id < latest[-1].id)
            new += db.session.execute(between.limit(MANY)).all()
        return News(
            entry_ids=frozenset(row.entry_id for row in new if row.entry_id is not None),
            verbs=frozenset(row.verb for row in new),
            is_lost=len(new) > MANY or max(seen, default=0) < last,
            seen=seen,
        )

    def remember(self, news: News) -> None:
        """Take the news as dealt with; called last, so that what failed is tried again."""
        self._seen = news.seen
