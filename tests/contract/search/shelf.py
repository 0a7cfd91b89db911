"""A database for engines to be asked about: the documents that were put, and short ways to ask."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from cop.search.engine import Document, Hits, Sort
from cop.search.parse import query

if TYPE_CHECKING:
    from cop.search.engine import SearchEngine

PUBLIC = frozenset({"public"})


def document(entry_id: int, body: str = "", **facts: Any) -> Document:
    """Make a public note in Chinese, unless told otherwise."""
    given: dict[str, Any] = {
        "lang": "zh-Hans", "kind": "note", "title": "", "labels": PUBLIC, "version": 1,
        **facts,
    }  # fmt: skip
    return Document(entry_id=entry_id, body=body, **given)


def facts(**values: str) -> dict[str, frozenset[str]]:
    """Make facets of values between spaces."""
    return {facet: frozenset(said.split()) for facet, said in values.items()}


def text_of(document: Document) -> str:
    """What a phrase is looked for in."""
    return f"{document.title}\n{document.body}\n{document.tags_text}\n{document.extra}"


class Shelf:
    """An engine with the texts it verifies phrases in."""

    engine: SearchEngine

    def __init__(self) -> None:
        """Start with nothing on it."""
        self._texts: dict[tuple[int, str], str] = {}
        self.asked: list[int] = []

    def texts(self, keys: list[tuple[int, str]]) -> dict[tuple[int, str], str]:
        """Give the texts asked for, and remember how many that were."""
        self.asked.append(len(keys))
        return {key: self._texts[key] for key in keys if key in self._texts}

    def put(self, *documents: Document) -> None:
        """Write documents as the indexer would: an entry at a time."""
        entries: dict[int, list[Document]] = {}
        for one in documents:
            entries.setdefault(one.entry_id, []).append(one)
            self._texts[one.entry_id, one.lang] = text_of(one)
        self.engine.replace([(n, found[0].version, found) for n, found in entries.items()])

    def hits(
        self,
        text: str,
        *,
        labels: frozenset[str] = PUBLIC,
        prefer_lang: str = "zh-Hans",
        limit: int = 100,
        offset: int = 0,
        sort: Sort = Sort.BEST,
        **filters: frozenset[str],
    ) -> Hits:
        """Search as the page does."""
        asked = replace(query(text, filters), sort=sort)
        return self.engine.search(
            asked, labels=labels, prefer_lang=prefer_lang, limit=limit, offset=offset
        )

    def ids(self, text: str, **how: Any) -> list[int]:
        """Tell which entries are found, best first."""
        return [hit.entry_id for hit in self.hits(text, **how).hits]
