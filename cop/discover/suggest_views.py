"""What the search boxes ask for while somebody types."""

from itertools import groupby

from flask import Blueprint, Response, jsonify, request

from cop.core.i18n import _, _n
from cop.discover.suggesting import ORGANISATION, TERM, Suggestion, suggest
from cop.entries.kinds import KINDS
from cop.people.sessions import current_viewer

bp = Blueprint("suggesting", __name__)


@bp.get("/search/suggest")
def suggestions() -> Response:
    """Groups of suggestions for the words typed so far, and the sentence that tells their number."""
    found = suggest(current_viewer(), request.args.get("q", ""))
    return jsonify(
        said=_n("%(num)s suggestion", "%(num)s suggestions", len(found))
        if found
        else _("No suggestions"),
        groups=[
            {"label": _label(kind), "options": [_option(one) for one in ones]}
            for kind, ones in groupby(found, key=lambda one: one.kind)
        ],
    )


def _label(kind: str) -> str:
    if kind == TERM:
        return _("Terms")
    return _("Organisations") if kind == ORGANISATION else str(KINDS[kind].label_plural)


def _option(one: Suggestion) -> dict[str, str]:
    told = {
        "text": one.text,
        "lang": one.lang.value,
        "other": one.other,
        "other_lang": one.other_lang.value if one.other_lang else "",
        "href": one.href,
        "q": one.q,
    }
    return {name: value for name, value in told.items() if value}
