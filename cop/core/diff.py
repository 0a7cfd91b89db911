"""What changed between two states of a text: by section, paragraph, then Han character and word."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from cop.core.align import Change, Match, changes, matches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

#: Unchanged paragraphs shown beside a change; longer runs are folded.
CONTEXT = 1
#: A rewritten paragraph stands beside the old one if so much of its wording is the same.
ALIKE = 0.3
#: Longer paragraphs are compared as wholes.
LONGEST_COMPARED = 20_000
#: Of all changed paragraphs together, so many characters are compared in detail.
COMPARED_IN_ALL = 40_000
#: In a larger block of rewritten paragraphs (old times new), none are matched up.
LARGEST_BLOCK = 400
#: Longer sections are shown as replaced.
LONGEST_SECTION = 200_000

# Han, kana and Hangul have no spaces between words, so that each character is a token.
_WIDE = "[\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003fffd]"
_LETTERS = rf"(?:(?!{_WIDE})[^\W_])+"
_COUNTED = rf"{_WIDE}|{_LETTERS}(?:['\u2019]{_LETTERS})*"
_UNIT = re.compile(_COUNTED)
_TOKEN = re.compile(rf"{_COUNTED}|\s+|.", re.DOTALL)


class Kind(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    """A run of characters with one fate."""

    text: str
    kind: Kind


@dataclass(frozen=True)
class Pair:
    """A paragraph as it was and as it is; None where there was or is none.

    ``was`` consists of same and removed pieces, ``now`` of same and added ones.
    """

    was: tuple[Piece, ...] | None
    now: tuple[Piece, ...] | None

    @property
    def changed(self) -> bool:
        """Whether anything in the paragraph differs."""
        return self.was != self.now


@dataclass(frozen=True)
class Skip:
    """So many unchanged paragraphs in a row, not shown."""

    paragraphs: int


Row: TypeAlias = Pair | Skip


@dataclass(frozen=True)
class SectionDiff:
    """What changed in a section; the counts are Han characters and words."""

    key: str
    pairs: tuple[Row, ...]
    changed: bool
    added_count: int
    removed_count: int


def diff_sections(
    old: Mapping[str, str],
    new: Mapping[str, str],
    order: Iterable[str],
    *,
    context: int | None = CONTEXT,
) -> list[SectionDiff]:
    """Compare two states section by section, in the given order, other keys after it.

    Sections empty in both are left out. With ``context=None`` nothing is folded. The time is
    bounded: very long or wholly rewritten paragraphs are shown as replaced.
    """
    keys = dict.fromkeys([*order, *sorted({*old, *new})])
    budget = _Budget(COMPARED_IN_ALL)
    return [
        _diff_section(key, old.get(key, ""), new.get(key, ""), budget, context)
        for key in keys
        if old.get(key) or new.get(key)
    ]


class _Budget:
    """How many characters may still be compared in detail."""

    def __init__(self, characters: int) -> None:
        self.left = characters

    def allows(self, was: str, now: str) -> bool:
        """Take the cost of comparing two paragraphs, if there is enough left."""
        cost = len(was) + len(now)
        if cost > min(self.left, 2 * LONGEST_COMPARED):
            return False
        self.left -= cost
        return True


def _diff_section(
    key: str, old: str, new: str, budget: _Budget, context: int | None
) -> SectionDiff:
    pairs = list(_pairs(_paragraphs(old), _paragraphs(new), budget))
    return SectionDiff(
        key=key,
        pairs=tuple(pairs if context is None else _folded(pairs, context)),
        changed=any(pair.changed for pair in pairs),
        added_count=sum(_total(pair.now, Kind.ADDED) for pair in pairs),
        removed_count=sum(_total(pair.was, Kind.REMOVED) for pair in pairs),
    )


def _paragraphs(text: str) -> list[str]:
    """Return the lines, since many people part paragraphs by a single line end, and it shows."""
    if len(text) > LONGEST_SECTION:
        return [text]
    return [line for line in text.split("\n") if line.strip()]


def _pairs(was: list[str], now: list[str], budget: _Budget) -> Iterator[Pair]:
    at = 0
    for change in changes(was, now):
        yield from map(_unchanged, was[at : change.start])
        old, new = was[change.start : change.end], now[change.new_start : change.new_end]
        yield from _changed(old, new, budget)
        at = change.end
    yield from map(_unchanged, was[at:])


def _unchanged(paragraph: str) -> Pair:
    pieces = (Piece(paragraph, Kind.SAME),)
    return Pair(pieces, pieces)


def _changed(old: list[str], new: list[str], budget: _Budget) -> Iterator[Pair]:
    """Yield the paragraphs of a rewritten block, those beside each other that are alike."""
    at_old = at_new = 0
    for i, j in [*_alike(old, new), (len(old), len(new))]:
        yield from (Pair((Piece(text, Kind.REMOVED),), None) for text in old[at_old:i])
        yield from (Pair(None, (Piece(text, Kind.ADDED),)) for text in new[at_new:j])
        if i < len(old):
            yield _compared(old[i], new[j], budget)
        at_old, at_new = i + 1, j + 1


def _alike(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Return which old paragraph became which new one, in order, so that most wording matches."""
    if len(old) == len(new) == 1:
        return [(0, 0)]
    if not 0 < len(old) * len(new) <= LARGEST_BLOCK:
        return []
    old_wording, new_wording = list(map(_wording, old)), list(map(_wording, new))
    # best[i][j]: the greatest likeness the first i and j paragraphs can be matched up with
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    likeness = [[_likeness(a, b) for b in new_wording] for a in old_wording]
    for i, row in enumerate(likeness):
        for j, value in enumerate(row):
            matched = best[i][j] + value if value >= ALIKE else 0.0
            best[i + 1][j + 1] = max(matched, best[i][j + 1], best[i + 1][j])
    found: list[tuple[int, int]] = []
    i, j = len(old), len(new)
    while i and j:
        if best[i][j] == best[i - 1][j]:
            i -= 1
        elif best[i][j] == best[i][j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            found.append((i, j))
    return found[::-1]


def _wording(paragraph: str) -> Counter[tuple[str, str]]:
    """Return the pairs of neighbours; single Han characters are alike in any two paragraphs."""
    tokens = ["", *_tokens(paragraph[:LONGEST_COMPARED]), ""]
    return Counter(pairwise(tokens))


def _likeness(a: Counter[tuple[str, str]], b: Counter[tuple[str, str]]) -> float:
    return 2 * (a & b).total() / (a.total() + b.total())


def _tokens(paragraph: str) -> list[str]:
    """Return Han characters, words, white space and marks; joined they are the paragraph."""
    return _TOKEN.findall(paragraph)


def _compared(was: str, now: str, budget: _Budget) -> Pair:
    if not budget.allows(was, now):
        return Pair((Piece(was, Kind.REMOVED),), (Piece(now, Kind.ADDED),))
    old, new = _tokens(was), _tokens(now)
    left: list[Piece] = []
    right: list[Piece] = []
    at = 0
    for change in _readable(old, matches(old, new), len(new)):
        same = "".join(old[at : change.start])
        for pieces in (left, right):
            _append(pieces, same, Kind.SAME)
        _append(left, "".join(old[change.start : change.end]), Kind.REMOVED)
        _append(right, "".join(new[change.new_start : change.new_end]), Kind.ADDED)
        at = change.end
    for pieces in (left, right):
        _append(pieces, "".join(old[at:]), Kind.SAME)
    return Pair(tuple(left), tuple(right))


def _readable(old: Sequence[str], found: list[Match], length: int) -> Iterator[Change]:
    """Yield the changes, without matches too small to read between two larger changes."""
    at_old = at_new = 0
    kept = [match for i, match in enumerate(found) if not _is_noise(old, found, i, length)]
    for match in [*kept, Match(len(old), length, 0)]:
        if at_old < match.a or at_new < match.b:
            yield Change(at_old, match.a, at_new, match.b)
        at_old, at_new = match.a + match.size, match.b + match.size


def _is_noise(old: Sequence[str], found: list[Match], i: int, length: int) -> bool:
    """Return whether a match is just a space, or a single word in a passage written anew."""
    match = found[i]
    before = found[i - 1] if i else Match(0, 0, 0)
    after = found[i + 1] if i + 1 < len(found) else Match(len(old), length, 0)
    smaller_gap = min(
        match.a - before.a - before.size + match.b - before.b - before.size,
        after.a - match.a - match.size + after.b - match.b - match.size,
    )
    same = "".join(old[match.a : match.a + match.size])
    if not same.strip():
        return smaller_gap > 0
    return _count(same) <= 1 and smaller_gap > max(2, match.size)


def _append(pieces: list[Piece], text: str, kind: Kind) -> None:
    if text:
        pieces.append(Piece(text, kind))


def _count(text: str) -> int:
    """Return the Han characters and words in a text."""
    return sum(1 for _ in _UNIT.finditer(text))


def _total(pieces: tuple[Piece, ...] | None, kind: Kind) -> int:
    return sum(_count(piece.text) for piece in pieces or () if piece.kind is kind)


def _folded(pairs: list[Pair], context: int) -> Iterator[Row]:
    """Fold the unchanged paragraphs that are further than ``context`` from a change."""
    near = [False] * len(pairs)
    for i, pair in enumerate(pairs):
        if pair.changed:
            for j in range(max(i - context, 0), min(i + context + 1, len(pairs))):
                near[j] = True
    hidden = 0
    for pair, shown in zip(pairs, near, strict=True):
        if not shown:
            hidden += 1
            continue
        if hidden:
            yield Skip(hidden)
        hidden = 0
        yield pair
    if hidden:
        yield Skip(hidden)
