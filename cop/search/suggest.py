"""Names found while somebody still types them: a sorted list of keys, looked up in microseconds.

A name can be typed from its beginning or from any word or Han character in it, in either script; in
pinyin, with or without tones and spaces; or by the initials of its syllables. Each of these ways is a
key; what was typed so far is the beginning of a key. A key is 24 bytes and stands in an array with
9 bytes beside it: a title takes some 1.6 KB and none of its text is kept.

Keys are cut, so a find is a candidate: `fits` says whether a text as it stands now can be meant.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from cop.search.readings import readings, rough
from cop.search.text import CJK_CLASS, fold

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Keys = NDArray[np.bytes_]
    Numbers = NDArray[np.int64]

#: Bytes of a key, and of a key as long as it is where nothing is kept.
_WIDTH, _WHOLE = 24, 10_000
#: Longer input begins no name.
LONGEST = 120
#: Syllables at the beginning of a key that are also tried in their other readings.
_VARIED = 4
_MOST_PARTS = 6
#: So many things are looked at that go by exactly the name that was typed.
_EXACT = 20

_GAP = re.compile(r"[\W_]+")
_BESIDE_HAN = re.compile(f"(?<=[{CJK_CLASS}]) | (?=[{CJK_CLASS}])")
_UNIT = re.compile(f"(?P<han>[{CJK_CLASS}])|[^ {CJK_CLASS}]+")
_TONE = re.compile(r"(?<=[a-z])[0-5](?![0-9])")
_DOUBLE_INITIAL = re.compile("([zcs])h")


class Grade(IntEnum):
    """How well a name fits what was typed, best first."""

    EXACT = 0
    BEGINNING = 1
    SOUND = 2
    INSIDE = 3
    INITIALS = 4
    SOUND_INSIDE = 5
    PARTS = 6
    #: Sounds nearly alike: for what was misspelt, never while typing.
    NEAR = 7


class Name(NamedTuple):
    """A name of something: whose, its place among names that fit alike (lower first), pinyin where it is known."""

    owner: int
    rank: int
    text: str
    spelt: str = ""


class Found(NamedTuple):
    """Something one of whose names fits."""

    owner: int
    grade: Grade
    rank: int


@dataclass(frozen=True)
class Typed:
    """What was typed so far, as it is looked up."""

    words: str
    sound: str = ""
    initials: str = ""
    parts: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is asked for."""
        return bool(self.words)


def level(text: str) -> str:
    """Return a text as names are compared: folded, punctuation as one space, none beside Han characters."""
    plain = _GAP.sub(" ", fold(unicodedata.normalize("NFC", text)))
    return _BESIDE_HAN.sub("", plain).strip()


def typed(text: str) -> Typed:
    """Read what was typed; too long a text asks for nothing."""
    if len(text) > LONGEST:
        return Typed("")
    words = level(text)
    parts = tuple(part for one in text.split() if (part := level(one)) and len(part) > _short(part))
    return Typed(words, _sound(words), _initials(words), parts[:_MOST_PARTS])


def _short(part: str) -> int:
    """Return how long a part still says nothing: a Latin letter stands in every name."""
    return int(part.isascii())


def _sound(words: str) -> str:
    """Return Latin letters as pinyin typed without spaces; nothing where they cannot be that."""
    letters = _TONE.sub("", words).replace(" ", "").replace("v", "u")
    return letters if len(letters) > 1 and letters.isascii() and letters.isalpha() else ""


def _initials(words: str) -> str:
    letters = _DOUBLE_INITIAL.sub(r"\1", words).replace(" ", "")
    return letters if 1 < len(letters) < 10 and letters.isascii() and letters.isalpha() else ""


def fits(asked: Typed, text: str, spelt: str = "") -> bool:
    """Tell whether what was typed can mean this name, whatever was kept of it."""
    keys = [key for key, _grade in _keys(text, spelt, _WHOLE)]
    wanted = [form.encode() for form in _forms(asked)]
    if any(key.startswith(form) for form in wanted for key in keys):
        return True
    parts = [(b"w" + part.encode(), b"s" + _sound(part).encode()) for part in asked.parts]
    return len(parts) > 1 and all(
        any(key.startswith(words) or (len(sound) > 2 and key.startswith(sound)) for key in keys)
        for words, sound in parts
    )


class Names:
    """Names by their keys. Never changed once made: adding and leaving out give new ones."""

    __slots__ = ("grades", "keys", "owners", "ranks")

    def __init__(
        self, keys: "Keys", owners: "Numbers", ranks: "Numbers", grades: "Numbers"
    ) -> None:
        """Take what is sorted by key."""
        self.keys, self.owners, self.ranks, self.grades = keys, owners, ranks, grades

    @classmethod
    def of(cls, names: Iterable[Name], *, near: bool = False) -> "Names":
        """Return these names; with `near`, they are also found by what sounds nearly like a piece of them."""
        import numpy as np

        keys: list[bytes] = []
        rows: list[tuple[int, int, int]] = []
        for owner, rank, text, spelt in names:
            for key, grade in _keys(text, spelt, _WIDTH, near=near):
                keys.append(key)
                rows.append((owner, rank, grade))
        made = np.array(keys, dtype=f"S{_WIDTH}")
        order = np.argsort(made, kind="stable")
        told = np.array(rows, dtype=np.int32).reshape(-1, 3)[order]
        return cls(
            made[order],
            np.ascontiguousarray(told[:, 0]),
            np.ascontiguousarray(told[:, 1]),
            told[:, 2].astype(np.int8),
        )

    def __len__(self) -> int:
        """Return how many keys there are."""
        return len(self.keys)

    @property
    def size(self) -> int:
        """Bytes that the keys take."""
        return sum(one.nbytes for one in (self.keys, self.owners, self.ranks, self.grades))

    def plus(self, others: "Names") -> "Names":
        """Return these names and the others."""
        import numpy as np

        if not len(others):
            return self
        places = np.searchsorted(self.keys, others.keys)
        return Names(
            np.insert(self.keys, places, others.keys),
            np.insert(self.owners, places, others.owners),
            np.insert(self.ranks, places, others.ranks),
            np.insert(self.grades, places, others.grades),
        )

    def without(self, owners: Collection[int]) -> "Names":
        """Return these names but for those of some owners."""
        import numpy as np

        if not owners or not len(self):
            return self
        kept = ~np.isin(self.owners, list(owners))
        return Names(self.keys[kept], self.owners[kept], self.ranks[kept], self.grades[kept])

    def find(self, asked: Typed, most: int) -> list[Found]:
        """Return whose names begin, or have a part that begins, with what was typed: best first, each once."""
        if not asked or not len(self):
            return []
        best: dict[int, tuple[int, int]] = {}
        for form in _forms(asked):
            inside = len(form) > 1 + _short(form)
            for grade, rank, owner in self._beginning(form.encode(), most, inside=inside):
                if owner not in best or (grade, rank) < best[owner]:
                    best[owner] = grade, rank
        if len(best) < most and len(asked.parts) > 1:
            for owner, rank in self._in_parts(asked.parts, most):
                best.setdefault(owner, (Grade.PARTS, rank))
        ranked = sorted((grade, rank, owner) for owner, (grade, rank) in best.items())[:most]
        return [Found(owner, Grade(grade), rank) for grade, rank, owner in ranked]

    def near(self, syllables: Iterable[str], most: int) -> list[int]:
        """Return whose names have a piece that sounds nearly like these syllables, in order of rank."""
        import numpy as np

        low, high = self._span(f"r{' '.join(map(rough, syllables))} ".encode())
        if low == high:
            return []
        order = np.argsort(self.ranks[low:high], kind="stable")[: most * 4]
        return list(dict.fromkeys(self.owners[low:high][order].tolist()))[:most]

    def _span(self, beginning: bytes) -> tuple[int, int]:
        if len(beginning) >= _WIDTH:
            cut = beginning[:_WIDTH]
            low, high = self.keys.searchsorted(cut), self.keys.searchsorted(cut, side="right")
        else:
            # No byte of UTF-8 is 0xff, so this is after everything that begins so.
            low, high = self.keys.searchsorted([beginning, beginning + b"\xff"])
        return int(low), int(high)

    def _beginning(
        self, beginning: bytes, most: int, *, inside: bool
    ) -> Iterator[tuple[int, int, int]]:
        """Give (grade, rank, owner) of names with a key that begins so, the best of them at least."""
        import numpy as np

        low, high = self._span(beginning)
        if low == high:
            return
        grades, ranks, owners = (one[low:high] for one in (self.grades, self.ranks, self.owners))
        if not inside:
            chosen = grades <= Grade.SOUND
            grades, ranks, owners = grades[chosen], ranks[chosen], owners[chosen]
        # A name can stand here several times: by each of its words that begin so.
        wanted = most * 2
        if wanted < len(grades):
            order = (grades.astype(np.int64) << 32) + ranks
            first = np.argpartition(order, wanted - 1)[:wanted]
            grades, ranks, owners = grades[first], ranks[first], owners[first]
        yield from zip(grades.tolist(), ranks.tolist(), owners.tolist(), strict=True)
        if inside and self.keys[low] == beginning:
            yield from self._exact(beginning, low)

    def _exact(self, key: bytes, low: int) -> Iterator[tuple[int, int, int]]:
        """Give those whose whole name was typed, or the whole pinyin of it."""
        high = int(self.keys.searchsorted(key, side="right"))
        for at in range(low, min(high, low + _EXACT)):
            if self.grades[at] in (Grade.BEGINNING, Grade.SOUND):
                yield Grade.EXACT, int(self.ranks[at]), int(self.owners[at])

    def _in_parts(self, parts: tuple[str, ...], most: int) -> list[tuple[int, int]]:
        """Give those whose names have words that begin with each part, in whatever order."""
        left: dict[int, int] = {}
        for number, part in enumerate(parts):
            here: dict[int, int] = {}
            for form in (f"w{part}", f"s{sound}" if (sound := _sound(part)) else ""):
                if form:
                    low, high = self._span(form.encode())
                    here.update(
                        zip(
                            self.owners[low:high].tolist(),
                            self.ranks[low:high].tolist(),
                            strict=True,
                        )
                    )
            left = {one: rank for one, rank in here.items() if one in left} if number else here
        return sorted(left.items(), key=lambda pair: pair[1])[:most]


def _forms(asked: Typed) -> list[str]:
    """Return the beginnings of keys that what was typed can be: words, pinyin, initials."""
    forms = (("w", asked.words), ("s", asked.sound), ("i", asked.initials))
    return [kind + form for kind, form in forms if form]


def _keys(text: str, spelt: str, width: int, *, near: bool = False) -> Iterator[tuple[bytes, int]]:
    """Give every key of a name, cut to a width, with the grade it finds the name by."""
    words = level(text)
    units = list(_UNIT.finditer(words))
    whole, at = words.encode(), 0
    beginning = Grade.BEGINNING.value
    for unit in units:
        # Offsets in bytes: all that stands between two units is a space at most.
        at = at + 1 if at and whole[at : at + 1] == b" " else at
        yield b"w" + whole[at : at + width - 1], beginning
        at += len(unit[0].encode())
        beginning = Grade.INSIDE.value
    if any(unit["han"] for unit in units):
        yield from _sound_keys(units, spelt, width)
        if near:
            yield from _near_keys(units, width)


def _sound_keys(units: list[re.Match[str]], spelt: str, width: int) -> Iterator[tuple[bytes, int]]:
    sounds = _sounds(units, spelt)
    initials = "".join(sound[0][0] for sound in sounds if sound)
    if len(initials) > 1:
        yield b"i" + initials.encode()[: width - 1], Grade.INITIALS.value
    starts, whole = _joined([sound[0].encode() if sound else b"" for sound in sounds], b"")
    for at, unit in enumerate(units):
        if at and not unit["han"]:
            continue
        grade = Grade.SOUND_INSIDE.value if at else Grade.SOUND.value
        yield b"s" + whole[starts[at] : starts[at] + width - 1], grade
        for other, more in _other_readings(sounds, at):
            begun = whole[starts[at] : starts[other]] + more.encode()
            rest = whole[starts[other + 1] :]
            yield b"s" + (begun + rest)[: width - 1], grade


def _other_readings(sounds: list[tuple[str, ...]], at: int) -> Iterator[tuple[int, str]]:
    """Give the further readings of the first syllables of a key, each with its place."""
    for other in range(at, min(at + _VARIED, len(sounds))):
        for more in sounds[other][1:]:
            yield other, more


def _near_keys(units: list[re.Match[str]], width: int) -> Iterator[tuple[bytes, int]]:
    """Give the runs of two Han characters and more as their syllables are heard."""
    sounds = [readings(unit[0]) if unit["han"] else () for unit in units]
    heard = [rough(sound[0]).encode() if sound else b"" for sound in sounds]
    starts, whole = _joined(heard, b" ")
    for at in range(len(units) - 1):
        if heard[at] and heard[at + 1]:
            yield b"r" + whole[starts[at] : starts[at] + width - 1], Grade.NEAR.value


def _joined(pieces: list[bytes], end: bytes) -> tuple[list[int], bytes]:
    """Return where each piece begins in all of them together, and the end of the last."""
    pieces = [piece + end for piece in pieces]
    return list(accumulate(map(len, pieces), initial=0)), b"".join(pieces)


def _sounds(units: list[re.Match[str]], spelt: str) -> list[tuple[str, ...]]:
    """Return how each unit is said: by the pinyin that is known of the name, else as the table has it."""
    syllables = spelt.split()
    if len(syllables) == len(units) and all(unit["han"] for unit in units):
        return [(_sound(level(one)) or level(one),) for one in syllables]
    return [readings(unit[0]) if unit["han"] else (unit[0],) for unit in units]
