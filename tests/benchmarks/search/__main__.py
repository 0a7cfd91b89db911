"""Print the table of SEARCH's targets: ours, the references beside it, the ratio, the promise, kept or not.

Everything is built once into the data folder and read again by later runs; a size of 100,000 takes some twenty
minutes to build. Times are processor time of this process unless the row says wall.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.benchmarks.search import asking, building, exactness, memory, site, writing
from tests.benchmarks.search.references import installed
from tests.benchmarks.search.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.benchmarks.search.timing import Row

PARTS: dict[str, Callable[[Shelf], list[Row]]] = {
    "warm": asking.warm,
    "first": asking.first_use,
    "filters": asking.filters,
    "hidden": asking.hidden,
    "whole": asking.whole,
    "exact": exactness.exact,
    "size": building.size,
    "speed": building.speed,
    "writes": writing.writes,
    "memory": memory.memory,
}


def main() -> int:
    """Measure and print; nothing is judged by an exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.search")
    parser.add_argument(
        "--data", type=Path, help="kept for the next run; otherwise a folder for this one"
    )
    parser.add_argument("--size", type=int, nargs="+", default=[20_000], help="documents")
    parser.add_argument("--part", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--site", type=Path, help="measure a whole site's data folder instead")
    asked = parser.parse_args()
    if asked.site:
        for row in site.site(asked.site):
            print(row.line())
        return 0
    for line in installed()[1]:
        print(line)
    with tempfile.TemporaryDirectory() as folder:
        for size in asked.size:
            shelf = Shelf(asked.data or Path(folder), size)
            for name in asked.part:
                started = time.perf_counter()
                rows = PARTS[name](shelf)
                print(f"\n{size:,} documents: {name} ({time.perf_counter() - started:.0f} s)")
                for row in rows:
                    print(row.line(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
