"""Terms of one list whose names collide or nearly do, so that one may be meant where the other is chosen."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from sqlalchemy import select

from cop.core.db import db
from cop.events.models import Event
from cop.search.text import CJK_RUN
from cop.terms.events import TermsKeptApart
from cop.terms.models import LabelKind
from cop.terms.near import form_of, forms_of, is_slippery
from cop.terms.suggesting import CLOSED
from cop.terms.vocabulary import TermView, Vocabulary, vocabulary

#: Pairs of one answer; a list with more is not looked through pair by pair.
MOST = 200


@dataclass(frozen=True)
class Clash:
    """Two terms of one list, and a name of each that is the same (`same`), sounds the same, or nearly is."""

    one: TermView
    other: TermView
    same: bool
    sounds: bool = False


def clashes() -> list[Clash]:
    """Return the pairs that no curator has kept apart, the same names first; one statement beside the vocabulary."""
    words = vocabulary()
    apart = kept_apart()
    found = (
        Clash(words.by_id[one], words.by_id[other], same, sounds)
        for one, other, same, sounds in _pairs(words)
    )
    return [pair for pair in found if {pair.one.key, pair.other.key} not in apart][:MOST]


def kept_apart() -> list[set[str]]:
    """Return the pairs of keys that curators said are two things."""
    told = db.session.scalars(
        select(Event.data).where(Event.verb == TermsKeptApart.__name__).order_by(Event.id)
    )
    return [{data["key"], data["other"]} for data in told]


# Keyed by the vocabulary object itself: a new state is a new object.
@lru_cache(maxsize=2)
def _pairs(words: Vocabulary) -> tuple[tuple[int, int, bool, bool], ...]:
    rank: dict[tuple[int, int], tuple[bool, bool]] = {}
    for scheme in words.schemes:
        if scheme in CLOSED:
            continue
        terms = [
            one for one in words.by_id.values() if one.scheme == scheme and one.merged_into is None
        ]
        rank |= _of_scheme(terms)
    order = sorted(rank.items(), key=lambda one: (not one[1][0], not one[1][1], one[0]))
    return tuple((one, other, same, sounds) for (one, other), (same, sounds) in order)


def _of_scheme(terms: list[TermView]) -> dict[tuple[int, int], tuple[bool, bool]]:
    """Return which pairs clash, and whether by the same letters or by the same sound."""
    carriers: dict[str, set[int]] = {}
    spelt: dict[str, set[int]] = {}
    for term in terms:
        sound = {form_of(label.text) for label in term.texts(LabelKind.PINYIN)}
        for form in forms_of(term):
            (spelt if form in sound else carriers).setdefault(form, set()).add(term.id)
    found: dict[tuple[int, int], tuple[bool, bool]] = {}
    for near in _slips(carriers):
        found[near] = (False, False)
    for ids in spelt.values():
        found |= dict.fromkeys(combinations(sorted(ids), 2), (False, True))
    for ids in carriers.values():
        found |= dict.fromkeys(combinations(sorted(ids), 2), (True, False))
    return found


def _slips(carriers: dict[str, set[int]]) -> set[tuple[int, int]]:
    """Return the pairs with names one letter apart, found by what remains of a name when one letter is left out."""
    without: dict[str, set[str]] = {}
    for form in carriers:
        # Of Chinese names one character more or other is most often another thing.
        if is_slippery(form) and not CJK_RUN.search(form):
            for at in range(len(form)):
                without.setdefault(form[:at] + form[at + 1 :], set()).add(form)
            without.setdefault(form, set()).add(form)
    return {
        (min(one, other), max(one, other))
        for forms in without.values()
        for left, right in combinations(sorted(forms), 2)
        for one in carriers[left]
        for other in carriers[right]
        if one != other
    }
