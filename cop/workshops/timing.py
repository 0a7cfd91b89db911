"""When the rows of an agenda begin while somebody types it, and what does not add up yet.

The script of the editor (static/js/agenda.js) does the same arithmetic; a test holds the two together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cop.workshops.agenda import Slot, days, slots, total
from cop.workshops.forms import WorkshopForm


@dataclass(frozen=True)
class Timing:
    """What the editor shows of the minutes typed."""

    #: Row → its beginning.
    slots: Mapping[str, Slot]
    #: Minutes of each day, and of all.
    days: Sequence[int]
    total: int
    #: Minutes as said beside the agenda; 0 where nothing readable is.
    said: int

    @property
    def differs(self) -> bool:
        """Whether the agenda adds up to something else than was said."""
        return bool(self.said and self.total and self.said != self.total)


def timed(form: WorkshopForm) -> Timing:
    """Return when the typed rows begin; minutes that are none count nothing."""
    rows = [
        replace(row, minutes=max(row.minutes, 0))
        for row in form.typed_agenda(form.language, form.kept.agenda)
    ]
    facts = replace(form.facts, agenda=tuple(rows))
    return Timing(
        slots={slot.row.id: slot for slot in slots(facts)},
        days=days(rows),
        total=total(rows),
        said=max(facts.minutes, 0),
    )
