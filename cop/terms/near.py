"""Which terms have names like these: the same, spelt alike, sounding alike, or a slip away."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from cop.core.types import Lang
from cop.search.text import CJK_RUN
from cop.terms.labels import folded, pinyin_of
from cop.terms.models import LabelKind
from cop.terms.nearest import nearest
from cop.terms.vocabulary import TermView, Vocabulary

_NAMES = (LabelKind.PREFERRED, LabelKind.ALTERNATIVE, LabelKind.HIDDEN, LabelKind.PINYIN)
#: Forms shorter than this are compared whole: a slip makes another word of a short one.
_HAN, _LATIN = 4, 6


def form_of(label: str) -> str:
    """Return what a label is compared by: folded, without gaps, so that spacing and hyphens make no difference."""
    return "".join(one for one in folded(label) if one.isalnum())


def is_slippery(form: str) -> bool:
    """Tell whether a form is long enough that another one letter away may be meant for it."""
    return len(form) >= (_HAN if CJK_RUN.search(form) else _LATIN)


def forms_of(term: TermView) -> frozenset[str]:
    """Return what the names of a term are compared by, its pinyin among them."""
    forms = (form_of(label.text) for label in term.texts(*_NAMES))
    return frozenset(form for form in forms if form)


def like_names(
    words: Vocabulary, name: Mapping[str, str], schemes: Iterable[str], limit: int = 6
) -> list[TermView]:
    """Return the living terms of these lists whose names are like these, the same ones first."""
    wanted = {form_of(text) for text in name.values()} | {
        form_of(pinyin_of(name.get(Lang.ZH.value, "")))
    }
    wanted.discard("")
    table = _table(words)
    found = [term_id for form in sorted(wanted) for term_id in table.get(form, ())]
    for form in sorted(wanted):
        found += _slips(table, form)
    for text in name.values():
        found += [term.id for term in nearest(words, text, limit=2)]
    asked = set(schemes)
    terms = (words.resolved(words.by_id[one]) for one in found)
    near = {term.id: term for term in terms if term.scheme in asked}
    return list(near.values())[:limit]


def _slips(table: Mapping[str, tuple[int, ...]], form: str) -> list[int]:
    # Imported here because only who suggests a term needs it.
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    if not is_slippery(form):
        return []
    near = extract(form, table.keys(), scorer=OSA.distance, score_cutoff=1, limit=10)
    return [one for other, *_rest in near if is_slippery(other) for one in table[other]]


# Keyed by the vocabulary object itself: a new state is a new object.
@lru_cache(maxsize=2)
def _table(words: Vocabulary) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for term in words.by_id.values():
        for form in forms_of(term):
            found[form] = (*found.get(form, ()), term.id)
    return found
