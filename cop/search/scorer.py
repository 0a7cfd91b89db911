"""Which documents a query finds, and how well: exhaustive BM25 over weighted fields, in arrays.

The rule, which the tests' reference repeats independently:

- A token's gain in a document is the sum over the fields of
  weight * idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / average length)), each rounded to
  whole millionths (so that the order of additions cannot decide a tie), where idf is
  ln(1 + (N - n + .5) / (n + .5)), n the documents with the token in that field, N all that can
  be found by anybody. The words of a title count as words of the body too. (Adding up frequencies
  over fields before saturation, BM25F, was measured with titles: .374 against .390 on Cranfield,
  no difference elsewhere.)
- What is looked for is a list of groups, each with one way to hold it or several: a word has one
  (its tokens are a group each), a concept has the words that were said and the other labels, and
  `either` has its options. A group's gain is the best over its ways of
  weight * scale * the sum of the way's tokens' gains, in whole millionths too. The first way counts
  also where only part of it is held, the others only as a whole. The scale is the potential of the
  first way over that of this way, the potential being the sum of its tokens' idf with n the largest
  number of documents that any one field has the token in: seven tokens of Chinese weigh what two of
  English do. A prefix is a group of all tokens that it may stand for, of weight 1 and unscaled.
- A token of the first ways in over half the documents is dropped, unless no other of those is in
  any document. A group whose first way is dropped wholly counts no more. In other ways, tokens in
  over half the documents are passed over when the way has others.
- Found are the documents that hold every remaining group in one of its ways; and unless all words
  are required, those whose score reaches `ENOUGH` of the best among what the reader may meet.
  When all words are required, dropped groups and tokens are required too.
- Filters narrow what was found, after that comparison: they never bring in anything new.

Only what the reader may meet decides which documents are found and in which order. How long it
takes depends on how many documents hold the words: at first use of a word on all of them, later on
those the reader may meet, some 8 nanoseconds each.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import merge
from itertools import groupby, islice
from math import ceil
from typing import Protocol

import numpy as np

from cop.search.engine import Filters, Hits, Sort
from cop.search.gains import BITS, FIELDS, Gain, Scope, counted, rounded
from cop.search.matched import Candidate, Found, Key
from cop.search.plan import Group, Plan, Way, shorter, spellings
from cop.search.reader import View
from cop.search.room import Mask, Numbers, Places, Room, Worth

ENOUGH = 0.3
# A prefix stands for so many words at most, the first in the order of their characters.
EXPANSIONS = 100

# Of the type of what it is added to: numpy is a hundred times slower otherwise.
_ONE = np.int64(1)
# Postings are looked at one by one while they are fewer than one in so many documents.
_FEW = 5


class Matched(Protocol):
    """What a query found, before phrases are verified and a page is cut."""

    def candidates(self, limit: int) -> list[Candidate]:
        """The best documents, those that pass all filters first."""

    def keep(self, keys: Iterable[Key]) -> None:
        """Drop every document that is not one of these."""

    def page(self, sort: Sort, prefer_lang: str, limit: int, offset: int) -> Hits:
        """One hit an entry, in order, with the total and the facets of the whole set."""


class Scorer(Protocol):
    """Finds and scores. Called by one thread at a time; the result must not touch the view's files."""

    def match(self, view: View, plan: Plan, labels: frozenset[str], filters: Filters) -> Matched:
        """What the plan finds among what may be met with these labels."""

    def holding(
        self, view: View, said: Sequence[Sequence[str]], labels: frozenset[str]
    ) -> list[int]:
        """For each list of tokens, how many entries hold all of them, of those with these labels."""


class ArrayScorer:
    """Scores every posting of every token, in numpy."""

    def match(self, view: View, plan: Plan, labels: frozenset[str], filters: Filters) -> Found:
        """What the plan finds among what may be met with these labels."""
        scope = Scope(view, labels)
        without = [scope.holding_all(tuple(held)) for held in plan.excluded]
        if plan.everything:
            documents = np.flatnonzero(_without(scope.allowed, without))
            scores = np.zeros(len(documents), np.int64)
        else:
            documents, scores = _Scoring(scope, plan, without).found()
        settled = [
            _any_way(scope, check.ways)[documents] if check.ways else None
            for check in plan.verified
        ]
        return Found(view, documents, scores, filters, settled)

    def holding(
        self, view: View, said: Sequence[Sequence[str]], labels: frozenset[str]
    ) -> list[int]:
        """For each list of tokens, how many entries hold all of them, of those with these labels."""
        scope, numbers = Scope(view, labels), view.column("number")
        counts = []
        for tokens in said:
            found = numbers[scope.holding_all(tokens)] if tokens else numbers[:0]
            # Documents of an entry are neighbours.
            counts.append(int(np.count_nonzero(np.diff(found))) + 1 if len(found) else 0)
        return counts


class _Scoring:
    """One query by one reader."""

    def __init__(self, scope: Scope, plan: Plan, without: Sequence[Places]) -> None:
        self._scope, self._plan, self._without = scope, plan, without
        self._gains = {token: scope.gain(token) for token in plan.basis}
        self._dropped = self._too_common()
        #: What is added up, and of each thing that may not be missing the documents that hold it.
        self._added: list[Worth] = []
        self._required: list[Places] = []

    def found(self) -> Worth:
        """The documents found, ascending, and their scores."""
        with self._scope.view.room() as room:
            for group in self._plan.groups:
                self._add(group, room)
            for prefix in self._plan.prefixes:
                self._add_prefix(prefix, room)
            for token in self._plan.loose:
                gain = self._scope.gain(token)
                if not self._scope.common(gain):
                    self._added.append((gain.ids, gain.marked - _ONE))
            for ids, numbers in self._added:
                np.add.at(room.numbers, ids, numbers)
            for ids in self._without:
                room.numbers[ids] = 0
            postings = sum(len(ids) for ids, _ in self._added)
            find = self._of_few if postings * _FEW < room.size else self._of_all
            return find(room)

    def _of_few(self, room: Room) -> Worth:
        """Look at the documents that hold something, one by one."""
        documents = self._holding_everything(room)
        every = np.concatenate([ids for ids, _ in self._added])
        if not self._plan.all_words and len(documents) < len(every):
            numbers = room.numbers[every]
            documents = room.distinct([documents, every.compress(numbers >= _bound(numbers))])
        numbers = room.numbers[documents]
        room.numbers[every] = 0
        return documents, numbers >> BITS

    def _of_all(self, room: Room) -> Worth:
        """Look at all documents, which is quicker where many hold something."""
        documents = self._holding_everything(room)
        if not self._plan.all_words:
            np.greater_equal(room.numbers, _bound(room.numbers), out=room.marks)
            room.marks[documents] = True
            documents = room.marked()
        numbers = room.numbers[documents]
        room.numbers.fill(0)
        return documents, numbers >> BITS

    def _holding_everything(self, room: Room) -> Places:
        """The documents in which nothing is missing."""
        rarest = min(self._required, key=len)
        return rarest.compress(counted(room.numbers[rarest]) == len(self._required))

    def _add(self, group: Group, room: Room) -> None:
        first = group.ways[0]
        ignored = self._dropped.issuperset(first.tokens)
        if ignored and not self._plan.all_words:
            return
        if len(group.ways) == len(first.tokens) == 1 and not ignored:
            gain = self._gains[first.tokens[0]]
            self._required.append(gain.ids)
            self._added.append((gain.ids, gain.marked))
            return
        held, worth = self._held(group, ignored=ignored, room=room)
        self._require(held)
        if not ignored:
            self._reward(worth)

    def _held(self, group: Group, *, ignored: bool, room: Room) -> tuple[Places, Worth]:
        """The documents that hold a group in one of its ways, and what it gives; remembered.

        Questions name the same terms again and again, and their names are made of common words.
        """
        first = group.ways[0]
        dropped, all_words = self._dropped.intersection(first.tokens), self._plan.all_words

        def make() -> tuple[tuple[Places, Worth], int]:
            whole: list[Places] = []
            worth: list[Worth] = []
            for way in group.ways:
                held = self._counted(way, first=way is first)
                needed = way.tokens if all_words else held
                whole.append(room.in_all([self._scope.gain(token).ids for token in needed]))
                if not ignored:
                    worth.append(self._worth(way, held, first, room))
            ids, best = room.distinct(whole), room.highest(worth)
            return (ids, best), ids.nbytes + best[0].nbytes + best[1].nbytes

        return self._scope.remembered(("group", group, dropped, all_words, ignored), make)

    def _counted(self, way: Way, *, first: bool) -> tuple[str, ...]:
        """The tokens of a way without those that are too common."""
        common = self._scope.common
        if first:
            kept = tuple(token for token in way.tokens if token not in self._dropped)
        else:
            kept = tuple(t for t in way.tokens if not common(self._scope.gain(t)))
        return kept or way.tokens

    def _worth(self, way: Way, held: tuple[str, ...], first: Way, room: Room) -> Worth:
        """What a way gives to the documents for which it counts."""
        gains = [self._scope.gain(token) for token in held]
        if way is first:
            ids, whole = room.sums([gain.worth for gain in gains])
            return ids, rounded(whole * way.weight)
        ids = room.in_all([gain.ids for gain in gains])
        whole = sum((room.worth_at(ids, gain.worth) for gain in gains), np.zeros_like(ids))
        if not len(ids):
            return ids, whole
        potential = self._scope.potential
        scale = potential(self._counted(first, first=True)) / potential(held)
        return ids, rounded(whole * (way.weight * scale))

    def _add_prefix(self, prefix: str, room: Room) -> None:
        tokens = islice(self._beginning(prefix), EXPANSIONS)
        best = room.highest([self._scope.gain(token).worth for token in tokens])
        self._require(best[0])
        self._reward(best)

    def _beginning(self, prefix: str) -> Iterator[str]:
        """The tokens a prefix may stand for that are in anything the reader may meet."""
        allowed = _without(self._scope.allowed, self._without)
        starts = spellings(prefix)
        cut = sorted({token for start in starts for token in shorter(start)})
        known = merge(cut, *(self._scope.view.terms(FIELDS, start) for start in starts))
        for token, _ in groupby(known):
            if allowed[self._scope.gain(token).ids].any():
                yield token

    def _require(self, ids: Places) -> None:
        """One more thing that may not be missing, and the documents that hold it."""
        self._required.append(ids)
        self._added.append((ids, np.ones_like(ids)))

    def _reward(self, worth: Worth) -> None:
        self._added.append((worth[0], worth[1] << BITS))

    def _too_common(self) -> frozenset[str]:
        """The tokens that are in too many documents to tell anything, if others are in any."""
        gains: Mapping[str, Gain] = self._gains
        common = frozenset(t for t, gain in gains.items() if self._scope.common(gain))
        if not common:
            return common
        present = sum(1 for gain in gains.values() if gain.held)
        return common if len(common) < present else frozenset()


def _bound(numbers: Numbers) -> int:
    """The least that is found by its score alone."""
    best = int(np.maximum.reduce(numbers, initial=0)) >> BITS
    return max(ceil(ENOUGH * best), 1) << BITS


def _without(allowed: Mask, without: Sequence[Places]) -> Mask:
    """What may be met, but for some lists of documents."""
    if without:
        allowed = allowed.copy()
        for ids in without:
            allowed[ids] = False
    return allowed


def _any_way(scope: Scope, ways: Sequence[Sequence[str]]) -> Mask:
    found = np.zeros(scope.view.size, np.bool_)
    for tokens in ways:
        found[scope.holding_all(tokens)] = True
    return found
