"""Ours and the references, all behind one shape: built from documents, asked for ten ids.

The references that take tokens get exactly ours, so that they compare scoring and not analysis;
stock Whoosh brings its own, as an application that only installs it would have.
"""

from __future__ import annotations

import importlib
import importlib.util
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from cop.search.engine import Document
from cop.search.local import LocalEngine
from cop.search.parse import query as parse
from cop.search.store import whoosh
from cop.search.text import token_texts, tokens

if TYPE_CHECKING:
    from tests.benchmarks.retrieval.data import Doc

DEPTH = 10
EVERYBODY = frozenset({"public"})


class Finder(Protocol):
    """An engine over one set."""

    name: str

    def __init__(self, docs: list[Doc]) -> None: ...

    def find(self, question: str) -> list[str]:
        """Give the ids of the ten best documents."""

    def close(self) -> None:
        """Give back what was opened."""


class Ours:
    """The engine that ships, asked as the search page asks it."""

    name = "ours"

    def __init__(self, docs: list[Doc]) -> None:
        self._ids = [doc.id for doc in docs]
        self._folder = tempfile.TemporaryDirectory()
        texts = {(n, "en"): f"{doc.title}\n{doc.body}" for n, doc in enumerate(docs)}
        self._engine = LocalEngine(
            Path(self._folder.name), texts=lambda keys: {key: texts[key] for key in keys}
        )
        self._engine.rebuild(
            (n, 1, [Document(n, "en", "note", doc.title, doc.body, labels=EVERYBODY)])
            for n, doc in enumerate(docs)
        )

    def find(self, question: str) -> list[str]:
        query = parse(question.replace('"', " ").replace("“", " ").replace("”", " "))
        hits = self._engine.search(query, labels=EVERYBODY, prefer_lang="en", limit=DEPTH)
        return [self._ids[hit.entry_id] for hit in hits.hits]

    def close(self) -> None:
        self._engine.close()
        self._folder.cleanup()


class StockWhoosh:
    """Whoosh as its documentation shows it: StemmingAnalyzer, and words joined by OR."""

    name = "whoosh stock, OR"
    group = "OrGroup"

    def __init__(self, docs: list[Doc]) -> None:
        analysis = importlib.import_module("whoosh.analysis")
        qparser = importlib.import_module("whoosh.qparser")
        storage = importlib.import_module("whoosh.filedb.filestore").RamStorage()
        fields = whoosh().fields
        text = fields.TEXT(analyzer=analysis.StemmingAnalyzer())
        schema = fields.Schema(id=fields.STORED, title=text, body=text)
        self._index = storage.create_index(schema)
        writer = self._index.writer()
        for doc in docs:
            writer.add_document(id=doc.id, title=doc.title, body=doc.body)
        writer.commit()
        group = getattr(qparser, self.group)
        self._parser = qparser.MultifieldParser(["title", "body"], schema, group=group)
        self._searcher = self._index.searcher()

    def find(self, question: str) -> list[str]:
        words = "".join(c if c.isalnum() else " " for c in question)
        results = self._searcher.search(self._parser.parse(words), limit=DEPTH)
        return [hit["id"] for hit in results]

    def close(self) -> None:
        self._searcher.close()


class StockWhooshAnd(StockWhoosh):
    """The same with its default, AND: what comparable applications ship."""

    name = "whoosh stock, AND"
    group = "AndGroup"


class Tantivy:
    """A compiled engine over our tokens, title and body in one field each."""

    name = "tantivy"

    def __init__(self, docs: list[Doc]) -> None:
        self._tantivy: Any = importlib.import_module("tantivy")
        builder = self._tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        self._fields = ["body", "title"] if any(doc.title for doc in docs) else ["body"]
        for field in self._fields:
            builder.add_text_field(field, tokenizer_name="ours", index_option="freq")
        self._schema = builder.build()
        self._index = self._tantivy.Index(self._schema)
        split = self._tantivy.TextAnalyzerBuilder(self._tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer("ours", split)
        writer = self._index.writer(heap_size=50_000_000, num_threads=1)
        for doc in docs:
            texts = {field: " ".join(token_texts(getattr(doc, field))) for field in self._fields}
            writer.add_document(self._tantivy.Document(id=doc.id, **texts))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def find(self, question: str) -> list[str]:
        query, occur = self._tantivy.Query, self._tantivy.Occur.Should
        weights = {"body": 1.0, "title": 0.6}
        parts = [
            (occur, query.boost_query(query.term_query(self._schema, field, token), weights[field]))
            for token in _asked(question)
            for field in self._fields
        ]
        if not parts:
            return []
        found = self._searcher.search(query.boolean_query(parts), DEPTH).hits
        return [self._searcher.doc(address)["id"][0] for _, address in found]

    def close(self) -> None:
        """Nothing is open."""


class Bm25s:
    """BM25 in numpy over our tokens; one field only, so the title is put before the body."""

    name = "bm25s"

    def __init__(self, docs: list[Doc]) -> None:
        bm25s: Any = importlib.import_module("bm25s")
        self._ids = [doc.id for doc in docs]
        self._bm25 = bm25s.BM25(k1=1.2, b=0.75, method="lucene")
        texts = [token_texts(f"{doc.title}\n{doc.body}") for doc in docs]
        self._bm25.index(texts, show_progress=False)

    def find(self, question: str) -> list[str]:
        known = [token for token in _asked(question) if token in self._bm25.vocab_dict]
        if not known:
            return []
        found, scores = self._bm25.retrieve([known], k=DEPTH, show_progress=False)
        pairs = zip(found[0], scores[0], strict=True)
        return [self._ids[n] for n, score in pairs if score > 0]

    def close(self) -> None:
        """Nothing is open."""


def _asked(question: str) -> list[str]:
    return list(dict.fromkeys(token.text for token in tokens(question, query=True)))


def finders() -> list[type[Finder]]:
    """Tell which of them can run here."""
    found: list[type[Finder]] = [Ours, StockWhooshAnd, StockWhoosh]
    if importlib.util.find_spec("tantivy"):
        found.append(Tantivy)
    if importlib.util.find_spec("bm25s"):
        found.append(Bm25s)
    return found
