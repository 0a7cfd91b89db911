"""How much a change means to who relies on what it changes: said by who makes it, and kept with the revision."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from cop.core.errors import Invalid
from cop.core.i18n import _l


class Significance(StrEnum):
    """How much a change means, as who made it sees it."""

    TYPO = "typo"
    CLARIFIES = "clarifies"
    MEANING = "meaning"


SIGNIFICANCE: Mapping[str, Any] = {
    Significance.TYPO: _l("Only how it is written: a typing mistake, a link"),
    Significance.CLARIFIES: _l("It says the same more clearly, or adds to it"),
    Significance.MEANING: _l("It changes what the page says"),
}
#: The same in a word or two, for lists.
SIGNIFICANCE_SHORT: Mapping[str, Any] = {
    Significance.TYPO: _l("Typing"),
    Significance.CLARIFIES: _l("Clarifies"),
    Significance.MEANING: _l("Changes the meaning"),
}


@dataclass(frozen=True)
class Change:
    """What who changes something says of the change."""

    #: A line for the history.
    note: str = ""
    #: A `Significance`; "" where nobody said: what follows from other acts, and what was there before.
    significance: str = ""


#: A change of which nothing is said.
UNSAID: Final = Change()


def check(significance: str) -> None:
    """Raise Invalid for what is no significance."""
    if significance not in set(Significance):
        raise Invalid("significance", _l("Choose how much it changes."))


def of_restoring(undone: Collection[str]) -> Significance:
    """Return how much it means to undo these changes: as much as the heaviest of them meant."""
    if Significance.MEANING in undone:
        return Significance.MEANING
    only_typing = bool(undone) and set(undone) == {Significance.TYPO}
    return Significance.TYPO if only_typing else Significance.CLARIFIES
