"""Which documents a query finds, and how well: exhaustive BM25 over weighted fields, plain Python.

This file is the seam for a faster scorer. The engine knows `Scorer.match` and the three methods
of `Matched`; everything that touches postings, lengths and columns on the way from a plan to a
page of hits is in here.

The rule, which the tests' reference repeats independently:

- A document's score is the sum, over the query's tokens and the fields, of
  weight * idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / average length)), where idf is
  ln(1 + (N - n + .5) / (n + .5)), n the documents with the token in that field, N all that can
  be found by anybody. (Adding up frequencies over fields before saturation, BM25F, was measured
  with titles: .374 against .390 on Cranfield, no difference elsewhere.)
- A token in over half the documents is dropped, unless no other token is in any document.
- Found are the documents that hold every remaining token; and unless all words are required,
  those whose score reaches `ENOUGH` of the best among what the reader may meet. When all words
  are required, dropped tokens are required too.
- Filters narrow what was found, after that comparison: they never bring in anything new.
"""

import heapq
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set as AbstractSet
from math import log
from typing import NamedTuple, Protocol

from cop.search.engine import FACETS, Filters, Hit, Hits
from cop.search.plan import Plan
from cop.search.reader import View

K1 = 1.2
B = 0.75
WEIGHTS = (("body", 1.0), ("title", 0.6), ("tags_text", 0.6), ("extra", 0.3))
ENOUGH = 0.3
# Scores are compared after rounding, so that the order of additions cannot decide a tie.
DIGITS = 6

Key = tuple[int, str]


class Matched(Protocol):
    """What a query found, before phrases are verified and a page is cut."""

    def candidates(self, limit: int) -> list[Key]:
        """The (entry, language) of the best documents, those that pass all filters first."""

    def keep(self, keys: Iterable[Key]) -> None:
        """Drop every document that is not one of these."""

    def page(self, prefer_lang: str, limit: int, offset: int) -> Hits:
        """One hit an entry, best first, with the total and the facets of the whole set."""


class Scorer(Protocol):
    """Finds and scores. Called by one thread at a time; the result must not touch the view."""

    def match(self, view: View, plan: Plan, labels: frozenset[str], filters: Filters) -> Matched:
        """What the plan finds among what may be met with these labels."""


class Row(NamedTuple):
    """A found document. `fails` names the one filter it does not pass, if there is one."""

    entry_id: int
    lang: str
    score: float
    published: int
    fails: str
    values: tuple[str, ...]  # of FACETS


class ExhaustiveScorer:
    """Looks at every posting of every token: slow in plain Python, and right."""

    def match(self, view: View, plan: Plan, labels: frozenset[str], filters: Filters) -> "Rows":
        """What the plan finds among what may be met with these labels."""
        allowed = view.any_of("labels", labels)
        for held in plan.excluded:
            allowed -= _all_documents_with(view, held)
        scores = dict.fromkeys(allowed, 0.0) if plan.everything else _scores(view, plan, allowed)
        return Rows(_rows(view, scores, filters))


class Rows:
    """What was found, as a list of rows in order."""

    def __init__(self, rows: list[Row]) -> None:
        self._rows = rows

    def candidates(self, limit: int) -> list[Key]:
        """The (entry, language) of the best documents, those that pass all filters first."""
        order = sorted(
            self._rows,
            key=lambda row: (row.fails != "", -row.score, -row.published, row.entry_id, row.lang),
        )
        return [(row.entry_id, row.lang) for row in order[:limit]]

    def keep(self, keys: Iterable[Key]) -> None:
        """Drop every document that is not one of these."""
        kept = set(keys)
        self._rows = [row for row in self._rows if (row.entry_id, row.lang) in kept]

    def page(self, prefer_lang: str, limit: int, offset: int) -> Hits:
        """One hit an entry, best first, with the total and the facets of the whole set."""
        best: dict[int, tuple[float, int, int]] = {}
        for entry_id, _, score, published, fails, _ in self._rows:
            if not fails:
                first, then = -score, -published
                known = best.get(entry_id)
                if known:  # another language of it: the better score, and the later date
                    first, then = min(first, known[0]), min(then, known[1])
                best[entry_id] = first, then, entry_id
        ranked = heapq.nsmallest(offset + limit, best.values())[offset:]
        wanted = {entry_id for _, _, entry_id in ranked}
        rows: dict[int, list[Row]] = {}
        for row in self._rows:
            if row.entry_id in wanted and not row.fails:
                rows.setdefault(row.entry_id, []).append(row)
        hits = tuple(Hit(one, _shown(rows[one], prefer_lang), -score) for score, _, one in ranked)
        return Hits(hits, len(best), self._facets())

    def _facets(self) -> dict[str, dict[str, int]]:
        counts: dict[str, dict[str, int]] = {}
        for at, facet in enumerate(FACETS):
            counting = ("", facet)
            entries = {
                (row.values[at], row.entry_id) for row in self._rows if row.fails in counting
            }
            found = Counter(value for value, _ in entries)
            counts[facet] = {value: found[value] for value in sorted(found) if value}
        return counts


def _shown(rows: Sequence[Row], prefer_lang: str) -> str:
    best = min(rows, key=lambda row: (row.lang != prefer_lang, -row.score, row.lang))
    return best.lang


def _scores(view: View, plan: Plan, allowed: AbstractSet[int]) -> dict[int, float]:
    """The score of each document found."""
    holders = {token: _gains(view, token) for token in plan.needed}
    dropped = _too_common(view, holders)
    totals: dict[int, float] = {}
    for gains in (found for token, found in holders.items() if token not in dropped):
        for document, gain in gains.items():
            totals[document] = totals.get(document, 0.0) + gain
    required = holders if plan.all_words else holders.keys() - dropped
    complete = _held_by_all([holders[token].keys() for token in required]) & allowed
    found = {document: round(totals.get(document, 0.0), DIGITS) for document in complete}
    if not plan.all_words:
        reached = {d: round(total, DIGITS) for d, total in totals.items() if d in allowed}
        enough = ENOUGH * max(reached.values(), default=0.0)
        found.update((d, score) for d, score in reached.items() if score >= enough)
    return found


def _held_by_all(holders: Sequence[AbstractSet[int]]) -> AbstractSet[int]:
    fewest, *others = sorted(holders, key=len)
    return {document for document in fewest if all(document in held for held in others)}


def _too_common(view: View, holders: dict[str, dict[int, float]]) -> set[str]:
    present = {token for token, documents in holders.items() if documents}
    common = {token for token in present if len(holders[token]) > view.live / 2}
    return common if common < present else set()


def _gains(view: View, token: str) -> dict[int, float]:
    """What a token adds to the score of each document that holds it."""
    gains: dict[int, float] = {}
    for field, weight in WEIGHTS:
        found = dict(_saturated(view, field, token))
        idf = log(1 + (view.live - len(found) + 0.5) / (len(found) + 0.5))
        for document, saturated in found.items():
            gains[document] = gains.get(document, 0.0) + weight * idf * saturated
    return gains


def _saturated(view: View, field: str, token: str) -> Iterator[tuple[int, float]]:
    """How much each document is about a token: its frequency, damped, and by the text's length."""
    average = view.average(field)
    for part in view.parts:
        at, frequencies = part.leaf.postings(field, token)
        lengths, base, dead = part.leaf.lengths(field), part.base, part.dead
        for n, tf in zip(at, frequencies, strict=True):
            if n not in dead:
                norm = 1 - B + B * lengths[n] / average
                yield base + n, tf * (K1 + 1) / (tf + K1 * norm)


def _all_documents_with(view: View, held: Iterable[str]) -> set[int]:
    sets = [_holders(view, token) for token in held]
    return sets[0].intersection(*sets[1:])


def _holders(view: View, token: str) -> set[int]:
    return set().union(*(view.documents(field, token) for field, _ in WEIGHTS))


def _rows(view: View, scores: Mapping[int, float], filters: Filters) -> list[Row]:
    """A row for each document that passes all filters or all but one."""
    passing = _passing(view, filters)
    rows: list[Row] = []
    for part in view.parts:
        numbers, langs, published = map(part.leaf.column, ("number", "lang", "published"))
        values = part.leaf.values(FACETS)
        base = part.base
        for document in _inside(scores, base, base + part.leaf.size):
            fails = ""
            if passing:
                failed = [name for name, passes in passing if document not in passes]
                if len(failed) > 1:
                    continue
                fails = failed[0] if failed else ""
            n = document - base
            rows.append(Row(numbers[n], langs[n], scores[document], published[n], fails, values[n]))
    return rows


def _inside(documents: Iterable[int], start: int, end: int) -> Iterator[int]:
    return (document for document in documents if start <= document < end)


def _passing(view: View, filters: Filters) -> list[tuple[str, AbstractSet[int]]]:
    """The filters in use and the documents each lets through."""
    chosen = [
        (name, name, getattr(filters, name))
        for name in ("kind", "lang", "outcome", "evidence", "place")
    ]
    chosen += [(f"terms{n}", "terms", group) for n, group in enumerate(filters.terms)]
    return [(name, view.any_of(field, values)) for name, field, values in chosen if values]
