"""The filters beside the results: only what occurs among them, with counts as this reader may see them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from heapq import nlargest

from cop.core.i18n import LazyString, _l, current_lang, pick
from cop.core.types import Lang
from cop.discover import authors
from cop.entries.kinds import KINDS
from cop.people.viewer import Viewer
from cop.terms.vocabulary import IN_GIVEN_ORDER, TermView, Vocabulary, vocabulary
from cop.web.filters import period

#: How many of each each reader sees without asking for the others.
FEW = 5
#: Names are read from the database, and nobody reads through more people or organisations.
_MOST_NAMES = 12
#: How often each value occurs, by facet; None where the numbers could tell of something just closed.
Counts = Mapping[str, Mapping[str, int]]
Chosen = Mapping[str, Sequence[str]]

#: The facets in their order: name in the address, title, and whether it stands open without a choice.
_FACETS: tuple[tuple[str, LazyString, bool], ...] = (
    ("kind", _l("Kind"), True),
    ("outcome", _l("Outcome"), True),
    ("strategy", _l("Strategy"), True),
    ("place", _l("Place"), True),
    ("sector", _l("Field of work"), False),
    ("period", _l("Period"), False),
    ("evidence", _l("Kind of evidence"), False),
    ("by", _l("Written by"), False),
)
_YEAR = re.compile(r"[12][0-9]{3}")
_SCHEMES = frozenset({"outcome", "strategy", "sector", "evidence"})


@dataclass(frozen=True)
class Choice:
    """A value that can be ticked; `count` is None where no number can be given."""

    value: str
    name: str
    lang: Lang | None
    count: int | None
    chosen: bool
    #: Places that lie inside it, where it was opened.
    inside: "tuple[Choice, ...]" = ()


@dataclass(frozen=True)
class Facet:
    """What results can be narrowed by: the most frequent values, and behind them the others."""

    name: str
    title: LazyString
    first: tuple[Choice, ...]
    others: tuple[Choice, ...]
    open: bool


@dataclass(frozen=True)
class Chip:
    """A filter in use, to be taken off."""

    name: str
    value: str
    text: str
    lang: Lang | None


def facets(viewer: Viewer, counts: Counts | None, chosen: Chosen) -> list[Facet]:
    """Return the filters: values that occur and those chosen, the most frequent first."""
    made = []
    for name, title, is_open in _FACETS:
        found = _counted((counts or {}).get(name, {}), chosen.get(name, ()), known=bool(counts))
        choices = _CHOICES[name](viewer, found, frozenset(chosen.get(name, ())))
        if len(choices) > 1 or any(choice.chosen or choice.inside for choice in choices):
            first, others = _first_few(choices)
            made.append(Facet(name, title, first, others, is_open or bool(chosen.get(name))))
    return made


def _first_few(choices: Sequence[Choice]) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    """Return what is shown at once, with all that is chosen, and the others; one alone is not hidden."""
    first = [
        choice
        for place, choice in enumerate(choices)
        if place < FEW or choice.chosen or choice.inside
    ]
    others = [choice for choice in choices if choice not in first]
    return (tuple(choices), ()) if len(others) == 1 else (tuple(first), tuple(others))


def chips(shown: Sequence[Facet], chosen: Chosen) -> list[Chip]:
    """Return the filters in use, with their names; the language has a control of its own."""
    names = {
        (facet.name, choice.value): choice
        for facet in shown
        for choice in _flat((*facet.first, *facet.others))
    }
    made = []
    for name, _title, _open in _FACETS:
        for value in chosen.get(name, ()):
            known = names.get((name, value))
            lang = known.lang if known else None
            made.append(Chip(name, value, known.name if known else value, lang))
    return made


_Found = Mapping[str, int | None]


def _counted(counts: Mapping[str, int], chosen: Sequence[str], *, known: bool) -> _Found:
    nothing = 0 if known else None
    return {**dict.fromkeys(chosen, nothing), **{value: n for value, n in counts.items() if n}}


def _flat(choices: Sequence[Choice]) -> list[Choice]:
    return [one for choice in choices for one in (choice, *_flat(choice.inside))]


def _frequent(choices: Sequence[Choice]) -> list[Choice]:
    return sorted(choices, key=lambda choice: -(choice.count or 0))


def _kinds(_viewer: Viewer, found: _Found, chosen: frozenset[str]) -> list[Choice]:
    return _frequent(
        [
            Choice(name, str(KINDS[name].label_plural), None, count, name in chosen)
            for name, count in sorted(found.items())
            if name in KINDS
        ]
    )


def _terms(scheme: str) -> Callable[[Viewer, _Found, frozenset[str]], list[Choice]]:
    def choices(_viewer: Viewer, found: _Found, chosen: frozenset[str]) -> list[Choice]:
        words = vocabulary()
        living = [
            words.by_key[key]
            for key in found
            if key in words.by_key
            and words.by_key[key].scheme == scheme
            and words.by_key[key].merged_into is None
        ]
        lang = current_lang()
        made = [_choice(term, found, chosen, lang) for term in words.ordered(living, lang)]
        return made if scheme in IN_GIVEN_ORDER else _frequent(made)

    return choices


def _choice(
    term: TermView,
    found: _Found,
    chosen: frozenset[str],
    reader: Lang,
    inside: Sequence[Choice] = (),
) -> Choice:
    name, lang = pick(term.name, reader)
    return Choice(term.key, name, lang, found.get(term.key), term.key in chosen, tuple(inside))


def _places(_viewer: Viewer, found: _Found, chosen: frozenset[str]) -> list[Choice]:
    """Return the provinces, with what lies inside where one was chosen; one country around all is left out."""
    words = vocabulary()
    known = {
        words.by_key[key].id: words.by_key[key]
        for key in found
        if key in words.by_key
        and words.by_key[key].scheme == "place"
        and words.by_key[key].merged_into is None
    }
    opened = {
        around.id
        for term in known.values()
        if term.key in chosen
        for around in words.above(term.id)
    }
    tops = [term for term in known.values() if not any(one in known for one in term.broader)]
    parted = [term for term in tops if _below(term, known)]
    if len(parted) == 1 and parted[0].key not in chosen and not parted[0].broader:
        # Nearly everything lies in the one country: its provinces stand in its place.
        tops = [*_below(parted[0], known), *(term for term in tops if term is not parted[0])]
    return _branches(words, tops, known, opened, found, chosen)


def _below(term: TermView, known: Mapping[int, TermView]) -> list[TermView]:
    return [known[one] for one in term.narrower if one in known]


def _branches(
    words: Vocabulary,
    terms: Sequence[TermView],
    known: Mapping[int, TermView],
    opened: set[int],
    found: _Found,
    chosen: frozenset[str],
) -> list[Choice]:
    made, lang = [], current_lang()
    for term in words.ordered(terms, lang):
        inside: list[Choice] = []
        if term.id in opened:
            # What a circle of places has shown already is not shown again.
            rest = {one: place for one, place in known.items() if one != term.id}
            inside = _branches(words, _below(term, rest), rest, opened, found, chosen)
        made.append(_choice(term, found, chosen, lang, inside))
    return _frequent(made)


def _periods(_viewer: Viewer, found: _Found, chosen: frozenset[str]) -> list[Choice]:
    made = []
    for value in sorted(found, reverse=True):
        name = span(value)
        if name:
            made.append(Choice(value, name, None, found[value], value in chosen))
    return made


def span(value: str) -> str:
    """Return a span of years, `2005-2009`, as the reader writes it; "" for what is none."""
    first, _dash, last = value.partition("-")
    if not (_YEAR.fullmatch(first) and _YEAR.fullmatch(last)):
        return ""
    return period(date(int(first), 1, 1), date(int(last), 1, 1), "year")


def _names(viewer: Viewer, found: _Found, chosen: frozenset[str]) -> list[Choice]:
    most = (value for kind in ("user:", "org:") for value in _most(found, chosen, kind))
    names = authors.names_of(viewer, list(most))
    made = [Choice(value, *names[value], found[value], value in chosen) for value in names]
    return _frequent(sorted(made, key=lambda choice: choice.name))


def _most(found: _Found, chosen: frozenset[str], kind: str) -> list[str]:
    """Return the chosen values of a kind and the most frequent others; a large site has thousands of them."""
    often = {value: count or 0 for value, count in found.items() if value.startswith(kind)}
    least = min(nlargest(_MOST_NAMES, often.values()), default=0)
    near = (value for value, count in often.items() if count >= least or value in chosen)
    return sorted(near, key=lambda one: (one not in chosen, -often[one], one))[:_MOST_NAMES]


_CHOICES: Mapping[str, Callable[[Viewer, _Found, frozenset[str]], list[Choice]]] = {
    "kind": _kinds,
    **{scheme: _terms(scheme) for scheme in sorted(_SCHEMES)},
    "place": _places,
    "period": _periods,
    "by": _names,
}


def narrowest(chosen: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """Return the filters as they are meant: of a place and one inside it, both ticked, the one inside."""
    words = vocabulary()
    given = [words.by_key[key] for key in chosen.get("place", ()) if key in words.by_key]
    around = {place.key for term in given for place in words.above(words.resolved(term).id)[1:]}
    kept = tuple(key for key in chosen.get("place", ()) if key not in around)
    return {**chosen, "place": kept}
