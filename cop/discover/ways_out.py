"""Where to go from an empty page: what was meant, terms that are near, fewer words, fewer filters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from cop.discover.answers import count
from cop.discover.asking import Asked
from cop.discover.indexing import engine
from cop.discover.lately import changed_lately
from cop.discover.meant import meant, nearest_terms
from cop.discover.searching import Found
from cop.discover.understanding import Understood, understand
from cop.entries import policy
from cop.people.viewer import Viewer
from cop.search.engine import IndexProblem, Query
from cop.terms.refs import TermRef

#: From so many results on, which hold every word, nobody is asked whether she meant something else.
FEW_RESULTS = 3
_NEAREST = 5


@dataclass(frozen=True)
class Shorter:
    """The question with less in it, and how much that finds."""

    text: str
    count: int


@dataclass(frozen=True)
class WaysOut:
    """What an empty page offers; everything here finds something, for this viewer."""

    #: How much the words find without any filter, where filters left nothing.
    unfiltered: int = 0
    #: Names of filters, and how much is found without each.
    without: Sequence[tuple[str, int]] = ()
    shorter: Sequence[Shorter] = ()
    terms: Sequence[TermRef] = ()


def did_you_mean(viewer: Viewer, found: Found) -> str:
    """Return a question that finds more, "" where there is no doubt about this one or nothing near is known."""
    asked = found.asked
    if not asked.text or asked.page > 1 or found.degraded:
        return ""
    few = found.total is not None and found.total < FEW_RESULTS
    if few or _in_no_text(viewer, found.unmet):
        return meant(viewer, asked.text, asked) or ""
    return ""


def _in_no_text(viewer: Viewer, said: Sequence[str]) -> bool:
    """Tell whether one of these stands in nothing that the viewer may find."""
    if not said:
        return False
    try:
        return 0 in engine().holding(said, labels=policy.listed_labels(viewer))
    except IndexProblem:
        return False


def ways_out(viewer: Viewer, asked: Asked, understood: Understood) -> WaysOut:
    """Return the ways on from nothing found."""
    terms = nearest_terms(understood.words or asked.text, _NEAREST)
    try:
        return replace(
            _less(viewer, asked, understood),
            terms=[ref for ref in terms if ref.id not in {one.ref.id for one in understood.terms}],
        )
    except IndexProblem:
        return WaysOut(terms=terms)


def _less(viewer: Viewer, asked: Asked, understood: Understood) -> WaysOut:
    chosen = [name for name, values in understood.filters.items() if values]
    query = understood.query
    if chosen:
        unfiltered = count(viewer, replace(query, filters={})) or 0
        if unfiltered:
            names = chosen if len(chosen) > 1 else []
            without = [(name, count(viewer, _without(query, name)) or 0) for name in names]
            return WaysOut(unfiltered, [one for one in without if one[1]])
    return WaysOut(shorter=_shorter(viewer, asked, understood))


def _without(query: Query, name: str) -> Query:
    facet = "lang" if name == "text" else name
    left = {key: values for key, values in query.filters.items() if key != facet}
    return replace(query, filters=left)


def _shorter(viewer: Viewer, asked: Asked, understood: Understood) -> list[Shorter]:
    """Return the question without its quotation marks and without its rarest word, where that finds something."""
    query = understood.query
    if query.either or query.prefixes or understood.typed:
        return []
    loose = " ".join((*query.words, *query.phrases)) if query.all_words else ""
    found: list[Shorter] = []
    for text in dict.fromkeys((loose, _without_rarest(viewer, query))):
        if text:
            without_filters = Asked(text, sort=asked.sort)
            number = count(viewer, understand(viewer, without_filters).query)
            if number:
                found.append(Shorter(text, number))
    return found


def _without_rarest(viewer: Viewer, query: Query) -> str:
    """Return the words but the one that the fewest entries hold; "" where one is all there is."""
    said = (*query.words, *query.phrases)
    # Which word is rarest could tell of an entry that was closed a moment ago.
    if len(said) < 2 or changed_lately(viewer).closed:
        return ""
    held = engine().holding(said, labels=policy.listed_labels(viewer))
    rarest = min(range(len(said)), key=held.__getitem__)
    return " ".join(part for place, part in enumerate(said) if place != rarest)
