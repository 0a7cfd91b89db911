"""Who takes part in a workshop: those with a seat at one of its dates or who came to it, and its trainers."""

from collections.abc import Sequence

from sqlalchemy import Select, or_, select

from cop.core.db import db
from cop.core.errors import NotFound
from cop.entries import queries as entries
from cop.entries.models import Entry
from cop.people import tokens
from cop.people.viewer import Viewer
from cop.workshops import sessions
from cop.workshops.operations import KIND
from cop.workshops.running_models import Attendance
from cop.workshops.session_models import SignUp, SignUpState, WorkshopSession


def _seats(entry_id: int) -> Select[SignUp]:
    """Return the statement of the seats at dates of a workshop that were not called off.

    Who came has one, though she waited for one till then.
    """
    came = select(Attendance.sign_up_id).where(Attendance.present)
    return (
        select(SignUp)
        .join(WorkshopSession, WorkshopSession.id == SignUp.session_id)
        .where(
            WorkshopSession.entry_id == entry_id,
            WorkshopSession.called_off_at.is_(None),
            WorkshopSession.removed_at.is_(None),
            or_(SignUp.state == SignUpState.GOING.value, SignUp.id.in_(came)),
        )
    )


def has_seat(viewer: Viewer, entry: Entry) -> bool:
    """Tell whether somebody has a seat at a date of a workshop, past ones among them."""
    if viewer.id is None:
        return False
    hers = _seats(entry.id).where(SignUp.user_id == viewer.id).limit(1)
    return db.session.scalar(hers) is not None


def with_seats(entry: Entry, user_ids: Sequence[int]) -> set[int]:
    """Return those of these people who have a seat at a date of a workshop."""
    theirs = _seats(entry.id).where(SignUp.user_id.in_(list(user_ids)))
    return {row.user_id for row in db.session.scalars(theirs) if row.user_id is not None}


def takes_part(viewer: Viewer, entry: Entry) -> bool:
    """Tell whether somebody takes part in a workshop: with a seat, or as one of its trainers."""
    return viewer.is_member and (sessions.may_run(viewer, entry) or has_seat(viewer, entry))


def require_part(viewer: Viewer, entry_id: int) -> Entry:
    """Return the workshop for who takes part in it; for others its page does not exist."""
    entry = entries.get(viewer, entry_id, KIND)
    if not takes_part(viewer, entry):
        raise NotFound
    return entry


def invited_by(viewer: Viewer, entry_id: int, token: str) -> Entry:
    """Return the workshop for who signed up by name and holds her own link; else raise NotFound."""
    entry = entries.get(viewer, entry_id, KIND)
    hers = _seats(entry.id).where(SignUp.token_hash == tokens.digest(token)).limit(1)
    if not token or db.session.scalar(hers) is None:
        raise NotFound
    return entry


def member_ids(entry: Entry) -> list[int]:
    """Return the members with a seat at a date of a workshop."""
    rows = db.session.scalars(_seats(entry.id).where(SignUp.user_id.is_not(None)))
    return list(dict.fromkeys(row.user_id for row in rows if row.user_id is not None))
