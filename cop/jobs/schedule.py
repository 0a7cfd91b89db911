"""Work that recurs: one waiting job row a name, so that any number of workers do it once."""

from collections.abc import Callable
from datetime import datetime, timedelta

from cop.jobs.queue import AnySession, enqueue

#: Jobs that always wait for their time → when that is, seen from now; `cop.subscriptions` fills it.
RECURRING: dict[str, Callable[[datetime], datetime]] = {}

#: The quiet hour of most readers, in UTC: 03:30 in China.
NIGHT = (19, 30)


def next_night(now: datetime) -> datetime:
    """Return when the next night's work begins."""
    tonight = now.replace(hour=NIGHT[0], minute=NIGHT[1], second=0, microsecond=0)
    return tonight if now < tonight else tonight + timedelta(days=1)


#: When most readers have begun their day, in UTC: 08:00 in China.
MORNING = (0, 0)


def next_morning(now: datetime) -> datetime:
    """Return when the next day begins for most readers."""
    today = now.replace(hour=MORNING[0], minute=MORNING[1], second=0, microsecond=0)
    return today if now < today else today + timedelta(days=1)


def expect(session: AnySession, name: str, *, at: datetime) -> None:
    """Make sure that the job waits for its time; one that waits already stays as it is."""
    enqueue(session, name, {}, key=name, run_at=at)
