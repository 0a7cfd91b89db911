"""Pages of guides: the list, one guide."""

from dataclasses import asdict

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop.core.i18n import current_lang
from cop.core.types import Lang
from cop.entries import queries
from cop.entries.around import around
from cop.entries.cards import cards
from cop.entries.comparing import shown as html_of
from cop.entries.models import LinkKind
from cop.entries.pages import TALK_ARGS, reading, talk_of_request
from cop.entries.saying import comment_form
from cop.entries.taken import contributors
from cop.guides import queries as guides
from cop.guides.contents import with_contents
from cop.guides.draft import BODY, KIND, SUMMARY
from cop.guides.queries import GuideFilter
from cop.notes.queries import chips
from cop.people.sessions import current_viewer
from cop.terms import queries as terms
from cop.web.addresses import kept_args
from cop.web.cache import public_page

bp = Blueprint("guides", __name__, url_prefix="/guides")

_SCHEMES = ("strategy", "sector", "place")
_FILTERS = (*_SCHEMES, "text")


@bp.get("/")
@public_page()
def index() -> ResponseReturnValue:
    """The list of guides, narrowed as the address says."""
    viewer = current_viewer()
    narrow = GuideFilter(
        **{
            name: tuple(dict.fromkeys(value for value in request.args.getlist(name) if value))
            for name in _FILTERS
        }
    )
    page = queries.page(
        guides.index(viewer, narrow),
        older=request.args.get("older"),
        newer=request.args.get("newer"),
    )
    return render_template(
        "guides/index.html",
        cards=cards(viewer, page.items),
        page=page,
        narrow=narrow,
        chosen=chips(asdict(narrow)),
        facets={scheme: terms.choices(scheme, current_lang()) for scheme in _SCHEMES},
    )


@bp.get("/<int:entry_id>")
@bp.get("/<int:entry_id>-<slug>")
@public_page("text", *TALK_ARGS)
def show(entry_id: int, slug: str = "") -> ResponseReturnValue:
    """One guide, in the reader's language where it is told in it."""
    viewer = current_viewer()
    entry = queries.get(viewer, entry_id, KIND)
    text = queries.text_for(entry, Lang.of_tag(request.args.get("text", "")) or current_lang())
    if slug != text.slug and slug not in {told.slug for told in entry.texts}:
        kept = kept_args("text", *TALK_ARGS)
        return redirect(url_for("guides.show", entry_id=entry.id, slug=text.slug, **kept), 301)
    revision = queries.current(text)
    html = html_of(viewer, entry, revision)
    body, contents = with_contents(html.get(BODY, ""))
    there = around(viewer, entry)
    talk = talk_of_request(viewer, entry, there)
    return render_template(
        "guides/show.html",
        page=reading(viewer, entry, text, revision),
        summary=html.get(SUMMARY, ""),
        body=body,
        contents=contents,
        terms=guides.terms_carried(entry),
        sources=terms.cited_once(queries.sources(entry)),
        contributors=contributors(viewer, entry),
        discussed_in=there.headings(LinkKind.ABOUT),
        collected_in=there.headings(LinkKind.COLLECTS),
        used_in_workshops=there.headings(LinkKind.MATERIAL),
        talk=talk,
        talk_form=comment_form(talk),
    )
