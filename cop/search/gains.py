"""What a token adds to the score of each document that a reader may meet.

Scores are whole numbers of millionths, so that no order of additions can decide a tie. A number that
is added up for a document has its score above the lowest `BITS` bits, and in those how many of the
things that may not be missing it holds: one addition tells both.
"""

from collections.abc import Callable, Hashable, Sequence
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from cop.search.leaf import decoded_lengths
from cop.search.reader import View
from cop.search.room import Floats, Numbers, Places, Worth

K1 = 1.2
B = 0.75
WEIGHTS = (("body", 1.0), ("title", 0.6), ("tags_text", 0.6), ("extra", 0.3))
FIELDS = tuple(field for field, _ in WEIGHTS)

T = TypeVar("T")

#: A score of 1.
UNIT = 10**6
#: More than a question can have words.
BITS = 16
_COUNTED = (1 << BITS) - 1


class Gain(NamedTuple):
    """What a token adds in each document that holds it, by ascending number."""

    ids: Places
    marked: Numbers  # its score, and 1 for holding it
    most: int  # documents, whoever may meet them, that hold it in the field where most do
    held: int  # documents, whoever may meet them, that hold it anywhere

    @property
    def worth(self) -> Worth:
        """The documents and what they gain, in millionths."""
        return self.ids, self.marked >> BITS


class Scope:
    """The part of a view that may be met with some labels."""

    def __init__(self, view: View, labels: frozenset[str]) -> None:
        """Whoever may meet the same shares what is remembered."""
        self.view = view
        self._labels = view.known("labels", labels)
        self.allowed = view.any_of("labels", self._labels)

    def gain(self, token: str) -> Gain:
        """What a token is worth in each document, remembered as long as the view is used."""

        def make() -> tuple[Gain, int]:
            gain = self._gain(token)
            return gain, gain.ids.nbytes + gain.marked.nbytes

        return self.remembered(("gain", token), make)

    def remembered(self, key: Hashable, make: Callable[[], tuple[T, int]]) -> T:
        """What was worked out for whoever may meet the same, and its bytes; made on first use."""
        return self.view.remembered((self._labels, key), make)

    def common(self, gain: Gain) -> bool:
        """Whether more than half the documents hold the token."""
        return gain.held > self.view.live / 2

    def potential(self, tokens: Sequence[str]) -> float:
        """What tokens can be worth together."""
        return sum(_idf(self.view.live, self.gain(token).most) for token in tokens)

    def holding_all(self, tokens: Sequence[str]) -> Places:
        """The documents that hold all of these tokens, ascending."""
        with self.view.room() as room:
            return room.in_all([self.gain(token).ids for token in tokens])

    def _gain(self, token: str) -> Gain:
        found: list[Worth] = []
        for field, weight in WEIGHTS:
            ids, often = self.view.postings(field, token)
            if len(ids):
                found.append((ids, self._in_field(field, weight, ids, often)))
        if not found:
            return Gain(np.empty(0, np.intp), np.empty(0, np.int64), 0, 0)
        most = max(len(ids) for ids, _ in found)
        if len(found) == 1:
            ids, worth = found[0]
        else:
            with self.view.room() as room:
                ids, worth = room.sums(found)
        mine = self.allowed[ids].nonzero()[0]
        marked = worth[mine] << BITS
        marked += 1
        return Gain(ids[mine], marked, most, len(ids))

    def _in_field(self, field: str, weight: float, ids: Places, often: Floats) -> Numbers:
        coded, average = self.view.lengths(field)
        damping = K1 * (1 - B + B * decoded_lengths() / average)
        gains = often * (K1 + 1) / (often + damping[coded[ids]])
        return rounded(gains * (weight * _idf(self.view.live, len(ids)) * UNIT))


def counted(numbers: Numbers) -> Numbers:
    """How many of what may not be missing is held, of numbers added up."""
    return numbers & _COUNTED


def rounded(worth: NDArray[np.floating[Any]]) -> Numbers:
    """Whole numbers of millionths."""
    whole: Numbers = np.rint(worth).astype(np.int64)
    return whole


def _idf(total: int, holding: int) -> float:
    return float(np.log(1 + (total - holding + 0.5) / (holding + 0.5)))
