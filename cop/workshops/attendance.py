"""Who came to a date: ticked by its trainers, by hand or here. Actor first, no commit."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Forbidden, Invalid
from cop.core.i18n import _l
from cop.core.text import clean
from cop.entries.models import Entry
from cop.events.record import record
from cop.people.viewer import Viewer
from cop.workshops import running_events as events, sessions
from cop.workshops.running_models import Attendance
from cop.workshops.session_models import SignUp, SignUpState, WorkshopSession
from cop.workshops.sign_ups import Attendee, attendees_of

NAME_LIMIT = 120
#: Longer than any group that a sheet is kept for.
_MOST_ADDED = 500
_NOT_YET = _l("Who comes is ticked on the day itself, and later.")


@dataclass(frozen=True)
class Line:
    """A line of the attendance sheet, for the trainers."""

    attendee: Attendee
    came: bool


def has_begun(session: WorkshopSession) -> bool:
    """Tell whether the day of a date has come, where it takes place."""
    today = clock.now().astimezone(ZoneInfo(session.timezone)).date()
    return session.called_off_at is None and today >= session.starts_local.date()


def sheet(session: WorkshopSession) -> list[Line]:
    """Return who signed up and whether each came; who withdrew is there only if she came all the same."""
    present = came(session)
    rows = attendees_of(session, *SignUpState)
    return [
        Line(one, one.sign_up_id in present)
        for one in rows
        if one.state != SignUpState.WITHDRAWN or one.sign_up_id in present
    ]


def came(session: WorkshopSession) -> set[int]:
    """Return the sign-ups of those who came."""
    here = select(Attendance.sign_up_id).where(
        Attendance.session_id == session.id, Attendance.present
    )
    return set(db.session.scalars(here))


def number_present(session: WorkshopSession) -> int:
    """Return how many came."""
    there = select(func.count()).where(Attendance.session_id == session.id, Attendance.present)
    return db.session.scalar(there) or 0


def tick(
    *, by: Viewer, entry_id: int, number: int, shown: Collection[int], ticked: Collection[int]
) -> int:
    """Take over what a trainer changed on the sheet: `shown` were ticked when she opened it.

    Only what she changed changes, so that two who tick at once lose nothing. Returns how many came.
    """
    entry, session = _held(by, entry_id, number)
    if not has_begun(session):
        raise Invalid("", _NOT_YET)
    of_this = select(SignUp).where(SignUp.session_id == session.id)
    sign_ups = {row.id: row for row in db.session.scalars(of_this)}
    kept = {
        row.sign_up_id: row
        for row in db.session.scalars(
            select(Attendance)
            .where(Attendance.session_id == session.id)
            .execution_options(populate_existing=True)
        )
    }
    for one in set(ticked) - set(shown):
        if one in sign_ups:
            _come(entry, session, sign_ups[one], kept.get(one), by)
    for one in set(shown) - set(ticked):
        if one in kept:
            kept[one].present = False
    db.session.flush()
    return number_present(session)


def _come(
    entry: Entry,
    session: WorkshopSession,
    sign_up: SignUp,
    kept: Attendance | None,
    by: Viewer,
) -> None:
    if kept is not None:
        kept.present = True
        return
    db.session.add(Attendance(sign_up_id=sign_up.id, session_id=session.id))
    if sign_up.user_id is not None:
        told = events.CameToWorkshop(
            entry_id=entry.id, number=session.number, user_id=sign_up.user_id
        )
        record(told, actor_id=by.id)


def add_who_came(*, by: Viewer, entry_id: int, number: int, names: Sequence[str]) -> int:
    """Put people on the sheet who came without having signed up, by name; a name on it twice is one."""
    _entry, session = _held(by, entry_id, number)
    if not has_begun(session):
        raise Invalid("names", _NOT_YET)
    wanted = [name for one in names if (name := clean(one, multiline=False))]
    if not wanted:
        raise Invalid("names", _l("Write at least one name, each on a line of its own."))
    if any(len(name) > NAME_LIMIT for name in wanted):
        raise Invalid("names", _l("Use at most %(number)s characters.", number=NAME_LIMIT))
    known = {line.attendee.name for line in sheet(session)}
    fresh = [name for name in dict.fromkeys(wanted) if name not in known]
    if len(known) + len(fresh) > _MOST_ADDED:
        raise Invalid("names", _l("At most %(number)s people can be asked.", number=_MOST_ADDED))
    now = clock.now()
    for name in fresh:
        made = SignUp(
            session_id=session.id,
            name=name,
            state=SignUpState.GOING.value,
            queued_at=now,
            changed_at=now,
        )
        db.session.add(made)
        db.session.flush()
        db.session.add(Attendance(sign_up_id=made.id, session_id=session.id))
    db.session.flush()
    return len(fresh)


def _held(by: Viewer, entry_id: int, number: int) -> tuple[Entry, WorkshopSession]:
    """Return workshop and date for one of its trainers, held until this transaction ends."""
    sessions.require_to_run(by, entry_id)
    entry, session = sessions.session_of(by, entry_id, number, to_change=True)
    if session.called_off_at is not None:
        raise Forbidden(_l("This date was called off."))
    return entry, session


def own_attendance(viewer: Viewer, session: WorkshopSession) -> Attendance | None:
    """Return whether somebody came to a date herself, as its trainers ticked."""
    if viewer.id is None:
        return None
    return db.session.scalar(
        select(Attendance)
        .join(SignUp, SignUp.id == Attendance.sign_up_id)
        .where(Attendance.session_id == session.id, Attendance.present, SignUp.user_id == viewer.id)
    )
