"""What the page of a search shows around its results: controls, filters, what the words were taken for."""

from collections.abc import Sequence
from dataclasses import dataclass

from cop.core.i18n import _, _n, current_lang
from cop.core.text import guess_lang
from cop.core.types import Lang
from cop.discover.facets import Chip, Facet, chips, facets
from cop.discover.searching import Found
from cop.discover.understanding import ExpandedTerm
from cop.discover.ways_out import WaysOut, did_you_mean, ways_out
from cop.people.viewer import Viewer
from cop.search.engine import Sort
from cop.terms.refs import TermRef, ref_of
from cop.terms.vocabulary import vocabulary
from cop.web.addresses import url_also, url_with, url_without

#: Other names of a term that are told; the rest stand on its page.
_NAMES_TOLD = 6

#: (text, address, is it the present one, language of the text)
Segment = tuple[str, str, bool, str]


@dataclass(frozen=True)
class Off:
    """A filter in use and the address without it."""

    chip: Chip
    href: str


@dataclass(frozen=True)
class Brought:
    """A term the words name, its other names that are searched too, and the address without them."""

    ref: TermRef
    also: Sequence[tuple[str, Lang]]
    off: str


@dataclass(frozen=True)
class Wider:
    """The name of a filter, the address without it, and how much is found there."""

    name: str
    href: str
    count: int


@dataclass(frozen=True)
class SearchPage:
    """Everything around the results."""

    title: str
    langs: Sequence[Segment]
    sorts: Sequence[Segment]
    facets: Sequence[Facet]
    chips: Sequence[Off]
    #: What the form of the filters hands on besides them: (name, value).
    hidden: Sequence[tuple[str, str]]
    terms: Sequence[Brought]
    #: Terms that were taken off, and the address with each again.
    left_out: Sequence[tuple[TermRef, str]]
    #: Another spelling that finds more, or "".
    meant: str
    ways: WaysOut | None
    wider: Sequence[Wider]


def search_page(viewer: Viewer, found: Found) -> SearchPage:
    """Return what stands around the results of a search."""
    asked, understood = found.asked, found.understood
    shown = facets(viewer, found.counts, understood.filters)
    nothing = found.total == 0 and bool(asked.text or understood.filters)
    ways = ways_out(viewer, asked, understood) if nothing else None
    return SearchPage(
        title=_title(found),
        langs=_langs(found),
        sorts=_sorts(found),
        facets=[facet for facet in shown if found.rows or _is_chosen(facet)],
        chips=_chips(found, shown),
        hidden=_hidden(found),
        terms=[_brought(term) for term in understood.terms],
        left_out=_left_out(found),
        meant=did_you_mean(viewer, found),
        ways=ways,
        wider=_wider(shown, ways) if ways else (),
    )


def _title(found: Found) -> str:
    if not found.asked.text:
        return _("Search")
    if not found.total:
        return _("Search: %(words)s", words=found.asked.text)
    return _("“%(words)s”: %(results)s", words=found.asked.text, results=results_in_words(found))


def results_in_words(found: Found) -> str:
    """Return how much was found, as the heading says it."""
    if found.total is None:
        return _("Very many results")
    if not found.total:
        return _("Nothing found")
    return _n("%(num)d result", "%(num)d results", found.total)


def _is_chosen(facet: Facet) -> bool:
    return any(choice.chosen or choice.inside for choice in (*facet.first, *facet.others))


#: Languages as they name themselves.
_NAMES = {Lang.ZH: "中文", Lang.EN: "English"}


def _langs(found: Found) -> list[Segment]:
    """Return the languages of the texts to choose between, the reader's first; none where there is no choice."""
    chosen = found.understood.filters.get("text", ())
    counts = (found.counts or {}).get("lang", {})
    present = [lang for lang in Lang if counts.get(lang.value)]
    if not chosen and len(present) < len(Lang):
        return []
    typed = next((one for one in found.understood.typed if one.name == "text"), None)
    rest = typed.text_without if typed else found.asked.text
    made = [(_("Both"), url_with(q=rest, text=None, page=None), not chosen, "")]
    for lang in sorted(Lang, key=lambda one: one is not current_lang()):
        name = (
            _NAMES[lang] if found.counts is None else f"{_NAMES[lang]} {counts.get(lang.value, 0)}"
        )
        href = url_with(q=rest, text=lang.tag, page=None)
        made.append((name, href, chosen == (lang.tag,), lang.value))
    return made


def _sorts(found: Found) -> list[Segment]:
    """Return the orders to choose between; none where there is nothing to order."""
    asked = found.asked
    query = found.understood.query
    words = query.words or query.phrases or query.prefixes or query.either
    if found.degraded or not words or (found.total is not None and found.total < 2):
        return []
    offered = [(Sort.BEST, _("Best match")), (Sort.NEWEST, _("Newest"))]
    if found.discussed or asked.sort is Sort.DISCUSSED:
        offered.append((Sort.DISCUSSED, _("Most discussed")))
    return [
        (
            name,
            url_with(sort=None if sort is Sort.BEST else sort.value, page=None),
            asked.sort is sort,
            "",
        )
        for sort, name in offered
    ]


def _chips(found: Found, shown: Sequence[Facet]) -> list[Off]:
    typed = {(one.name, one.value): one for one in found.understood.typed}
    made = []
    for chip in chips(shown, found.understood.filters):
        there = typed.get((chip.name, chip.value))
        chosen = chip.value in found.asked.filters.get(chip.name, ())
        href = (
            url_with(q=there.text_without, page=None)
            if there and not chosen
            else url_without(chip.name, chip.value)
        )
        made.append(Off(chip, href))
    return made


def _hidden(found: Found) -> list[tuple[str, str]]:
    """Return what choosing filters leaves as it is; filters that were typed become ticked boxes."""
    asked = found.asked
    kept = [("q", found.understood.text)]
    kept += [("text", tag) for tag in found.understood.filters.get("text", ())]
    if asked.sort is not Sort.BEST:
        kept.append(("sort", asked.sort.value))
    if asked.exact:
        kept.append(("exact", "1"))
    return kept + [("without", key) for key in asked.without]


def _brought(term: ExpandedTerm) -> Brought:
    names = {term.ref.name, term.ref.other, term.said}
    also = [one for one in term.others if one not in names][:_NAMES_TOLD]
    return Brought(
        ref=term.ref,
        also=[(one, guess_lang(one, default=Lang.EN)) for one in also],
        off=url_also("without", term.ref.key),
    )


def _left_out(found: Found) -> list[tuple[TermRef, str]]:
    known = vocabulary().by_key
    return [
        (ref_of(known[key]), url_without("without", key))
        for key in found.asked.without
        if key in known
    ]


def _wider(shown: Sequence[Facet], ways: WaysOut) -> list[Wider]:
    names = {facet.name: str(facet.title) for facet in shown} | {"text": _("Language of the text")}
    return [
        Wider(names[name], url_with(**{name: None, "page": None}), number)
        for name, number in ways.without
        if name in names
    ]
