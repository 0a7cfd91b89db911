"""Pages of "We tried this too": the short form, and all that was tried after something."""

from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop.core.i18n import current_lang
from cop.entries import policy, queries
from cop.entries.adaptations import Adaptation, after, counts, relations_of
from cop.entries.cards import cards
from cop.entries.originals import RELATION_VALUES
from cop.entries.policy import Act
from cop.notes.editor import editor_page, form_for_edit
from cop.notes.operations import KIND
from cop.notes.trying import original, short_form
from cop.notes.wording import RELATIONS
from cop.people.sessions import current_viewer, login_required
from cop.web.cache import public_page
from cop.web.headers import keeps_typed_text

bp = Blueprint("tried", __name__, url_prefix="/entries/<int:entry_id>/tried")


@bp.get("")
@public_page("how")
def index(entry_id: int) -> ResponseReturnValue:
    """All that was tried after something, the newest first; of one relation where the address says so."""
    viewer = current_viewer()
    entry = original(viewer, entry_id)
    wanted = request.args.get("how", "")
    relations = [wanted] if wanted in RELATION_VALUES else RELATION_VALUES
    page = queries.page(
        after(viewer, entry.id, relations),
        older=request.args.get("older"),
        newer=request.args.get("newer"),
    )
    relation_of = relations_of([one.id for one in page.items])

    def address(**more: Any) -> str:
        return url_for("tried.index", entry_id=entry.id, **more)

    return render_template(
        "notes/tried_list.html",
        entry=entry,
        text=queries.text_for(entry, current_lang()),
        rows=[Adaptation(one, relation_of[one.id]) for one in cards(viewer, page.items)],
        page=page,
        wanted=wanted if wanted in RELATION_VALUES else "",
        counts=counts(viewer, entry.id),
        relations=RELATIONS,
        address=address,
    )


@bp.get("/new")
@login_required
@keeps_typed_text
def new(entry_id: int) -> ResponseReturnValue:
    """The short form, with title and strategies of what was tried."""
    viewer = current_viewer()
    return editor_page(short_form(viewer, original(viewer, entry_id)))


@bp.get("/by/<int:note_id>")
@login_required
@keeps_typed_text
def link(entry_id: int, note_id: int) -> ResponseReturnValue:
    """The editor of a note that stands already, to say that it was tried after something."""
    viewer = current_viewer()
    tried = original(viewer, entry_id)
    note = queries.get(viewer, note_id, KIND)
    policy.require(viewer, Act.REVISE, note)
    form = form_for_edit(note, queries.text_for(note, current_lang()))
    form.original.data, form.relation.data = tried.key, None
    return editor_page(form, note)
