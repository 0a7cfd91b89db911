"""What came of a date: the day on which its trainers say so, and what they say. Actor first, no commit."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Conflict, Invalid
from cop.core.i18n import _l
from cop.core.text import clean
from cop.core.types import Json, Lang
from cop.entries.models import Entry, Status
from cop.events.record import record
from cop.people.viewer import Viewer
from cop.workshops import running_events as events, sessions, trainers
from cop.workshops.running_models import FollowUp
from cop.workshops.session_models import WorkshopSession

#: The job that tells trainers that it is time.
DUE_JOB = "workshops.follow-up"
WORDS_LIMIT = 5000
_MONTHS = 3
#: The shortest three months, so that no date is looked at too late.
_SHORTEST = timedelta(days=88)
#: Nobody promises for longer.
_LATEST_YEARS = 3


def usual_day(session: WorkshopSession) -> date:
    """Return the day three months after a date."""
    ends = session.ends_local.date()
    year, month = divmod(ends.year * 12 + ends.month - 1 + _MONTHS, 12)
    first = date(year, month + 1, 1)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(first + timedelta(days=ends.day - 1), following - timedelta(days=1))


def is_over(session: WorkshopSession) -> bool:
    """Tell whether a date took place."""
    off = session.called_off_at is not None or session.removed_at is not None
    return not off and session.ends_at <= clock.now()


def follow_up_of(session: WorkshopSession) -> FollowUp | None:
    """Return what was set or said of a date, if anything."""
    return db.session.get(FollowUp, session.id, populate_existing=True)


def follow_ups_of(session_ids: Sequence[int]) -> Mapping[int, FollowUp]:
    """Return the same of many, in one query."""
    statement = select(FollowUp).where(FollowUp.session_id.in_(list(session_ids)))
    return {row.session_id: row for row in db.session.scalars(statement)}


def due_on(session: WorkshopSession, row: FollowUp | None) -> date:
    """Return the day on which the trainers say what came of a date."""
    return row.due_on if row is not None else usual_day(session)


def _held(by: Viewer, entry_id: int, number: int) -> tuple[Entry, WorkshopSession, FollowUp]:
    """Return workshop, date and its follow-up for a trainer, held until this transaction ends."""
    sessions.require_to_run(by, entry_id)
    entry, session = sessions.session_of(by, entry_id, number, to_change=True)
    row = follow_up_of(session)
    if row is None:
        row = FollowUp(session_id=session.id, due_on=usual_day(session), version=1)
        db.session.add(row)
        db.session.flush()
    return entry, session, row


def set_day(*, by: Viewer, entry_id: int, number: int, day: date) -> None:
    """Say on which day the trainers are asked what came of a date."""
    entry, session, row = _held(by, entry_id, number)
    today = clock.now().astimezone(ZoneInfo(session.timezone)).date()
    if row.due_on == day:
        return
    if row.answered_at is not None:
        raise Invalid("day", _l("It is said already what came of this date."))
    if day < today:
        raise Invalid("day", _l("This day has passed. Choose one that is still to come."))
    if day <= session.ends_local.date():
        raise Invalid("day", _l("Choose a day after the date itself."))
    if day > today.replace(year=today.year + _LATEST_YEARS, day=min(today.day, 28)):
        raise Invalid(
            "day", _l("Choose a day within the next %(number)d years.", number=_LATEST_YEARS)
        )
    row.due_on, row.told_at = day, None
    record(events.FollowUpSet(entry_id=entry.id, number=number), actor_id=by.id)


def say(*, by: Viewer, entry_id: int, number: int, base: int, words: str, lang: Lang) -> FollowUp:
    """Say what came of a date, or say it anew; from then on it counts as completed.

    Raises Conflict where another trainer said something since the version `base`.
    """
    entry, session, row = _held(by, entry_id, number)
    if not is_over(session):
        raise Invalid("words", _l("This can be said once the date is over."))
    words = clean(words, multiline=True)
    if not words:
        raise Invalid("words", _l("Say what came of it; “nothing yet” is an answer, too."))
    if len(words) > WORDS_LIMIT:
        raise Invalid("words", _l("Use at most %(number)s characters.", number=WORDS_LIMIT))
    if row.words == words:
        return row
    if row.version != base:
        raise Conflict(
            _l(
                "Another trainer answered meanwhile. Below is what you typed; if you save it, "
                "it replaces what stands there now."
            )
        )
    row.words, row.lang, row.answered_at = words, lang.value, clock.now()
    row.version += 1
    entry.version += 1
    record(events.FollowUpAnswered(entry_id=entry.id, number=number), actor_id=by.id)
    return row


def show_numbers(*, by: Viewer, entry_id: int, number: int, shown: bool) -> None:
    """Let the page of the workshop tell how useful those who came found it, or no longer."""
    entry, _session, row = _held(by, entry_id, number)
    if row.shows_numbers != shown:
        row.shows_numbers = shown
        entry.version += 1
        record(events.NumbersShown(entry_id=entry.id, number=number), actor_id=by.id)


def tell_due(_payloads: Sequence[Json]) -> None:
    """Job: tell the trainers of each date whose day has come, once."""
    now = clock.now()
    rows = db.session.execute(
        select(WorkshopSession, FollowUp, Entry)
        .join(Entry, Entry.id == WorkshopSession.entry_id)
        .outerjoin(FollowUp, FollowUp.session_id == WorkshopSession.id)
        .where(
            Entry.status == Status.PUBLISHED,
            WorkshopSession.called_off_at.is_(None),
            WorkshopSession.removed_at.is_(None),
            or_(
                FollowUp.session_id.is_(None) & (WorkshopSession.ends_at <= now - _SHORTEST),
                FollowUp.told_at.is_(None)
                & FollowUp.answered_at.is_(None)
                & (FollowUp.due_on <= (now + timedelta(days=1)).date())
                & (WorkshopSession.ends_at <= now),
            ),
        )
        .order_by(WorkshopSession.id)
    ).all()
    for session, row, entry in rows:
        if due_on(session, row) <= now.astimezone(ZoneInfo(session.timezone)).date():
            _tell(session, entry, now)


def _tell(session: WorkshopSession, entry: Entry, now: datetime) -> None:
    # A trainer may be answering in this moment: who comes second sees what the first did.
    held = select(WorkshopSession.id).where(WorkshopSession.id == session.id)
    db.session.scalar(held.with_for_update())
    row = follow_up_of(session)
    if row is not None and (row.answered_at is not None or row.told_at is not None):
        return
    if row is None:
        row = FollowUp(session_id=session.id, due_on=usual_day(session), version=1)
        db.session.add(row)
    row.told_at = now
    for user_id in trainers.trainer_ids(entry):
        told = events.FollowUpDue(entry_id=entry.id, number=session.number, user_id=user_id)
        record(told, actor_id=None)
