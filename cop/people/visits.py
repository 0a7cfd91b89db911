"""Visits: since when what came is new to somebody, counted from when she last looked at the front page.

A visit goes on while she looks again within the hour (as Discourse's `previous_visit_timeout_hours`); when the next one
begins, the end of this one is what "new since" starts from. Reading writes nothing more often than every ten minutes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update

from cop.core.db import db, rows
from cop.people.models import User
from cop.people.viewer import Viewer

ENDS_AFTER = timedelta(hours=1)
WRITTEN_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class Visit:
    """When the visit before this one ended (None for the first), and whether this look is worth writing down."""

    since: datetime | None
    is_due: bool


def of(viewer: Viewer, *, now: datetime) -> Visit:
    """Return the visit that somebody is on."""
    before, seen = _kept(viewer)
    if seen is None:
        return Visit(None, is_due=True)
    if now - seen >= ENDS_AFTER:
        return Visit(seen, is_due=True)
    return Visit(before, is_due=now - seen >= WRITTEN_AFTER)


def note(*, by: Viewer, now: datetime) -> None:
    """Write down that she looks now; of two looks at once the second changes nothing more."""
    visit = of(by, now=now)
    if visit.is_due:
        db.session.execute(
            update(User).where(User.id == by.id).values(visited_before_at=visit.since, seen_at=now)
        )


# Built once: every front page asks it.
_KEPT = select(User.visited_before_at, User.seen_at).where(User.id == bindparam("reader"))


def _kept(viewer: Viewer) -> tuple[datetime | None, datetime | None]:
    ((before, seen),) = rows(_KEPT, {"reader": viewer.id})
    return before, seen
