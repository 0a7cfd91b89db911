"""What the editors ask for while somebody types a name after "@"."""

from collections.abc import Mapping

from flask import Blueprint, Response, flash, jsonify, request

from cop.core.i18n import _, _n
from cop.entries import mentions, picking, queries
from cop.entries.draft import TextDraft
from cop.entries.models import Entry
from cop.people.sessions import current_viewer, login_required
from cop.web.filters import join_list
from cop.web.limits import limit

bp = Blueprint("mentions", __name__)

#: Far more than anybody types; who copies the list of members meets it.
RATE = "600/10minutes"


@bp.get("/mentions")
@login_required
def offer() -> Response:
    """People to mention by what was typed, and the sentence that tells their number."""
    viewer = current_viewer()
    entry_id = request.args.get("entry", type=int)
    entry = queries.get(viewer, entry_id) if entry_id else None
    limit("mentions", RATE, key=str(viewer.id))
    found = picking.offers(viewer, entry, request.args.get("q", ""))
    return jsonify(
        said=_n(
            "%(num)d person. Arrow keys choose, Enter inserts.",
            "%(num)d people. Arrow keys choose, Enter inserts.",
            len(found),
        )
        if found
        else _("Nobody found"),
        options=[{"text": one.name, "other": one.other, "source": one.source} for one in found],
    )


def say_who_was_left_out(entry: Entry, typed: Mapping[str, str], kept: Mapping[str, str]) -> None:
    """Tell who sent a form that somebody it mentions cannot be mentioned, or cannot read it, and so is not told."""
    strangers = mentions.cannot_read(entry, kept)
    if strangers:
        flash(_("Not told, since they cannot read this: %(names)s.", names=join_list(strangers)))
    left = mentions.left_out(typed, kept)
    if left:
        flash(
            _(
                "Nobody of the name “%(name)s” can be mentioned here any more, so the name stands as plain text.",
                name=left[0],
            )
        )


def say_who_was_left_out_of(entry: Entry, typed: TextDraft) -> None:
    """Tell the same of a telling of an entry that was just published."""
    if any("@[" in words for words in typed.sections.values()):
        text = queries.text_for(entry, typed.lang)
        say_who_was_left_out(entry, typed.sections, queries.current(text).sections)
