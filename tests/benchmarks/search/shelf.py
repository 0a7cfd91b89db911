"""Everything one size needs, built once into the data folder: our index, the references, the texts."""

from __future__ import annotations

import json
import sqlite3
from functools import cached_property
from pathlib import Path
from typing import Any

from cop.search.local import LocalEngine
from cop.search.store import SCHEMA_VERSION
from cop.search.text import fold
from tests.benchmarks.search.corpus import Corpus
from tests.benchmarks.search.references import (
    Bm25s,
    Fts5,
    Reference,
    StockWhoosh,
    Tantivy,
    TantivyTop,
    emptied,
    weight_of,
)
from tests.benchmarks.search.timing import spent_by

_PLACES: dict[type[Reference], str] = {
    Tantivy: "tantivy", TantivyTop: "tantivy", Bm25s: "bm25s", Fts5: "fts5",
    StockWhoosh: "whoosh",
}  # fmt: skip


class Shelf:
    """The index and the references over so many documents."""

    def __init__(self, data: Path, size: int) -> None:
        """Nothing is built before it is asked for."""
        self.corpus = Corpus(data, size)
        self.size = size
        self.root = data / f"built-{size}"
        self.root.mkdir(parents=True, exist_ok=True)

    @property
    def index(self) -> Path:
        """The folder of our index; built when it is not there or of another schema."""
        root = self.root / "ours"
        built = self._notes.get("ours", {})
        if built.get("schema") != SCHEMA_VERSION:
            engine = LocalEngine(emptied(root))
            seconds, _ = spent_by(lambda: engine.rebuild(self.corpus.entries()))
            engine.close()
            self._note("ours", schema=SCHEMA_VERSION, seconds=seconds, megabytes=weight_of(root))
        return root

    def engine(self, *, texts: bool = False, memory_mb: int = 128) -> LocalEngine:
        """Our engine; with `texts` it may look into them, as it does on the site."""
        return LocalEngine(self.index, texts=self.folded if texts else None, memory_mb=memory_mb)

    def reference(self, kind: type[Reference]) -> Reference:
        """A reference, built when it is not there."""
        name = _PLACES[kind]
        folder = self.root / name
        if name not in self._notes:
            seconds, _ = spent_by(lambda: kind.build(self.corpus.documents(), emptied(folder)))
            self._note(name, seconds=seconds, megabytes=weight_of(folder))
        return kind(folder)

    def built(self, kind: type[Reference] | None = None) -> dict[str, float]:
        """The processor seconds and megabytes of ours, or of a reference."""
        if kind is None:
            assert self.index
            return dict(self._notes["ours"])
        self.reference(kind)
        return dict(self._notes[_PLACES[kind]])

    def folded(self, wanted: list[tuple[int, str]]) -> dict[tuple[int, str], str]:
        """The folded texts of documents, as the site gives them to its engine."""
        return {key: fold(text) for key, text in self.texts(wanted).items()}

    def texts(self, wanted: list[tuple[int, str]]) -> dict[tuple[int, str], str]:
        """The texts of documents, from an SQLite file in one query, as the site reads them."""
        asked = set(wanted)
        marks = ",".join("?" * len({entry for entry, _ in asked}))
        rows = self._texts.execute(
            f"SELECT entry, lang, text FROM texts WHERE entry IN ({marks})",
            sorted({entry for entry, _ in asked}),
        )
        return {(entry, lang): text for entry, lang, text in rows if (entry, lang) in asked}

    @cached_property
    def _texts(self) -> sqlite3.Connection:
        path = self.root / "texts.db"
        if "texts" not in self._notes:
            path.unlink(missing_ok=True)
            connection = sqlite3.connect(path)
            connection.execute("CREATE TABLE texts (entry, lang, text, PRIMARY KEY (entry, lang))")
            connection.executemany(
                "INSERT INTO texts VALUES (?, ?, ?)",
                ((d.entry_id, d.lang, f"{d.title}\n{d.body}") for d in self.corpus.documents()),
            )
            connection.commit()
            connection.close()
            self._note("texts")
        return sqlite3.connect(path, check_same_thread=False)

    @property
    def _notes(self) -> dict[str, Any]:
        path = self.root / "built.json"
        found: dict[str, Any] = json.loads(path.read_text("ascii")) if path.exists() else {}
        return found

    def _note(self, name: str, **said: float) -> None:
        notes = {**self._notes, name: said}
        (self.root / "built.json").write_text(json.dumps(notes, indent=1), "ascii")
