"""Asking for a file of all that is one's own, opening it, and what takes it away again. Actor first, no commit."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from cop.core import clock
from cop.core.db import db
from cop.core.errors import NotFound
from cop.core.types import Json
from cop.events.record import record
from cop.jobs.schedule import expect, next_night
from cop.people.account_operations import proved
from cop.people.models import AccountStatus, Takeout, User
from cop.people.viewer import Viewer
from cop.takeout import events, queries
from cop.takeout.folder import folder, fresh_name
from cop.takeout.queries import KEPT, LOST

#: The job that makes a file, the one that takes those away whose owner left, and the one of every night.
MAKE_JOB, LEFT_JOB, FORGET_JOB = "takeout.make", "takeout.left", "takeout.forget"
#: For how long a file can be fetched on the device where the password was given.
OPEN_FOR = timedelta(minutes=10)


def ask(*, by: Viewer, current: str) -> Takeout:
    """Have the file made, knowing the present password; where one is being made already, that one is returned.

    A file that is there stays until the new one is ready.
    """
    user = proved(by, current)
    # Two wishes at the same moment make one file.
    db.session.execute(select(User.id).where(User.id == user.id).with_for_update())
    now = clock.now()
    row = queries.latest(by)
    if row is not None and queries.is_making(row, now):
        return row
    if row is not None and row.ready_at is None:
        forget(row)
    made = Takeout(user_id=user.id, name=fresh_name(), lang=user.lang, asked_at=now, moved_at=now)
    db.session.add(made)
    db.session.flush()
    record(events.TakeoutAsked(user_id=user.id, takeout_id=made.id), actor_id=user.id)
    return made


def open_here(*, by: Viewer, current: str, session_id: int) -> Takeout:
    """Let the file be fetched on this session for a few minutes, knowing the present password."""
    user = proved(by, current)
    row = queries.ready(by)
    if row is None:
        raise NotFound
    row.open_until, row.session_id = clock.now() + OPEN_FOR, session_id
    record(
        events.TakeoutOpened(user_id=user.id, takeout_id=row.id, session_id=session_id),
        actor_id=user.id,
    )
    return row


def make(payloads: Sequence[Json]) -> None:
    """Job: put the next part into these files (see `cop.takeout.making`)."""
    # What reads and writes files of records is loaded where it is needed, not by every page.
    from cop.takeout import making

    making.make(payloads)


def forget(row: Takeout) -> None:
    """Take a file away, with its parts."""
    folder().forget(row.name)
    db.session.delete(row)
    db.session.flush()


def forget_all_of(user_id: int) -> None:
    """Take away whatever somebody had made."""
    for row in db.session.scalars(select(Takeout).where(Takeout.user_id == user_id)):
        forget(row)


def forget_of_people(payloads: Sequence[Json]) -> None:
    """Job: take away the files of people who closed their accounts."""
    for payload in payloads:
        forget_all_of(payload["user_id"])


def forget_old(now: datetime) -> None:
    """Take away what had its time, was never finished, or belongs to nobody who could sign in again."""
    over = select(Takeout).where(
        or_(
            Takeout.ready_at < now - KEPT,
            Takeout.ready_at.is_(None) & (Takeout.moved_at < now - KEPT),
            Takeout.user_id.in_(select(User.id).where(User.status == AccountStatus.CLOSED.value)),
        )
    )
    for row in db.session.scalars(over):
        forget(row)
    names = set(db.session.scalars(select(Takeout.name)))
    folder().sweep(names, before=now - LOST)


def tidy(_payloads: Sequence[Json]) -> None:
    """Job: take away what had its time."""
    now = clock.now()
    forget_old(now)
    expect(db.session, FORGET_JOB, at=next_night(now))
