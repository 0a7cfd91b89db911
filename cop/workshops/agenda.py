"""When each part of an agenda begins: the minutes before it, day by day."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import time

from cop.workshops.draft import AgendaRow, WorkshopFacts

DAY = 24 * 60
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:：.]([0-5][0-9])")


@dataclass(frozen=True)
class Slot:
    """A part of the agenda with the moment it begins."""

    row: AgendaRow
    #: 1 for the first day.
    day: int
    #: Minutes since the day's beginning.
    after: int
    #: By the clock, where the workshop says when it begins.
    starts: time | None

    @property
    def begins_day(self) -> bool:
        """Whether it is the first of its day."""
        return self.after == 0 and (self.row.new_day or self.day == 1)


def slots(facts: WorkshopFacts) -> list[Slot]:
    """Return the parts of the agenda, each with its beginning."""
    begins = clock_of(facts.begins)
    made: list[Slot] = []
    day, after = 1, 0
    for row in facts.agenda:
        if row.new_day and made:
            day, after = day + 1, 0
        made.append(Slot(row, day, after, _at(begins, after)))
        after += row.minutes
    return made


def clock_of(told: str) -> time | None:
    """Return a time of day as people write it (9:00, 09：30), or None."""
    found = _CLOCK.fullmatch("".join(told.split()))
    return time(int(found.group(1)), int(found.group(2))) if found else None


def _at(begins: time | None, after: int) -> time | None:
    if begins is None:
        return None
    minutes = (begins.hour * 60 + begins.minute + after) % DAY
    return time(minutes // 60, minutes % 60)


def total(rows: Iterable[AgendaRow]) -> int:
    """Return how many minutes the parts add up to."""
    return sum(row.minutes for row in rows)


def days(rows: Sequence[AgendaRow]) -> list[int]:
    """Return how many minutes each day has."""
    made: list[int] = []
    for row in rows:
        if row.new_day or not made:
            made.append(0)
        made[-1] += row.minutes
    return made


def hours(facts: WorkshopFacts) -> tuple[time | None, time | None]:
    """Return when its first day begins and its last one ends by the clock; None where that is not said.

    A day that ends after midnight has no end here: nobody wrote it so on purpose.
    """
    begins = clock_of(facts.begins)
    if begins is None:
        return None, None
    minutes = (days(facts.agenda) or [facts.minutes])[-1]
    whole = 0 < begins.hour * 60 + begins.minute + minutes < DAY
    return begins, _at(begins, minutes) if minutes and whole else None


def length(facts: WorkshopFacts) -> int:
    """Return how many minutes a workshop takes: what its agenda adds up to, else what its trainer says."""
    return total(facts.agenda) or facts.minutes
