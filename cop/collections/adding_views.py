"""Putting an entry into a collection, from the page of the entry."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cop.collections import operations, queries as collections
from cop.collections.forms import AddForm
from cop.collections.operations import KIND, require_collector
from cop.core.db import db
from cop.core.i18n import _, current_lang
from cop.entries import policy, queries
from cop.entries.cards import headings
from cop.entries.models import Entry
from cop.entries.policy import Act
from cop.entries.views import url_of
from cop.people.sessions import current_viewer, only_for
from cop.web.csrf import form_says_expired
from cop.web.forms import number_of
from cop.web.headers import keeps_typed_text

bp = Blueprint("collecting", __name__, url_prefix="/collections/add/<int:entry_id>")
collectors_only = only_for(require_collector)


@bp.get("")
@collectors_only
@keeps_typed_text
def add(entry_id: int) -> ResponseReturnValue:
    """The collections an entry can be put into, and the reason to be given."""
    return _page(AddForm(None), _entry(entry_id))


@bp.post("")
@collectors_only
@form_says_expired
@keeps_typed_text
def collect(entry_id: int) -> ResponseReturnValue:
    """Put the entry at the end of a collection."""
    viewer, form = current_viewer(), AddForm()
    entry = _entry(entry_id)
    number = number_of(form.collection.data)
    valid = form.validate()
    if not number:
        form.put_error("collection", _("Choose a collection."))
    if valid and number:
        with form.showing_errors():
            if url := form.earlier_answer():
                return redirect(url, 303)
            made = operations.collect(
                by=viewer,
                collection_id=number,
                entry_id=entry.id,
                reason=form.reason.data or "",
                lang=current_lang(),
            )
            url = form.settle(url_of(queries.get(viewer, made.id, KIND)))
            db.session.commit()
            flash(_("It is in the collection now, as its last entry."))
            return redirect(url, 303)
    return _page(form, _entry(entry_id)), 422


def _entry(entry_id: int) -> Entry:
    viewer = current_viewer()
    entry = queries.get(viewer, entry_id)
    policy.require(viewer, Act.COLLECT, entry)
    return entry


def _page(form: AddForm, entry: Entry) -> str:
    viewer = current_viewer()
    mine = collections.open_to(viewer)
    held = collections.held_already(entry, mine)
    return render_template(
        "collections/add.html",
        add_form=form,
        entry=entry,
        heading=headings([entry])[0],
        href=url_of(entry),
        offered=list(zip(mine, headings(mine), strict=True)),
        held=held,
        new_href=url_for("collections.new", entry=entry.id),
    )
