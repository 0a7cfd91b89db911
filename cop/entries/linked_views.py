"""What links here: to an entry, and to a term."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop.core.i18n import current_lang, pick
from cop.entries import linked, queries
from cop.entries.cards import cards
from cop.entries.models import Entry
from cop.entries.views import url_of
from cop.people.sessions import current_viewer
from cop.terms.queries import get as term_of, living

bp = Blueprint("linked", __name__)


@bp.get("/entries/<int:entry_id>/links")
def entry(entry_id: int) -> ResponseReturnValue:
    """What links to an entry by any of its names."""
    viewer = current_viewer()
    found = queries.get(viewer, entry_id)
    text = queries.text_for(found, current_lang())
    names = linked.names_of_entry(viewer, found)
    return _page(names, title=text.title, lang=text.lang, href=url_of(found, text))


@bp.get("/terms/<scheme>/<key>/links")
def term(scheme: str, key: str) -> ResponseReturnValue:
    """What links to a term, or to the page of a strategy; a merged one leads to where it is."""
    viewer, found = current_viewer(), living(term_of(key))
    if (found.scheme, found.key) != (scheme, key):
        return redirect(url_for("linked.term", scheme=found.scheme, key=found.key), 301)
    title, lang = pick(found.name)
    href = url_for("terms.show", scheme=scheme, key=key)
    return _page(linked.names_of_term(viewer, found), title=title, lang=lang.value, href=href)


def _page(names: set[str], **shown: Any) -> str:
    viewer = current_viewer()
    page = queries.page(
        linked.linking(viewer, names),
        older=request.args.get("older"),
        newer=request.args.get("newer"),
    )
    found: list[Entry] = list(page.items)
    return render_template("entries/linked.html", page=page, cards=cards(viewer, found), **shown)
