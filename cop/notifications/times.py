"""When a digest comes: in the morning, on the reader's own clock."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from cop.notifications.models import Frequency

#: The hour digests come, in the reader's time zone: before the day's work.
MORNING = time(8)
_MONDAY = 0


def next_digest(mail: Frequency, now: datetime, timezone: str) -> datetime | None:
    """Return when the next digest is due after this moment, or None where none is wanted."""
    if mail not in (Frequency.DAILY, Frequency.WEEKLY):
        return None
    zone = ZoneInfo(timezone)
    here = now.astimezone(zone)
    day = here.date()
    while datetime.combine(day, MORNING, zone) <= here or (
        mail is Frequency.WEEKLY and day.weekday() != _MONDAY
    ):
        day += timedelta(days=1)
    return datetime.combine(day, MORNING, zone).astimezone(now.tzinfo)
