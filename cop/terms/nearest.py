"""Which terms a text comes nearest to, by the words and Han characters it shares with their names."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log, sqrt

from cop.search.text import fold, tokens
from cop.terms.labels import PINYIN
from cop.terms.models import LabelKind
from cop.terms.vocabulary import TermView, Vocabulary

#: Schemes whose words are everyday words.
_EVERYDAY = frozenset({"outcome", "evidence"})
_NAMES = (LabelKind.PREFERRED, LabelKind.ALTERNATIVE, LabelKind.HIDDEN)
#: A word of this length and more is also taken for one that is a slip or two away.
_SLIP, _TWO_SLIPS = 5, 8
#: How near a name must be (1 is the same words), and beside the nearest one.
_LEAST, _BESIDE_BEST = 0.2, 0.5
#: The weight of a word no name has, beside that of one in a single name.
_STRANGE = 0.4
_LONGEST = 200


@dataclass(frozen=True)
class _Labels:
    """The names of all terms as weighted words: what stands in few of them says more."""

    names: tuple[tuple[int, frozenset[str], float], ...]
    weights: Mapping[str, float]
    #: Latin words as they are written, and what they are searched as.
    written: Mapping[str, str]


def nearest(
    words: Vocabulary, text: str, *, more: Iterable[int] = (), limit: int = 5
) -> list[TermView]:
    """Return the living terms nearest to a text, nearest first; `more` are terms known to be near otherwise."""
    labels = _labels(words)
    wanted = _wanted(labels, text)
    scores: dict[int, float] = {}
    size = sqrt(sum(weight * weight for weight in wanted.values()))
    for term_id, held, length in labels.names:
        shared = sum(weight * labels.weights[one] for one, weight in wanted.items() if one in held)
        if shared:
            scores[term_id] = max(scores.get(term_id, 0.0), shared / (size * length))
    for term_id in more:
        if (term := _living(words, term_id)) is not None:
            scores[term.id] = scores.get(term.id, 0.0) + 1
    least = max(_LEAST, _BESIDE_BEST * max(scores.values(), default=0.0))
    ranked = sorted((-score, term_id) for term_id, score in scores.items() if score >= least)
    return [words.by_id[term_id] for _score, term_id in ranked[:limit]]


def _wanted(labels: _Labels, text: str) -> dict[str, float]:
    """Return the words of the text as the names have them; one that none has weighs little."""
    rarest = max(labels.weights.values(), default=1.0)
    found: dict[str, float] = {}
    folded = fold(text[:_LONGEST])
    for token in tokens(folded, query=True):
        meant = token.text
        if meant not in labels.weights:
            meant = _slip(labels, folded[token.start : token.end]) or meant
        found[meant] = labels.weights.get(meant, rarest * _STRANGE)
    return found


def _slip(labels: _Labels, word: str) -> str:
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extractOne

    if len(word) < _SLIP or not word.isascii():
        return ""
    slips = 2 if len(word) >= _TWO_SLIPS else 1
    near = extractOne(word, labels.written.keys(), scorer=OSA.distance, score_cutoff=slips)
    return labels.written[near[0]] if near else ""


# Keyed by the vocabulary object itself: a new state is a new object.
@lru_cache(maxsize=2)
def _labels(words: Vocabulary) -> _Labels:
    told: dict[tuple[int, frozenset[str]], None] = {}
    written: dict[str, str] = {}
    for term in words.by_id.values():
        living = _living(words, term.id)
        for label in term.texts(*_NAMES):
            if living is None or label.lang == PINYIN:
                continue
            held = tokens(label.folded, query=True)
            told[living.id, frozenset(token.text for token in held)] = None
            written |= {
                label.folded[token.start : token.end]: token.text
                for token in held
                if token.text.isascii()
            }
    counts = Counter(one for _id, texts in told for one in texts)
    weights = {one: log(1 + len(told) / count) for one, count in counts.items()}
    names = tuple(
        (term_id, held, sqrt(sum(weights[one] ** 2 for one in held)))
        for term_id, held in told
        if held
    )
    return _Labels(names, weights, written)


def _living(words: Vocabulary, term_id: int) -> TermView | None:
    term = words.by_id.get(term_id)
    living = words.resolved(term) if term is not None else None
    return living if living is not None and living.scheme not in _EVERYDAY else None
