"""Where a text holds what a query looks for: the places to mark, and to cut a passage around.

Words are marked wherever they stand. What counts only as a whole is marked only where it stands as one:
a quoted phrase, the other names of a term. So "first" is not marked because a term is also called
"First in Command".
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from cop.search.engine import Concept, Option, Query
from cop.search.plan import spellings
from cop.search.text import CJK_CLASS, CJK_RUN, Token, fold, token_texts, tokens

#: More characters than this between two words of a name are no little words.
_FARTHEST = 24


@dataclass(frozen=True, slots=True)
class _Sought:
    """What to look for: single tokens, sequences of words, Chinese names, and beginnings of words."""

    tokens: frozenset[str]
    words: frozenset[str]
    sequences: tuple[tuple[str, ...], ...]
    names: tuple[str, ...]
    beginnings: re.Pattern[str] | None


def matches(text: str, query: Query) -> list[Token]:
    """Return the places of the text that hold what is looked for, in reading order; they may overlap."""
    sought = _sought(query.words, query.phrases, query.either, query.concepts, query.prefixes)
    every = tokens(text, only=sought.tokens) if sought.tokens else []
    found = [token for token in every if token.text in sought.words]
    more: list[Token] = []
    if sought.names or sought.beginnings:
        folded = fold(text)
        more += (token for name in sought.names for token in _standing(folded, name))
        if sought.beginnings:
            begun = sought.beginnings.finditer(folded)
            more += (Token(match.group(), match.start(), match.end()) for match in begun)
    if sought.sequences:
        more += _in_sequence(text, every, sought.sequences)
    return sorted({*found, *more}, key=lambda one: (one.start, one.end)) if more else found


# A page asks the same of ten titles and ten texts.
@lru_cache(maxsize=64)
def _sought(
    words: tuple[str, ...],
    phrases: tuple[str, ...],
    either: tuple[tuple[Option, ...], ...],
    concepts: tuple[Concept, ...],
    prefixes: tuple[str, ...],
) -> _Sought:
    options = [option for one in either for option in one]
    whole = [
        *phrases,
        *(option.text for option in options if _is_whole(option)),
        *(other for concept in concepts for other in concept.others),
    ]
    loose = [*words, *(option.text for option in options if not _is_whole(option))]
    names = [fold(said) for said in whole if CJK_RUN.search(said)]
    spelt = [
        tuple(token.text for token in tokens(said)) for said in whole if fold(said) not in names
    ]
    single = frozenset(_needed(loose) | {one[0] for one in spelt if len(one) == 1})
    return _Sought(
        tokens=single.union(*spelt),
        words=single,
        sequences=tuple(dict.fromkeys(sequence for sequence in spelt if len(sequence) > 1)),
        names=tuple(dict.fromkeys(names)),
        beginnings=_beginnings(prefixes),
    )


def _is_whole(option: Option) -> bool:
    """Whether it was quoted, or is a name that nobody typed."""
    return option.phrase or option.weight < 1


def _needed(said: Iterable[str]) -> set[str]:
    return {token.text for part in said for token in tokens(part, query=True)}


def _standing(folded: str, name: str) -> Iterable[Token]:
    at = folded.find(name)
    while at >= 0:
        yield Token(name, at, at + len(name))
        at = folded.find(name, at + len(name))


def _beginnings(prefixes: Sequence[str]) -> re.Pattern[str] | None:
    if not prefixes:
        return None
    letter = f"[^\\W_{CJK_CLASS}]"
    stems = "|".join(re.escape(one) for prefix in prefixes for one in spellings(fold(prefix)))
    return re.compile(f"(?<!{letter})(?:{stems}){letter}*")


def _in_sequence(
    text: str, every: Sequence[Token], sequences: Sequence[tuple[str, ...]]
) -> Iterable[Token]:
    """Yield the words of the sequences where they stand side by side but for little words."""
    parts = {word for sequence in sequences for word in sequence}
    found = [token for token in every if token.text in parts]
    for at, first in enumerate(found):
        for sequence in sequences:
            run = found[at : at + len(sequence)]
            if (
                first.text == sequence[0]
                and tuple(token.text for token in run) == sequence
                and all(_side_by_side(text, *pair) for pair in pairwise(run))
            ):
                yield from run


def _side_by_side(text: str, one: Token, other: Token) -> bool:
    between = text[one.end : other.start]
    return len(between) <= _FARTHEST and not token_texts(between)
