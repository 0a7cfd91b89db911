"""Lists of dates over all workshops: what is coming and what was, narrowed as the list of workshops is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, or_, select
from sqlalchemy.orm import joinedload

from cop.core import clock
from cop.core.db import db
from cop.core.i18n import current_lang
from cop.core.keyset import read_page
from cop.core.page import Cursor, Page
from cop.core.types import Lang, UTCDateTime
from cop.entries import queries as entries
from cop.entries.models import Entry
from cop.people.viewer import Viewer
from cop.terms import places
from cop.terms.vocabulary import TermView, vocabulary
from cop.web.filters import here
from cop.workshops.feeds import readable
from cop.workshops.nearby import ROOT, Nearby, nearby
from cop.workshops.operations import KIND
from cop.workshops.session_models import Spoken, WorkshopSession
from cop.workshops.session_queries import SessionShown, Standing, shown
from cop.workshops.sign_ups import Counts

COMING, MONTH, NEXT_MONTH, PAST = "coming", "month", "next-month", "past"
WHEN = (COMING, MONTH, NEXT_MONTH, PAST)
#: Dates at the head of the list of workshops, and of the front page.
FIRST, BESIDE = 5, 3


@dataclass(frozen=True)
class DateRow:
    """One date in a list, with its workshop."""

    shown: SessionShown
    entry: Entry
    title: str
    lang: Lang
    slug: str

    @property
    def is_over(self) -> bool:
        """Whether it has ended, whatever became of it."""
        return self.shown.row.ends_at <= clock.now()


def conditions(place: Sequence[str], given: Sequence[str]) -> list[ColumnElement[bool]]:
    """Return what dates must be that lie in one of these places and are given in one of these languages."""
    found: list[ColumnElement[bool]] = []
    if place:
        found.append(WorkshopSession.place_id.in_(places.within(place)))
    if given:
        tags = [lang.value for tag in given if (lang := Lang.of_tag(tag))]
        spoken = [*tags, Spoken.BOTH.value] if tags else []
        found.append(WorkshopSession.spoken.in_(spoken))
    return found


def _visible(workshops: Select[Any]) -> Select[Any]:
    return select(WorkshopSession).where(
        WorkshopSession.removed_at.is_(None),
        WorkshopSession.entry_id.in_(workshops.with_only_columns(Entry.id)),
    )


def _within(when: Sequence[str], now: datetime) -> ColumnElement[bool]:
    """Return the condition of dates in any of these times; an unknown word stands for nothing."""
    row = WorkshopSession
    found = {
        COMING: row.ends_at > now,
        PAST: row.ends_at <= now,
        MONTH: _in_month(now, 0),
        NEXT_MONTH: _in_month(now, 1),
    }
    return or_(*(found[one] for one in when if one in found))


def _in_month(now: datetime, later: int) -> ColumnElement[bool]:
    """Return the condition of dates in the reader's month, or in one after it."""
    local = here(now)
    number = local.year * 12 + local.month - 1 + later
    first, last = (
        datetime.combine(date(one // 12, one % 12 + 1, 1), time(), local.tzinfo)
        for one in (number, number + 1)
    )
    row = WorkshopSession
    return (row.starts_at < last) & (row.ends_at > first)


def page(
    viewer: Viewer,
    workshops: Select[Any],
    when: Sequence[str],
    more: Sequence[ColumnElement[bool]] = (),
    *,
    older: str | None,
    newer: str | None,
    size: int = entries.PAGE_SIZE,
) -> Page[DateRow]:
    """Return one page of dates, the first first; of past ones alone the last first."""
    statement = _visible(workshops).where(_within(when, clock.now()), *more)
    found: Page[WorkshopSession] = read_page(
        statement,
        WorkshopSession.starts_at,
        WorkshopSession.id,
        older=older,
        newer=newer,
        size=size,
        read=lambda asked: list(db.session.scalars(asked)),
        place=lambda row: Cursor(row.starts_at, row.id),
        ascending=tuple(when) != (PAST,),
    )
    return Page(rows(viewer, found.items), older=found.older, newer=found.newer)


def first(
    viewer: Viewer,
    workshops: Select[Any],
    more: Sequence[ColumnElement[bool]] = (),
    *,
    size: int = FIRST,
) -> list[DateRow]:
    """Return the next dates that take place."""
    on = WorkshopSession.called_off_at.is_(None)
    return list(
        page(viewer, workshops, (COMING,), (*more, on), older=None, newer=None, size=size).items
    )


def rows(viewer: Viewer, sessions: Sequence[WorkshopSession]) -> list[DateRow]:
    """Return dates with their workshops, in a fixed number of queries."""
    known = readable(viewer, [row.entry_id for row in sessions])
    return rows_of(shown(viewer, [row for row in sessions if row.entry_id in known]), known)


def rows_of(dates: Sequence[SessionShown], known: Mapping[int, Entry]) -> list[DateRow]:
    """Return dates with their workshops, which are known by number."""
    return [_row(one, known[one.row.entry_id]) for one in dates]


def for_calendar(
    viewer: Viewer,
    workshops: Select[Any],
    when: Sequence[str],
    more: Sequence[ColumnElement[bool]],
    *,
    most: int,
) -> list[DateRow]:
    """Return the dates of a calendar: those in the times wanted, else of the last months and all that come.

    Where there are more than `most`, what comes next is there first, and then what was last.
    """
    now, row = clock.now(), WorkshopSession
    wanted = [one for one in when if one in WHEN]
    since = row.ends_at > now - timedelta(days=92)
    held = _visible(workshops).where(_within(wanted, now) if wanted else since, *more)
    coming = held.where(row.ends_at > now).order_by(row.starts_at, row.id)
    past = held.where(row.ends_at <= now).order_by(row.starts_at.desc(), row.id.desc())
    found = list(db.session.scalars(coming.limit(most)))
    found += db.session.scalars(past.limit(most - len(found)))
    return rows(viewer, sorted(found, key=lambda one: (one.starts_at, one.id)))


@dataclass(frozen=True)
class Near:
    """The next dates near a member, and where that is; the place is None where it is not known."""

    place: Nearby | None
    dates: Sequence[DateRow]


# Built once: the front page of every member asks one of them.
_NEXT = (
    select(WorkshopSession, Entry)
    .join(Entry, Entry.id == WorkshopSession.entry_id)
    .where(
        entries.LISTED,
        WorkshopSession.removed_at.is_(None),
        WorkshopSession.called_off_at.is_(None),
        WorkshopSession.ends_at > bindparam("now", type_=UTCDateTime),
    )
    .options(joinedload(Entry.texts))
    .order_by(WorkshopSession.starts_at, WorkshopSession.id)
    .limit(BESIDE)
)
_NEXT_NEAR = _NEXT.where(
    WorkshopSession.place_id.in_(bindparam("places", expanding=True))
    | WorkshopSession.online.is_(True)
)


def coming_near(viewer: Viewer) -> Near:
    """Return the next dates near a member and online; anywhere where no place is known that she goes by."""
    place = nearby(viewer)
    asked: dict[str, Any] = {"now": clock.now(), **entries.lists_of(viewer)}
    if place is not None:
        asked["places"] = sorted(places.within([place.place.key]))
    statement = _NEXT if place is None else _NEXT_NEAR
    found = db.session.execute(statement, asked).unique().all()
    # How many come is for its own page: the front page asks no more than it shows.
    return Near(
        place,
        [_row(SessionShown(row, Counts(), Standing.WITHOUT), entry) for row, entry in found],
    )


def _row(one: SessionShown, entry: Entry) -> DateRow:
    text = entries.text_for(entry, current_lang())
    return DateRow(one, entry, text.title, Lang(text.lang), text.slug)


def places_given(viewer: Viewer, chosen: Sequence[str]) -> list[TermView]:
    """Return the places a list can be narrowed to: provinces with dates, and inside a chosen one its places."""
    statement = _visible(entries.recent(viewer, kind=KIND)).with_only_columns(
        WorkshopSession.place_id
    )
    found: dict[int, TermView] = {}
    for place_id in db.session.scalars(
        statement.where(WorkshopSession.place_id.is_not(None)).distinct()
    ):
        inside = [one for one in places.path(place_id or 0) if one.key != ROOT]
        keys = {one.key for one in inside}
        shown_there = inside if keys.intersection(chosen) else inside[-1:]
        found |= {one.id: one for one in shown_there}
    words = vocabulary()
    found |= {words.by_key[key].id: words.by_key[key] for key in chosen if key in words.by_key}
    return words.ordered(found.values(), current_lang())
