"""The front pages: home, search, organisations, house rules and privacy."""

from datetime import datetime

import structlog
from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError

from cop import markup
from cop.core import clock
from cop.core.db import db, writing
from cop.core.errors import NotFound
from cop.core.i18n import _l, current_lang
from cop.core.paths import DOCS
from cop.discover import home as front, people, queries, searching
from cop.discover.asking import Asked
from cop.discover.once import asking_once
from cop.discover.search_page import search_page
from cop.entries import queries as entries
from cop.entries.cards import cards
from cop.entries.featuring import featured
from cop.entries.kinds import KINDS
from cop.notes import narrowing
from cop.notes.knowing import known_by_organisation
from cop.people import visits
from cop.people.sessions import current_viewer
from cop.people.viewer import Viewer
from cop.search.engine import Sort
from cop.search.parse import LONGEST_QUERY
from cop.terms.organisations import sources_of_organisation
from cop.terms.queries import choices
from cop.web.addresses import kept_args
from cop.web.cache import public_page
from cop.workshops import session_wording

log = structlog.get_logger(__name__)

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
#: What the list of a member's front page can be narrowed to, and how the tabs say it.
_TABS = {"": _l("Everything"), front.WATCHING: _l("Watching"), front.FAILED: _l("Did not work")}


@bp.get("/")
@public_page()
def home() -> ResponseReturnValue:
    """Ask what the reader is facing, and show what came last; to a member, what is new to her."""
    viewer = current_viewer()
    if viewer.is_member:
        return _own_home(viewer)
    latest = entries.page(entries.recent(viewer), older=None, newer=None, size=_LATEST)
    lang = current_lang()
    return render_template(
        "discover/home.html",
        cards=cards(viewer, latest.items),
        more=bool(latest.older),
        featured=featured(viewer),
        ways={scheme: choices(scheme, lang) for scheme in ("strategy", "sector", "outcome")},
    )


def _own_home(viewer: Viewer) -> ResponseReturnValue:
    now = clock.now()
    visit = visits.of(viewer, now=now)
    show = request.args.get("show", "")
    feed = front.feed(
        viewer,
        show if show in _TABS else "",
        since=visit.since,
        older=request.args.get("older"),
        newer=request.args.get("newer"),
    )
    answer = render_template(
        "discover/own_home.html",
        feed=feed,
        tabs=_TABS,
        show=show if show in _TABS else "",
        since=front.since_words(visit.since, now=now) if visit.since else "",
        news=front.news(viewer, visit.since) if visit.since else [],
        own=front.for_you(viewer),
        dates_told=session_wording,
        featured=featured(viewer),
        kinds=KINDS,
    )
    if visit.is_due and request.method == "GET" and not _is_prefetched():
        _note_visit(viewer, now)
    return answer


def _is_prefetched() -> bool:
    return "prefetch" in request.headers.get("Sec-Purpose", "")


def _note_visit(viewer: Viewer, now: datetime) -> None:
    """Write the visit down after the page was made; where that fails, the page is as good."""
    try:
        db.session.rollback()
        with writing():
            visits.note(by=viewer, now=now)
            db.session.commit()
    except SQLAlchemyError:
        log.warning("home.visit_not_noted", exc_info=True)
        db.session.rollback()


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
        knows=known_by_organisation(viewer, found.id),
        people=people.at_organisation(found.id) if viewer.is_member else [],
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
