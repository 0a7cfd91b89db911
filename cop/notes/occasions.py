"""What a note is written at: something above notes, such as a workshop, that names what came of it.

The editor shows it in a line that can be taken off. Who knows such things is set when the application is made.
"""

from collections.abc import Callable
from dataclasses import dataclass

from cop.core.types import Lang
from cop.entries.models import Entry
from cop.people.viewer import Viewer


@dataclass(frozen=True)
class Occasion:
    """Where a note is written, as its author may name it."""

    id: int
    title: str
    lang: Lang
    href: str


#: (viewer, id) → what she may name, or None; (by, id, note) → whether it names the note now.
Find = Callable[[Viewer, int], Occasion | None]
Tell = Callable[[Viewer, int, Entry], bool]


def _nothing(_viewer: Viewer, _number: int) -> Occasion | None:
    return None


def _nobody(_by: Viewer, _number: int, _note: Entry) -> bool:
    return False


_find: list[Find] = [_nothing]
_tell: list[Tell] = [_nobody]


def known_by(find: Find, tell: Tell) -> None:
    """Set who knows occasions, and who tells them of notes; called once when the application is made."""
    _find[:], _tell[:] = [find], [tell]


def occasion(viewer: Viewer, number: int) -> Occasion | None:
    """Return what somebody may say her note was written at; None where it is nothing (any more)."""
    return _find[0](viewer, number) if number else None


def came_of(*, by: Viewer, number: int, note: Entry) -> bool:
    """Let what a note was written at name it; return whether it does. What cannot be named stops no note."""
    return bool(number) and _tell[0](by, number, note)
