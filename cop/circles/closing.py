"""Closing a circle, opening it again, and emptying what is left of it after a while. Actor first, no commit.

Closed, nobody reads anything of it but who wrote an entry, and its hosts have its export; opened again within
`KEPT`, everything is as it was.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from cop.circles import events, exporting, policy
from cop.core import clock
from cop.core.db import db
from cop.core.errors import NotFound
from cop.core.types import Json
from cop.events.record import record
from cop.jobs.schedule import expect, next_night
from cop.people.models import (
    Circle,
    CircleExport,
    CircleInvitation,
    JoinRequest,
    Membership,
)
from cop.people.viewer import Viewer

#: For how long a closed circle can be opened again.
KEPT = timedelta(days=30)


def close(*, by: Viewer, circle_id: int) -> Circle:
    """Close a circle for all who are in it. Once is enough."""
    try:
        circle = policy.hosted(by, circle_id, to_change=True)
    except NotFound:
        return policy.closed(by, circle_id)
    circle.closed_at = clock.now()
    record(events.CircleClosed(circle_id=circle.id), actor_id=by.id)
    return circle


def reopen(*, by: Viewer, circle_id: int) -> Circle:
    """Open a closed circle again, as it was."""
    circle = policy.closed(by, circle_id, to_change=True)
    circle.closed_at = None
    record(events.CircleReopened(circle_id=circle.id), actor_id=by.id)
    return circle


def ends_at(circle: Circle) -> datetime | None:
    """Return when what is left of a closed circle is emptied."""
    return circle.closed_at + KEPT if circle.closed_at else None


def empty_old(now: datetime, *, most: int = 100) -> int:
    """Empty circles that were closed long ago; return how many.

    The row stays without words, so that its number never comes again. What somebody wrote in it stays open to
    her alone, who may open it to others.
    """
    due = db.session.scalars(
        select(Circle)
        .where(Circle.closed_at < now - KEPT, Circle.emptied_at.is_(None))
        .order_by(Circle.id)
        .limit(most)
        .with_for_update()
    ).all()
    for circle in due:
        for table in (Membership, CircleInvitation, JoinRequest, CircleExport):
            db.session.execute(delete(table).where(table.circle_id == circle.id))
        circle.name = circle.purpose = ""
        circle.emptied_at = now
        record(events.CircleEmptied(circle_id=circle.id), actor_id=None)
    return len(due)


#: The job that forgets what of circles has had its time.
FORGET_JOB = "circles.forget"


def forget(_payloads: Sequence[Json]) -> None:
    """Job: empty circles that were closed long ago, and delete files that were kept long enough."""
    now = clock.now()
    empty_old(now)
    exporting.forget_old(now)
    expect(db.session, FORGET_JOB, at=next_night(now))
