"""Entries that somebody may want to put into something. The rooms above, which know the index, find them by words."""

import re
from collections.abc import Callable, Collection, Sequence

from cop.entries import queries
from cop.entries.cards import Card, cards
from cop.people.viewer import Viewer

#: (viewer, text, limit, kinds) → ids of entries of these kinds found by it, best first.
Finder = Callable[[Viewer, str, int, frozenset[str]], Sequence[int]]

MOST = 8
#: The address of an entry, from whatever page it was copied.
_ADDRESS = re.compile(r"/[a-z]+/(\d{1,9})(?:-|$|\?|#)")


def _nothing(_viewer: Viewer, _text: str, _limit: int, _kinds: frozenset[str]) -> Sequence[int]:
    return ()


_finder: list[Finder] = [_nothing]


def find_with(finder: Finder) -> None:
    """Set what finds them; called once when the application is made."""
    _finder[:] = [finder]


def found(
    viewer: Viewer, words: str, kinds: Collection[str], *, but: Collection[str] = ()
) -> list[Card]:
    """Return entries of these kinds with these words, or of this address, that the viewer may read.

    Those of the keys `but` are there already and left out.
    """
    words = words.replace("\0", "").strip()[:400]
    if not words:
        return []
    wanted = frozenset(kinds)
    address = _ADDRESS.search(words)
    ids = [int(address[1])] if address else _finder[0](viewer, words, MOST + len(but), wanted)
    there = [
        entry
        for entry in queries.in_order(viewer, ids)
        if entry.kind in wanted and entry.key not in but
    ]
    return cards(viewer, there[:MOST])
