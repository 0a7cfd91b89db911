"""How near the words of a query stand to each other in a text.

A pure function of text and query, so that the tests' reference can share it. It looks for words
by their first letters and makes sure of each with the same stemming as the index.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from cop.search.engine import Hit, Query, Texts
from cop.search.plan import Plan, query_tokens
from cop.search.text import CJK_CLASS, CJK_RUN, fold, tokens

# What touching words add to a score, and the distance at which they add nothing any more.
BONUS = 0.2
FAR = 200
# Only the first of a ranking are looked at: each costs a look at its text.
LOOKED_AT = 30

# Of a long question, that some of its words stand together says less: with all of it, nDCG@10 on
# Cranfield with titles fell from .390 to .383, so it stays at .389.
_FEW = 4

# A text is read up to here, and a word looked for so often at most.
_LONGEST = 50_000
_OFTEN = 200
# A stem may differ from the word in the text after so many letters: family and families.
_BEGINNING = 3
_WORD = re.compile(rf"[^\W_{CJK_CLASS}]+")
_INSIDE = re.compile(rf"[^\W_{CJK_CLASS}]")

# Where something stands, and which of the words looked for that is (as bits).
_Place = tuple[int, int, int]


class Nearness:
    """A query, ready to be looked for in many texts."""

    def __init__(self, query: Query, asked: Plan) -> None:
        """Take from a query and its plan every word typed, and other ways to say several of them."""
        units = {token: 1 << at for at, token in enumerate(asked.basis)}
        self._whole = (1 << len(units)) - 1
        self._han = [(token, bit) for token, bit in units.items() if CJK_RUN.match(token)]
        self._words = {token: bit for token, bit in units.items() if not CJK_RUN.match(token)}
        self._others = [*_others(query, units)]
        self._met: dict[str, int] = {}

    @property
    def matters(self) -> bool:
        """Whether there are two words or more to be near each other."""
        return self._whole.bit_count() > 1

    def of(self, text: str) -> float:
        """1 where all of a few words touch, 0 where the nearest are far apart or only one is there."""
        text = fold(text[:_LONGEST])
        places = sorted(self._places(text))
        found = 0
        for _, _, bits in places:
            found |= bits
        words = found.bit_count()
        if words < 2:
            return 0.0
        gap = _smallest_gap(places, found)
        asked = self._whole.bit_count()
        share = (words - 1) / (asked - 1) * min(1.0, _FEW / asked)
        # A space between two words is no distance.
        return max(0.0, 1 - max(0, gap - (words - 1)) / FAR) * share

    def _places(self, text: str) -> Iterator[_Place]:
        for token, bit in self._han:
            for at in _all(text, token):
                yield at, at + len(token), bit
        for beginning in {token[:_BEGINNING] for token in self._words}:
            for at in _all(text, beginning):
                word = _WORD.match(text, at)
                if (
                    word
                    and not (at and _INSIDE.match(text[at - 1]))
                    and (bit := self._bit(word[0]))
                ):
                    yield at, word.end(), bit
        for said, bits in self._others:
            for at in _all(text, said):
                yield at, at + len(said), bits

    def _bit(self, word: str) -> int:
        """Which of the words looked for this is, if any."""
        if word not in self._met:
            found = tokens(word, only=self._words.keys())
            self._met[word] = self._words[found[0].text] if found else 0
        return self._met[word]


class Read:
    """The texts of one search: none is asked for twice."""

    def __init__(self, texts: Texts | None) -> None:
        """Without `texts`, there is nothing to be read."""
        self._texts = texts
        self._known: dict[tuple[int, str], str] = {}

    @property
    def there(self) -> bool:
        """Whether there are texts to be read."""
        return self._texts is not None

    def of(self, keys: Sequence[tuple[int, str]]) -> dict[tuple[int, str], str]:
        """The texts of these, as far as there are any; maybe of others too."""
        missing = [key for key in keys if key not in self._known]
        if self._texts is not None and missing:
            self._known.update(self._texts(missing))
        return self._known


def nearest_first(
    hits: tuple[Hit, ...], nearness: Nearness, read: Read, wanted: int
) -> tuple[Hit, ...]:
    """The ranking with those first whose words stand near each other, right down to the last wanted."""
    head = hits[:LOOKED_AT]
    if len(head) < 2:
        return hits
    last = head[min(wanted, len(head)) - 1].score
    # Whoever cannot climb to a place that is wanted need not be read.
    able = [hit for hit in head if hit.score * (1 + BONUS) >= last]
    texts = read.of([(hit.entry_id, hit.lang) for hit in able])
    raised = [hit._replace(score=_raised(hit, nearness, texts)) for hit in able]
    return (*sorted(raised, key=lambda hit: -hit.score), *hits[len(able) :])


def _raised(hit: Hit, nearness: Nearness, texts: Mapping[tuple[int, str], str]) -> float:
    text = texts.get((hit.entry_id, hit.lang), "")
    return round(hit.score * (1 + BONUS * nearness.of(text)), 6)


def _others(query: Query, units: dict[str, int]) -> Iterator[tuple[str, int]]:
    """Other ways to say several words at once, and the words they stand for."""
    said = [(concept.said, concept.others) for concept in query.concepts]
    said += [(first.text, tuple(o.text for o in others)) for first, *others in query.either]
    for first, others in said:
        bits = 0
        for token in query_tokens(first):
            bits |= units.get(token, 0)
        for other in others:
            folded = fold(other).strip()
            if bits and folded:
                yield folded, bits


def _all(text: str, said: str) -> Iterator[int]:
    at = text.find(said)
    for _ in range(_OFTEN):
        if at < 0:
            return
        yield at
        at = text.find(said, at + 1)


def _smallest_gap(places: Sequence[_Place], wanted: int) -> int:
    """The characters between the words in the shortest stretch that holds all wanted."""
    inside: dict[int, int] = {}
    held, first, shortest, best = 0, 0, len(places) and places[-1][1] + 1, (0, 0)
    for last, (_, end, bits) in enumerate(places):
        held |= _counted(inside, bits, 1)
        while held & wanted == wanted:
            if end - places[first][0] < shortest:
                shortest, best = end - places[first][0], (first, last)
            held &= ~_counted(inside, places[first][2], -1)
            first += 1
    covered, reached = 0, 0
    for start, end, _ in places[best[0] : best[1] + 1]:
        covered += max(0, end - max(start, reached))
        reached = max(reached, end)
    return shortest - covered


def _counted(inside: dict[int, int], bits: int, step: int) -> int:
    """Count each word of the bits in or out; the bits of those that came or left."""
    changed = 0
    while bits:
        bit = bits & -bits
        bits ^= bit
        inside[bit] = inside.get(bit, 0) + step
        if inside[bit] == (1 if step > 0 else 0):
            changed |= bit
    return changed
