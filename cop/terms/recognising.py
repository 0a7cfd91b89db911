"""Terms named in a text, by any label: what lets a question in one language be answered in the other.

Labels in Latin letters name a term where their words stand side by side, inflected alike and without
regard to little words; Chinese ones wherever they stand in a run of characters; pinyin with or without
tones, in whatever spacing. Of names that overlap the longest wins, and of readings of a Chinese sentence
the one that leaves least over.

Outcomes, kinds of evidence and phases have everyday words for names (有效, failed, interview): they are
recognised only where nothing else was asked for. One-character abbreviations of places never are.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from cop.search.text import CJK_RUN, fold, tokens
from cop.terms.everyday import WORDS
from cop.terms.labels import PINYIN, folded
from cop.terms.models import LabelKind
from cop.terms.vocabulary import LabelView, TermView, Vocabulary, vocabulary

#: Schemes whose names are everybody's words.
EVERYDAY = frozenset({"outcome", "evidence", "phase"})
#: A question names so many terms at most.
MOST_TERMS = 12
#: A term brings so many other names into a question at most: each costs.
MOST_OTHERS = 12

#: A word's stem or one Chinese character.
_Units = tuple[str, ...]
_NAMES = (LabelKind.PREFERRED, LabelKind.ALTERNATIVE, LabelKind.HIDDEN)
_ASIDE = re.compile(r"\s*[(\uff08][^)\uff09]*[)\uff09]\s*")
_CODE = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_SENTENCE_END = re.compile("[.!?;](?= )|[\u3002\uff01\uff1f\uff1b\n]")
_LETTERS = re.compile(r"[a-z]+")
_NO_LETTERS = re.compile(r"[^a-z]+")
_SPELT_APART = re.compile(r"[ '\u2019-]?")
_SHORTEST_PINYIN = 4


@dataclass(frozen=True, slots=True)
class Recognised:
    """A term that a text names: the words that do, and the other ways to say it."""

    said: str
    term: TermView
    others: tuple[str, ...]


class _Unit(NamedTuple):
    text: str
    start: int
    end: int


class _Named(NamedTuple):
    """A piece of a text that names terms, or is only an everyday word; its length in units."""

    start: int
    end: int
    terms: tuple[int, ...]
    length: int


@dataclass(frozen=True, slots=True)
class _Labels:
    """What terms are recognised by; made once a state of the vocabulary."""

    by_units: Mapping[_Units, tuple[int, ...]]
    #: First unit → how many units labels that begin with it have, longest first.
    lengths: Mapping[str, tuple[int, ...]]
    by_pinyin: Mapping[str, tuple[int, ...]]
    longest_pinyin: int


def recognised(text: str, *, skip: Collection[str] = (), alone: bool = True) -> list[Recognised]:
    """Return the terms a text names, in its order, but for those whose keys are to be skipped.

    Where a label is that of several terms, all of them are named. `alone` says that the text is
    all there is, and so may be an everyday word.
    """
    words = vocabulary()
    found: list[Recognised] = []
    for named in _best(_named(text, _labels(words))):
        said = text[named.start : named.end]
        terms = [words.by_id[one] for one in named.terms]
        if any(term.scheme in EVERYDAY for term in terms):
            whole = alone and not tokens(text[: named.start]) and not tokens(text[named.end :])
            terms = [term for term in terms if whole or term.scheme not in EVERYDAY]
        found += (
            Recognised(said, term, others(words, term.id, said))
            for term in terms
            if term.key not in skip
        )
    return found[:MOST_TERMS]


def others(words: Vocabulary, term_id: int, said: str) -> tuple[str, ...]:
    """Return the names of a term that would find what these words of it do not.

    In both languages; a name that holds the words, or another name, adds nothing to what they find.
    """
    known = [frozenset(token.text for token in tokens(said, query=True))]
    found = []
    for text, held in _sayings(words, term_id):
        if not any(one <= held for one in known):
            known.append(held)
            found.append(text)
    return tuple(found[:MOST_OTHERS])


# Keyed by the vocabulary object itself: a new state is a new object.
@lru_cache(maxsize=4096)
def _sayings(words: Vocabulary, term_id: int) -> tuple[tuple[str, frozenset[str]], ...]:
    """Return the names of a term with what a text must hold to hold them, the shortest first."""
    labels = [
        _shortened(label)
        for label in words.by_id[term_id].texts(*_NAMES)
        if label.lang != PINYIN and not _CODE.fullmatch(label.text)
    ]
    held = {text: frozenset(token.text for token in tokens(text, query=True)) for text in labels}
    return tuple(
        sorted(
            ((text, needed) for text, needed in held.items() if needed),
            key=lambda one: len(one[1]),
        )
    )


def _shortened(label: LabelView) -> str:
    """Return a label without what a preferred one has in brackets only to be told from others."""
    if label.kind != LabelKind.PREFERRED:
        return label.text
    return _ASIDE.sub(" ", label.text).strip() or label.text


def _best(found: Iterable[_Named]) -> list[_Named]:
    """Return those that read the text best: the fewest and longest words, none over another, names first.

    For Chinese that finds where words end: in 社会员工 not 会员, because 社会 and 员工 leave nothing over.
    """
    ends: list[int] = [0]
    # For each end so far: what the best reading up to it is worth, and how it ends.
    best: list[tuple[float, _Named | None, int]] = [(0.0, None, 0)]
    for one in sorted(found, key=lambda named: (named.end, named.start)):
        before = bisect_right(ends, one.start) - 1
        worth = best[before][0] + _worth(one)
        if worth > best[-1][0]:
            ends.append(one.end)
            best.append((worth, one, before))
    taken: list[_Named] = []
    at = len(best) - 1
    while at > 0:
        _, last, at = best[at]
        if last is not None and last.terms:
            taken.append(last)
    return taken[::-1]


def _worth(named: _Named) -> float:
    """A word costs one and saves one and a half for each character it covers; longer ones break ties."""
    return 1.5 * named.length - 1 + 0.001 * named.length**2 - (0 if named.terms else 0.1)


def _named(text: str, labels: _Labels) -> Iterator[_Named]:
    # Labels come before pinyin, so that of the two Shanxis the one that is written so is meant.
    units = list(_units(text))
    for at, first in enumerate(units):
        for length in labels.lengths.get(first.text, ()):
            if at + length > len(units):
                continue
            terms = labels.by_units.get(tuple(unit.text for unit in units[at : at + length]))
            end = units[at + length - 1].end
            if terms and not _SENTENCE_END.search(text, first.start, end):
                yield _Named(first.start, end, terms, length)
        if units[at + 1 : at + 2] and first.text + units[at + 1].text in WORDS:
            yield _Named(first.start, units[at + 1].end, (), 2)
    yield from _spelt(fold(text), labels)


def _spelt(folded: str, labels: _Labels) -> Iterator[_Named]:
    syllables = list(_LETTERS.finditer(folded))
    for at, first in enumerate(syllables):
        joined, end = "", first.start()
        for length, syllable in enumerate(syllables[at:], 1):
            joined += syllable.group()
            apart = _SPELT_APART.fullmatch(folded, end, syllable.start())
            if apart is None or len(joined) > labels.longest_pinyin:
                break
            end = syllable.end()
            if terms := labels.by_pinyin.get(joined):
                yield _Named(first.start(), end, terms, length)


def _units(text: str) -> Iterator[_Unit]:
    for token in tokens(text):
        if len(token.text) == 1 or not CJK_RUN.match(token.text):
            yield _Unit(*token)


@lru_cache(maxsize=2)
def _labels(words: Vocabulary) -> _Labels:
    by_units: dict[_Units, dict[int, None]] = {}
    by_pinyin: dict[str, dict[int, None]] = {}
    for term in words.by_id.values():
        living = words.resolved(term).id
        for units in _units_of_labels(term):
            by_units.setdefault(units, {})[living] = None
        for spelt in _pinyin_of_labels(term):
            by_pinyin.setdefault(spelt, {})[living] = None
    lengths: dict[str, set[int]] = {}
    for units in by_units:
        lengths.setdefault(units[0], set()).add(len(units))
    return _Labels(
        {units: tuple(terms) for units, terms in by_units.items()},
        {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()},
        {spelt: tuple(terms) for spelt, terms in by_pinyin.items()},
        max(map(len, by_pinyin), default=0),
    )


def _units_of_labels(term: TermView) -> Iterator[_Units]:
    for label in term.texts(*_NAMES):
        for text in dict.fromkeys((label.text, _shortened(label))):
            units = tuple(unit.text for unit in _units(text))
            # One character says too little; one word is a name like any other.
            if units and (len(units) > 1 or not CJK_RUN.match(units[0])):
                yield units


def _pinyin_of_labels(term: TermView) -> Iterator[str]:
    for label in term.labels:
        if label.lang == PINYIN:
            typed = (label.text.lower().replace("\u00fc", "v"), label.text)
            for joined in {_NO_LETTERS.sub("", fold(text)) for text in typed}:
                if len(joined) >= _SHORTEST_PINYIN:
                    yield joined


def terms_called(text: str, scheme: str) -> list[TermView]:
    """Return the terms of a scheme that the whole text is a name of: a label of any kind, or the key.

    Here, where a place is asked for, 京 and 沪 are names as well.
    """
    words = vocabulary()
    labels = _labels(words)
    wanted = folded(text)
    ids = dict.fromkeys(labels.by_units.get(tuple(unit.text for unit in _units(text)), ()))
    if not ids:
        ids |= dict.fromkeys(labels.by_pinyin.get(_NO_LETTERS.sub("", wanted), ()))
    ids |= dict.fromkeys(words.by_label.get(wanted, ()))
    ids |= dict.fromkeys(words.by_abbreviation.get(wanted, ()))
    if wanted in words.by_key:
        ids[words.by_key[wanted].id] = None
    living = dict.fromkeys(words.resolved(words.by_id[one]).id for one in ids)
    return [words.by_id[one] for one in living if words.by_id[one].scheme == scheme]
