"""What a query found, as arrays: collapsed to entries, put in order, counted by facet.

Documents are in the order of their numbers, and documents of one entry are neighbours, so an
entry is a run of equal entry numbers.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cop.search.engine import FACETS, Filters, Hit, Hits, Sort
from cop.search.gains import UNIT
from cop.search.reader import View
from cop.search.room import Mask, Numbers, Places, firsts
from cop.search.values import counted

Key = tuple[int, str]
Order = NDArray[np.intp]
# What is sorted by, the largest first, worked out only for the places where earlier keys left it open.
SortKey = Callable[[Order | slice], NDArray[Any]]

# What a filter adds for a document it holds back is this and the place of its facet from 1, so
# that less than twice this tells which filter alone holds a document back.
_ALONE = 64
_PLACES = {facet: place for place, facet in enumerate(FACETS, 1)}
_UNKNOWN = len(FACETS) + 1
# Of each facet, which sums say that no other filter holds a document back.
_ALONE_OR_NONE = {
    facet: np.isin(np.arange(2 * _ALONE), (0, _ALONE + place)) for facet, place in _PLACES.items()
}
# A first look at every tenth is worth it from so many times what is wanted.
_MANY = 100
# As many more than wanted are sorted by all keys sooner than picked by the next.
_SOME = 30


class Candidate(NamedTuple):
    """A document found, and which of the plan's checks the index could not settle for it."""

    key: Key
    unsettled: tuple[int, ...]


class Found:
    """The documents a query found, those among them that one filter alone holds back included."""

    def __init__(
        self,
        view: View,
        documents: Places,
        scores: Numbers,
        filters: Filters,
        settled: Sequence[Mask | None],
    ) -> None:
        """Take from the view what is needed, so that nothing of it is used afterwards."""
        self._facets, self._names = view.facets(), view.names
        self._langs = self._facets["lang"].layers[0]
        self._published = view.column("published")
        self._discussed, self._any_discussed = view.column("discussed"), view.discussed
        self._documents, self._scores, self._settled = documents, scores, list(settled)
        self._fails: NDArray[np.int16] | None = None
        self._by_lang = bool(filters.get("lang"))
        told = _told_by(view, filters)
        if told is not None:
            self._fails = told.take(documents)
            self._take(self._fails < 2 * _ALONE)
        self._numbers = view.column("number").take(self._documents)

    def _take(self, mask: Mask) -> None:
        chosen = mask.nonzero()[0]
        self._documents, self._scores = self._documents.take(chosen), self._scores.take(chosen)
        self._settled = [None if one is None else one.take(chosen) for one in self._settled]
        if self._fails is not None:
            self._fails = self._fails.take(chosen)

    def candidates(self, limit: int) -> list[Candidate]:
        """The best documents, those that pass all filters first."""
        langs = self._names.of("lang")
        of_documents = self._langs[self._documents]
        known = sorted(set(of_documents.tolist()), key=langs.__getitem__)
        alphabetic = np.zeros(len(langs), np.int32)
        alphabetic[known] = np.arange(len(known))
        keys: list[SortKey] = [
            lambda at: self._scores[at],
            lambda at: self._published[self._documents[at]],
            lambda at: -self._numbers[at],
            lambda at: -alphabetic[of_documents[at]],
        ]
        if (fails := self._fails) is not None:
            keys.insert(0, lambda at: fails[at] == 0)
        return [
            Candidate(
                (int(self._numbers[at]), langs[of_documents[at]]),
                tuple(
                    check
                    for check, settled in enumerate(self._settled)
                    if settled is None or not settled[at]
                ),
            )
            for at in _first(keys, len(self._documents), limit).tolist()
        ]

    def keep(self, keys: Iterable[Key]) -> None:
        """Drop every document that is not one of these."""
        kept = set(keys)
        langs = self._names.of("lang")
        found = zip(self._numbers.tolist(), self._langs[self._documents].tolist(), strict=True)
        chosen = ((number, langs[lang]) in kept for number, lang in found)
        mask = np.fromiter(chosen, np.bool_, len(self._numbers))
        self._take(mask)
        self._numbers = self._numbers[mask]

    def page(self, sort: Sort, prefer_lang: str, limit: int, offset: int) -> Hits:
        """One hit an entry, in order, with the total and the facets of the whole set."""
        documents, scores, numbers = self._documents, self._scores, self._numbers
        if self._fails is not None:
            passing = (self._fails == 0).nonzero()[0]
            documents, scores = documents.take(passing), scores.take(passing)
            numbers = numbers.take(passing)
        if not len(documents):
            return Hits((), 0, _Counts(self), discussed=False)
        best, first, starts = scores, documents, None
        if not self._apart:
            starts = firsts(numbers)
            best, first = np.maximum.reduceat(scores, starts), documents.take(starts)
            numbers = numbers.take(starts)
        keys: list[SortKey] = [
            lambda at: best[at],
            lambda at: self._published[first[at]],
            lambda at: -numbers[at],
        ]
        if sort is Sort.NEWEST:
            keys = keys[1:]
        elif sort is Sort.DISCUSSED:
            keys.insert(0, lambda at: self._discussed[first[at]])
        chosen = _first(keys, len(first), offset + limit)[offset:]
        langs = self._shown(documents, scores, starts, chosen, prefer_lang)
        told = (best[chosen] / UNIT).tolist()
        hits = tuple(map(Hit, numbers[chosen].tolist(), langs, told))
        discussed = bool(self._any_discussed.take(first).any())
        return Hits(hits, len(first), _Counts(self), discussed)

    def _shown(
        self,
        documents: Places,
        scores: Numbers,
        starts: Places | None,
        chosen: Order,
        prefer_lang: str,
    ) -> list[str]:
        """The language to show each of the chosen entries in, of those it was found in."""
        names = self._names.of("lang")
        first = chosen if starts is None else starts[chosen]
        shown = [names[number] for number in self._langs[documents[first]].tolist()]
        if starts is None:
            return shown
        ends = np.append(starts, len(documents))[chosen + 1]
        for at, (start, end) in enumerate(zip(first.tolist(), ends.tolist(), strict=True)):
            if end - start > 1:
                langs = [names[number] for number in self._langs[documents[start:end]].tolist()]
                best = min(zip((-scores[start:end]).tolist(), langs, strict=True))[1]
                shown[at] = prefer_lang if prefer_lang in langs else best
        return shown

    def counts(self, facet: str) -> dict[str, int]:
        """How many entries have each value, in no order, with those that only this facet's filter holds back."""
        names = self._names.of(facet)
        often = counted(self._facets[facet], self._counted_in(facet), len(names))
        often[0] = 0  # those without a value
        numbers = often.nonzero()[0]
        told = map(names.__getitem__, numbers.tolist())
        return dict(zip(told, often[numbers].tolist(), strict=True))

    def _counted_in(self, facet: str) -> Places:
        """One document of each entry; all of them where they differ, in their languages."""
        if facet == "lang" or self._by_lang:
            passing = _passing(self._documents, self._fails, facet)
            if facet == "lang":
                return passing
            return passing[firsts(_passing(self._numbers, self._fails, facet))]
        return _passing(*self._entries, facet)

    @cached_property
    def _apart(self) -> bool:
        """Whether no entry was found in two documents."""
        return not (self._numbers[1:] == self._numbers[:-1]).any()

    @cached_property
    def _entries(self) -> tuple[Places, NDArray[np.int16] | None]:
        """One document of each entry, and what holds it back."""
        if self._apart:
            return self._documents, self._fails
        places = firsts(self._numbers)
        return self._documents[places], None if self._fails is None else self._fails[places]


def _passing(values: NDArray[Any], fails: NDArray[np.int16] | None, facet: str) -> NDArray[Any]:
    """Those that no filter holds back but maybe that of this facet."""
    if fails is None:
        return values
    return values.take(_ALONE_OR_NONE[facet].take(fails).nonzero()[0])


class _Counts(Mapping[str, Mapping[str, int]]):
    """The counts of each facet, worked out when somebody looks: not every search shows them."""

    def __init__(self, found: Found) -> None:
        self._found = found
        self._told: dict[str, dict[str, int]] = {}

    def __getitem__(self, facet: str) -> Mapping[str, int]:
        if facet not in _PLACES:
            raise KeyError(facet)
        if facet not in self._told:
            self._told[facet] = self._found.counts(facet)
        return self._told[facet]

    def __iter__(self) -> Iterator[str]:
        return iter(FACETS)

    def __len__(self) -> int:
        return len(FACETS)


def _told_by(view: View, filters: Filters) -> NDArray[np.int16] | None:
    """0 for each document that passes all filters, for others what they add up to; remembered."""
    if not any(filters.values()):
        return None
    chosen = tuple(filters.items())

    def make() -> tuple[NDArray[np.int16], int]:
        told = np.zeros(view.size, np.int16)
        for facet, values in chosen:
            if not values:
                continue
            failing = np.full(view.size, _ALONE + _PLACES.get(facet, _UNKNOWN), np.int16)
            for value in values:
                failing[view.postings("facets", f"{facet}={value}")[0]] = 0
            told += failing
        return told, told.nbytes

    return view.remembered(("filters", chosen), make)


def _first(keys: Sequence[SortKey], size: int, count: int) -> Order:
    """The places of the largest by these keys, in order: what cannot be among them is not sorted."""
    if count < 1:
        return np.empty(0, np.intp)
    sure: list[Order] = []
    open_: Order | slice = slice(size)
    left, wanted = size, count
    for key in keys:
        if left <= wanted + _SOME:
            break
        values = key(open_)
        last = _last(values, wanted)
        near = (values >= last).nonzero()[0]
        if len(near) > wanted + _SOME:
            above = (values > last).nonzero()[0]
            sure.append(_picked(open_, above))
            wanted -= len(above)
            near = (values == last).nonzero()[0]
        open_ = _picked(open_, near)
        left = len(open_)
    if isinstance(open_, slice):
        open_ = np.arange(size)
    chosen = np.concatenate([*sure, open_]) if sure else open_
    return chosen[np.lexsort([key(chosen) for key in reversed(keys)])[::-1]][:count]


def _picked(open_: Order | slice, places: Order) -> Order:
    return places if isinstance(open_, slice) else open_[places]


def _last(values: NDArray[Any], wanted: int) -> Any:
    """The least of so many largest."""
    if len(values) > _MANY * wanted:
        # Among every tenth are as many that are no less than this, so these are enough.
        values = values.compress(values >= _last(values[::10], wanted))
    at = len(values) - wanted
    return np.partition(values, at)[at]
