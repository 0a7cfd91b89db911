"""What trainers do to the dates of a workshop: add, change, call off, and back. Actor first, no commit."""

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Conflict, Invalid, NotFound
from cop.core.i18n import _l, _ln
from cop.core.text import clean
from cop.entries import policy, queries as entries
from cop.entries.models import Entry
from cop.entries.policy import Act
from cop.entries.queries import MAX_ID
from cop.events.record import record
from cop.people.viewer import Viewer
from cop.terms.vocabulary import vocabulary
from cop.workshops import events, sign_ups
from cop.workshops.operations import KIND
from cop.workshops.session_models import Spoken, WorkshopSession
from cop.workshops.session_times import Span, end_of_day, span

VENUE_LIMIT, LINK_LIMIT, REASON_LIMIT = 300, 1000, 500
#: More people than this come to no workshop.
MOST_SEATS = 10_000
#: A workshop given more often than this is entered as several.
MOST_SESSIONS = 200
_UID_LIMIT = 64
_LINK = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)


@dataclass(frozen=True)
class SessionDraft:
    """A date as its trainer hands it in; times are what clocks say in its time zone."""

    starts: datetime
    ends: datetime
    timezone: str
    #: Key of a place, or "".
    place: str = ""
    venue: str = ""
    online: bool = False
    link: str = ""
    spoken: Spoken = Spoken.ZH
    takes_sign_ups: bool = True
    seats: int | None = None
    #: The last day on which one can sign up; None: until it begins.
    closes_on: date | None = None


@dataclass(frozen=True)
class _Checked:
    """A draft in which everything holds together."""

    span: Span
    place_id: int | None
    venue: str
    link: str
    closes_at: datetime | None


def may_run(viewer: Viewer, entry: Entry) -> bool:
    """Tell whether somebody looks after the dates of a workshop: who may edit it does."""
    return policy.may(viewer, Act.REVISE, entry)


def require_to_run(by: Viewer, entry_id: int, *, to_change: bool = False) -> Entry:
    """Return the workshop for who looks after its dates; else raise NotFound or Forbidden."""
    entry = entries.get(by, entry_id, KIND, to_change=to_change)
    policy.require(by, Act.REVISE, entry)
    return entry


def session_of(
    viewer: Viewer, entry_id: int, number: int, *, to_change: bool = False
) -> tuple[Entry, WorkshopSession]:
    """Return a workshop and one of its dates, if the viewer may read it; else raise NotFound.

    What was taken away is there for who looks after the dates alone. With `to_change`, whoever else changes
    the date waits until this transaction ends.
    """
    entry = entries.get(viewer, entry_id, KIND)
    if not 0 < number <= MAX_ID:
        raise NotFound
    statement = select(WorkshopSession).where(
        WorkshopSession.entry_id == entry.id, WorkshopSession.number == number
    )
    if to_change:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(statement)
    if found is None or (found.removed_at is not None and not may_run(viewer, entry)):
        raise NotFound
    return entry, found


def add_session(*, by: Viewer, entry_id: int, draft: SessionDraft) -> WorkshopSession:
    """Add a date to a workshop; one in the past is kept as held."""
    entry = require_to_run(by, entry_id, to_change=True)
    checked = _checked(draft)
    last, many = db.session.execute(
        select(func.max(WorkshopSession.number), func.count()).where(
            WorkshopSession.entry_id == entry.id
        )
    ).one()
    if many >= MOST_SESSIONS:
        raise Invalid("", _l("A workshop has at most %(most)d dates.", most=MOST_SESSIONS))
    now = clock.now()
    made = WorkshopSession(
        entry_id=entry.id, number=(last or 0) + 1, uid=secrets.token_hex(16), created_at=now
    )
    _write(made, draft, checked)
    made.changed_at = now
    db.session.add(made)
    db.session.flush()
    _record(events.SessionAdded, made, by)
    return made


def bring_session(
    *, by: Viewer, entry_id: int, draft: SessionDraft, uid: str, called_off_because: str
) -> WorkshopSession:
    """Add a date that a file holds, under the number that calendars know it by, if no other has it here."""
    made = add_session(by=by, entry_id=entry_id, draft=draft)
    known = select(WorkshopSession.id).where(WorkshopSession.uid == uid)
    if uid and len(uid) <= _UID_LIMIT and db.session.scalar(known) is None:
        made.uid = uid
    if called_off_because:
        if len(called_off_because) > REASON_LIMIT:
            raise Invalid("", _l("Use at most %(number)s characters.", number=REASON_LIMIT))
        made.called_off_at, made.called_off_because = clock.now(), called_off_because
    db.session.flush()
    return made


def change_session(
    *, by: Viewer, entry_id: int, number: int, base: int, draft: SessionDraft
) -> WorkshopSession:
    """Change a date, from the version `base` that its editor showed; nothing happens where all is the same.

    Raises Conflict where somebody changed it meanwhile, and Invalid for a limit below those who are going.
    Who waits moves up into new seats.
    """
    found = _to_change(by, entry_id, number)
    checked = _checked(draft)
    if base != found.version:
        raise Conflict(
            _l(
                "Somebody changed this date meanwhile. Look at it as it is now, then change it again."
            )
        )
    _require_seats_for(found, draft.seats)
    before, was_at = _values(found), _when_and_where(found)
    _write(found, draft, checked)
    if _values(found) == before:
        return found
    moved = _when_and_where(found) != was_at
    _touch(found)
    sign_ups.move_up(found, by=by)
    _record(events.SessionMoved if moved else events.SessionChanged, found, by)
    return found


def call_off(*, by: Viewer, entry_id: int, number: int, reason: str) -> WorkshopSession:
    """Say that a date does not take place, and why; called off already, nothing happens."""
    found = _to_change(by, entry_id, number)
    if found.called_off_at is not None:
        return found
    if found.ends_at <= clock.now():
        raise Invalid("reason", _l("This date is over, so that it cannot be called off any more."))
    reason = clean(reason, multiline=False)
    if not reason:
        raise Invalid("reason", _l("Say why, so that people know what to make of it."))
    if len(reason) > REASON_LIMIT:
        raise Invalid("reason", _l("Use at most %(number)s characters.", number=REASON_LIMIT))
    found.called_off_at, found.called_off_because = clock.now(), reason
    _touch(found)
    _record(events.SessionCalledOff, found, by)
    return found


def hold_after_all(*, by: Viewer, entry_id: int, number: int) -> WorkshopSession:
    """Undo calling off; who signed up still has her seat."""
    found = _to_change(by, entry_id, number)
    if found.called_off_at is None:
        return found
    found.called_off_at, found.called_off_because = None, ""
    _touch(found)
    sign_ups.move_up(found, by=by)
    _record(events.SessionHeldAfterAll, found, by)
    return found


def remove_session(*, by: Viewer, entry_id: int, number: int) -> WorkshopSession:
    """Take away a date for which nobody signed up; with people in it, it can only be called off."""
    found = _to_change(by, entry_id, number)
    if found.removed_at is not None:
        return found
    if sign_ups.counts_of([found.id])[found.id].all:
        raise Invalid("", _l("People have signed up for this date. Call it off: they are told so."))
    found.removed_at = clock.now()
    _touch(found)
    _record(events.SessionRemoved, found, by)
    return found


def put_back(*, by: Viewer, entry_id: int, number: int) -> WorkshopSession:
    """Undo taking away."""
    found = _to_change(by, entry_id, number)
    if found.removed_at is not None:
        found.removed_at = None
        _touch(found)
        _record(events.SessionPutBack, found, by)
    return found


def _to_change(by: Viewer, entry_id: int, number: int) -> WorkshopSession:
    require_to_run(by, entry_id)
    return session_of(by, entry_id, number, to_change=True)[1]


def _record(happened: Any, row: WorkshopSession, by: Viewer) -> None:
    told = happened(entry_id=row.entry_id, session_id=row.id, number=row.number)
    record(told, actor_id=by.id)


def _touch(found: WorkshopSession) -> None:
    found.version += 1
    found.changed_at = clock.now()
    db.session.flush()


def _checked(draft: SessionDraft) -> _Checked:
    found = span(draft.starts, draft.ends, draft.timezone)
    place_id = _place(draft.place)
    venue, link = (clean(words, multiline=False) for words in (draft.venue, draft.link))
    if len(venue) > VENUE_LIMIT:
        raise Invalid("venue", _l("Use at most %(number)s characters.", number=VENUE_LIMIT))
    if link and (len(link) > LINK_LIMIT or not _LINK.fullmatch(link)):
        raise Invalid("link", _l("Please enter a web address that begins with https://."))
    if not (draft.online or place_id or venue):
        raise Invalid(
            "place", _l("Say where: choose a place, write where people meet, or say it is online.")
        )
    if draft.seats is not None and not 1 <= draft.seats <= MOST_SEATS:
        raise Invalid("seats", _l("Enter a number from 1 to %(most)s.", most=MOST_SEATS))
    return _Checked(found, place_id, venue, link if draft.online else "", _closes(draft, found))


def _closes(draft: SessionDraft, found: Span) -> datetime | None:
    if draft.closes_on is None:
        return None
    if draft.closes_on > draft.starts.date():
        raise Invalid("closes", _l("Sign-up closes before it begins: choose an earlier day."))
    # On its own day one can sign up until it begins.
    return min(end_of_day(draft.closes_on, draft.timezone), found.starts_at)


def _place(key: str) -> int | None:
    if not key:
        return None
    term = vocabulary().by_key.get(key)
    if term is None or term.scheme != "place":
        raise Invalid("place", _l("Please choose one of the options offered."))
    return vocabulary().resolved(term).id


def _require_seats_for(found: WorkshopSession, seats: int | None) -> None:
    going = sign_ups.counts_of([found.id])[found.id].going
    if seats is not None and seats < going:
        raise Invalid(
            "seats",
            _ln(
                "%(num)d person has a seat already, so that the limit cannot be lower than that.",
                "%(num)d people have a seat already, so that the limit cannot be lower than that.",
                going,
            ),
        )


def _write(row: WorkshopSession, draft: SessionDraft, checked: _Checked) -> None:
    told = checked.span
    row.starts_local, row.ends_local = told.starts_local, told.ends_local
    row.starts_at, row.ends_at, row.timezone = told.starts_at, told.ends_at, told.timezone
    row.place_id, row.venue = checked.place_id, checked.venue
    row.online, row.link, row.spoken = draft.online, checked.link, draft.spoken.value
    row.takes_sign_ups = draft.takes_sign_ups
    row.seats, row.closes_at = draft.seats, checked.closes_at


def _when_and_where(row: WorkshopSession) -> tuple[object, ...]:
    """Return what who signed up must know of at once."""
    when = (row.starts_at, row.ends_at, row.timezone)
    return (*when, row.place_id, row.venue, row.online, row.link)


def _values(row: WorkshopSession) -> tuple[object, ...]:
    rest = (row.spoken, row.takes_sign_ups, row.seats, row.closes_at)
    return (*_when_and_where(row), *rest)
