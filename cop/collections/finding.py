"""Entries that somebody may want in a collection. The rooms above, which know the index, find them by words."""

import re
from collections.abc import Callable, Collection, Sequence

from cop.collections.operations import KIND
from cop.entries import queries
from cop.entries.cards import Card, cards
from cop.entries.kinds import KINDS
from cop.people.viewer import Viewer

#: (viewer, text, limit) → ids of entries found by it, best first.
Finder = Callable[[Viewer, str, int], Sequence[int]]

MOST = 8
#: The address of an entry, from whatever page it was copied.
_ADDRESS = re.compile(r"/[a-z]+/(\d{1,9})(?:-|$|\?|#)")


def _nothing(_viewer: Viewer, _text: str, _limit: int) -> Sequence[int]:
    return ()


_finder: list[Finder] = [_nothing]


def find_with(finder: Finder) -> None:
    """Set what finds them; called once when the application is made."""
    _finder[:] = [finder]


def found(viewer: Viewer, words: str, *, but: Collection[str] = ()) -> list[Card]:
    """Return entries with these words, or of this address, that a collection of the viewer's can hold.

    Those of the keys `but` are in it already and left out.
    """
    words = words.strip()[:400]
    if not words:
        return []
    address = _ADDRESS.search(words)
    ids = [int(address[1])] if address else _finder[0](viewer, words, MOST + len(but))
    there = [
        entry
        for entry in queries.in_order(viewer, ids)
        if entry.kind != KIND and KINDS[entry.kind].can_be_collected and entry.key not in but
    ]
    return cards(viewer, there[:MOST])
