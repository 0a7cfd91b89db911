"""The page on which a curator says which strategies a note tells of that names none."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cop.core.db import db
from cop.core.i18n import _, current_lang
from cop.entries import policy, queries
from cop.entries.comparing import shown
from cop.entries.models import Entry
from cop.entries.policy import Act
from cop.notes import filing
from cop.notes.draft import SECTIONS
from cop.notes.forms import FilingForm
from cop.notes.operations import KIND
from cop.notes.wording import SECTION_TITLES
from cop.people.sessions import current_viewer, login_required
from cop.terms.queries import choices
from cop.terms.refs import ref_of
from cop.web.csrf import form_says_expired
from cop.web.headers import keeps_typed_text

bp = Blueprint("filing", __name__, url_prefix="/notes/<int:entry_id>/strategies")


@bp.get("")
@login_required
@keeps_typed_text
def strategies(entry_id: int) -> ResponseReturnValue:
    """The note and the list of strategies; one that names a strategy needs none."""
    entry = _opened(entry_id)
    if filing.is_filed(entry):
        flash(_("This note names a strategy already."))
        return redirect(_address(entry), 303)
    return _page(entry, FilingForm(None))


@bp.post("")
@login_required
@form_says_expired
@keeps_typed_text
def choose(entry_id: int) -> ResponseReturnValue:
    """Publish the note with the strategies that were chosen."""
    entry, form = _opened(entry_id), FilingForm()
    if form.validate():
        with form.showing_errors():
            changed = filing.file_note(
                by=current_viewer(),
                entry_id=entry_id,
                strategies=form.strategies.data or (),
                reason=form.reason.data or "",
            )
            db.session.commit()
            done = _("The note names its strategies now; its author is told.")
            flash(done if changed else _("This note names a strategy already."))
            return redirect(_address(entry), 303)
    return _page(_opened(entry_id), form), 422


def _opened(entry_id: int) -> Entry:
    entry = queries.get(current_viewer(), entry_id, KIND)
    policy.require(current_viewer(), Act.FILE, entry)
    return entry


def _address(entry: Entry) -> str:
    return url_for("notes.show", entry_id=entry.id)


def _page(entry: Entry, form: FilingForm) -> str:
    text = queries.text_for(entry, current_lang())
    revision = queries.current(text)
    html = shown(current_viewer(), entry, revision)
    return render_template(
        "notes/strategies.html",
        form=form,
        entry=entry,
        text=text,
        href=_address(entry),
        lost=[ref_of(term) for term in filing.lost(entry)],
        sections=[(SECTION_TITLES[key], html[key]) for key in SECTIONS if html.get(key)],
        options=choices("strategy", current_lang()),
    )
