"""What the editor of a workshop is offered to build on while its trainer types. Answers the editor's script."""

from itertools import groupby

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from cop.core.i18n import _, _n, current_lang
from cop.core.types import Lang
from cop.entries import finding
from cop.entries.cards import Card
from cop.entries.kinds import KINDS
from cop.people.sessions import current_viewer, login_required
from cop.workshops.checking import LINKED
from cop.workshops.rows_form import TypedRow

bp = Blueprint("workshop_material", __name__, url_prefix="/workshops/material")


@bp.get("/")
@login_required
def offered() -> ResponseReturnValue:
    """Entries found by words or an address, by kind, each with the row it becomes in the form."""
    cards = finding.found(current_viewer(), request.args.get("q", ""), LINKED)
    kinds = list(dict.fromkeys(card.kind for card in cards))
    cards.sort(key=lambda card: kinds.index(card.kind))
    lang = Lang.of_tag(request.args.get("in", "")) or current_lang()
    return jsonify(
        said=_n("%(num)s suggestion", "%(num)s suggestions", len(cards))
        if cards
        else _("No suggestions"),
        groups=[
            {
                "label": str(KINDS[kind].label_plural),
                "options": [_option(card, lang) for card in some],
            }
            for kind, some in groupby(cards, key=lambda card: card.kind)
        ],
    )


def _option(card: Card, lang: Lang) -> dict[str, str]:
    row = render_template(
        "workshops/material_row.html", row=TypedRow(card.key), card=card, lang=lang
    )
    return {"text": card.title, "lang": card.lang, "key": card.key, "row": row}
