"""What carries a term: the rooms above tell it, since terms may not know notes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from cop.people.viewer import Viewer
from cop.terms.vocabulary import TermView


@dataclass(frozen=True)
class Carried:
    """One page of entries that carry a term, as cards of `macros/entry.html`, newest first."""

    cards: Sequence[Any] = field(default_factory=tuple)
    #: Keys of the neighbouring pages, as `cop.core.page.Page` gives them.
    older: str | None = None
    newer: str | None = None
    #: Address of the whole list with its filters, where there is one.
    more: str = ""
    #: Members who signed some of it and chose to be found, as rows of `macros/people.html`; and their whole list.
    people: Sequence[Any] = field(default_factory=tuple)
    more_people: str = ""
    #: Guides that carry it, as headings.
    guides: Sequence[Any] = field(default_factory=tuple)


#: (viewer, term, older, newer) → what this viewer may read of what carries the term. The hook decides
#: what "carries" means for the term's scheme: a place holds the places in it, an outcome is a fact.
Carriers = Callable[[Viewer, TermView, str | None, str | None], Carried]


def _nothing(_viewer: Viewer, _term: TermView, _older: str | None, _newer: str | None) -> Carried:
    return Carried()


REGISTRY: list[Carriers] = [_nothing]


def register(carriers: Carriers) -> None:
    """Set where carriers come from; called once when the application is made."""
    REGISTRY[:] = [carriers]


def carried(
    viewer: Viewer, term: TermView, *, older: str | None = None, newer: str | None = None
) -> Carried:
    """Return a page of what carries the term, for this viewer."""
    return REGISTRY[0](viewer, term, older, newer)
