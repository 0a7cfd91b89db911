"""Signing up for a date of a workshop, and withdrawing: members, and names that come by a trainer's link.

Whoever does anything to the line of a date holds the row of the date, so that of two who want the last seat
at once one has it and the other waits. Actor first, no commit.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Forbidden, Gone, Invalid, Moved, NotFound
from cop.core.i18n import _l
from cop.core.types import Json
from cop.entries import policy, queries as entries
from cop.entries.models import Entry, Status
from cop.entries.queries import MAX_ID
from cop.events.record import record
from cop.people import tokens
from cop.people.joining import checked_name
from cop.people.viewer import VISITOR, Viewer
from cop.workshops import events, team
from cop.workshops.operations import KIND
from cop.workshops.session_models import CalendarFeed, SignUp, SignUpState, WorkshopSession
from cop.workshops.session_queries import Standing, standing_of
from cop.workshops.sessions import require_to_run, session_of
from cop.workshops.sign_ups import counts_of, move_up, own

#: The job that forgets where people were who closed their accounts.
LEFT_JOB = "workshops.left"
#: More than this is no list of people any more.
MOST_SIGN_UPS = 2_000

#: One sentence for all reasons, so that nothing is learned from a link that does not work.
UNUSABLE = _l(
    "This link does not work (any more). Please ask the person who sent it for a new one."
)
NOT_FOR_ALL = _l("Only a workshop that everybody may read can have such a link.")
_CLOSED = {
    Standing.OVER: _l("This date is over; nobody can sign up for it any more."),
    Standing.CALLED_OFF: _l("This date is called off; nobody can sign up for it."),
    Standing.CLOSED: _l("Sign-up for this date has closed. Ask the trainer in a comment."),
    Standing.WITHOUT: _l("One does not sign up for this date here."),
    Standing.REMOVED: _l("This date is not there any more."),
}


def sign_up(*, by: Viewer, entry_id: int, number: int) -> SignUp:
    """Take a seat, or a place in the line where all are taken; signed up already, nothing happens."""
    entry, session = session_of(by, entry_id, number, to_change=True)
    if by.id is None:
        raise Forbidden
    row = own(by, session.id)
    if row is not None and row.state != SignUpState.WITHDRAWN:
        return row
    state = _state_for_one_more(entry, session)
    now = clock.now()
    if row is None:
        row = SignUp(session_id=session.id, user_id=by.id)
        db.session.add(row)
    row.state, row.queued_at, row.changed_at = state.value, now, now
    db.session.flush()
    told = events.SignedUp(entry.id, session.id, session.number)
    record(told, actor_id=by.id)
    return row


def withdraw(*, by: Viewer, entry_id: int, number: int) -> None:
    """Give up a seat, or a place in the line; who has waited longest moves up. Once is enough."""
    _entry, session = session_of(by, entry_id, number, to_change=True)
    row = own(by, session.id)
    if row is not None:
        _end(session, row, by)


def take_off(*, by: Viewer, entry_id: int, number: int, sign_up_id: int) -> None:
    """Take somebody off the list, for who looks after the dates; a member is told."""
    require_to_run(by, entry_id)
    _entry, session = session_of(by, entry_id, number, to_change=True)
    row = db.session.get(SignUp, sign_up_id) if 0 < sign_up_id <= MAX_ID else None
    if row is None or row.session_id != session.id:
        raise NotFound
    was = row.state
    _end(session, row, by)
    if row.user_id is not None and was != SignUpState.WITHDRAWN and row.user_id != by.id:
        told = events.SeatTaken(session.entry_id, session.id, session.number, row.user_id)
        record(told, actor_id=by.id)


def make_link(*, by: Viewer, entry_id: int, number: int) -> str:
    """Make the link by which people without account sign up, and return its token; an earlier one ends.

    Only a workshop that everybody may read has one: the page behind it names the workshop.
    """
    entry = require_to_run(by, entry_id)
    _entry, session = session_of(by, entry_id, number, to_change=True)
    if not policy.may_read(VISITOR, entry):
        raise Invalid("", NOT_FOR_ALL)
    token = tokens.fresh()
    session.invite_hash = tokens.digest(token)
    db.session.flush()
    return token


def end_link(*, by: Viewer, entry_id: int, number: int) -> None:
    """End the link by which people without account sign up; who came by it stays."""
    require_to_run(by, entry_id)
    _entry, session = session_of(by, entry_id, number, to_change=True)
    session.invite_hash = ""
    db.session.flush()


def invited(token: str, *, to_change: bool = False) -> tuple[Entry, WorkshopSession]:
    """Return what a trainer's link leads to; raise Forbidden with one sentence where it does not work."""
    statement = select(WorkshopSession).where(
        WorkshopSession.invite_hash == tokens.digest(token),
        WorkshopSession.removed_at.is_(None),
    )
    if to_change:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    session = db.session.scalar(statement)
    entry = _open_to_all(session.entry_id) if session is not None else None
    if session is None or entry is None:
        raise Forbidden(UNUSABLE)
    return entry, session


def _open_to_all(entry_id: int) -> Entry | None:
    """Return a workshop with its texts if everybody may read it."""
    try:
        return entries.get(VISITOR, entry_id, KIND)
    except (NotFound, Gone, Moved):
        return None


def sign_up_by_name(*, token: str, name: str, form_key: str) -> str:
    """Sign a name up by a trainer's link, and return the token of her own link.

    The same form sent twice signs up once: her token follows from what was sent, and is kept nowhere.
    """
    entry, session = invited(token, to_change=True)
    name = checked_name(name)
    her_own = _token_of(token, form_key, name)
    known = select(SignUp).where(SignUp.token_hash == tokens.digest(her_own))
    if db.session.scalar(known) is not None:
        return her_own
    now = clock.now()
    db.session.add(
        SignUp(
            session_id=session.id,
            name=name,
            token_hash=tokens.digest(her_own),
            state=_state_for_one_more(entry, session).value,
            queued_at=now,
            changed_at=now,
        )
    )
    db.session.flush()
    record(events.SignedUp(entry.id, session.id, session.number), actor_id=None)
    return her_own


def _token_of(invitation: str, form_key: str, name: str) -> str:
    """Return a token nobody else can know: the key of her form is random, and only her page held it."""
    if len(form_key) < 12:
        return tokens.fresh()
    said = f"{invitation}\0{form_key}\0{name}".encode("utf-8", "surrogatepass")
    return base64.urlsafe_b64encode(hashlib.sha256(said).digest()).decode().rstrip("=")


@dataclass(frozen=True)
class Place:
    """Where somebody stands who signed up by name; the entry is None where it cannot be read any more."""

    row: SignUp
    session: WorkshopSession
    entry: Entry | None


def place_of(token: str) -> Place:
    """Return what somebody's own link leads to; raise NotFound for a made-up one."""
    row = db.session.scalar(select(SignUp).where(SignUp.token_hash == tokens.digest(token)))
    if row is None or not token:
        raise NotFound
    session = db.session.get_one(WorkshopSession, row.session_id)
    return Place(row, session, _open_to_all(session.entry_id))


def withdraw_by_link(*, token: str) -> None:
    """Withdraw by one's own link. Once is enough."""
    found = place_of(token)
    session = db.session.scalars(
        select(WorkshopSession)
        .where(WorkshopSession.id == found.session.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    db.session.refresh(found.row)
    _end(session, found.row, VISITOR)


def renew_place(*, by: Viewer, entry_id: int, number: int, sign_up_id: int) -> str:
    """Make a link of her own for somebody without an account, and return its token; one that she had ends.

    For who lost hers, and for who was put on the sheet by name and never had one.
    """
    entry = require_to_run(by, entry_id)
    _entry, session = session_of(by, entry_id, number, to_change=True)
    row = _named(session, sign_up_id)
    if not policy.may_read(VISITOR, entry):
        raise Invalid("", NOT_FOR_ALL)
    token = tokens.fresh()
    row.token_hash = tokens.digest(token)
    db.session.flush()
    return token


def _named(session: WorkshopSession, sign_up_id: int) -> SignUp:
    """Return somebody without an account who stands on the list of a date under a name; else raise NotFound."""
    row = db.session.get(SignUp, sign_up_id) if 0 < sign_up_id <= MAX_ID else None
    if row is None or row.session_id != session.id or row.user_id is not None or not row.name:
        raise NotFound
    return row


def forget_people(payloads: Sequence[Json]) -> None:
    """Job: forget where people were who closed their accounts."""
    for payload in payloads:
        forget_person(payload["user_id"])
        team.forget_person(payload["user_id"])


def forget_person(user_id: int) -> None:
    """Free the seats of somebody who closed her account, and forget where she was."""
    db.session.execute(delete(CalendarFeed).where(CalendarFeed.user_id == user_id))
    mine = select(SignUp.session_id).where(SignUp.user_id == user_id)
    sessions = (
        select(WorkshopSession)
        .where(WorkshopSession.id.in_(mine))
        .order_by(WorkshopSession.id)
        .with_for_update()
    )
    for session in db.session.scalars(sessions).all():
        row = db.session.scalar(
            select(SignUp).where(SignUp.session_id == session.id, SignUp.user_id == user_id)
        )
        db.session.delete(row)
        db.session.flush()
        move_up(session, by=VISITOR)


def _end(session: WorkshopSession, row: SignUp, by: Viewer) -> None:
    if row.state == SignUpState.WITHDRAWN:
        return
    if session.ends_at <= clock.now():
        raise Invalid("", _l("This date is over, so that nothing about it can be changed."))
    row.state, row.changed_at = SignUpState.WITHDRAWN.value, clock.now()
    db.session.flush()
    told = events.SignUpWithdrawn(session.entry_id, session.id, session.number)
    record(told, actor_id=by.id)
    move_up(session, by=by)


def _state_for_one_more(entry: Entry, session: WorkshopSession) -> SignUpState:
    """Return whether one more has a seat or waits; raise Invalid where nobody can sign up (any more)."""
    counts = counts_of([session.id])[session.id]
    standing = standing_of(session, counts, clock.now())
    if standing in _CLOSED:
        raise Invalid("", _CLOSED[standing])
    if entry.status != Status.PUBLISHED:
        raise Invalid("", _l("One can sign up once the workshop is published."))
    if counts.all >= MOST_SIGN_UPS:
        raise Invalid("", _l("So many have signed up that the list is full."))
    return SignUpState.WAITING if standing == Standing.FULL else SignUpState.GOING
