"""Which documents a query finds, and how well: exhaustive BM25 over weighted fields, in arrays.

The rule, which the tests' reference repeats independently:

- A token's gain in a document is the sum over the fields of
  weight * idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / average length)), where idf is
  ln(1 + (N - n + .5) / (n + .5)), n the documents with the token in that field, N all that can
  be found by anybody. (Adding up frequencies over fields before saturation, BM25F, was measured
  with titles: .374 against .390 on Cranfield, no difference elsewhere.)
- What is looked for is a list of groups, each with one way to hold it or several: a word has one
  (its tokens are a group each), a concept has the words that were said and the other labels, and
  `either` has its options. A group's gain is the best over its ways of
  weight * scale * the sum of the way's tokens' gains. The first way counts also where only part
  of it is held, the others only as a whole. The scale is the potential of the first way over
  that of this way, the potential being the sum of its tokens' idf with n the largest number of
  documents that any one field has the token in: seven tokens of Chinese weigh what two of English
  do. A prefix is a group of all tokens that it may stand for, of weight 1 and unscaled.
- A token of the first ways in over half the documents is dropped, unless no other of those is in
  any document. A group whose first way is dropped wholly counts no more. In other ways, tokens in
  over half the documents are passed over when the way has others.
- Found are the documents that hold every remaining group in one of its ways; and unless all words
  are required, those whose score reaches `ENOUGH` of the best among what the reader may meet.
  When all words are required, dropped groups and tokens are required too.
- Filters narrow what was found, after that comparison: they never bring in anything new.

Only what the reader may meet decides which documents are found and in which order. How long it
takes depends on how many documents hold the words, whoever may meet them: some 10 nanoseconds each.
"""

from collections.abc import Iterable, Mapping, Sequence
from heapq import merge
from itertools import groupby, islice
from typing import NamedTuple, Protocol

import numpy as np

from cop.search.engine import Filters, Hits, Sort
from cop.search.leaf import decoded_lengths
from cop.search.matched import Candidate, Found, Key
from cop.search.plan import Group, Plan, Way, shorter, spellings
from cop.search.reader import View
from cop.search.room import Floats, Mask, Places, Room, Worth

K1 = 1.2
B = 0.75
WEIGHTS = (("body", 1.0), ("title", 0.6), ("tags_text", 0.6), ("extra", 0.3))
ENOUGH = 0.3
# Scores are compared after rounding, so that the order of additions cannot decide a tie.
DIGITS = 6
# What rounding may change in a comparison of two scores, generously.
_ROUNDING = 2 * 10.0**-DIGITS
# A prefix stands for so many words at most, the first in the order of their characters.
EXPANSIONS = 100

# A score below which there is none.
_LEAST = float(np.nextafter(0, 1))
# Of the type of what it is added to: numpy is a hundred times slower otherwise.
_ONE = np.int16(1)
# Postings are looked at one by one while they are fewer than one in so many documents.
_FEW = 5
# Looking up the rarest word's documents in the other lists costs about so much for each of them.
_COUNT = 16

_FIELDS = tuple(field for field, _ in WEIGHTS)


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


class Gain(NamedTuple):
    """What a token adds to the score of each document that holds it, by ascending number."""

    ids: Places
    gains: Floats
    most: int  # documents that hold it in the field where most do


# Documents that may be found, a few too many, ascending; their scores; which hold everything.
_Near = tuple[Places, Floats, Mask]


class ArrayScorer:
    """Scores every posting of every token, in numpy."""

    def match(self, view: View, plan: Plan, labels: frozenset[str], filters: Filters) -> Found:
        """What the plan finds among what may be met with these labels."""
        allowed = view.any_of("labels", labels)
        for held in plan.excluded:
            allowed = allowed.copy()
            allowed[_holding_all(view, tuple(held))] = False
        if plan.everything:
            documents = np.flatnonzero(allowed)
            scores = np.zeros(len(documents))
        else:
            documents, scores = _Scoring(view, plan, allowed).found()
        settled = [
            _any_way(view, check.ways)[documents] if check.ways else None for check in plan.verified
        ]
        return Found(view, documents, scores, filters, settled)

    def holding(
        self, view: View, said: Sequence[Sequence[str]], labels: frozenset[str]
    ) -> list[int]:
        """For each list of tokens, how many entries hold all of them, of those with these labels."""
        allowed, numbers = view.any_of("labels", labels), view.column("number")
        counts = []
        for tokens in said:
            ids = _holding_all(view, tokens) if tokens else np.empty(0, np.intp)
            found = numbers[ids[allowed[ids]]]
            # Documents of an entry are neighbours.
            counts.append(int(np.count_nonzero(np.diff(found))) + 1 if len(found) else 0)
        return counts


class _Scoring:
    """One query on one view."""

    def __init__(self, view: View, plan: Plan, allowed: Mask) -> None:
        self._view, self._plan, self._allowed = view, plan, allowed
        self._gains = {token: gain_of(view, token) for token in plan.basis}
        self._dropped = _too_common(view, self._gains)
        #: What adds to scores, and of each thing that may not be missing the documents that hold it.
        self._scored: list[Worth] = []
        self._required: list[Places] = []

    def found(self) -> Worth:
        """The documents found, ascending, and their scores."""
        with self._view.room() as room:
            for group in self._plan.groups:
                self._add(group, room)
            for prefix in self._plan.prefixes:
                self._add_prefix(prefix, room)
            for token in self._plan.loose:
                gain = gain_of(self._view, token)
                if not _common(self._view, gain):
                    self._scored.append(gain[:2])
            return self._best(room)

    def _best(self, room: Room) -> Worth:
        """What is good enough, and what holds everything."""
        for ids, gains in self._scored:
            np.add.at(room.numbers, ids, gains)
        postings = sum(len(ids) for ids, _ in self._scored)
        find = self._of_few if postings * _FEW < room.size else self._of_all
        documents, scores, whole = find(room)
        scores = scores.round(DIGITS)
        if not self._plan.all_words:
            whole |= scores >= max(ENOUGH * _most(scores), _LEAST)
        kept = whole.nonzero()[0]
        if len(kept) == len(scores):
            return documents, scores
        return documents[kept], scores[kept]

    def _of_few(self, room: Room) -> _Near:
        """Look at the documents that hold something, one by one."""
        whole = room.in_all(self._required)
        whole = whole.compress(self._allowed[whole])
        every = np.concatenate([ids for ids, _ in self._scored])
        documents = whole
        if not self._plan.all_words:
            scores = room.numbers[every]
            scores *= self._allowed[every]
            documents = room.distinct([whole, every.compress(scores >= _bound(scores))])
        scores = room.numbers[documents]
        room.numbers[every] = 0
        return documents, scores, room.among(documents, whole)

    def _of_all(self, room: Room) -> _Near:
        """Look at all documents, which is quicker where many hold something."""
        holding = self._holding_everything(room)
        np.multiply(room.numbers, self._allowed, out=room.numbers)
        if not self._plan.all_words:
            np.greater_equal(room.numbers, _bound(room.numbers), out=room.marks)
        room.marks |= holding
        room.marks &= self._allowed
        documents = room.marked()
        scores = room.numbers[documents]
        room.numbers.fill(0)
        return documents, scores, holding[documents]

    def _holding_everything(self, room: Room) -> Mask:
        required = len(self._required)
        if min(map(len, self._required)) * _COUNT < sum(map(len, self._required)):
            room.times[room.in_all(self._required)] = required
        else:
            for ids in self._required:
                np.add.at(room.times, ids, _ONE)
        holding: Mask = room.times == required
        room.times.fill(0)
        return holding

    def _add(self, group: Group, room: Room) -> None:
        first = group.ways[0]
        ignored = self._dropped.issuperset(first.tokens)
        if ignored and not self._plan.all_words:
            return
        if len(group.ways) == len(first.tokens) == 1:
            gain = self._gains[first.tokens[0]]
            self._required.append(gain.ids)
            if not ignored:
                self._scored.append(gain[:2])
            return
        whole: list[Places] = []
        worth: list[Worth] = []
        for way in group.ways:
            counted = self._counted(way, first=way is first)
            held = way.tokens if self._plan.all_words else counted
            whole.append(room.in_all([gain_of(self._view, token).ids for token in held]))
            if not ignored:
                worth.append(self._worth(way, counted, first, room))
        self._required.append(room.distinct(whole))
        if worth:
            self._scored.append(room.highest(worth))

    def _counted(self, way: Way, *, first: bool) -> tuple[str, ...]:
        """The tokens of a way without those that are too common."""
        if first:
            kept = tuple(token for token in way.tokens if token not in self._dropped)
        else:
            kept = tuple(t for t in way.tokens if not _common(self._view, gain_of(self._view, t)))
        return kept or way.tokens

    def _worth(self, way: Way, counted: tuple[str, ...], first: Way, room: Room) -> Worth:
        """What a way gives to the documents for which it counts."""
        gains = [gain_of(self._view, token) for token in counted]
        if way is first:
            return room.sums([(gain.ids, gain.gains * way.weight) for gain in gains])
        ids = room.in_all([gain.ids for gain in gains])
        if not len(ids):
            return ids, np.empty(0)
        whole = sum((room.worth_at(ids, gain[:2]) for gain in gains), np.zeros(len(ids)))
        potential = self._potential(self._counted(first, first=True)) / self._potential(counted)
        return ids, whole * (way.weight * potential)

    def _potential(self, tokens: Iterable[str]) -> float:
        return sum(_idf(self._view.live, gain_of(self._view, token).most) for token in tokens)

    def _add_prefix(self, prefix: str, room: Room) -> None:
        gains = [gain_of(self._view, t) for t in islice(self._beginning(prefix), EXPANSIONS)]
        best = room.highest([gain[:2] for gain in gains])
        self._required.append(best[0])
        self._scored.append(best)

    def _beginning(self, prefix: str) -> Iterable[str]:
        """The tokens a prefix may stand for that are in anything the reader may meet."""
        starts = spellings(prefix)
        cut = sorted({token for start in starts for token in shorter(start)})
        known = merge(cut, *(self._view.terms(_FIELDS, start) for start in starts))
        for token, _ in groupby(known):
            if self._allowed[gain_of(self._view, token).ids].any():
                yield token


def gain_of(view: View, token: str) -> Gain:
    """What a token is worth in each document, remembered as long as the view is used."""

    def make() -> tuple[Gain, int]:
        gain = _gain(view, token)
        return gain, gain.ids.nbytes + gain.gains.nbytes

    return view.remembered(("gain", token), make)


def _gain(view: View, token: str) -> Gain:
    found: list[tuple[Places, Floats]] = []
    most = 0
    for field, weight in WEIGHTS:
        ids, often = view.postings(field, token)
        if not len(ids):
            continue
        most = max(most, len(ids))
        coded, average = view.lengths(field)
        damping = K1 * (1 - B + B * decoded_lengths() / average)
        gains = often * (K1 + 1) / (often + damping[coded[ids]])
        found.append((ids, gains * (weight * _idf(view.live, len(ids)))))
    if not found:
        return Gain(np.empty(0, np.intp), np.empty(0), 0)
    if len(found) == 1:
        return Gain(*found[0], most)
    every, places = np.unique(np.concatenate([ids for ids, _ in found]), return_inverse=True)
    total: Floats = np.bincount(
        places, weights=np.concatenate([gains for _, gains in found])
    ).astype(np.float64)
    return Gain(every, total, most)


def _idf(total: int, holding: int) -> float:
    return float(np.log(1 + (total - holding + 0.5) / (holding + 0.5)))


def _common(view: View, gain: Gain) -> bool:
    return len(gain.ids) > view.live / 2


def _too_common(view: View, gains: Mapping[str, Gain]) -> frozenset[str]:
    common = frozenset(token for token, gain in gains.items() if _common(view, gain))
    if not common:
        return common
    present = sum(1 for gain in gains.values() if len(gain.ids))
    return common if len(common) < present else frozenset()


def _holding_all(view: View, tokens: Sequence[str]) -> Places:
    """The findable documents that hold all of these tokens, ascending."""
    with view.room() as room:
        return room.in_all([gain_of(view, token).ids for token in tokens])


def _bound(scores: Floats) -> float:
    """What nothing that is found by its score alone can be below."""
    return max(ENOUGH * _most(scores) - _ROUNDING, _LEAST)


def _most(scores: Floats) -> float:
    return float(np.maximum.reduce(scores, initial=0.0))


def _any_way(view: View, ways: Sequence[Sequence[str]]) -> Mask:
    found = np.zeros(view.size, np.bool_)
    for tokens in ways:
        found[_holding_all(view, tokens)] = True
    return found
