"""The front pages: home, search, organisations, house rules and privacy."""

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop import markup
from cop.core.errors import NotFound
from cop.core.i18n import _l, current_lang
from cop.core.paths import DOCS
from cop.discover import queries, searching
from cop.discover.asking import Asked
from cop.discover.once import asking_once
from cop.discover.search_page import search_page
from cop.entries import queries as entries
from cop.entries.cards import cards
from cop.notes import narrowing
from cop.people.sessions import current_viewer
from cop.search.engine import Sort
from cop.search.parse import LONGEST_QUERY
from cop.terms.organisations import sources_of_organisation
from cop.terms.queries import choices
from cop.web.addresses import kept_args
from cop.web.cache import public_page

bp = Blueprint("discover", __name__)

_FILTERS = (
    "kind",
    "text",
    "strategy",
    "sector",
    "place",
    "outcome",
    "evidence",
    "period",
    "by",
)
#: More values, and longer ones, are nobody's choice.
_MOST_VALUES, _LONGEST_VALUE = 100, 120
_PAGES = {"rules": _l("House rules"), "privacy": _l("Privacy"), "search": _l("How to search")}
_LATEST = 8


@bp.get("/")
@public_page()
def home() -> ResponseReturnValue:
    """Ask what the reader is facing, and show what came last."""
    viewer = current_viewer()
    latest = entries.page(entries.recent(viewer), older=None, newer=None, size=_LATEST)
    lang = current_lang()
    return render_template(
        "discover/home.html",
        cards=cards(viewer, latest.items),
        more=bool(latest.older),
        ways={
            scheme: choices(scheme, lang) for scheme in ("strategy", "sector", "place", "outcome")
        },
    )


@bp.get("/search")
def search() -> ResponseReturnValue:
    """Results for the words and filters in the address."""
    viewer = current_viewer()
    with asking_once():
        found = searching.search(viewer, asked_of_request())
        page = search_page(viewer, found)
    return render_template("discover/search.html", found=found, page=page)


def asked_of_request() -> Asked:
    """Return what the address asks for; a page or an order that is none is the first."""
    page = request.args.get("page", 1, type=int)
    sort = request.args.get("sort", "")
    return Asked(
        text=request.args.get("q", "").strip()[: LONGEST_QUERY + 1],
        filters={name: _values(name) for name in _FILTERS},
        page=min(max(page, 1), searching.LAST_PAGE),
        sort=Sort(sort) if sort in list(Sort) else Sort.BEST,
        exact=request.args.get("exact") == "1",
        without=_values("without"),
    )


def _values(name: str) -> tuple[str, ...]:
    """Return the values a filter is given, each once."""
    given = dict.fromkeys(value[:_LONGEST_VALUE] for value in request.args.getlist(name) if value)
    return tuple(given)[:_MOST_VALUES]


@bp.get("/organisations/")
@public_page()
def organisations() -> ResponseReturnValue:
    """The directory."""
    return render_template(
        "discover/organisations.html",
        page=queries.organisations(current_viewer(), after=request.args.get("after")),
    )


@bp.get("/organisations/<int:organisation_id>")
@bp.get("/organisations/<int:organisation_id>-<slug>")
@public_page()
def organisation(organisation_id: int, slug: str = "") -> ResponseReturnValue:
    """One organisation, with the notes that name it."""
    viewer = current_viewer()
    found = queries.organisation(viewer, organisation_id)
    row = queries.row_of(found)
    if slug != row.slug and slug not in {queries.slug_of(name) for name in found.name.values()}:
        target = url_for(
            "discover.organisation",
            organisation_id=found.id,
            slug=row.slug,
            **kept_args("older", "newer"),
        )
        return redirect(target, 301)
    page = entries.page(
        narrowing.of_organisation(viewer, found.id),
        older=request.args.get("older"),
        newer=request.args.get("newer"),
    )
    return render_template(
        "discover/organisation.html",
        row=row,
        page=page,
        cards=cards(viewer, page.items),
        sources=sources_of_organisation(found.id),
    )


@bp.get("/pages/<key>")
@public_page()
def page(key: str) -> ResponseReturnValue:
    """A page of the house: rules, privacy, how to search."""
    if key not in _PAGES:
        raise NotFound
    source = (DOCS / "pages" / f"{key}.{current_lang().tag}.md").read_text(encoding="utf-8")
    settings = current_app.extensions["settings"]
    html = markup.render(source.replace("{site}", settings.site_name)).html
    # Sections of notes stand under an h2; these pages have their h1 alone above them.
    html = html.replace("<h3>", "<h2>").replace("</h3>", "</h2>")
    return render_template("discover/page.html", title=_PAGES[key], html=html)
