"""How the present state of each kind is read."""

from collections.abc import Callable, Mapping, Sequence

from cop.exchange import collected, pages, states, talk, workshops
from cop.exchange.states import State

Reading = Callable[[Sequence[str]], dict[str, State]]

#: Kind → how its present states are read, in the order in which an export holds the kinds.
STATES: Mapping[str, Reading] = {
    "source": states.sources,
    "scheme": states.schemes,
    "term": states.terms,
    "organisation": states.organisations,
    "space": talk.spaces,
    "note": states.notes,
    "practice": pages.practices,
    "guide": pages.guides,
    "discussion": talk.discussions,
    "workshop": workshops.workshops,
    "collection": collected.collections,
    "comment": talk.comments,
}
