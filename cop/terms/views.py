"""Pages of the vocabulary: all lists, one list as a tree, one term."""

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop.core.i18n import LazyString, _l, current_lang, pick
from cop.people.sessions import current_viewer
from cop.people.viewer import Viewer
from cop.terms import queries
from cop.terms.carriers import carried
from cop.terms.suggesting import open_schemes
from cop.terms.tending import may_tend
from cop.terms.vocabulary import SchemeView, vocabulary
from cop.web.cache import public_page

bp = Blueprint("terms", __name__, url_prefix="/terms")

#: Schemes whose name in the vocabulary is wider than what they stand for on the site.
_SHOWN_AS: dict[str, LazyString] = {
    # Translators: the legal form of an organisation, as the name of a list of terms.
    "registration": _l("Legal form"),
    # Translators: those whom a practice concerns, as the name of a list of terms.
    "audience": _l("Stakeholders"),
}


@bp.get("/")
@public_page()
def index() -> ResponseReturnValue:
    """All lists with their terms."""
    return render_template(
        "terms/index.html", schemes=queries.schemes(_reader()), may_tend=may_tend(_reader())
    )


@bp.get("/<scheme>/")
@public_page()
def scheme(scheme: str) -> ResponseReturnValue:
    """One list as a tree, with definitions."""
    reader = _reader()
    found = queries.scheme(reader, scheme)
    return render_template(
        "terms/scheme.html",
        scheme=found,
        branches=queries.tree(reader, scheme),
        count=len(vocabulary().in_scheme(scheme, reader.lang)),
        takes_suggestions=scheme in open_schemes(),
    )


@bp.get("/<scheme>/<key>")
@public_page()
def show(scheme: str, key: str) -> ResponseReturnValue:
    """One term; a merged one, or one asked for in another list, leads to where it is."""
    reader = _reader()
    term = queries.living(queries.get(key))
    if (term.scheme, term.key) != (scheme, key):
        return redirect(url_for("terms.show", scheme=term.scheme, key=term.key), 301)
    older, newer = request.args.get("older"), request.args.get("newer")
    page = queries.page(reader, term)
    return render_template(
        "terms/show.html",
        page=page,
        definition=pick(term.definition),
        may_tend=may_tend(reader),
        groups=queries.grouped_labels(page.labels),
        carried=carried(reader, term, older=older, newer=newer),
    )


def _reader() -> Viewer:
    """Return the viewer with the language of this page, which `?lang` may have changed."""
    return replace(current_viewer(), lang=current_lang())


@bp.app_template_filter("scheme_title")
def scheme_title(scheme: SchemeView) -> tuple[str, str]:
    """Return the name of a list as the site shows it, and the language it is in."""
    if scheme.key in _SHOWN_AS:
        return str(_SHOWN_AS[scheme.key]), current_lang().value
    title, lang = pick(scheme.title)
    return title, lang.value
