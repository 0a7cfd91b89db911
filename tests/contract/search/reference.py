"""What an engine must answer, in the plainest Python: no index, every document looked at every time.

It shares `tokens` and the exact tests of a text with the real engine, and nothing else: matching and
scoring (in `finding`), collapsing, filters and facets are written again from the rule in
`cop.search.scorer`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cop.search.engine import FACETS, Document, Health, Hit, Hits, Query, Rebuilt, Sort
from cop.search.near import Nearness, Read
from cop.search.plan import holds_phrase, holds_prefix, plan
from cop.search.text import fold, tokens
from tests.contract.search import finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from cop.search.engine import Batch, EntryDocuments, Texts

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
        found = finding.found(query, self._all(), labels)
        read = Read(self._texts)
        scored = self._verified(query, found, read)
        passing: dict[int, list[tuple[float, Document]]] = {}
        for score, document in scored:
            if not _failed(document, query):
                passing.setdefault(document.entry_id, []).append((score, document))
        order = sorted(passing, key=lambda n: _place(passing[n], query.sort))
        hits = tuple(
            Hit(n, _shown(passing[n], prefer_lang), max(s for s, _ in passing[n])) for n in order
        )
        if query.sort is Sort.BEST:
            hits = self._nearest_first(query, hits, read)
        discussed = any(d.discussed for found in passing.values() for _, d in found)
        return Hits(hits[offset : offset + limit], len(passing), _facets(scored, query), discussed)

    def _nearest_first(self, query: Query, hits: tuple[Hit, ...], read: Read) -> tuple[Hit, ...]:
        nearness = Nearness(query, plan(query))
        if not nearness.matters or len(hits) < 2:
            return hits
        texts = read.of([(hit.entry_id, hit.lang) for hit in hits[:30]])
        scores = [
            round(hit.score * (1 + 0.2 * nearness.of(texts[hit.entry_id, hit.lang])), 6)
            for hit in hits[:30]
        ]
        order = sorted(range(len(scores)), key=lambda at: -scores[at])
        return (*(hits[at]._replace(score=scores[at]) for at in order), *hits[30:])

    def holding(self, said: Sequence[str], *, labels: frozenset[str]) -> list[int]:
        """Count entries one of whose documents holds all tokens."""
        readable = [d for d in self._all() if d.labels & labels]
        wanted = [{t.text for t in tokens(one, query=True)} for one in said]
        return [
            len({d.entry_id for d in readable if held and held <= finding.held(d)})
            for held in wanted
        ]

    def _all(self) -> list[Document]:
        return [d for _, documents in self._entries.values() for d in documents]

    def _verified(
        self, query: Query, scored: list[tuple[float, Document]], read: Read
    ) -> list[tuple[float, Document]]:
        checks = [*_checks(query)]
        if not checks:
            return scored
        near = [(s, d) for s, d in scored if len(_failed(d, query)) < 2]
        near.sort(
            key=lambda x: (bool(_failed(x[1], query)), -x[0], -_age(x[1]), x[1].entry_id, x[1].lang)
        )
        near = near[:CANDIDATES]
        texts = read.of([(d.entry_id, d.lang) for _, d in near])
        return [
            (score, document)
            for score, document in near
            if all(check(document, texts[document.entry_id, document.lang]) for check in checks)
        ]


def _checks(query: Query) -> Iterator[Callable[[Document, str], bool]]:
    """What each document is still to be asked, given its text."""
    for phrase in query.phrases:
        if not _is_token(phrase):
            yield lambda _, text, phrase=phrase: holds_phrase(text, phrase)
    for prefix in query.prefixes:
        yield lambda _, text, prefix=prefix: holds_prefix(text, prefix)
    for options in query.either:
        if any(option.phrase and not _is_token(option.text) for option in options):
            yield lambda document, text, options=options: any(
                holds_phrase(text, option.text)
                if option.phrase and not _is_token(option.text)
                else bool(wanted := finding.asked(option.text)) and wanted <= finding.held(document)
                for option in options
            )


def _is_token(phrase: str) -> bool:
    """Whether the index itself knows where exactly this stands: one or two Chinese characters."""
    folded = fold(phrase.strip())
    return 0 < len(folded) <= 2 and all(finding.is_han(character) for character in folded)


def _place(found: list[tuple[float, Document]], sort: Sort) -> tuple[float, ...]:
    score, age = max(s for s, _ in found), max(_age(d) for _, d in found)
    comments, number = max(d.discussed for _, d in found), found[0][1].entry_id
    return {
        Sort.BEST: (-score, -age, number),
        Sort.NEWEST: (-age, number),
        Sort.DISCUSSED: (-comments, -score, -age, number),
    }[sort]


def _values(document: Document, facet: str) -> frozenset[str]:
    own = {"kind": frozenset({document.kind}), "lang": frozenset({document.lang})}
    return own.get(facet) or document.facets.get(facet, frozenset())


def _failed(document: Document, query: Query) -> list[str]:
    return [
        facet
        for facet, wanted in query.filters.items()
        if wanted and not wanted & _values(document, facet)
    ]


def _facets(scored: list[tuple[float, Document]], query: Query) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for name in FACETS:
        entries: dict[str, set[int]] = {}
        for _, document in scored:
            if _failed(document, query) in ([], [name]):
                for value in _values(document, name):
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
