"""What a query finds and how well, from the rule in `cop.search.scorer`, over tokens in plain Python."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import TYPE_CHECKING

from cop.search.engine import Document, Query
from cop.search.store import whoosh
from cop.search.text import CJK_RUN, fold, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable

MILLION = 10**6
FIELDS = {"body": 1.0, "title": 0.6, "tags_text": 0.6, "extra": 0.3}


@dataclass
class Way:
    """Tokens that hold a group together, and their weight."""

    held: set[str]
    weight: float = 1.0
    scaled: bool = True


def found(
    query: Query, everything: list[Document], labels: frozenset[str]
) -> list[tuple[float, Document]]:
    """Every document found, with its score."""
    readable = [d for d in everything if d.labels & labels]
    for said in query.exclusions:
        readable = [d for d in readable if not asked(said) or not asked(said) <= held(d)]
    said_anything = (query.words, query.phrases, query.prefixes, query.either, query.concepts)
    if not any(said_anything):
        return [(0.0, d) for d in readable]
    shelf = _Shelf(everything)
    groups = _groups(query)
    loose = _loose(query)
    prefixes = [_prefix(said, readable) for said in query.prefixes]
    if not groups and not prefixes:
        return []
    typed = set().union(*(group[0].held for group in groups))
    present = {t for t in typed if shelf.holding(t)}
    dropped = {t for t in present if shelf.common(t)}
    dropped = dropped if dropped < present else set()
    counted = [group for group in groups if not group[0].held <= dropped]
    scored = []
    for document in readable:
        # In whole millionths, as every part of it is.
        score = sum(shelf.gain(document, t) for t in loose if not shelf.common(t))
        score += sum(_worth(shelf, document, group, dropped) for group in counted)
        score += sum(max((shelf.gain(document, t) for t in one), default=0) for one in prefixes)
        scored.append((score, document))
    best = max((score for score, _ in scored), default=0)
    required = groups if query.all_words else counted
    result = []
    for score, document in scored:
        whole = all(
            any(
                _kept(shelf, group, way, dropped, query.all_words) <= held(document)
                for way in group
            )
            for group in required
        ) and all(one & held(document) for one in prefixes)
        good = not query.all_words and score > 0 and score >= 0.3 * best
        if whole or good:
            result.append((score / MILLION, document))
    return result


def asked(said: str) -> set[str]:
    """The tokens a document must hold to hold what was said."""
    return {token.text for token in tokens(said, query=True)}


def held(document: Document) -> set[str]:
    """All tokens of a document."""
    return set().union(*(_tokens_of(document, field) for field in FIELDS))


def is_han(character: str) -> bool:
    """Whether this is written without spaces."""
    return CJK_RUN.fullmatch(character) is not None


def _groups(query: Query) -> list[list[Way]]:
    named = set().union(*(asked(concept.said) for concept in query.concepts))
    plain = set().union(*(asked(said) for said in query.words)) - named - _loose(query)
    plain |= set().union(*(asked(said) for said in query.phrases))
    for said in query.prefixes:
        plain |= asked(fold(said)[: -len(_last_word(said))])
    groups = [[Way({token})] for token in plain]
    for concept in query.concepts:
        if asked(concept.said):
            ways = [Way(asked(other), 0.7) for other in concept.others if asked(other)]
            groups.append([Way(asked(concept.said)), *ways])
    for options in query.either:
        ways = [Way(asked(o.text), o.weight) for o in options if asked(o.text)]
        if ways:
            groups.append(ways)
    return groups


def _loose(query: Query) -> set[str]:
    """Pairs of which one character belongs to a concept and the other does not."""
    loose: set[str] = set()
    meant = set().union(*(asked(concept.said) for concept in query.concepts))
    for word in map(fold, query.words):
        borders = set()
        for concept in query.concepts:
            said = fold(concept.said)
            if said and is_han(said[0]):
                for match in re.finditer(re.escape(said), word):
                    borders |= {match.start(), match.end()}
        elsewhere = set()
        crossing = set()
        for token in tokens(word, query=True):
            pair = len(token.text) == 2 and all(map(is_han, token.text))
            (crossing if pair and token.start + 1 in borders else elsewhere).add(token.text)
        loose |= crossing - elsewhere - meant
    return loose


def _last_word(said: str) -> str:
    return re.split(r"[^a-z0-9]", fold(said))[-1]


def _prefix(said: str, readable: Iterable[Document]) -> set[str]:
    """The tokens a prefix stands for: at most a hundred that anything readable holds."""
    typed = _last_word(said)
    known = set().union(*(held(document) for document in readable))
    found = set()
    # Most words are spelt the American way in the index, and their ends may be cut off.
    other_ways = {"is(?=[eai]|$)": "iz", "iz(?=[eai]|$)": "is", "our": "or"}
    other_ways["or(?=$|s|ed|ing|able|er|hood)"] = "our"
    spelt = {re.sub(f"(?<=[a-z]{{3}}){one}", other, typed) for one, other in other_ways.items()}
    for sought in {typed, *spelt}:
        cut = {sought[:n] for n in range(max(3, len(sought) - 4), len(sought))}
        found |= {t for t in known if t.startswith(sought) or t in cut}
    return set(sorted(found)[:100])


def _kept(
    shelf: _Shelf, group: list[Way], way: Way, dropped: set[str], all_words: bool = False
) -> set[str]:
    if all_words:
        return way.held
    common = dropped if way is group[0] else {t for t in way.held if shelf.common(t)}
    return way.held - common or way.held


def _worth(shelf: _Shelf, document: Document, group: list[Way], dropped: set[str]) -> int:
    worths = [0]
    first = _kept(shelf, group, group[0], dropped)
    for way in group:
        counted = _kept(shelf, group, way, dropped)
        if way is group[0] or counted <= held(document):
            scale = 1.0 if way is group[0] else shelf.potential(first) / shelf.potential(counted)
            whole = sum(shelf.gain(document, t) for t in counted)
            worths.append(round(whole * (way.weight * scale)))
    return max(worths)


class _Shelf:
    """Figures over all documents that can be found by anybody."""

    def __init__(self, everything: list[Document]) -> None:
        self._all = everything
        self._averages = {
            field: sum(_length(d, field) for d in everything) / len(everything)
            for field in FIELDS
            if everything
        }
        self._often: dict[tuple[str, str], int] = {}

    def holding(self, token: str) -> int:
        return sum(token in held(document) for document in self._all)

    def common(self, token: str) -> bool:
        return self.holding(token) > len(self._all) / 2

    def often(self, token: str, field: str) -> int:
        if (token, field) not in self._often:
            holding = sum(token in _tokens_of(document, field) for document in self._all)
            self._often[token, field] = holding
        return self._often[token, field]

    def potential(self, held_together: set[str]) -> float:
        return sum(self._idf(max(self.often(t, field) for field in FIELDS)) for t in held_together)

    def gain(self, document: Document, token: str) -> int:
        total = 0
        for field, weight in FIELDS.items():
            tf = _tokens_of(document, field)[token]
            if tf:
                norm = 1 - 0.75 + 0.75 * _length(document, field) / self._averages[field]
                idf = self._idf(self.often(token, field))
                total += round(weight * idf * tf * 2.2 / (tf + 1.2 * norm) * MILLION)
        return total

    def _idf(self, holding: int) -> float:
        return log(1 + (len(self._all) - holding + 0.5) / (holding + 0.5))


def _tokens_of(document: Document, field: str) -> Counter[str]:
    # A title is part of the text as well.
    title = f"{document.title}\n" if field == "body" else ""
    return _tokens(title + getattr(document, field))


@lru_cache(maxsize=4096)
def _tokens(text: str) -> Counter[str]:
    return Counter(token.text for token in tokens(text))


def _length(document: Document, field: str) -> int:
    """The length as the index keeps it: rounded to one of 256 steps."""
    numeric = whoosh().numeric
    exact = _tokens_of(document, field).total()
    rounded: int = numeric.byte_to_length(numeric.length_to_byte(exact))
    return rounded
