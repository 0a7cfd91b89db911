"""What ours is measured beside: four engines over the same tokens, each as its documentation shows it.

Each lies in a folder of its own and is built once. Weights, k1 and b are ours wherever they can be set.
"""

from __future__ import annotations

import importlib
import importlib.util
import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from cop.search.store import whoosh
from cop.search.text import token_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cop.search.engine import Document

WEIGHTS = {"body": 1.0, "title": 0.6}
TOP = 10


class Reference(Protocol):
    """An engine in a folder."""

    name: str

    def __init__(self, folder: Path) -> None:
        """Open what was built there."""

    @staticmethod
    def build(documents: Iterable[Document], folder: Path) -> None:
        """Build it there."""

    def find(self, asked: Sequence[str]) -> list[int]:
        """Give the numbers of the ten best documents for these tokens, any of which may be missing."""


def told(document: Document, name: str) -> str:
    """The tokens of a field, with blanks between."""
    return " ".join(token_texts(getattr(document, name)))


class Tantivy:
    """A compiled engine; it counts all it finds, as ours does, unless told not to."""

    name = "tantivy"
    counts = True

    def __init__(self, folder: Path) -> None:
        tantivy: Any = importlib.import_module("tantivy")
        self._query, self._occur = tantivy.Query, tantivy.Occur.Should
        index = tantivy.Index.open(str(folder))
        _register(tantivy, index)
        self._schema, self._searcher = index.schema, index.searcher()

    @staticmethod
    def build(documents: Iterable[Document], folder: Path) -> None:
        tantivy: Any = importlib.import_module("tantivy")
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("number", stored=True)
        for field in WEIGHTS:
            builder.add_text_field(field, tokenizer_name="ours", index_option="freq")
        index = tantivy.Index(builder.build(), path=str(folder))
        _register(tantivy, index)
        # Room for everything, so that it is one segment, as ours is after a rebuild.
        writer = index.writer(heap_size=1_000_000_000, num_threads=1)
        for number, document in enumerate(documents):
            texts = {field: told(document, field) for field in WEIGHTS}
            writer.add_document(tantivy.Document(number=number, **texts))
        writer.commit()
        writer.wait_merging_threads()

    def find(self, asked: Sequence[str]) -> list[int]:
        make = self._query
        parts = [
            (self._occur, make.boost_query(make.term_query(self._schema, field, token), weight))
            for token in asked
            for field, weight in WEIGHTS.items()
        ]
        found = self._searcher.search(make.boolean_query(parts), TOP, count=self.counts).hits
        return [self._searcher.doc(address)["number"][0] for _, address in found]


class TantivyTop(Tantivy):
    """The same without the total, which lets it skip what cannot be among the ten best."""

    name = "tantivy, no total"
    counts = False


def _register(tantivy: Any, index: Any) -> None:
    split = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("ours", split)


class Bm25s:
    """BM25 in numpy with all scores worked out beforehand; one field only, the title before the body."""

    name = "bm25s"

    def __init__(self, folder: Path) -> None:
        bm25s: Any = importlib.import_module("bm25s")
        self._bm25 = bm25s.BM25.load(str(folder))

    @staticmethod
    def build(documents: Iterable[Document], folder: Path) -> None:
        bm25s: Any = importlib.import_module("bm25s")
        numbers: dict[str, int] = {}
        rows = [
            [numbers.setdefault(t, len(numbers)) for t in token_texts(f"{d.title}\n{d.body}")]
            for d in documents
        ]
        made = bm25s.BM25(k1=1.2, b=0.75, method="lucene")
        made.index((rows, numbers), show_progress=False)
        made.save(str(folder))

    def find(self, asked: Sequence[str]) -> list[int]:
        known = [token for token in asked if token in self._bm25.vocab_dict]
        if not known:
            return []
        found, _ = self._bm25.retrieve([known], k=TOP, show_progress=False)
        return [int(number) for number in found[0]]


class Fts5:
    """SQLite's own full-text index with its `bm25()`."""

    name = "FTS5"

    def __init__(self, folder: Path) -> None:
        self._connection = sqlite3.connect(folder / "fts.db")

    @staticmethod
    def build(documents: Iterable[Document], folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(folder / "fts.db")
        connection.execute(
            "CREATE VIRTUAL TABLE found USING fts5(title, body, content='', tokenize='unicode61')"
        )
        connection.executemany(
            "INSERT INTO found(rowid, title, body) VALUES (?, ?, ?)",
            ((n + 1, told(d, "title"), told(d, "body")) for n, d in enumerate(documents)),
        )
        connection.commit()
        connection.execute("INSERT INTO found(found) VALUES ('optimize')")
        connection.commit()
        connection.close()

    def find(self, asked: Sequence[str]) -> list[int]:
        match = " OR ".join(f'"{token}"' for token in asked)
        rows = self._connection.execute(
            "SELECT rowid FROM found WHERE found MATCH ? ORDER BY bm25(found, 0.6, 1.0) LIMIT ?",
            (match, TOP),
        )
        return [row[0] - 1 for row in rows]


class StockWhoosh:
    """Whoosh's own index, without positions as ours, and its own search."""

    name = "stock Whoosh"

    def __init__(self, folder: Path) -> None:
        index = whoosh().index.FileIndex(whoosh().FileStorage(str(folder)))
        scoring = importlib.import_module("whoosh.scoring")
        self._query: Any = importlib.import_module("whoosh.query")
        self._searcher = index.searcher(weighting=scoring.BM25F(B=0.75, K1=1.2))

    @staticmethod
    def build(documents: Iterable[Document], folder: Path) -> None:
        fields = whoosh().fields
        text = {field: fields.TEXT(phrase=False, stored=False) for field in WEIGHTS}
        index = whoosh().FileStorage(str(folder)).create_index(fields.Schema(**text))
        writer = index.writer(limitmb=512)
        for document in documents:
            writer.add_document(
                **{field: token_texts(getattr(document, field)) for field in WEIGHTS}
            )
        writer.commit()

    def find(self, asked: Sequence[str]) -> list[int]:
        terms = [
            self._query.Term(field, token, boost=weight)
            for token in asked
            for field, weight in WEIGHTS.items()
        ]
        return [hit.docnum for hit in self._searcher.search(self._query.Or(terms), limit=TOP)]


def stemming_whoosh(documents: Iterable[Document], folder: Path) -> None:
    """Build the index that a tutorial makes: StemmingAnalyzer on title and body."""
    folder.mkdir(parents=True)
    analysis: Any = importlib.import_module("whoosh.analysis")
    fields = whoosh().fields
    text = fields.TEXT(analyzer=analysis.StemmingAnalyzer())
    storage = whoosh().FileStorage(str(folder))
    index = storage.create_index(fields.Schema(id=fields.STORED, title=text, body=text))
    writer = index.writer(limitmb=128)
    for number, document in enumerate(documents):
        writer.add_document(id=number, title=document.title, body=document.body)
    writer.commit()


def installed() -> tuple[list[type[Reference]], list[str]]:
    """Tell which references can run here, and what is said of those that cannot."""
    found: list[type[Reference]] = [Fts5]
    lacking = []
    for name, kinds in (("tantivy", [Tantivy, TantivyTop]), ("bm25s", [Bm25s])):
        if importlib.util.find_spec(name):
            found.extend(kinds)
        else:
            lacking.append(f"skipped: {name} is not installed (pip install 'cop[bench]')")
    return found, lacking


def weight_of(folder: Path) -> float:
    """The megabytes of all files in a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def emptied(folder: Path) -> Path:
    """The folder, without what was in it."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder
