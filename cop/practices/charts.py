"""Where the marks of a ledger stand: the strip and the plot, as positions for the templates that draw them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cop.core.i18n import _, _n, pick
from cop.notes.models import Outcome
from cop.notes.wording import OUTCOMES, separator
from cop.practices.ledger import Experience, Ledger
from cop.terms.models import LabelKind
from cop.terms.vocabulary import vocabulary

#: A strip of more marks says less than its numbers, and a plot of more is a table.
STRIP_MOST, PLOT_MOST = 24, 60
#: Above the line it worked, on it mixed or too early to tell, below it did not work.
_SIDE = {Outcome.WORKED: -1, Outcome.MIXED: 0, Outcome.TOO_EARLY: 0, Outcome.FAILED: 1}
_LETTER = {Outcome.WORKED: "w", Outcome.MIXED: "m", Outcome.TOO_EARLY: "t", Outcome.FAILED: "f"}
_PITCH, _GAP, _RISE, _MIDDLE = 9.5, 7.0, 6.0, 10.0
_ROW, _TOP, _FOOT = 34, 8, 26
_RIGHT = 97.0


@dataclass(frozen=True)
class Mark:
    """One experience: which sign, and where; `x` in pixels of a strip, in hundredths of the width of a plot."""

    sign: str
    x: float
    y: float


@dataclass(frozen=True)
class Strip:
    """One mark an experience; groups are provinces, the largest first, in each the oldest first."""

    width: float
    marks: Sequence[Mark]
    #: (from, to) of the line below each group.
    lines: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Row:
    """One province of a plot."""

    name: str
    y: float
    marks: Sequence[Mark]


@dataclass(frozen=True)
class Plot:
    """Experiences by province and year; those without a year stand at the left, under "no year"."""

    height: int
    rows: Sequence[Row]
    #: (year, x) of the lines that go down.
    years: Sequence[tuple[str, float]]
    #: Where what has no year stands; None where there is nothing.
    undated: float | None
    left: float


def strip(ledger: Ledger) -> Strip | None:
    """Return the strip, or None where marks would be too few or too many."""
    if not ledger.has_strip or len(ledger.experiences) > STRIP_MOST:
        return None
    marks, lines, x = [], [], _PITCH / 2
    for group in _groups(ledger.experiences):
        begin = x
        for one in group:
            outcome = Outcome(one.outcome)
            marks.append(Mark(_LETTER[outcome], x, _MIDDLE + _SIDE[outcome] * _RISE))
            x += _PITCH
        lines.append((begin - _PITCH / 2 + 1, x - _PITCH / 2 - 1))
        x += _GAP
    return Strip(x - _GAP - _PITCH / 2 + 2, marks, lines)


def plot(ledger: Ledger) -> Plot | None:
    """Return the plot, or None where marks would be too few or too many."""
    if not ledger.has_plot or len(ledger.experiences) > PLOT_MOST:
        return None
    groups = _groups(ledger.experiences)
    years = [one.year for one in ledger.experiences if one.year is not None]
    left = 30.0
    undated = left if len(years) < len(ledger.experiences) else None
    begin = left + (15.0 if undated is not None else 0.0)
    first, last = _span(years)

    def across(year: int | None) -> float:
        if year is None:
            return left
        return round(begin + (year - first) / (last - first) * (_RIGHT - begin), 2)

    rows = []
    for number, group in enumerate(groups):
        middle = _TOP + _ROW * number + _ROW / 2
        rows.append(Row(_province(group[0].province), middle, _spread(group, middle, across)))
    return Plot(
        height=_TOP + _ROW * len(groups) + _FOOT,
        rows=rows,
        years=[(str(year), across(year)) for year in _ticks(first, last)] if years else [],
        undated=undated,
        left=left - 2,
    )


def _spread(
    group: Sequence[Experience], middle: float, across: Callable[[int | None], float]
) -> list[Mark]:
    """Return the marks of a province; those of one year and outcome stand side by side."""
    marks: list[Mark] = []
    taken: dict[tuple[float, float], int] = {}
    for one in group:
        outcome = Outcome(one.outcome)
        x, y = across(one.year), middle + _SIDE[outcome] * 8
        again = taken.get((x, y), 0)
        taken[x, y] = again + 1
        marks.append(Mark(_LETTER[outcome], round(min(x + again * 1.6, 99.0), 2), y))
    return marks


def _span(years: Sequence[int]) -> tuple[int, int]:
    first, last = (min(years), max(years)) if years else (0, 0)
    return (first, last) if last - first >= 4 else (first - 2, first + 4)


def _ticks(first: int, last: int) -> list[int]:
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100) if (last - first) / step <= 6)
    return [year for year in range(first, last + 1) if year % step == 0]


def _groups(experiences: Sequence[Experience]) -> list[list[Experience]]:
    """Return experiences by province, the largest group first, what tells of none last; in each the oldest first."""
    found: dict[str, list[Experience]] = {}
    for one in experiences:
        found.setdefault(one.province, []).append(one)
    for group in found.values():
        group.sort(key=lambda one: (one.year is None, one.year or 0, one.uses[-1].entry_id))
    return [found[key] for key in sorted(found, key=lambda key: (not key, -len(found[key]), key))]


def _province(key: str) -> str:
    if not key:
        return _("No province told")
    term = vocabulary().by_key[key]
    name, lang = pick(term.name)
    # 宁夏 for 宁夏回族自治区: beside a plot on a phone there is room for little.
    short = [one.text for one in term.texts(LabelKind.ALTERNATIVE) if one.lang == lang]
    return min((one for one in [name, *short] if name.startswith(one)), key=len)


def in_words(ledger: Ledger) -> str:
    """Return what strip and plot show, in a sentence."""
    counts = [
        _("%(outcome)s: %(number)s", outcome=OUTCOMES[name], number=count.experiences)
        for name, count in ledger.outcomes.items()
    ]
    said = _n("%(num)d experience", "%(num)d experiences", len(ledger.experiences))
    where = _n("%(num)d province", "%(num)d provinces", len(ledger.provinces))
    return separator().join([said, where, *counts])
