"""What changed between two states of a text: by section, paragraph, then Han character and word."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

from cop.core.align import Match, changes, matches

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
_TOKEN = re.compile(rf"{_COUNTED}|\S")


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


def _wording(paragraph: str) -> Counter[tuple[str, ...]]:
    """Return the words, and the pairs of neighbours; any two paragraphs share Han characters."""
    tokens = ["", *_TOKEN.findall(paragraph[:LONGEST_COMPARED]), ""]
    words = ((token,) for token in tokens if len(token) > 1)
    return Counter([*words, *pairwise(tokens)])


def _likeness(a: Counter[tuple[str, ...]], b: Counter[tuple[str, ...]]) -> float:
    return 2 * (a & b).total() / (a.total() + b.total())


def _compared(was: str, now: str, budget: _Budget) -> Pair:
    """Compare word by word; what stands between the words in common is removed or added."""
    left, right = _Pieces(Kind.REMOVED), _Pieces(Kind.ADDED)
    if not budget.allows(was, now):
        left.differ(was)
        right.differ(now)
        return Pair(left.pieces(), right.pieces())
    old, new = list(_TOKEN.finditer(was)), list(_TOKEN.finditer(now))
    at_was = at_now = 0
    for i, j in _in_common([m[0] for m in old], [m[0] for m in new]):
        _between(left, right, was[at_was : old[i].start()], now[at_now : new[j].start()])
        left.same(old[i][0])
        right.same(new[j][0])
        at_was, at_now = old[i].end(), new[j].end()
    _between(left, right, was[at_was:], now[at_now:])
    return Pair(left.pieces(), right.pieces())


class _Pieces:
    """The pieces of one side, as they are found."""

    def __init__(self, other_kind: Kind) -> None:
        self._runs: list[tuple[Kind, list[str]]] = []
        self._other_kind = other_kind

    def pieces(self) -> tuple[Piece, ...]:
        """Return what was added, neighbours of one kind joined."""
        return tuple(Piece("".join(texts), kind) for kind, texts in self._runs)

    def same(self, text: str) -> None:
        """Add what both sides have."""
        self._add(text, Kind.SAME)

    def differ(self, text: str) -> None:
        """Add what only this side has."""
        self._add(text, self._other_kind)

    def _add(self, text: str, kind: Kind) -> None:
        if text and self._runs and self._runs[-1][0] is kind:
            self._runs[-1][1].append(text)
        elif text:
            self._runs.append((kind, [text]))


def _between(left: _Pieces, right: _Pieces, was: str, now: str) -> None:
    """Add what stands between two words in common, which has spaces in common at its ends."""
    head = _common_spaces(was, now)
    tail = _common_spaces(was[head:][::-1], now[head:][::-1])
    for side, text in ((left, was), (right, now)):
        side.same(text[:head])
        side.differ(text[head : len(text) - tail])
        side.same(text[len(text) - tail :])


def _common_spaces(a: str, b: str) -> int:
    common = 0
    for left, right in zip(a, b, strict=False):
        if left != right or not left.isspace():
            break
        common += 1
    return common


def _in_common(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the positions of words in common, but not of one amid a passage written anew."""
    found = [Match(0, 0, 0), *matches(old, new), Match(len(old), len(new), 0)]
    for before, match, after in zip(found, found[1:], found[2:], strict=False):
        smaller_gap = min(_gap(before, match), _gap(match, after))
        words = _count(" ".join(old[match.a : match.a + match.size]))
        if words > 1 or smaller_gap <= max(2, match.size):
            yield from ((match.a + i, match.b + i) for i in range(match.size))


def _gap(match: Match, following: Match) -> int:
    return following.a - match.a - match.size + following.b - match.b - match.size


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
