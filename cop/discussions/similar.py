"""Discussions like the one somebody is about to start. Finding them is for the rooms above, which know the index."""

from collections.abc import Callable, Sequence

from cop.entries import queries
from cop.entries.cards import Card, cards
from cop.people.viewer import Viewer

#: (viewer, text, limit) → ids of discussions that the text may be about too, best first.
Finder = Callable[[Viewer, str, int], Sequence[int]]

#: Shorter titles say too little; one Han character says enough to wait for the second.
SHORTEST = 2
MOST = 5


def _nothing(_viewer: Viewer, _text: str, _limit: int) -> Sequence[int]:
    return ()


_finder: list[Finder] = [_nothing]


def find_with(finder: Finder) -> None:
    """Set what finds them; called once when the application is made."""
    _finder[:] = [finder]


def similar(viewer: Viewer, title: str, *, but: int = 0) -> list[Card]:
    """Return discussions like this title that the viewer may open, without the one of this id."""
    title = title.strip()
    if len(title) < SHORTEST:
        return []
    ids = [one for one in _finder[0](viewer, title, MOST + 1) if one != but]
    return cards(viewer, queries.in_order(viewer, ids[:MOST]))
