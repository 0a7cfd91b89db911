"""Print nDCG@10 of ours and of the references on the open sets, in one run, with ratios."""

from __future__ import annotations

import argparse
import sys
import time
from statistics import fmean, median
from typing import TYPE_CHECKING

from tests.benchmarks.retrieval.data import FOLDER, OpenSet, load, ndcg
from tests.benchmarks.retrieval.finders import finders

if TYPE_CHECKING:
    from tests.benchmarks.retrieval.finders import Finder

SETS = ("xquad_zh", "xquad_zht", "xquad_en", "cran")


def measure(kind: type[Finder], asked: OpenSet) -> tuple[float, float]:
    """Tell the mean nDCG@10 and the median milliseconds a question."""
    finder = kind(asked.docs)
    gains: list[float] = []
    times: list[float] = []
    for question in asked.questions:
        started = time.perf_counter()
        found = finder.find(question.text)
        times.append(time.perf_counter() - started)
        gains.append(ndcg(found, question.grades))
    finder.close()
    return fmean(gains), median(times) * 1000


def main() -> int:
    """Measure and print; nothing is judged here."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.retrieval")
    parser.add_argument("--questions", type=int, default=240, help="at most so many of each set")
    limit = parser.parse_args().questions
    if not FOLDER.is_dir():
        print(f"skipped: the open retrieval data is not at {FOLDER}", file=sys.stderr)
        return 0
    kinds = finders()
    print(f"{'nDCG@10 (ours / it), ms a question':36}" + "".join(f"{k.name:>26}" for k in kinds))
    ours: dict[str, float] = {}
    for name in SETS:
        whole = load(name, limit)
        for label, asked in ((name, whole.without_titles()), (f"{name} + titles", whole)):
            cells = []
            for kind in kinds:
                gain, spent = measure(kind, asked)
                ours.setdefault(label, gain)
                ratio = f"{ours[label] / gain:.3f}" if gain > 0.05 else "-"
                cells.append(f"{gain:.3f} ({ratio:>6}) {spent:6.2f}".rjust(26))
            size = f"{len(asked.docs)} docs, {len(asked.questions)} q"
            print(f"{label:18}{size:>18}" + "".join(cells), flush=True)
    across = ours["xquad_zht"] / ours["xquad_zh"]
    print(
        f"\ncross-script, ours: Simplified questions on Traditional text = {across:.3f} of Simplified"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
