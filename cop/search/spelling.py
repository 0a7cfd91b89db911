"""What a misspelt word may have meant: near words of Latin script, and a query with some of its words replaced.

Near Chinese goes by sound, and lies in `cop.search.suggest` (`Names.near`).
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from cop.search.text import CJK_CLASS, CJK_RUN, STOP_WORDS, fold, pinyin_forms

#: A shorter word has too many neighbours.
_SHORTEST, _LONGEST = 3, 32
#: Up to this length one slip is believed, beyond it two.
_ONE_SLIP = 4
_QUOTED = '"[^"]*"|“[^”]*”|「[^」]*」|『[^』]*』|＂[^＂]*＂'
#: Shorter pinyin is near to everything.
_TWO_SYLLABLES = 5
#: Left as they are: what is excluded, fields with their values, addresses, times, words cut off by a star.
_UNTOUCHED = re.compile(
    rf"(?<!\S)[-－−](?:{_QUOTED}|\S+)"  # noqa: RUF001  as typed on either keyboard
    rf"|(?<!\S)[^\s:：]+[:：](?:{_QUOTED}|\S+)"
    r"|\S+\*"
)
_WORD = re.compile(
    rf"[{CJK_CLASS}]+"
    rf"|(?<![^\W{CJK_CLASS}])[^\W\d_{CJK_CLASS}]+(?:['\u2019][^\W\d_{CJK_CLASS}]+)*(?![^\W{CJK_CLASS}])"
)
_LATIN = re.compile(rf"[a-z]{{{_SHORTEST},{_LONGEST}}}")
_OPERATORS = frozenset({"OR"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A word of a query, or a run of Han characters, where it stands in it."""

    start: int
    end: int
    text: str

    @property
    def han(self) -> bool:
        """Whether it is a run of Han characters."""
        return CJK_RUN.match(self.text) is not None


def pieces(query: str) -> list[Piece]:
    """Return the words of a query that may be misspelt, inside quotation marks too."""
    kept = _UNTOUCHED.sub(lambda found: " " * len(found[0]), query)
    return [
        Piece(found.start(), found.end(), found[0])
        for found in _WORD.finditer(kept)
        if found[0] not in _OPERATORS
    ]


def replaced(query: str, changes: Mapping[Piece, str]) -> str:
    """Return the query with some of its pieces said otherwise and everything else as it was typed."""
    for piece, text in sorted(changes.items(), key=lambda change: -change[0].start):
        query = query[: piece.start] + text + query[piece.end :]
    return query


def cased(text: str, like: str) -> str:
    """Return a word in capitals, or with a capital first letter, as the other is."""
    if len(like) > 1 and like.isupper():
        return text.upper()
    return text[:1].upper() + text[1:] if like[:1].isupper() else text


def in_script_of(text: str, like: str) -> str:
    """Return folded Chinese in Traditional characters where the other text has some, character for character."""
    if fold(like) == like:
        return text
    written: str = _traditional().convert(text)
    return written if len(written) == len(text) else text


@cache
def _traditional() -> Any:
    import opencc

    return opencc.OpenCC("s2t")


def words_in(text: str) -> set[str]:
    """Return the Latin words of a text, folded; not the commonest, which nobody looks for."""
    return set(_LATIN.findall(fold(text))) - STOP_WORDS


@dataclass
class Spelt:
    """Words as they are spelt on this site, with how many texts have each."""

    _counts: Counter[str] = field(default_factory=Counter)
    #: What a label may be typed as in one word → how it is written.
    _labels: dict[str, str] = field(default_factory=dict)
    _by_length: dict[int, list[str]] = field(default_factory=dict)
    _state: int = 0

    def put(self, words: Iterable[str]) -> None:
        """Count the words of a text."""
        self._counts.update(words)
        self._changed()

    def drop(self, words: Iterable[str]) -> None:
        """Forget the words of a text that nobody shall be led to any more."""
        self._counts.subtract(words)
        for word in [one for one in words if self._counts[one] <= 0]:
            del self._counts[word]
        self._changed()

    def clear(self) -> None:
        """Forget the words of all texts; those of labels stay."""
        self._counts = Counter()
        self._changed()

    def labels(self, texts: Iterable[str], pinyin: Iterable[str]) -> None:
        """Take these labels of terms, and these names in pinyin by syllable, instead of those before."""
        found: dict[str, str] = {}
        for text in texts:
            words = fold(text).split()
            for word in words_in(text):
                found.setdefault(word, word)
            if 1 < len(words) < 4 and all(_LATIN.fullmatch(word) for word in words):
                found.setdefault("".join(words), " ".join(words))
        for spelt in pinyin:
            for form in pinyin_forms(spelt).split():
                if len(form) >= _TWO_SYLLABLES:
                    found.setdefault(form, form)
        self._labels = found
        self._changed()

    def near(self, word: str, most: int = 3) -> list[str]:
        """Return words one or two slips away (a letter wrong, missing, too many, two swapped), likeliest first."""
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import extract

        typed = fold(word)
        if not _LATIN.fullmatch(typed):
            return []
        slips = 1 if len(typed) <= _ONE_SLIP else 2
        ranked: list[tuple[int, bool, int, str]] = []
        table = self._table()
        for length in range(len(typed) - slips, len(typed) + slips + 1):
            found = extract(
                typed, table.get(length, ()), scorer=OSA.distance, score_cutoff=slips, limit=20
            )
            for text, distance, _at in found:
                first = text[0] != typed[0]
                ranked.append((int(distance), first, -self._counts[text], text))
        said = [self._labels.get(text, text) for *_order, text in sorted(ranked)]
        return [text for text in dict.fromkeys(said) if text != typed][:most]

    def _changed(self) -> None:
        self._state += 1
        self._by_length = {}

    def _table(self) -> dict[int, list[str]]:
        """Return all words by length; made anew after a change, by whoever needs it first."""
        table, state = self._by_length, self._state
        if not table:
            made: dict[int, list[str]] = {}
            for word in dict.fromkeys((*self._counts, *self._labels)):
                made.setdefault(len(word), []).append(word)
            table = made
            # What another thread changed meanwhile is not in it.
            if state == self._state:
                self._by_length = made
        return table


def windows(run: str, shortest: int, longest: int) -> Iterator[tuple[int, str]]:
    """Give every piece of a run of characters between these lengths with its place, longest first."""
    for length in range(min(longest, len(run)), shortest - 1, -1):
        for at in range(len(run) - length + 1):
            yield at, run[at : at + length]
