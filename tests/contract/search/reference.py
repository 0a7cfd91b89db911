"""What an engine must answer, in the plainest Python: no index, every document looked at every time.

It shares `tokens` and the exact test for phrases with the real engine, and nothing else: matching,
scoring, collapsing, filters and facets are written again from the rule in `cop.search.scorer`.
"""

from __future__ import annotations

from collections import Counter
from math import log
from typing import TYPE_CHECKING

from cop.search.engine import FACETS, Document, Health, Hit, Hits, Query, Rebuilt
from cop.search.plan import holds_phrase
from cop.search.store import whoosh
from cop.search.text import fold, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from cop.search.engine import Batch, EntryDocuments, Texts

FIELDS = {"body": 1.0, "title": 0.6, "tags_text": 0.6, "extra": 0.3}
CANDIDATES = 200


class Reference:
    """A search engine that keeps its documents in a dictionary."""

    def __init__(self, texts: Texts) -> None:
        """Start empty."""
        self._texts = texts
        self._entries: dict[int, tuple[int, Sequence[Document]]] = {}

    def replace(self, batch: Batch) -> None:
        """Make each entry's documents those given, unless a later version is held."""
        for entry_id, version, documents in batch:
            if entry_id not in self._entries or self._entries[entry_id][0] <= version:
                self._entries[entry_id] = (version, list(documents))

    def forget(self, entry_ids: Iterable[int]) -> None:
        """Drop these, whatever is held of them."""
        for entry_id in entry_ids:
            self._entries.pop(entry_id, None)

    def versions(self) -> dict[int, int]:
        """Tell the version held of each entry."""
        return {entry_id: version for entry_id, (version, _) in self._entries.items()}

    def count(self) -> int:
        """Tell how many documents there are."""
        return len(self._all())

    def rebuild(
        self, entries: Iterable[EntryDocuments], progress: Callable[[int], None] | None = None
    ) -> Rebuilt:
        """Forget everything and take these instead."""
        self._entries = {}
        for done, entry in enumerate(entries, 1):
            self.replace([entry])
            if progress:
                progress(done)
        return Rebuilt(len(self._entries))

    def healthy(self) -> bool:
        """Nothing can go wrong here."""
        return True

    def check(self) -> Health:
        """Nothing can go wrong here."""
        return Health.OK

    def search(
        self,
        query: Query,
        *,
        labels: frozenset[str],
        prefer_lang: str,
        limit: int,
        offset: int = 0,
    ) -> Hits:
        """Find by looking at everything."""
        scored = self._verified(query, self._found(query, labels))
        passing: dict[int, list[tuple[float, Document]]] = {}
        for score, document in scored:
            if not _failed(document, query):
                passing.setdefault(document.entry_id, []).append((score, document))
        order = sorted(
            passing,
            key=lambda n: (-max(s for s, _ in passing[n]), -max(_age(d) for _, d in passing[n]), n),
        )
        hits = tuple(
            Hit(n, _shown(passing[n], prefer_lang), max(s for s, _ in passing[n]))
            for n in order[offset : offset + limit]
        )
        return Hits(hits, len(passing), _facets(scored, query))

    def _all(self) -> list[Document]:
        return [d for _, documents in self._entries.values() for d in documents]

    def _found(self, query: Query, labels: frozenset[str]) -> list[tuple[float, Document]]:
        everything = self._all()
        needed = {t.text for said in query.words + query.phrases for t in tokens(said, query=True)}
        excluded = [{t.text for t in tokens(said, query=True)} for said in query.exclusions]
        readable = [
            document
            for document in everything
            if document.labels & labels
            and not any(held and held <= _held(document) for held in excluded)
        ]
        if not query.words and not query.phrases:
            return [(0.0, document) for document in readable]
        if not needed:
            return []
        holding = {t: sum(t in _held(document) for document in everything) for t in needed}
        present = {t for t in needed if holding[t]}
        rare = {t for t in present if holding[t] <= len(everything) / 2}
        counted = {t for t in needed if t in rare or not holding[t]} if rare else needed
        averages = {
            field: sum(_length(document, field) for document in everything) / len(everything)
            for field in FIELDS
        }
        idf = {
            (t, field): _idf(len(everything), sum(t in _tokens_of(d, field) for d in everything))
            for t in present
            for field in FIELDS
        }
        scored = [
            (_score(document, counted & present, idf, averages), document) for document in readable
        ]
        best = max((score for score, _ in scored), default=0.0)
        found = []
        for score, document in scored:
            holds = (needed if query.all_words else counted) <= _held(document)
            good = not query.all_words and score > 0 and score >= 0.3 * best
            if holds or good:
                found.append((score, document))
        return found

    def _verified(
        self, query: Query, scored: list[tuple[float, Document]]
    ) -> list[tuple[float, Document]]:
        phrases = [p for p in query.phrases if len(fold(p)) > 2 or fold(p).isascii()]
        if not phrases:
            return scored
        near = [(s, d) for s, d in scored if len(_failed(d, query)) < 2]
        near.sort(
            key=lambda x: (bool(_failed(x[1], query)), -x[0], -_age(x[1]), x[1].entry_id, x[1].lang)
        )
        near = near[:CANDIDATES]
        texts = self._texts([(d.entry_id, d.lang) for _, d in near])
        return [
            (score, document)
            for score, document in near
            if all(holds_phrase(texts[document.entry_id, document.lang], p) for p in phrases)
        ]


def _tokens_of(document: Document, field: str) -> Counter[str]:
    return Counter(token.text for token in tokens(getattr(document, field)))


def _held(document: Document) -> set[str]:
    return set().union(*(_tokens_of(document, field) for field in FIELDS))


def _length(document: Document, field: str) -> int:
    """The length as the index keeps it: rounded to one of 256 steps."""
    numeric = whoosh().numeric
    exact = _tokens_of(document, field).total()
    rounded: int = numeric.byte_to_length(numeric.length_to_byte(exact))
    return rounded


def _idf(total: int, holding: int) -> float:
    return log(1 + (total - holding + 0.5) / (holding + 0.5))


def _score(
    document: Document,
    counted: set[str],
    idf: dict[tuple[str, str], float],
    averages: dict[str, float],
) -> float:
    score = 0.0
    for token in counted:
        for field, weight in FIELDS.items():
            often = _tokens_of(document, field)[token]
            if often:
                norm = 1 - 0.75 + 0.75 * _length(document, field) / averages[field]
                score += weight * idf[token, field] * often * 2.2 / (often + 1.2 * norm)
    return round(score, 6)


def _failed(document: Document, query: Query) -> list[str]:
    filters = query.filters
    failed = [
        name
        for name in FACETS
        if getattr(filters, name) and getattr(document, name) not in getattr(filters, name)
    ]
    if filters.place and not filters.place & set(document.place_path):
        failed.append("place")
    failed += ["terms" for group in filters.terms if group and not group & document.terms]
    return failed


def _facets(scored: list[tuple[float, Document]], query: Query) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for name in FACETS:
        entries: dict[str, set[int]] = {}
        for _, document in scored:
            value = getattr(document, name)
            if value and _failed(document, query) in ([], [name]):
                entries.setdefault(value, set()).add(document.entry_id)
        counts[name] = {value: len(found) for value, found in entries.items()}
    return counts


def _age(document: Document) -> float:
    return document.published_at.timestamp() if document.published_at else float("-inf")


def _shown(found: list[tuple[float, Document]], prefer_lang: str) -> str:
    langs = {document.lang for _, document in found}
    if prefer_lang in langs:
        return prefer_lang
    return min(found, key=lambda x: (-x[0], x[1].lang))[1].lang
