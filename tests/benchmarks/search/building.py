"""What an index weighs, and how fast it is built by one core."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cop.search.local import LocalEngine
from tests.benchmarks.search.references import (
    Fts5,
    StockWhoosh,
    Tantivy,
    TantivyTop,
    emptied,
    installed,
    stemming_whoosh,
    weight_of,
)
from tests.benchmarks.search.timing import Row, spent_by

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.benchmarks.search.shelf import Shelf

#: Documents of the comparison, and rounds of it; each round begins with an empty folder.
_SAMPLE, _ROUNDS = 2000, 3


def size(shelf: Shelf) -> list[Row]:
    """The megabytes of each index over the same documents."""
    ours = weight_of(shelf.index)
    rows = []
    for kind in (*installed()[0], StockWhoosh):
        if kind is TantivyTop:
            continue
        theirs = shelf.built(kind)["megabytes"]
        promised = kind is Tantivy
        rows.append(
            Row("index size", f"{ours:.0f} MB", f"{kind.name} {theirs:.0f} MB", f"{ours / theirs:.2f}",
                "≤ 5 × tantivy" if promised else "", ours <= 5 * theirs if promised else None)
        )  # fmt: skip
    return rows


def speed(shelf: Shelf) -> list[Row]:
    """Documents a second of processor time over the same documents, each tokenising for itself, in turns."""
    folder = shelf.root / "speed"
    documents = list(shelf.corpus.documents(0, _SAMPLE))
    entries = list(shelf.corpus.entries(_SAMPLE))
    builders: dict[str, Callable[[Path], object]] = {
        "ours": lambda at: LocalEngine(at).rebuild(entries),
        "Whoosh StemmingAnalyzer": lambda at: stemming_whoosh(documents, at / "stemming"),
        "FTS5": lambda at: Fts5.build(documents, at),
    }
    if Tantivy in installed()[0]:
        builders["tantivy"] = lambda at: Tantivy.build(documents, at)
    spent: dict[str, list[float]] = {name: [] for name in builders}
    for _ in range(_ROUNDS):
        for name, build in builders.items():
            at = emptied(folder)
            spent[name].append(spent_by(lambda build=build, at=at: build(at))[0])
    emptied(folder)
    rate = {name: _SAMPLE / min(times) for name, times in spent.items()}
    least = {"tantivy": 0.1, "Whoosh StemmingAnalyzer": 0.3}
    rows = [
        Row(f"build, {_SAMPLE:,} documents", f"{rate['ours']:.0f} docs/s", f"{name} {theirs:.0f} docs/s",
            f"{rate['ours'] / theirs:.2f}", f"≥ {least[name]} × {name}" if name in least else "",
            rate["ours"] >= least[name] * theirs if name in least else None)
        for name, theirs in rate.items()
        if name != "ours"
    ]  # fmt: skip
    seconds = shelf.built()["seconds"]
    rows.append(
        Row("build, all", f"{shelf.size / seconds:.0f} docs/s", f"{seconds:.0f} s of processor")
    )
    return rows
