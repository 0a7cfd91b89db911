"""From a query to the tokens an engine works with, and what is still to be verified in the text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from cop.search.engine import EXPANSION_WEIGHT, Concept, Option, Query
from cop.search.text import CJK_CLASS, fold, tokens

_SPACE = re.compile(r"\s+")
_SPACE_IN_CJK = re.compile(rf"(?<=[{CJK_CLASS}]) (?=[{CJK_CLASS}])")
_EXACT_BY_TOKEN = re.compile(rf"[{CJK_CLASS}]{{1,2}}")
_CJK = re.compile(f"[{CJK_CLASS}]")
_LAST_WORD = re.compile(rf"[^\W_{CJK_CLASS}]{{2,}}\Z")

# Tokens are stems: "organising" begins with what "organis" is cut to. A token of at least
# `_SHORTEST` characters may be up to `_CUT` characters shorter than the prefix looked for.
_SHORTEST, _CUT = 3, 4

# The index levels most words that are spelt in two ways, and a text has either.
_SPELT = (
    (re.compile(r"(?<=[a-z]{3})is(?=[eai]|$)"), "iz"),
    (re.compile(r"(?<=[a-z]{3})iz(?=[eai]|$)"), "is"),
    (re.compile(r"(?<=[a-z]{3})our"), "or"),
    (re.compile(r"(?<=[a-z]{3})or(?=$|s|ed|ing|able|er|hood)"), "our"),
)


class Way(NamedTuple):
    """One way to hold a group: its tokens, and what they are worth."""

    tokens: tuple[str, ...]
    weight: float = 1.0


class Group(NamedTuple):
    """Ways to hold the same thing. The first counts also where only part of it is held."""

    ways: tuple[Way, ...]


class Plan(NamedTuple):
    """What a document must hold (`groups`, `prefixes`), what it must not, what is to be verified.

    `loose` tokens add to the score and are not required. `verified` is what tokens alone cannot
    settle. `everything` asks for all documents there are; `nothing` says that the query has words but
    none that could be in an index.
    """

    groups: tuple[Group, ...] = ()
    loose: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    excluded: tuple[frozenset[str], ...] = ()
    verified: tuple["Check", ...] = ()
    all_words: bool = False
    everything: bool = False
    nothing: bool = False
    #: The tokens of what was typed: of each group the first way.
    basis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sought:
    """Something to look for in a text: a phrase, or the beginning of a word."""

    text: str
    prefix: bool = False

    def held_by(self, text: str) -> bool:
        """Whether the text holds it."""
        return holds_prefix(text, self.text) if self.prefix else holds_phrase(text, self.text)


@dataclass(frozen=True, slots=True)
class Check:
    """Alternatives of which a document must hold one: in its text, or all tokens of a way."""

    sought: tuple[Sought, ...]
    ways: tuple[tuple[str, ...], ...] = ()


def plan(query: Query) -> Plan:
    """The plan for a query."""
    if not (query.phrases or query.exclusions or query.prefixes or query.either or query.concepts):
        return _plain(query)
    named = {token for concept in query.concepts for token in query_tokens(concept.said)}
    loose = tuple(dict.fromkeys(_crossing(query.words, query.concepts)))
    prefixes = [(said, _LAST_WORD.search(fold(said))) for said in query.prefixes]
    heads = [fold(said)[: last.start()] if last else said for said, last in prefixes]
    plain = [*_all(query.phrases), *_all(heads)]
    plain += [t for t in _all(query.words) if t not in named and t not in loose]
    groups = [_alone(token) for token in dict.fromkeys(plain)]
    groups += filter(None, map(_concept, query.concepts))
    groups += filter(None, map(_either, query.either))
    starts = tuple(dict.fromkeys(last[0] for _, last in prefixes if last))
    held = (frozenset(query_tokens(part)) for part in query.exclusions)
    said = (query.words, query.phrases, query.prefixes, query.either, query.concepts)
    return Plan(
        groups=tuple(groups),
        loose=loose,
        prefixes=starts,
        excluded=tuple(tokens_of for tokens_of in held if tokens_of),
        verified=tuple(_verified(query)),
        all_words=query.all_words,
        everything=not any(said),
        nothing=any(said) and not (groups or starts),
        basis=tuple(dict.fromkeys(token for group in groups for token in group.ways[0].tokens)),
    )


def _plain(query: Query) -> Plan:
    """The plan for words alone, which most queries are."""
    found = dict.fromkeys(_all(query.words))
    return Plan(
        groups=tuple(map(_alone, found)),
        all_words=query.all_words,
        everything=not query.words,
        nothing=bool(query.words) and not found,
        basis=tuple(found),
    )


@lru_cache(maxsize=4096)
def query_tokens(said: str) -> tuple[str, ...]:
    """The tokens a document must hold to hold what was said."""
    return tuple(dict.fromkeys(token.text for token in tokens(said, query=True)))


def spellings(prefix: str) -> list[str]:
    """The beginning of a word in British and in American spelling: organis and organiz, labour and labor."""
    return sorted({prefix, *(other.sub(spelt, prefix) for other, spelt in _SPELT)})


def shorter(prefix: str) -> list[str]:
    """What a stemmed word that begins with the prefix may have been cut to."""
    return [prefix[:size] for size in range(max(_SHORTEST, len(prefix) - _CUT), len(prefix))]


def holds_phrase(text: str, phrase: str) -> bool:
    """Whether the text holds exactly this phrase, whatever its script, case and spacing.

    Words of alphabetic scripts count whole: "art" is not in "start".
    """
    sought = _even(phrase)
    if not sought:
        return True
    before = "" if _CJK.match(sought[0]) or not sought[0].isalnum() else r"(?<![^\W_])"
    after = "" if _CJK.match(sought[-1]) or not sought[-1].isalnum() else r"(?![^\W_])"
    if not before and not after:
        return sought in _even(text)
    # A Chinese neighbour is no part of the word: "FIC" stands alone in 在FIC里.
    before = before and f"(?<!{_EDGE})"
    after = after and f"(?!{_EDGE})"
    return re.search(before + re.escape(sought) + after, _even(text)) is not None


def holds_prefix(text: str, prefix: str) -> bool:
    """Whether a word of the text begins with the prefix, whatever its case, accents and spelling."""
    head, space, last = _even(prefix).rpartition(" ")
    sought = "|".join(map(re.escape, spellings(last)))
    return re.search(f"(?<!{_EDGE}){re.escape(head + space)}(?:{sought})", _even(text)) is not None


_EDGE = f"[^\\W_{CJK_CLASS}]"


@lru_cache(maxsize=4096)
def _alone(token: str) -> Group:
    return Group((Way((token,)),))


def _all(parts: Iterable[str]) -> list[str]:
    return [token for part in parts for token in query_tokens(part)]


def _concept(concept: Concept) -> Group | None:
    first = query_tokens(concept.said)
    others = (
        Way(held, EXPANSION_WEIGHT) for other in concept.others if (held := query_tokens(other))
    )
    return Group((Way(first), *others)) if first else None


def _either(options: Sequence[Option]) -> Group | None:
    ways = tuple(
        Way(held, option.weight) for option in options if (held := query_tokens(option.text))
    )
    return Group(ways) if ways else None


def _crossing(words: Sequence[str], concepts: Sequence[Concept]) -> Iterator[str]:
    """Pairs of Han characters, one inside a concept and one outside, that nobody meant."""
    if not concepts:
        return
    inside = [fold(concept.said) for concept in concepts]
    named = {token for concept in concepts for token in query_tokens(concept.said)}
    for word in words:
        folded = fold(word)
        spans = [
            (found.start(), found.end())
            for said in inside
            if _CJK.match(said)
            for found in re.finditer(re.escape(said), folded)
        ]
        borders = {at for span in spans for at in span}
        meant = {token.text for token in tokens(word, query=True) if token.start + 1 not in borders}
        for token in tokens(word, query=True):
            crosses = token.end - token.start == 2 and token.start + 1 in borders
            if crosses and _CJK.match(token.text) and token.text not in meant | named:
                yield token.text


def _verified(query: Query) -> Iterator[Check]:
    for phrase in query.phrases:
        if not _exact_by_token(phrase):
            yield Check((Sought(phrase),))
    for prefix in query.prefixes:
        if _LAST_WORD.search(fold(prefix)):
            yield Check((Sought(prefix, prefix=True),))
    for options in query.either:
        exact = [o.text for o in options if o.phrase and not _exact_by_token(o.text)]
        ways = (query_tokens(option.text) for option in options if option.text not in exact)
        if exact:
            yield Check(tuple(map(Sought, exact)), tuple(held for held in ways if held))


def _exact_by_token(phrase: str) -> bool:
    return _EXACT_BY_TOKEN.fullmatch(fold(phrase.strip())) is not None


def _even(text: str) -> str:
    spaced = _SPACE.sub(" ", fold(text).replace("\u2019", "'")).strip()
    return _SPACE_IN_CJK.sub("", spaced)
