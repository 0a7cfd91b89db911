"""How Han characters are read, without tones: a small table, so that a process that only reads pages has it.

The package that knows readings takes 45 MB; this table takes 100 KB and says as much of a character
that stands alone. It is made from that package's dictionaries by `table`: of each character the reading
most of its phrases have, and a further one where it is common too (行 xing and hang, 重 zhong and
chong). Only characters that folding leaves as they are stand in it; ü is written u.
"""

import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from cop.search.text import fold

FILE = Path(__file__).with_suffix(".txt")

_FIRST, _LAST = 0x4E00, 0x9FFF
#: A further reading stands in the table where it has this share of a character's phrases, and so many.
_SHARE, _FEWEST, _MOST = 0.08, 2, 3


class _Table(NamedTuple):
    """For each character of the block the place of its readings among all combinations there are."""

    places: "array[int]"
    combinations: tuple[tuple[str, ...], ...]


def readings(character: str) -> tuple[str, ...]:
    """Return how a folded Han character is read, the commonest first; nothing for any other character."""
    code = ord(character)
    if not _FIRST <= code <= _LAST:
        return ()
    places, combinations = _table()
    return combinations[places[code - _FIRST]]


@cache
def _table() -> _Table:
    found: dict[int, tuple[str, ...]] = {}
    for line in FILE.read_text(encoding="utf-8").splitlines():
        reading, _space, characters = line.partition(" ")
        for character in characters:
            code = ord(character)
            found[code] = (*found.get(code, ()), reading)
    combinations = dict.fromkeys([(), *found.values()])
    numbers = {readings: number for number, readings in enumerate(combinations)}
    places = array("H", bytes(2 * (_LAST - _FIRST + 1)))
    for code, read in found.items():
        places[code - _FIRST] = numbers[read]
    return _Table(places, tuple(combinations))


def table() -> str:
    """Return what `FILE` holds, made anew: a line a reading, the further readings after the first ones."""
    from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

    counted = _counted(PHRASES_DICT)
    lines: dict[tuple[int, str], list[str]] = defaultdict(list)
    for code, spelt in sorted(PINYIN_DICT.items()):
        character = chr(code)
        if _FIRST <= code <= _LAST and fold(character) == character:
            alone = _plain(spelt.split(",")[0])
            for rank, reading in enumerate(_common(counted.get(character), alone)):
                lines[rank, reading].append(character)
    return "".join(
        f"{reading} {''.join(characters)}\n" for (_, reading), characters in sorted(lines.items())
    )


def _counted(phrases: Mapping[str, Sequence[Sequence[str]]]) -> dict[str, Counter[str]]:
    """Return of each character how many phrases have each of its readings."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for phrase, spelt in phrases.items():
        if len(phrase) == len(spelt):
            for character, readings_here in zip(fold(phrase), spelt, strict=True):
                counted[character][_plain(readings_here[0])] += 1
    return counted


def _common(counts: Counter[str] | None, alone: str) -> Iterable[str]:
    if not counts:
        return [alone]
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    enough = max(_FEWEST, _SHARE * counts.total())
    return [
        reading
        for rank, (reading, count) in enumerate(ranked[:_MOST])
        if not rank or count >= enough
    ]


def _plain(syllable: str) -> str:
    return "".join(
        character
        for character in unicodedata.normalize("NFD", syllable)
        if character.isascii() and character.isalpha()
    )


_ROUGH = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))


@cache
def rough(syllable: str) -> str:
    """Return a syllable as those hear it who do not tell zh from z, n from l, or ing and eng from in and en."""
    for told, heard in _ROUGH:
        if syllable.startswith(told):
            syllable = heard + syllable[len(told) :]
            break
    return syllable[:-1] if syllable.endswith(("ing", "eng")) else syllable
