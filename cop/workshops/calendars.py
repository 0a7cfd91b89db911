"""Dates of workshops as calendars read them (iCalendar, RFC 5545): no names of who comes, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from cop.core.i18n import _, current_lang
from cop.entries import queries as entries
from cop.entries.models import Entry
from cop.workshops import session_wording as wording
from cop.workshops.session_models import WorkshopSession

if TYPE_CHECKING:
    from icalendar import Calendar, Component, Event, Timezone

#: How long the clocks of a zone are told before and after what stands in a calendar.
_AROUND = timedelta(days=400)
_MINUTE = timedelta(minutes=1)
_MADE_BY = "-//Tongxing//workshops//EN"


@dataclass(frozen=True)
class Dated:
    """A date with its workshop, as one calendar shows it."""

    session: WorkshopSession
    entry: Entry
    #: The whole address of its page.
    href: str
    #: Whether she waits for a seat, in a calendar of one person.
    waits: bool = False
    #: The link for taking part, for who has a seat alone.
    link: str = ""


def calendar(name: str, dated: Sequence[Dated]) -> bytes:
    """Return a calendar of these dates."""
    from icalendar import Calendar

    made = Calendar()
    made.add("prodid", _MADE_BY)
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    for zone in sorted({one.session.timezone for one in dated}):
        there = [one.session for one in dated if one.session.timezone == zone]
        first = min(one.starts_at for one in there) - _AROUND
        last = max(one.ends_at for one in there) + _AROUND
        made.add_component(_timezone(zone, first, last))
    for one in dated:
        made.add_component(_event(one))
    return _written(made)


def _written(made: Calendar) -> bytes:
    told: bytes = made.to_ical()
    return told


def _event(one: Dated) -> Event:
    from icalendar import Event

    row, zone = one.session, ZoneInfo(one.session.timezone)
    text = entries.text_for(one.entry, current_lang())
    made = Event()
    made.add("uid", f"{row.uid}@workshops")
    made.add("dtstamp", row.changed_at)
    made.add("last-modified", row.changed_at)
    made.add("created", row.created_at)
    made.add("sequence", row.version - 1)
    made.add("summary", text.title, parameters={"language": text.lang})
    made.add("dtstart", row.starts_local.replace(tzinfo=zone))
    made.add("dtend", row.ends_local.replace(tzinfo=zone))
    made.add("location", wording.where(row))
    made.add("description", "\n".join(_description(one)))
    made.add("url", one.href)
    made.add("status", _status(one))
    return made


def _status(one: Dated) -> str:
    if one.session.called_off_at is not None:
        return "CANCELLED"
    return "TENTATIVE" if one.waits else "CONFIRMED"


def _description(one: Dated) -> Iterator[str]:
    row = one.session
    if row.called_off_at is not None:
        yield _("Called off: %(reason)s", reason=row.called_off_because)
    if one.waits:
        yield _("You wait for a seat")
    if one.link:
        yield one.link
    yield _("Given in: %(languages)s", languages=wording.spoken(row))
    yield one.href


def _timezone(name: str, first: datetime, last: datetime) -> Timezone:
    """Return what a zone's clocks say in this time: one part for each time they are put forward or back."""
    from icalendar import Timezone

    zone = ZoneInfo(name)
    made = Timezone()
    made.add("tzid", name)
    made.add_component(_observance(zone, first, _offset(zone, first)))
    for moment in _changes(zone, first, last):
        made.add_component(_observance(zone, moment, _offset(zone, moment - _MINUTE)))
    return made


def _observance(zone: ZoneInfo, moment: datetime, before: timedelta) -> Component:
    """Return what holds from this moment on; its beginning is told by the clocks as they were before."""
    from icalendar import TimezoneDaylight, TimezoneStandard

    there = moment.astimezone(zone)
    part = TimezoneDaylight() if there.dst() else TimezoneStandard()
    part.add("dtstart", (moment + before).replace(tzinfo=None, microsecond=0))
    part.add("tzoffsetfrom", before)
    part.add("tzoffsetto", _offset(zone, moment))
    part.add("tzname", there.tzname() or "")
    return part


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta(0)


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[datetime]:
    """Yield the minutes at which a zone's clocks change, found by halving the days in which they do."""
    day = first.astimezone(UTC).replace(second=0, microsecond=0)
    while day < last:
        low, high = day, day + timedelta(days=1)
        if _offset(zone, low) != _offset(zone, high):
            while high - low > _MINUTE:
                middle = low + (high - low) // 2
                middle = middle.replace(second=0, microsecond=0)
                if _offset(zone, middle) == _offset(zone, low):
                    low = middle
                else:
                    high = middle
            yield high
        day += timedelta(days=1)
