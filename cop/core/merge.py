"""Two people edited one text: their changes join where they touch different paragraphs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from cop.core.align import changes, matches

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_BLANK_LINES = re.compile(r"(\n(?:[^\S\n]*\n)+)")
# Lines of lists as people write them (一、 and （二） too), and rows of tables.
_ITEM = re.compile(
    r"\s*(?:[-+*•·|]|\d{1,9}[.)、\uff0e]|[一二三四五六七八九十]{1,3}、|[（(]\w{1,3}[)）])"
)
_SENTENCE_ENDS = tuple("。！？；：…”’」』）)》.!?:;")


@dataclass(frozen=True)
class Merge:
    """The text with both people's changes; with conflicts it is mine, untouched."""

    text: str
    conflicts: bool


@dataclass(frozen=True)
class SectionsMerge:
    """The sections with both people's changes; those in ``conflicts`` are mine, untouched."""

    sections: dict[str, str]
    conflicts: tuple[str, ...]


def merge_sections(
    base: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str]
) -> SectionsMerge:
    """Merge section by section; a section that is missing is an empty one."""
    merges = {
        key: merge3(base.get(key, ""), mine.get(key, ""), theirs.get(key, ""))
        for key in {**base, **theirs, **mine}
    }
    return SectionsMerge(
        {key: merge.text for key, merge in merges.items()},
        tuple(key for key, merge in merges.items() if merge.conflicts),
    )


def merge3(base: str, mine: str, theirs: str) -> Merge:
    """Join two people's changes of one text, by paragraph and in lists by line.

    Changes of different paragraphs join, neighbours too; the same change on both sides is one.
    Different changes of one paragraph, or additions at one place, are a conflict. In a merge
    without conflict nothing that one of them added is missing.
    """
    if theirs in (base, mine):
        return Merge(mine, conflicts=False)
    if base == mine:
        return Merge(theirs, conflicts=False)
    merged = _merged(*(tuple(_units(text)) for text in (base, mine, theirs)))
    if merged is None:
        return Merge(mine, conflicts=True)
    return Merge(_text(merged), conflicts=False)


class _Unit(NamedTuple):
    """A paragraph or line, and what parts it from the one before; empty for the first one."""

    gap: str
    text: str


_Units: TypeAlias = tuple[_Unit, ...]


class _Edit(NamedTuple):
    """Units ``start`` to ``end`` of the base are replaced."""

    start: int
    end: int
    units: _Units

    def collides(self, other: _Edit) -> bool:
        """Return whether both are about the same units or the same place, and differ.

        An addition just before or after what the other one changed does not collide, unless both
        wrote the same: then it may be one change, seen differently, and must not be made twice.
        """
        words, other_words = _words(self.units), _words(other.units)
        if (self.start, self.end) == (other.start, other.end):
            return words != other_words
        overlap = self.start < other.end and other.start < self.end
        return overlap or not set(words).isdisjoint(other_words)


def _merged(base: _Units, mine: _Units, theirs: _Units) -> list[_Unit] | None:
    """Return the units with the changes of both, or None where they collide (diff3).

    Units that all three have divide the text; between two of them is settled who changed what.
    """
    in_mine, in_theirs = _places(base, mine), _places(base, theirs)
    merged: list[_Unit] = []
    b = m = t = 0
    for at in [*sorted(in_mine.keys() & in_theirs.keys()), len(base)]:
        m_end, t_end = in_mine.get(at, len(mine)), in_theirs.get(at, len(theirs))
        settled = _settled(base[b:at], mine[m:m_end], theirs[t:t_end])
        if settled is None:
            return None
        merged += settled
        if at < len(base):
            merged.append(_with_gap(base[at], mine[m_end], theirs[t_end]))
        b, m, t = at + 1, m_end + 1, t_end + 1
    return merged


def _places(base: _Units, version: _Units) -> dict[int, int]:
    """Return where each unit of the base is in a version, if it is there."""
    return {
        match.a + i: match.b + i
        for match in matches(_words(base), _words(version))
        for i in range(match.size)
    }


def _settled(base: _Units, mine: _Units, theirs: _Units) -> Sequence[_Unit] | None:
    """Return what a passage becomes, or None if both rewrote it differently."""
    if _words(theirs) in (_words(base), _words(mine)):
        return mine
    if _words(mine) == _words(base):
        return theirs
    return _side_by_side(base, mine, theirs)


def _side_by_side(base: _Units, mine: _Units, theirs: _Units) -> list[_Unit] | None:
    """Join changes of neighbouring units, which diff3 alone takes for one passage."""
    edits = _joined(_edits(base, mine), _edits(base, theirs))
    if edits is None:
        return None
    in_mine, in_theirs = _places(base, mine), _places(base, theirs)
    kept = list(base)
    for i in in_mine.keys() & in_theirs.keys():
        kept[i] = _with_gap(base[i], mine[in_mine[i]], theirs[in_theirs[i]])
    merged: list[_Unit] = []
    at = 0
    for edit in edits:
        merged += [*kept[at : edit.start], *edit.units]
        at = edit.end
    return [*merged, *kept[at:]]


def _edits(base: _Units, version: _Units) -> list[_Edit]:
    return [
        _Edit(change.start, change.end, version[change.new_start : change.new_end])
        for change in changes(_words(base), _words(version))
    ]


def _joined(mine: list[_Edit], theirs: list[_Edit]) -> list[_Edit] | None:
    """Return the edits of both in the order of the base, the same ones once, unless any collide."""
    if any(edit.collides(other) for edit in mine for other in theirs):
        return None
    edits = {(edit.start, edit.end): edit for edit in (*theirs, *mine)}
    return [edits[place] for place in sorted(edits)]


def _with_gap(base: _Unit, mine: _Unit, theirs: _Unit) -> _Unit:
    return _Unit(mine.gap if mine.gap != base.gap else theirs.gap, base.text)


def _words(units: _Units) -> tuple[str, ...]:
    return tuple(unit.text for unit in units)


def _units(text: str) -> Iterator[_Unit]:
    """Yield the paragraphs; the lines of lists, and lines that are whole sentences, one by one."""
    gap = ""
    for i, part in enumerate(_BLANK_LINES.split(text.strip("\n"))):
        if i % 2:
            gap = part
            continue
        lines = part.split("\n") if part else []
        for unit in lines if _stand_alone(lines) else filter(None, [part]):
            yield _Unit(gap, unit)
            gap = "\n"


def _stand_alone(lines: Sequence[str]) -> bool:
    """Return whether each line is read by itself: an item, or a paragraph ended by one line end."""
    return any(map(_ITEM.match, lines)) or all(
        line.rstrip().endswith(_SENTENCE_ENDS) for line in lines[:-1]
    )


def _text(units: Sequence[_Unit]) -> str:
    parts: list[str] = []
    for i, unit in enumerate(units):
        if i:
            in_list = _ITEM.match(unit.text) and _ITEM.match(units[i - 1].text)
            parts.append(unit.gap or ("\n" if in_list else "\n\n"))
        parts.append(unit.text)
    return "".join(parts)
