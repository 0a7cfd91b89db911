"""What a query found, as arrays: collapsed to entries, put in order, counted by facet.

Documents are in the order of their numbers, and documents of one entry are neighbours, so an
entry is a run of equal entry numbers.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from cop.search.engine import FACETS, Filters, Hit, Hits, Sort
from cop.search.leaf import Floats, Ids, Rows
from cop.search.reader import Mask, Places, View

Key = tuple[int, str]
Order = NDArray[np.intp]
# What is sorted by, worked out only for the places where earlier keys left it open.
SortKey = Callable[[Order], NDArray[Any]]

_LANG = FACETS.index("lang") + 1


class Candidate(NamedTuple):
    """A document found, and which of the plan's checks the index could not settle for it."""

    key: Key
    unsettled: tuple[int, ...]


class Found:
    """The documents a query found, those among them that a filter holds back included."""

    def __init__(
        self,
        view: View,
        documents: Places,
        scores: Floats,
        filters: Filters,
        settled: Sequence[Mask | None],
    ) -> None:
        """Take from the view what is needed, so that nothing of it is used afterwards."""
        self._rows, self._names = view.facets(), view.names
        self._published, self._discussed = view.column("published"), view.column("discussed")
        failures, failed = _failures(view, documents, filters)
        self._documents, self._scores, self._settled = documents, scores, list(settled)
        #: 0, or 1 + the place in `FACETS` of the only filter not passed, or more for unknown ones.
        self._fails = failed
        self._numbers = view.column("number")[documents]
        if failures.any():
            self._take(failures < 2)

    def _take(self, chosen: Mask) -> None:
        self._documents, self._scores = self._documents[chosen], self._scores[chosen]
        self._fails, self._numbers = self._fails[chosen], self._numbers[chosen]
        self._settled = [None if one is None else one[chosen] for one in self._settled]

    def candidates(self, limit: int) -> list[Candidate]:
        """The best documents, those that pass all filters first."""
        langs = self._names.values
        of_documents = self._langs()
        known = sorted(set(of_documents.tolist()), key=langs.__getitem__)
        alphabetic = np.zeros(len(langs), np.int32)
        alphabetic[known] = np.arange(len(known))
        keys: list[SortKey] = [
            lambda at: self._fails[at] > 0,
            lambda at: -self._scores[at],
            lambda at: -self._published[self._documents[at]],
            lambda at: self._numbers[at],
            lambda at: alphabetic[of_documents[at]],
        ]
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
        langs = self._names.values
        numbers = self._numbers.tolist()
        chosen = np.fromiter(
            (
                (n, langs[lang]) in kept
                for n, lang in zip(numbers, self._langs().tolist(), strict=True)
            ),
            np.bool_,
            len(numbers),
        )
        self._take(chosen)

    def _langs(self) -> Ids:
        return self._rows.langs[self._documents]

    def page(self, sort: Sort, prefer_lang: str, limit: int, offset: int) -> Hits:
        """One hit an entry, in order, with the total and the facets of the whole set."""
        passing = self._passing()
        runs = _runs(self._numbers[passing])
        if not len(runs):
            return Hits((), 0, _Counts(self), discussed=False)
        ends = np.append(runs[1:], len(passing))
        documents = self._documents[passing]
        scores = np.maximum.reduceat(self._scores[passing], runs)
        numbers = self._numbers[passing[runs]]

        def most(column: NDArray[Any], at: Order) -> NDArray[Any]:
            return _most(column[documents], runs[at], ends[at]) if len(at) else np.empty(0)

        best: list[SortKey] = [
            lambda at: -scores[at],
            lambda at: -most(self._published, at),
            lambda at: numbers[at],
        ]
        keys = {
            Sort.BEST: best,
            Sort.NEWEST: best[1:],
            Sort.DISCUSSED: [lambda at: -most(self._discussed, at), *best],
        }[sort]
        hits = [
            Hit(
                int(numbers[at]),
                self._shown(passing[runs[at] : ends[at]].tolist(), prefer_lang),
                float(scores[at]),
            )
            for at in _first(keys, len(runs), offset + limit)[offset:].tolist()
        ]
        discussed = bool(self._discussed.any() and self._discussed[documents].any())
        return Hits(tuple(hits), len(runs), _Counts(self), discussed)

    def _passing(self) -> Order:
        """The places of the documents that no filter holds back."""
        if self._fails.any():
            return np.flatnonzero(self._fails == 0)
        return np.arange(len(self._documents))

    def _shown(self, rows: Sequence[int], prefer_lang: str) -> str:
        """The language to show an entry in, of those it was found in."""
        langs = self._names.values
        found: list[tuple[float, str]] = [
            (-float(self._scores[at]), langs[self._rows.langs[self._documents[at]]]) for at in rows
        ]
        _, lang = min(found, key=lambda one: (one[1] != prefer_lang, *one))
        return lang

    def _entries(self, counting: Mask) -> Places:
        """One document of each entry."""
        documents = self._documents[counting]
        return documents[_runs(self._numbers[counting])]

    def often(self, place: int) -> NDArray[np.intp]:
        """How often each value is met, with what only the filter at this place holds back."""
        counting = (self._fails == 0) | (self._fails == place)
        if place == _LANG:  # the documents of an entry differ in it; everything else is the entry's
            return np.bincount(self._langs()[counting], minlength=1)
        return np.bincount(_ranges(self._rows, self._entries(counting)), minlength=1)

    def holds_back(self, place: int) -> bool:
        """Whether the filter at this place alone holds something back."""
        return bool((self._fails == place).any())

    def told(self, facet: str, often: NDArray[np.intp]) -> dict[str, int]:
        """How many entries have each value of a facet."""
        facets, values = self._names.facets, self._names.values
        return dict(
            sorted(
                (values[number], int(often[number]))
                for number in np.flatnonzero(often).tolist()
                if facets[number] == facet
            )
        )


class _Counts(Mapping[str, Mapping[str, int]]):
    """The counts of each facet, worked out when somebody looks: not every search shows them."""

    def __init__(self, found: Found) -> None:
        self._found = found
        self._often: dict[int, NDArray[np.intp]] = {}

    def __getitem__(self, facet: str) -> Mapping[str, int]:
        place = FACETS.index(facet) + 1 if facet in FACETS else 0
        if not place:
            raise KeyError(facet)
        # Facets that no filter narrows are counted together.
        alike = place if place == _LANG or self._found.holds_back(place) else 0
        if alike not in self._often:
            self._often[alike] = self._found.often(alike)
        return self._found.told(facet, self._often[alike])

    def __iter__(self) -> Iterator[str]:
        return iter(FACETS)

    def __len__(self) -> int:
        return len(FACETS)


def _failures(view: View, documents: Places, filters: Filters) -> tuple[NDArray[Any], NDArray[Any]]:
    """How many filters each document fails to pass, and the place of the last of them, from 1."""
    failures, failed = np.zeros((2, len(documents)), np.int16)
    unknown = len(FACETS) + 1
    for name, values in filters.items():
        if values:
            wanted = frozenset(f"{name}={value}" for value in values)
            fails = ~view.any_of("facets", wanted)[documents]
            failures += fails
            failed[fails] = FACETS.index(name) + 1 if name in FACETS else unknown
    return failures, failed


def _runs(numbers: NDArray[Any]) -> Order:
    """Where in an array each run of equal numbers begins."""
    if not len(numbers):
        return np.empty(0, np.intp)
    return np.concatenate(([0], np.flatnonzero(np.diff(numbers)) + 1))


def _most(values: NDArray[Any], starts: Order, ends: Order) -> NDArray[Any]:
    """The largest value of each of these runs, which are as short as a text has languages."""
    found = values[starts]
    for step in range(1, int((ends - starts).max())):
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
        last = np.partition(values, wanted - 1)[wanted - 1] if wanted > 0 else values.min()
        below = open_[values < last] if wanted > 0 else open_[:0]
        sure.append(below)
        wanted -= len(below)
        open_ = open_[values == last]
    chosen = np.concatenate([*sure, open_])
    return chosen[np.lexsort([key(chosen) for key in reversed(keys)])][:count]


def _ranges(rows: Rows, documents: Places) -> Ids:
    """The values of all these documents."""
    starts = rows.starts[documents]
    lengths = rows.starts[documents + 1] - starts
    before = np.cumsum(lengths) - lengths
    places = np.arange(int(lengths.sum())) + np.repeat(starts - before, lengths)
    found: Ids = rows.values[places]
    return found
