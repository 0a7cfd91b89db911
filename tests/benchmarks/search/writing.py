"""What a single write costs, and how soon another process finds it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from cop.search.local import LocalEngine
from cop.search.parse import query
from tests.benchmarks.search.corpus import VISITOR
from tests.benchmarks.search.timing import Row, percentile

if TYPE_CHECKING:
    from tests.benchmarks.search.shelf import Shelf

_WRITES = 150
_LETTERS = "bdfghjklmp"


def writes(shelf: Shelf) -> list[Row]:
    """One entry revised and committed, again and again, on a copy of the index, while another process looks.

    The times are on the wall: a commit is made of files. What it takes of the processor stands beside. A word
    that nothing else holds is written each time; the other process asks for it until it finds it.
    """
    root = shelf.root / "written"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(shelf.index, root)
    entries = list(shelf.corpus.entries(2 * _WRITES))[:_WRITES]
    command = [sys.executable, "-m", "tests.benchmarks.search.writing", str(root), str(_WRITES)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as looking:
        assert looking.stdout is not None
        looking.stdout.readline()  # it has opened the index
        engine = LocalEngine(root)
        wall, cpu, done = [], [], []
        for number, (entry, version, documents) in enumerate(entries):
            told = [
                replace(d, body=f"{d.body} {_word(number)}", version=version + 1) for d in documents
            ]
            started, used = time.monotonic(), time.process_time()
            engine.replace([(entry, version + 1, told)])
            done.append(time.monotonic())
            wall.append((done[-1] - started) * 1000)
            cpu.append((time.process_time() - used) * 1000)
            time.sleep(0.03)
        engine.close()
        found: list[float] = json.loads(looking.stdout.readline())
    shutil.rmtree(root)
    seen = [max(0.0, at - end) * 1000 for at, end in zip(found, done, strict=True)]
    p50, p95, later = median(wall), percentile(wall), percentile(seen)
    return [
        Row("single write, commit: p50", f"{p50:.1f} ms", f"processor {median(cpu):.1f} ms",
            target="≤ 25 ms at 100,000", met=p50 <= 25),
        Row("single write, commit: p95", f"{p95:.1f} ms", f"processor {percentile(cpu):.1f} ms",
            target="≤ 400 ms at 100,000", met=p95 <= 400),
        Row("written → findable elsewhere: p95", f"{later:.0f} ms", f"p50 {median(seen):.0f} ms",
            target="≤ 100 ms", met=later <= 100),
    ]  # fmt: skip


def _word(number: int) -> str:
    """A word that is the stem of nothing."""
    return "zq" + "".join(_LETTERS[int(digit)] for digit in f"{number:05d}") + "x"


def _look(root: Path, count: int) -> None:
    """Ask for one word after the other, every two milliseconds, and tell when each was found."""
    engine, found = LocalEngine(root), []
    _found(engine, "zzxqj")
    print("ready", flush=True)
    for number in range(count):
        while not _found(engine, _word(number)):
            time.sleep(0.002)
        found.append(time.monotonic())
    print(json.dumps(found), flush=True)


def _found(engine: LocalEngine, word: str) -> bool:
    both = VISITOR | {"members"}
    return bool(engine.search(query(word), labels=both, prefer_lang="zh", limit=1).total)


if __name__ == "__main__":
    _look(Path(sys.argv[1]), int(sys.argv[2]))
