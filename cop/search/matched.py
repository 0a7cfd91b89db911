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
from cop.search.reader import View
from cop.search.room import Floats, Mask, Places, firsts
from cop.search.values import counted

Key = tuple[int, str]
Order = NDArray[np.intp]
# What is sorted by, worked out only for the places where earlier keys left it open.
SortKey = Callable[[Order], NDArray[Any]]

# What a filter adds for a document it holds back is this and the place of its facet from 1, so
# that less than twice this tells which filter alone holds a document back.
_ALONE = 64
_PLACES = {facet: place for place, facet in enumerate(FACETS, 1)}
_UNKNOWN = len(FACETS) + 1
# A first look at every tenth is worth it from so many times what is wanted.
_MANY = 100


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
        scores: Floats,
        filters: Filters,
        settled: Sequence[Mask | None],
    ) -> None:
        """Take from the view what is needed, so that nothing of it is used afterwards."""
        self._facets, self._names = view.facets(), view.names
        self._langs = self._facets["lang"].layers[0]
        self._published = view.column("published")
        self._discussed, self._any_discussed = view.column("discussed"), view.discussed
        self._documents, self._scores, self._settled = documents, scores, list(settled)
        self._numbers = view.column("number")[documents]
        self._fails = _fails(view, documents, filters)
        self._by_lang = bool(filters.get("lang"))
        if self._fails is not None:
            self._take(self._fails < 2 * _ALONE)

    def _take(self, mask: Mask) -> None:
        chosen = mask.nonzero()[0]
        self._documents, self._scores = self._documents[chosen], self._scores[chosen]
        self._numbers = self._numbers[chosen]
        self._settled = [None if one is None else one[chosen] for one in self._settled]
        if self._fails is not None:
            self._fails = self._fails[chosen]

    def candidates(self, limit: int) -> list[Candidate]:
        """The best documents, those that pass all filters first."""
        langs = self._names.of("lang")
        of_documents = self._langs[self._documents]
        known = sorted(set(of_documents.tolist()), key=langs.__getitem__)
        alphabetic = np.zeros(len(langs), np.int32)
        alphabetic[known] = np.arange(len(known))
        keys: list[SortKey] = [
            lambda at: -self._scores[at],
            lambda at: -self._published[self._documents[at]],
            lambda at: self._numbers[at],
            lambda at: alphabetic[of_documents[at]],
        ]
        if (fails := self._fails) is not None:
            keys.insert(0, lambda at: fails[at] > 0)
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
        self._take(np.fromiter(chosen, np.bool_, len(self._numbers)))

    def page(self, sort: Sort, prefer_lang: str, limit: int, offset: int) -> Hits:
        """One hit an entry, in order, with the total and the facets of the whole set."""
        documents, scores, numbers = self._documents, self._scores, self._numbers
        if self._fails is not None and self._fails.any():
            passing = (self._fails == 0).nonzero()[0]
            documents, scores, numbers = documents[passing], scores[passing], numbers[passing]
        if not len(documents):
            return Hits((), 0, _Counts(self), discussed=False)
        bounds = _bounds(numbers)
        found = len(bounds) - 1
        best = scores if found == len(scores) else np.maximum.reduceat(scores, bounds[:-1])

        def most(column: NDArray[Any], at: Order) -> NDArray[Any]:
            return _most(column[documents], bounds[at], bounds[at + 1])

        keys: list[SortKey] = [
            lambda at: -best[at],
            lambda at: -most(self._published, at),
            lambda at: numbers[bounds[at]],
        ]
        if sort is Sort.NEWEST:
            keys = keys[1:]
        elif sort is Sort.DISCUSSED:
            keys.insert(0, lambda at: -most(self._discussed, at))
        chosen = _first(keys, found, offset + limit)[offset:]
        shown = self._shown(documents, scores, bounds, chosen, prefer_lang)
        hits = map(Hit, numbers[bounds[chosen]].tolist(), shown, best[chosen].tolist())
        discussed = bool(self._any_discussed[documents].any())
        return Hits(tuple(hits), found, _Counts(self), discussed)

    def _shown(
        self, documents: Places, scores: Floats, bounds: Order, chosen: Order, prefer_lang: str
    ) -> Iterator[str]:
        """The language to show each of the chosen entries in, of those it was found in."""
        names = self._names.of("lang")
        for start, end in zip(bounds[chosen].tolist(), bounds[chosen + 1].tolist(), strict=True):
            langs = [names[number] for number in self._langs[documents[start:end]].tolist()]
            if prefer_lang in langs:
                yield prefer_lang
            elif len(langs) == 1:
                yield langs[0]
            else:
                yield min(zip((-scores[start:end]).tolist(), langs, strict=True))[1]

    def counts(self, facet: str) -> dict[str, int]:
        """How many entries have each value, with those that only the filter of this facet holds back."""
        names = self._names.of(facet)
        often = counted(self._facets[facet], self._counted_in(facet), len(names))
        numbers = often.nonzero()[0]
        told = zip(map(names.__getitem__, numbers.tolist()), often[numbers].tolist(), strict=True)
        return dict(sorted(one for one in told if one[0] != names[0]))

    def _counted_in(self, facet: str) -> Places:
        """One document of each entry; all of them where they differ, in their languages."""
        if facet == "lang" or self._by_lang:
            passing = self._passing(self._fails, facet)
            documents = self._documents[passing]
            return documents if facet == "lang" else documents[firsts(self._numbers[passing])]
        documents, fails = self._entries
        return documents[self._passing(fails, facet)]

    @cached_property
    def _entries(self) -> tuple[Places, NDArray[np.int16] | None]:
        """One document of each entry, and what holds it back."""
        places = firsts(self._numbers)
        return self._documents[places], None if self._fails is None else self._fails[places]

    def _passing(self, fails: NDArray[np.int16] | None, facet: str) -> Order | slice:
        if fails is None:
            return slice(None)
        passing: Order = ((fails == 0) | (fails == _ALONE + _PLACES[facet])).nonzero()[0]
        return passing


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


def _fails(view: View, documents: Places, filters: Filters) -> NDArray[np.int16] | None:
    """0 for each document that passes all filters; for others what the filters add up to."""
    fails: NDArray[np.int16] | None = None
    for facet, values in filters.items():
        if values:
            told = _told_by(view, facet, values)[documents]
            fails = told if fails is None else np.add(fails, told, out=fails)
    return fails


def _told_by(view: View, facet: str, values: frozenset[str]) -> NDArray[np.int16]:
    """What a filter adds for each document, remembered for the next search."""

    def make() -> tuple[NDArray[np.int16], int]:
        told = np.full(view.size, _ALONE + _PLACES.get(facet, _UNKNOWN), np.int16)
        for value in values:
            told[view.postings("facets", f"{facet}={value}")[0]] = 0
        return told, told.nbytes

    return view.remembered(("filter", facet, values), make)


def _bounds(numbers: NDArray[Any]) -> Order:
    """Where in an array each run of equal numbers begins, and where the last of them ends."""
    changes = (numbers[1:] != numbers[:-1]).nonzero()[0]
    bounds = np.zeros(len(changes) + 2, np.intp)
    np.add(changes, 1, out=bounds[1:-1])
    bounds[-1] = len(numbers)
    return bounds


def _most(values: NDArray[Any], starts: Order, ends: Order) -> NDArray[Any]:
    """The largest value of each of these runs, which are as short as a text has languages."""
    found = values[starts]
    for step in range(1, int((ends - starts).max(initial=0))):
        there = starts + step < ends
        found[there] = np.maximum(found[there], values[starts[there] + step])
    return found


def _first(keys: Sequence[SortKey], size: int, count: int) -> Order:
    """The places of the least by these keys, in order: a full sort only of what may be among them."""
    sure: list[Order] = []
    open_: Order = np.arange(size)
    wanted = count
    for key in keys:
        if len(open_) <= wanted:
            break
        values = key(open_)
        if len(open_) > _MANY * max(wanted, 1):
            # Among every tenth are as many that are no greater than this, so these are enough.
            low = (values <= _least(values[::10], wanted)).nonzero()[0]
            open_, values = open_[low], values[low]
        last = _least(values, wanted)
        below = open_.compress(values < last) if wanted > 0 else open_[:0]
        sure.append(below)
        wanted -= len(below)
        open_ = open_.compress(values == last)
    chosen = np.concatenate([*sure, open_])
    return chosen[np.lexsort([key(chosen) for key in reversed(keys)])][:count]


def _least(values: NDArray[Any], wanted: int) -> Any:
    """The last of so many least."""
    if wanted < 1:
        return values.min()
    values = values.copy()
    values.partition(wanted - 1)
    return values[wanted - 1]
