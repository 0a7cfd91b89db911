"""What clocks say and when that is: times of a place, its time zone, and the moments in UTC."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

from cop.core import clock
from cop.core.errors import Invalid
from cop.core.i18n import _l
from cop.workshops.agenda import clock_of

#: What is given is neither older than the oldest records nor further ahead than anybody plans.
_FIRST_YEAR, _YEARS_AHEAD = 2000, 5
#: Longer than this is a course of several dates.
MOST_DAYS = 31
_DAY = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")


@dataclass(frozen=True)
class Span:
    """From when to when, by the clocks of a time zone and in UTC."""

    starts_local: datetime
    ends_local: datetime
    timezone: str
    starts_at: datetime
    ends_at: datetime


def day_of(told: str) -> date | None:
    """Return a day as people write it (2026-12-05, 2026年12月5日), or None."""
    found = _DAY.fullmatch("".join(told.split()))
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def day_told(told: str, field: str) -> date:
    """Return the day that was typed; raise Invalid for what is no day, or one too far away."""
    day = day_of(told)
    if day is None:
        raise Invalid(field, _l("Write the day such as 2026-12-05."))
    last = clock.now().year + _YEARS_AHEAD
    if not _FIRST_YEAR <= day.year <= last:
        raise Invalid(
            field,
            _l(
                "Choose a day between the years %(first)d and %(last)d.",
                first=_FIRST_YEAR,
                last=last,
            ),
        )
    return day


def time_told(told: str, field: str) -> time:
    """Return the time of day that was typed, or raise Invalid."""
    found = clock_of(told)
    if found is None:
        raise Invalid(field, _l("Write a time of day, for example 9:00."))
    return found


def zone_told(name: str) -> ZoneInfo:
    """Return the time zone of this name, or raise Invalid."""
    if name not in available_timezones():
        raise Invalid("timezone", _l("Choose the time zone of the place."))
    return ZoneInfo(name)


def span(starts: datetime, ends: datetime, timezone: str) -> Span:
    """Return what lies between two local times; raise Invalid for what cannot be."""
    zone = zone_told(timezone)
    starts_at = moment(starts, zone, "starts")
    ends_at = moment(ends, zone, "ends")
    if ends_at <= starts_at:
        raise Invalid(
            "ends",
            _l("It ends before it begins. Where it ends on a later day, choose that day too."),
        )
    if ends_at - starts_at > timedelta(days=MOST_DAYS):
        raise Invalid(
            "last_day",
            _l(
                "This date would last longer than %(days)d days. Add each meeting as a date of its own.",
                days=MOST_DAYS,
            ),
        )
    return Span(starts, ends, timezone, starts_at, ends_at)


def moment(local: datetime, zone: ZoneInfo, field: str) -> datetime:
    """Return when clocks in a zone say this; of two such moments the first.

    Raises Invalid where they never do: they are put forward past it.
    """
    found = local.replace(tzinfo=zone).astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) != local:
        raise Invalid(
            field,
            _l(
                "There is no %(time)s on that day: clocks there are put forward past it. "
                "Choose an earlier or later time.",
                time=f"{local:%H:%M}",
            ),
        )
    return found


def end_of_day(day: date, timezone: str) -> datetime:
    """Return when a day ends in a time zone."""
    following = datetime.combine(day + timedelta(days=1), time())
    return following.replace(tzinfo=zone_told(timezone)).astimezone(UTC)


def last_day_of(ends: datetime | None, timezone: str) -> date | None:
    """Return the day that ends at this moment: the inverse of `end_of_day`."""
    if ends is None:
        return None
    return (ends - timedelta(seconds=1)).astimezone(ZoneInfo(timezone)).date()
