"""Taking times in turns, and the rows of the table."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass, field
from random import Random
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

T = TypeVar("T")


@dataclass(frozen=True)
class Row:
    """A line of the table: what was measured, ours, theirs, and what was promised."""

    what: str
    ours: str
    theirs: str = ""
    ratio: str = ""
    target: str = ""
    met: bool | None = None

    def line(self) -> str:
        """Write it for a terminal."""
        verdict = {True: "met", False: "MISSED", None: ""}[self.met]
        return f"{self.what:46}{self.ours:>13}{self.theirs:>36}{self.ratio:>8}  {self.target:30} {verdict}"


@dataclass
class Times:
    """Milliseconds of processor time, one an asking."""

    spent: list[float] = field(default_factory=list)

    @property
    def p50(self) -> float:
        """The median."""
        return median(self.spent)

    @property
    def p95(self) -> float:
        """What 19 of 20 stay under."""
        return percentile(self.spent)

    def __str__(self) -> str:
        return f"{self.p50:.2f} / {self.p95:.2f} ms"


def percentile(values: Sequence[float], share: int = 95) -> float:
    """The value that so many of a hundred stay under."""
    return quantiles(values, n=100)[share - 1] if len(values) > 1 else values[0]


def in_turns(
    engines: Mapping[str, Callable[[T], object]],
    asked: Sequence[T],
    rounds: int,
    *,
    clock: Callable[[], float] = time.process_time,
    warm: int = 1,
) -> dict[str, Times]:
    """Ask every engine everything, one after the other, after `warm` rounds that do not count.

    The order of the engines is drawn anew for each question, so that none always finds the cache that the same
    neighbour left.
    """
    rng = Random("turns")
    found = {name: Times() for name in engines}
    names = list(engines)
    gc.collect()
    for turn in range(rounds + warm):
        for one in asked:
            for name in rng.sample(names, len(names)):
                started = clock()
                engines[name](one)
                spent = (clock() - started) * 1000
                if turn >= warm:
                    found[name].spent.append(spent)
    return found


def in_rounds(
    engines: Mapping[str, Callable[[T], object]], asked: Sequence[T], rounds: int
) -> dict[str, Times]:
    """Ask one engine everything, then the next; so many rounds after one that does not count.

    This is each of them warm, with the processor's caches as it leaves them itself: an engine that goes through
    all of its memory for a question slows down whoever is asked next, which is told by `in_turns`.
    The order of the engines is drawn anew for each round.
    """
    rng = Random("rounds")
    found = {name: Times() for name in engines}
    gc.collect()
    for turn in range(rounds + 1):
        for name in rng.sample(list(engines), len(engines)):
            for one in asked:
                started = time.process_time()
                engines[name](one)
                if turn:
                    found[name].spent.append((time.process_time() - started) * 1000)
    return found


def spent_by(work: Callable[[], Any]) -> tuple[float, Any]:
    """Do it; tell the seconds of processor time of this process, and what came of it."""
    started = time.process_time()
    made = work()
    return time.process_time() - started, made


def compared(
    what: str, ours: float, theirs: float, *, most: float, unit: str = "ms", by: str = ""
) -> Row:
    """A row that promises at most so many times theirs."""
    ratio = ours / theirs if theirs else float("inf")
    return Row(
        what,
        f"{ours:.2f} {unit}",
        f"{by} {theirs:.2f} {unit}".strip(),
        f"{ratio:.3g}",
        f"≤ {most:.3g} × {by}".strip(),
        ratio <= most,
    )
