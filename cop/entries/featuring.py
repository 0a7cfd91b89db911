"""Pages that curators put first for a while, with a reason: told from what they did, nothing else is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, func, select

from cop.core import clock
from cop.core.db import db, rows
from cop.core.errors import Forbidden, Invalid
from cop.core.i18n import _l, pick
from cop.core.types import Lang, UTCDateTime
from cop.entries import policy, queries
from cop.entries.cards import Heading, headings
from cop.entries.events import EntryFeatured, EntryUnfeatured
from cop.entries.kinds import KINDS
from cop.entries.models import Entry, Status, Visibility
from cop.entries.policy import Act
from cop.events.models import Event
from cop.events.record import record
from cop.people.models import User
from cop.people.viewer import Viewer

#: So many stand first at a time; with more, none does.
MOST = 3
#: Longest reason, and the longest while.
REASON_LIMIT, LONGEST = 160, timedelta(days=366)


@dataclass(frozen=True)
class Featured:
    """A page that stands first: as a link, why, and until when."""

    page: Heading
    reason: str
    lang: str
    until: date


@dataclass(frozen=True)
class Put:
    """What a curator did last about a page: until when it stands first, why, who said so and when."""

    until: date
    reason: Mapping[str, str]
    by: str
    at: datetime


_VERBS = (EntryFeatured.__name__, EntryUnfeatured.__name__)

# Built once: every front page asks it. What is no longer published stands nowhere and takes no place.
_PUT = (
    select(Entry.id, Event.data)
    .join(Entry, Entry.id == Event.entry_id)
    .where(
        Event.id.in_(
            select(func.max(Event.id)).where(Event.verb.in_(_VERBS)).group_by(Event.entry_id)
        ),
        Event.verb == EntryFeatured.__name__,
        Event.at >= bindparam("since", type_=UTCDateTime),
        Entry.status == Status.PUBLISHED,
    )
    .order_by(Event.id.desc())
)


def in_force() -> dict[int, tuple[Mapping[str, str], date]]:
    """Return the pages that stand first by now → why, and until when; the last one put there first."""
    now = clock.now()
    put = {
        entry_id: (data["words"], date.fromisoformat(data["until"]))
        for entry_id, data in rows(_PUT, {"since": now - LONGEST - timedelta(days=1)})
    }
    return {entry_id: one for entry_id, one in put.items() if one[1] >= now.date()}


def featured(viewer: Viewer) -> list[Featured]:
    """Return the pages that stand first, of those this viewer finds in lists; one query where there are none."""
    put = in_force()
    pages = queries.in_order(viewer, list(put))[:MOST]
    made = []
    for page, heading in zip(pages, headings(pages), strict=True):
        reason, until = put[page.id]
        words, lang = pick(reason)
        made.append(Featured(heading, words, lang.value, until))
    return made


def last(entry: Entry) -> Put | None:
    """Return what stands now of a page that stands first; None where it does not."""
    row = db.session.execute(
        select(Event, User.name)
        .outerjoin(User, User.id == Event.actor_id)
        .where(
            Event.entry_id == entry.id,
            Event.verb.in_(_VERBS),
        )
        .order_by(Event.id.desc())
        .limit(1)
    ).first()
    if row is None or row[0].verb != EntryFeatured.__name__:
        return None
    event, name = row
    until = date.fromisoformat(event.data["until"])
    if until < clock.now().date():
        return None
    return Put(until, event.data["words"], name or "", event.at)


def require_featuring(by: Viewer, entry: Entry) -> None:
    """Raise Forbidden unless somebody keeps this page and others may find it."""
    policy.require(by, Act.REVISE, entry)
    found = entry.status == Status.PUBLISHED and entry.visibility != Visibility.CIRCLE
    if not KINDS[entry.kind].kept_by_curators or not found:
        raise Forbidden(_l("Only published pages that curators keep can stand first."))


def feature(*, by: Viewer, entry_id: int, reason: Mapping[str, str], until: str) -> bool:
    """Put a page first until a day, with the reason readers see; return whether that is new.

    Raises Invalid without a reason, for a day that is over or too far off, and where enough stand first.
    """
    entry = queries.get(by, entry_id, to_change=True)
    require_featuring(by, entry)
    told = {lang: words for lang, words in reason.items() if words}
    if not told:
        raise Invalid("reason_zh", _l("Say in a line why; readers see it."))
    for lang, words in told.items():
        if len(words) > REASON_LIMIT:
            sentence = _l("At most %(limit)s characters fit here.", limit=REASON_LIMIT)
            raise Invalid(f"reason_{Lang(lang).tag}", sentence)
    last_day = _day(until)
    put = in_force()
    if put.get(entry.id) == (told, last_day):
        return False
    if entry.id not in put and len(put) >= MOST:
        sentence = _l(
            "%(most)s pages stand first already; take one of them away before you add another.",
            most=MOST,
        )
        raise Invalid("until", sentence)
    happened = EntryFeatured(
        entry_id=entry.id,
        words=told,
        reason=pick(told)[0],
        until=last_day.isoformat(),
    )
    record(happened, actor_id=by.id)
    return True


def unfeature(*, by: Viewer, entry_id: int) -> None:
    """Take a page from where it stands first; one that does not stand there is no error."""
    entry = queries.get(by, entry_id, to_change=True)
    policy.require(by, Act.REVISE, entry)
    if last(entry) is not None:
        record(EntryUnfeatured(entry_id=entry.id), actor_id=by.id)


def _day(until: str) -> date:
    try:
        day = date.fromisoformat(until)
    except ValueError as error:
        raise Invalid("until", _l("Write a day, for example 2027-05-31.")) from error
    today = clock.now().date()
    if day < today:
        raise Invalid("until", _l("This day is over; choose one that is still to come."))
    if day > today + LONGEST:
        raise Invalid("until", _l("A year is the longest; choose an earlier day."))
    return day
