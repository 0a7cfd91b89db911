"""From a query to the tokens an engine works with, and the exact test for a phrase."""

import re
from dataclasses import dataclass

from cop.search.engine import Query
from cop.search.text import CJK_CLASS, fold, tokens

_SPACE = re.compile(r"\s+")
_SPACE_IN_CJK = re.compile(rf"(?<=[{CJK_CLASS}]) (?=[{CJK_CLASS}])")
_EXACT_BY_TOKEN = re.compile(rf"[{CJK_CLASS}]{{1,2}}")
_CJK = re.compile(f"[{CJK_CLASS}]")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a document must hold (`needed`), what it must not, and what is still to be verified.

    `everything` asks for all documents there are; `nothing` says that the query has words but
    none that could be in an index. `phrases` are those that tokens alone cannot settle.
    """

    needed: tuple[str, ...]
    excluded: tuple[frozenset[str], ...]
    phrases: tuple[str, ...]
    all_words: bool
    everything: bool
    nothing: bool


def plan(query: Query) -> Plan:
    """The plan for a query."""
    said = (*query.words, *query.phrases)
    needed = dict.fromkeys(token.text for part in said for token in tokens(part, query=True))
    excluded = (frozenset(t.text for t in tokens(part, query=True)) for part in query.exclusions)
    return Plan(
        needed=tuple(needed),
        excluded=tuple(held for held in excluded if held),
        phrases=tuple(p for p in query.phrases if not _EXACT_BY_TOKEN.fullmatch(fold(p.strip()))),
        all_words=query.all_words,
        everything=not said,
        nothing=bool(said) and not needed,
    )


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
    edge = f"[^\\W_{CJK_CLASS}]"
    before = before and f"(?<!{edge})"
    after = after and f"(?!{edge})"
    return re.search(before + re.escape(sought) + after, _even(text)) is not None


def _even(text: str) -> str:
    spaced = _SPACE.sub(" ", fold(text).replace("\u2019", "'")).strip()
    return _SPACE_IN_CJK.sub("", spaced)
