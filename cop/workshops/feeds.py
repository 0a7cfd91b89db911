"""What calendars fetch: the dates anybody may read, and those that somebody signed up for. Actor first, no commit."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Forbidden, NotFound
from cop.entries import queries as entries
from cop.entries.models import Entry
from cop.people import tokens
from cop.people.models import User
from cop.people.queries import viewer_of
from cop.people.viewer import Viewer
from cop.workshops.operations import KIND
from cop.workshops.session_models import CalendarFeed, SignUp, SignUpState, WorkshopSession

#: Dates of one calendar at most.
MOST = 300


def make_feed(*, by: Viewer) -> str:
    """Give somebody's calendar a secret address and return its token; an earlier one ends."""
    if by.id is None:
        raise Forbidden
    token = tokens.fresh()
    # Of two who ask at once in her name the second waits, and its address is the one that holds.
    db.session.scalar(select(User.id).where(User.id == by.id).with_for_update())
    row = db.session.get(CalendarFeed, by.id, populate_existing=True)
    if row is None:
        row = CalendarFeed(user_id=by.id)
        db.session.add(row)
    row.token_hash, row.made_at = tokens.digest(token), clock.now()
    db.session.flush()
    return token


def end_feed(*, by: Viewer) -> None:
    """End the secret address of somebody's calendar. Once is enough."""
    row = db.session.get(CalendarFeed, by.id) if by.id is not None else None
    if row is not None:
        db.session.delete(row)
        db.session.flush()


def has_feed(viewer: Viewer) -> bool:
    """Tell whether somebody's calendar has a secret address."""
    return viewer.id is not None and db.session.get(CalendarFeed, viewer.id) is not None


def owner_of(token: str) -> tuple[User, Viewer]:
    """Return whose calendar has this address, and what she may read; raise NotFound for a made-up one."""
    statement = (
        select(User)
        .join(CalendarFeed, CalendarFeed.user_id == User.id)
        .where(CalendarFeed.token_hash == tokens.digest(token))
    )
    user = db.session.scalar(statement)
    if user is None or not user.active:
        raise NotFound
    return user, viewer_of(user)


Signed = tuple[WorkshopSession, Entry, SignUpState]


def signed_up_for(viewer: Viewer) -> list[Signed]:
    """Return what somebody signed up for and may read today, the first first: coming and past, called off too."""
    if viewer.id is None:
        return []
    statement = (
        select(WorkshopSession, SignUp.state)
        .join(SignUp, SignUp.session_id == WorkshopSession.id)
        .where(
            SignUp.user_id == viewer.id,
            SignUp.state != SignUpState.WITHDRAWN.value,
            WorkshopSession.removed_at.is_(None),
        )
        .order_by(WorkshopSession.starts_at.desc(), WorkshopSession.id.desc())
        .limit(MOST)
    )
    rows = list(db.session.execute(statement).all())
    known = readable(viewer, [row.entry_id for row, _state in rows])
    return [
        (row, known[row.entry_id], SignUpState(state))
        for row, state in reversed(rows)
        if row.entry_id in known
    ]


def readable(viewer: Viewer, entry_ids: Sequence[int]) -> dict[int, Entry]:
    """Return those of the workshops that the viewer meets in lists, with their texts."""
    if not entry_ids:
        return {}
    statement = (
        entries.recent(viewer, kind=KIND)
        .where(Entry.id.in_(sorted(set(entry_ids))))
        .options(selectinload(Entry.texts))
    )
    return {entry.id: entry for entry in db.session.scalars(statement)}
