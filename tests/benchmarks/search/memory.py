"""What a process holds that has an index open and has answered a thousand different questions."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from cop.search.local import LocalEngine
from cop.search.parse import query
from tests.benchmarks.search.corpus import VISITOR, Corpus
from tests.benchmarks.search.timing import Row
from tests.benchmarks.servers import memory_mb

if TYPE_CHECKING:
    from tests.benchmarks.search.shelf import Shelf

_OF_A_KIND = 200


def memory(shelf: Shelf) -> list[Row]:
    """Ask in a process of its own, with the memory that is set by default and with a quarter of it."""
    rows = []
    for limit in (128, 32):
        command = [sys.executable, "-m", "tests.benchmarks.search.memory"]
        command += [str(shelf.corpus.data), str(shelf.size), str(shelf.index), str(limit)]
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        before, opened, after, kept = map(float, said.split())
        rows.append(
            Row(f"memory of a process, COP_SEARCH_MEMORY={limit}", f"{after:.0f} MiB",
                f"{before:.0f} before, {opened:.0f} open, {kept:.0f} MB kept", target=f"kept ≤ {limit} MB",
                met=kept <= limit * 1.05)
        )  # fmt: skip
    return rows


def _measure(data: Path, size: int, index: Path, limit: int) -> None:
    questions = [one for kind in Corpus(data, size).questions(_OF_A_KIND).values() for one in kind]
    before = memory_mb(os.getpid())
    engine = LocalEngine(index, memory_mb=limit)
    opened = 0.0
    for one in questions:
        engine.search(query(one.text), labels=VISITOR, prefer_lang="zh", limit=10)
        opened = opened or memory_mb(os.getpid())
    print(before, opened, memory_mb(os.getpid()), engine._reader.kept.used / 1e6)


if __name__ == "__main__":
    _measure(Path(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]))
