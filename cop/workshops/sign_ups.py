"""Who comes to a date of a workshop, who waits for a seat, and how many they are.

The line is one and stable: seats go to those who stand in it longest, and who comes again after
withdrawing stands at its end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, literal, select, tuple_

from cop.core import clock
from cop.core.db import db, rows
from cop.core.types import UTCDateTime
from cop.entries import policy
from cop.events.record import record
from cop.people.models import User
from cop.people.viewer import Viewer
from cop.workshops import events
from cop.workshops.session_models import SignUp, SignUpState, WorkshopSession


@dataclass(frozen=True)
class Counts:
    """How many have a seat, and how many wait for one; everybody who reads the workshop may know."""

    going: int = 0
    waiting: int = 0

    @property
    def all(self) -> int:
        """How many signed up and have not withdrawn."""
        return self.going + self.waiting


@dataclass(frozen=True)
class Attendee:
    """Somebody who signed up, for those who look after the dates: nobody else may know of her."""

    sign_up_id: int
    #: None where she signed up by name.
    user_id: int | None
    #: "" where it was forgotten (`forgetting`).
    name: str
    #: Of her page, "" where she has none.
    handle: str
    state: SignUpState
    #: Since when she stands in the line.
    since: datetime


def attendees_of(
    session: WorkshopSession, *states: SignUpState, members_only: bool = False
) -> list[Attendee]:
    """Return who signed up for a date, in the order of the line: those with a seat, then those who wait.

    Without `states`, those who withdrew are left out. Ask `sessions.may_run(viewer, entry)` before showing
    anybody a name.
    """
    wanted = [one.value for one in states or (SignUpState.GOING, SignUpState.WAITING)]
    statement = (
        select(SignUp, User)
        .outerjoin(User, User.id == SignUp.user_id)
        .where(SignUp.session_id == session.id, SignUp.state.in_(wanted))
        .order_by(SignUp.state, SignUp.queued_at, SignUp.id)
    )
    if members_only:
        statement = statement.where(SignUp.user_id.is_not(None))
    return [_attendee(row, user) for row, user in db.session.execute(statement).all()]


def _attendee(row: SignUp, user: User | None) -> Attendee:
    return Attendee(
        sign_up_id=row.id,
        user_id=row.user_id,
        name=policy.name_of(user) if row.user_id is not None else row.name,
        handle=user.handle if user is not None and user.active else "",
        state=SignUpState(row.state),
        since=row.queued_at,
    )


def counts_of(session_ids: Sequence[int]) -> dict[int, Counts]:
    """Return how many go to dates and wait for them, in one query."""
    found: dict[int, dict[str, int]] = {one: {} for one in session_ids}
    if not found:
        return {}
    statement = (
        select(SignUp.session_id, SignUp.state, func.count())
        .where(SignUp.session_id.in_(list(found)), SignUp.state != SignUpState.WITHDRAWN.value)
        .group_by(SignUp.session_id, SignUp.state)
    )
    for session_id, state, many in rows(statement):
        found[session_id][state] = many
    return {
        one: Counts(
            many.get(SignUpState.GOING.value, 0),
            many.get(SignUpState.WAITING.value, 0),
        )
        for one, many in found.items()
    }


def move_up(session: WorkshopSession, *, by: Viewer) -> list[SignUp]:
    """Give free seats to those who have waited longest, and return them; the session's row is locked.

    Nobody moves up on a date that is called off or has begun. Members are told.
    """
    if session.called_off_at is not None or session.starts_at <= clock.now():
        return []
    waiting = (
        select(SignUp)
        .where(SignUp.session_id == session.id, SignUp.state == SignUpState.WAITING.value)
        .order_by(SignUp.queued_at, SignUp.id)
    )
    if session.seats is not None:
        free = session.seats - counts_of([session.id])[session.id].going
        if free <= 0:
            return []
        waiting = waiting.limit(free)
    up = list(db.session.scalars(waiting))
    for row in up:
        row.state, row.changed_at = SignUpState.GOING.value, clock.now()
        if row.user_id is not None:
            record(
                events.SeatGiven(session.entry_id, session.id, session.number, row.user_id),
                actor_id=by.id,
            )
    db.session.flush()
    return up


def members_of(session_id: int) -> list[int]:
    """Return the accounts that signed up for a date and did not withdraw."""
    statement = select(SignUp.user_id).where(
        SignUp.session_id == session_id,
        SignUp.user_id.is_not(None),
        SignUp.state != SignUpState.WITHDRAWN.value,
    )
    return [one for one in db.session.scalars(statement) if one is not None]


def place_in_line(row: SignUp) -> int:
    """Return how many wait before her, and she herself: 1 for who is next."""
    earlier = tuple_(SignUp.queued_at, SignUp.id) <= tuple_(
        literal(row.queued_at, UTCDateTime), literal(row.id)
    )
    return int(
        db.session.scalar(
            select(func.count()).where(
                SignUp.session_id == row.session_id,
                SignUp.state == SignUpState.WAITING.value,
                earlier,
            )
        )
        or 0
    )


def own(viewer: Viewer, session_id: int) -> SignUp | None:
    """Return the viewer's own sign-up for a date, also one that she withdrew."""
    if viewer.id is None:
        return None
    return db.session.scalar(
        select(SignUp).where(SignUp.session_id == session_id, SignUp.user_id == viewer.id)
    )
