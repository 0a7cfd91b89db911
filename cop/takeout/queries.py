"""Finding one's own file. There is no way here to somebody else's."""

from datetime import datetime, timedelta

from sqlalchemy import select

from cop.core import clock
from cop.core.db import db
from cop.core.errors import NotFound
from cop.entries.queries import MAX_ID
from cop.people.models import Takeout
from cop.people.viewer import Viewer
from cop.takeout.folder import folder

#: For how long a file is kept.
KEPT = timedelta(days=7)
#: After so long without a step a file that is not ready is taken for lost, and can be asked for again.
LOST = timedelta(minutes=30)


def latest(viewer: Viewer) -> Takeout | None:
    """Return the viewer's newest file, made or being made."""
    return db.session.scalar(
        select(Takeout)
        .where(Takeout.user_id == viewer.id)
        .order_by(Takeout.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def ready(viewer: Viewer) -> Takeout | None:
    """Return the viewer's newest file that is made, there, and has not had its time."""
    row = db.session.scalar(
        select(Takeout)
        .where(Takeout.user_id == viewer.id, Takeout.ready_at > clock.now() - KEPT)
        .order_by(Takeout.id.desc())
        .limit(1)
    )
    return row if row is not None and folder().file(row.name).is_file() else None


def ends_at(row: Takeout) -> datetime | None:
    """Return until when a file is kept."""
    return row.ready_at + KEPT if row.ready_at else None


def is_making(row: Takeout, now: datetime) -> bool:
    """Tell whether a file is being made."""
    return row.ready_at is None and not row.problem and row.moved_at > now - LOST


def is_open(row: Takeout, session_id: int | None, now: datetime) -> bool:
    """Tell whether a file can be fetched on this session: her password was given there a few minutes ago."""
    return (
        session_id is not None
        and row.session_id == session_id
        and row.open_until is not None
        and row.open_until > now
    )


def opened(viewer: Viewer, session_id: int | None, takeout_id: int) -> Takeout:
    """Return the viewer's own file if it can be fetched on this session; else raise NotFound."""
    row = ready(viewer)
    if row is None or row.id != min(takeout_id, MAX_ID):
        raise NotFound
    if not is_open(row, session_id, clock.now()):
        raise NotFound
    return row
