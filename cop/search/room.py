"""Room to add up lists of documents in: one number and one mark a document, kept between searches.

Arrays as long as the index cost more to make for every question than what is done with the few
of their places that it needs. So they stay, all zero, and each use clears what it wrote.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]
# Numbers of documents as numpy takes them to pick from arrays, twice as fast as any other.
Places = NDArray[np.intp]
# Documents and what each is worth.
Worth = tuple[Places, Numbers]

# Looking up one document costs as much as marking so many, and sorting one as passing so many.
_LOOK_UP, _SORT = 8, 16
# numpy goes from one mark to the next while fewer than a tenth are set, which takes three times as
# long as passing all of them once every hundredth is. So a tail of marks is always set.
_TAIL, _RARE = 8, 80


class Room:
    """Arrays that are zero between uses. For one thread at a time, and not after an error."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.numbers: Numbers = np.zeros(size, np.int64)
        self._marks_and_tail: Mask = np.ones(size + size // _TAIL + 1, np.bool_)
        self.marks: Mask = self._marks_and_tail[:size]
        self.marks[:] = False

    def marked(self) -> Places:
        """The documents marked, ascending, whose marks are cleared by that."""
        count = int(np.count_nonzero(self.marks))
        if count * _RARE < self.size:
            found = self.marks.nonzero()[0]
            self.marks[found] = False
        else:
            found = self._marks_and_tail.nonzero()[0][:count]
            self.marks[:] = False
        return found

    def distinct(self, lists: Sequence[Places]) -> Places:
        """The documents in any of these, ascending."""
        ids = np.concatenate(lists) if lists else np.empty(0, np.intp)
        if len(ids) * _SORT > self.size:
            self.marks[ids] = True
            return self.marked()
        ids = np.sort(ids)
        return ids[firsts(ids)]

    def in_all(self, lists: Sequence[Places]) -> Places:
        """The documents in all of these, which have each document once, ascending."""
        rarest, *others = sorted(lists, key=len)
        for ids in others:
            if not len(rarest):
                break
            rarest = rarest.compress(self.among(rarest, ids))
        return rarest

    def among(self, some: Places, ids: Places) -> Mask:
        """Which of some documents are among others, both ascending."""
        if len(some) * _LOOK_UP < len(ids):
            there: Mask = ids.take(ids.searchsorted(some), mode="clip") == some
            return there
        self.marks[ids] = True
        there = self.marks[some]
        self.marks[ids] = False
        return there

    def worth_at(self, some: Places, part: Worth) -> Numbers:
        """What some documents are worth in a part that has all of them, both ascending."""
        ids, worth = part
        if len(some) * _LOOK_UP < len(ids):
            found: Numbers = worth[ids.searchsorted(some)]
            return found
        self.numbers[ids] = worth
        found = self.numbers[some]
        self.numbers[ids] = 0
        return found

    def sums(self, parts: Sequence[Worth]) -> Worth:
        """What each document is worth in all parts together."""
        ids, worth = joined(parts)
        np.add.at(self.numbers, ids, worth)
        return self._taken(parts)

    def highest(self, parts: Sequence[Worth]) -> Worth:
        """What each document is worth in the part where it is worth most."""
        ids, worth = joined(parts)
        np.maximum.at(self.numbers, ids, worth)
        return self._taken(parts)

    def _taken(self, parts: Sequence[Worth]) -> Worth:
        found = self.distinct([ids for ids, _ in parts])
        worth = self.numbers[found]
        self.numbers[found] = 0
        return found, worth


def joined(parts: Sequence[Worth]) -> Worth:
    """All parts in a row."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return np.empty(0, np.intp), np.empty(0, np.int64)
    return np.concatenate([ids for ids, _ in parts]), np.concatenate([one for _, one in parts])


def firsts(ids: NDArray[np.integer[Any]]) -> Places:
    """The places at which each run of equal numbers begins."""
    new = np.ones(len(ids), np.bool_)
    np.not_equal(ids[1:], ids[:-1], out=new[1:])
    return new.nonzero()[0]
