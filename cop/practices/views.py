"""Pages of practices: the list, one strategy's page, the notes behind its numbers, its ledger as CSV."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop.core import clock
from cop.core.errors import NotFound
from cop.core.i18n import current_lang, pick
from cop.core.types import Lang
from cop.entries import queries
from cop.entries.around import around
from cop.entries.cards import Heading, cards, headings
from cop.entries.comparing import shown as html_of
from cop.entries.draft import EDITORS
from cop.entries.models import Entry, LinkKind
from cop.entries.pages import TALK_ARGS, reading, talk_of_request
from cop.entries.saying import comment_form
from cop.entries.taken import contributors
from cop.notes.trying import shown_beside
from cop.notes.wording import DURABILITY, EVIDENCE, RELATIONS
from cop.people.sessions import current_viewer
from cop.people.viewer import Grant, Viewer
from cop.practices import charts, queries as practices
from cop.practices.draft import SECTION_TITLES, SECTIONS, STEPS, SUMMARY
from cop.practices.kept import ledger_of
from cop.practices.ledger import KNOWN, Ledger, LedgerFilter
from cop.practices.steps import steps
from cop.practices.table import BYTE_ORDER_MARK, as_csv, notes_of, page_of_notes
from cop.practices.wording import GRADES, MEANINGS, day, said_of
from cop.terms import queries as terms
from cop.terms.refs import ref_of, refs
from cop.terms.vocabulary import TermView, vocabulary
from cop.web.addresses import kept_args
from cop.web.cache import public_page
from cop.web.filters import here

bp = Blueprint("practices", __name__, url_prefix="/practices")

FILTERS = ("outcome", "province", "organisation", "durability", "evidence", "source", "relation")


@bp.get("/")
@public_page()
def index() -> ResponseReturnValue:
    """Every strategy: those with a page and its grade, and those that wait for one."""
    rows = practices.strategies(current_viewer())
    return render_template(
        "practices/index.html",
        pages=[row for row in rows if row.has_page],
        unwritten=[row for row in rows if not row.has_page],
        grades=GRADES,
        strip=charts.strip,
        in_words=charts.in_words,
    )


@bp.get("/<key>")
@public_page("text", *TALK_ARGS)
def show(key: str) -> ResponseReturnValue:
    """The page of a strategy, or the invitation to start it; a merged one leads to where it is."""
    viewer = current_viewer()
    found = practices.strategy(key)
    term = vocabulary().resolved(found)
    if term.key != key:
        kept = kept_args("text", *TALK_ARGS)
        return redirect(url_for("practices.show", key=term.key, **kept), 301)
    entry = practices.page_for(viewer, term)
    shared = _evidence(viewer, term)
    if entry is None:
        return render_template(
            "practices/unwritten.html",
            definition=pick(term.definition),
            may_begin=viewer.has(Grant.CURATOR),
            **shared,
        )
    return _page(viewer, entry, term, shared)


def _page(
    viewer: Viewer, entry: Entry, term: TermView, shared: dict[str, Any]
) -> ResponseReturnValue:
    text = queries.text_for(entry, Lang.of_tag(request.args.get("text", "")) or current_lang())
    revision = queries.current(text)
    html, facts = html_of(viewer, entry, revision), practices.shown(viewer, entry, term)
    there = around(viewer, entry)
    talk = talk_of_request(viewer, entry, there)
    page = reading(viewer, entry, text, revision)
    cited = [(one.key, one.at) for one in facts.sources]
    return render_template(
        "practices/show.html",
        page=page,
        tellings=[
            (name, url_for("practices.show", key=term.key, text=Lang(lang).tag), shown, lang)
            for name, _href, shown, lang in page.tellings()
        ],
        facts=facts,
        grade=GRADES[facts.facts.grade],
        meaning=MEANINGS[facts.facts.grade],
        reason=pick(facts.facts.grade_reason),
        reviewed_on=day(facts.facts.reviewed_on),
        review_by=day(facts.facts.review_by),
        today=here(clock.now()).date(),
        summary=html.get(SUMMARY, ""),
        sections=[
            (name, SECTION_TITLES[name], html[name])
            for name in SECTIONS
            if name != SUMMARY and html.get(name)
        ],
        steps=steps(html.get(STEPS, ""), cited),
        steps_key=STEPS,
        beside=_beside(facts.attached),
        sources=terms.cited_once(one for one in facts.sources if one.key != EDITORS),
        cited=cards(viewer, facts.cited),
        related=practices.related_pages(viewer, facts.related),
        contributors=contributors(viewer, entry),
        discussed_in=there.headings(LinkKind.ABOUT),
        **shown_beside(viewer, entry, there),
        talk=talk,
        talk_form=comment_form(talk),
        **shared,
    )


def _beside(attached: Mapping[str, Sequence[Entry]]) -> dict[str, list[Heading]]:
    """Return what is cited at each place of a page, as links; two queries for all of them."""
    notes = {one.id: one for found in attached.values() for one in found}
    told = dict(zip(notes, headings(list(notes.values())), strict=True))
    return {at: [told[one.id] for one in found] for at, found in attached.items()}


def _evidence(viewer: Viewer, term: TermView) -> dict[str, Any]:
    """Return what the ledger's part of a page needs."""
    ledger = ledger_of(viewer, term.id)
    in_list = terms.page(replace(viewer, lang=current_lang()), term)
    return {
        "term": ref_of(term),
        "in_list": in_list,
        "names": terms.grouped_labels(in_list.labels),
        "ledger": ledger,
        "provinces": provinces_of(ledger),
        "notes": notes_of(viewer, ledger.uses[: practices.ON_PAGE]),
        "strip": charts.strip,
        "plot": charts.plot(ledger),
        "in_words": charts.in_words,
        "durability": DURABILITY,
        "evidence": EVIDENCE,
        "compared": RELATIONS,
    }


def provinces_of(ledger: Ledger) -> list[Any]:
    """Return the provinces of a ledger as terms, the one with the most experiences first."""
    words = vocabulary()
    ids = [words.by_key[key].id for key in ledger.provinces]
    known = refs(ids)
    return [known[one] for one in ids]


@bp.get("/<key>/notes")
@public_page("older", "newer", *FILTERS)
def notes(key: str) -> ResponseReturnValue:
    """Exactly the notes behind one number of the ledger."""
    viewer = current_viewer()
    term = vocabulary().resolved(practices.strategy(key))
    if term.key != key:
        kept = kept_args(*FILTERS)
        return redirect(url_for("practices.notes", key=term.key, **kept), 301)
    narrow = LedgerFilter(**{name: request.args.get(name, "") for name in FILTERS})
    ledger = ledger_of(viewer, term.id)
    uses = ledger.narrowed(narrow)
    return render_template(
        "practices/notes.html",
        term=ref_of(term),
        narrow=narrow,
        said=said_of(narrow),
        counted=ledger.count(narrow),
        # The number that led here, where it counted neither experiences nor notes.
        organisations=ledger.organisations_in(narrow) if narrow.organisation == KNOWN else None,
        provinces=ledger.provinces_in(narrow) if narrow.province == KNOWN else None,
        csv=url_for("practices.ledger_csv", key=term.key),
        page=page_of_notes(
            viewer,
            uses,
            older=request.args.get("older", type=int),
            newer=request.args.get("newer", type=int),
        ),
    )


@bp.get("/<key>/ledger.csv")
@public_page("sheet")
def ledger_csv(key: str) -> ResponseReturnValue:
    """The ledger as a table: exactly the notes this reader may open.

    Programs read it as it is. With `sheet` it begins with the mark by which spreadsheets know that it is
    UTF-8; without the mark many open Chinese as another encoding.
    """
    term = vocabulary().resolved(practices.strategy(key))
    if term.key != key:
        return redirect(url_for("practices.ledger_csv", key=term.key, **kept_args("sheet")), 301)
    name = f"{term.key}-ledger.csv"
    mark = BYTE_ORDER_MARK if request.args.get("sheet") else ""
    return Response(
        mark + as_csv(current_viewer(), term.id),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@bp.get("/<int:entry_id>")
@bp.get("/<int:entry_id>-<slug>")
def entry(entry_id: int, slug: str = "") -> ResponseReturnValue:
    """Lead to the page that this entry is, by the key of its strategy."""
    kept = kept_args("text", *TALK_ARGS)
    try:
        key = practices.key_of(current_viewer(), entry_id)
    except NotFound:
        key = request.path.rpartition("/")[2]
        if key not in vocabulary().by_key:
            raise
        return show(key)
    return redirect(url_for("practices.show", key=key, **kept), 301)
