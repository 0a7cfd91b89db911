"""Pages of suggested terms: suggest one, see what became of it, decide."""

import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop.core.db import db
from cop.core.errors import NotFound
from cop.core.i18n import _
from cop.entries import drafts, policy, queries as entries
from cop.entries.kinds import KINDS
from cop.entries.policy import Act
from cop.people.sessions import current_viewer, login_required, only_for
from cop.suggestions import deciding, queries
from cop.suggestions.forms import DecisionForm, SuggestionForm
from cop.suggestions.pages import form_page, near, rows_of, suggestion_page
from cop.terms import suggesting
from cop.terms.operations import require_keeper
from cop.terms.vocabulary import vocabulary
from cop.web.buttons import flashing_errors
from cop.web.csrf import form_says_expired
from cop.web.headers import keeps_typed_text

bp = Blueprint("suggestions", __name__, url_prefix="/terms")

_TAKE = "take:"


@bp.get("/suggestions/")
@login_required
def index() -> ResponseReturnValue:
    """What the viewer suggested, and what became of it."""
    page = queries.own(current_viewer(), older=request.args.get("older"))
    return render_template("suggestions/index.html", rows=rows_of(page.items), page=page)


@bp.get("/suggest")
@login_required
@keeps_typed_text
def new() -> ResponseReturnValue:
    """The form that suggests a term, perhaps for what one is writing or has written."""
    args = request.args
    form = SuggestionForm(
        None,
        data={
            "scheme": args.get("scheme", "strategy"),
            "draft": str(args.get("draft", 0, type=int) or ""),
            "entry": str(args.get("entry", 0, type=int) or ""),
            "tags_entry": True,
        },
    )
    _own_entry(form)
    return form_page(form)


@bp.post("/suggest")
@login_required
@form_says_expired
@keeps_typed_text
def create() -> ResponseReturnValue:
    """Suggest a term; terms that are near are shown first, once, and one of them can be taken instead."""
    form = SuggestionForm()
    entry_id = _own_entry(form)
    act = request.form.get("act", "")
    if form.validate() and act.startswith(_TAKE):
        return _taken(form, act.removeprefix(_TAKE), entry_id)
    if not form.form_errors:
        found = near(form)
        shown = " ".join(term.key for term in found)
        if shown and form.looked.data != shown:
            form.looked.data = shown
            return form_page(form, found)
        with form.showing_conflicts():
            return _suggested(form, entry_id)
        if form.status == 409:
            form.form_key.data = secrets.token_urlsafe(12)
    return form_page(form), form.status


def _suggested(form: SuggestionForm, entry_id: int | None) -> ResponseReturnValue:
    """Suggest the term, and go on where it was missed."""
    viewer = current_viewer()
    typed = form.form_key.data or secrets.token_urlsafe(12)
    made = suggesting.suggest(
        by=viewer, draft=form.draft_of(entry_id), key=f"t-{viewer.id}-{typed}"[:80]
    )
    db.session.commit()
    flash(_("Thank you. A curator looks at it, and you are told what becomes of it."))
    if form.draft_id and entries.has_draft(viewer, form.draft_id):
        return redirect(url_for("entries.draft", draft_id=form.draft_id), 303)
    return redirect(url_for("suggestions.show", suggestion_id=made.id), 303)


def _own_entry(form: SuggestionForm) -> int | None:
    """Return the entry the form names, or whose draft it names; forget what is not the viewer's own."""
    viewer = current_viewer()
    if form.draft_id:
        if not entries.has_draft(viewer, form.draft_id):
            form.draft.data = ""
            return None
        return entries.draft(viewer, form.draft_id).entry_id
    if form.entry_id:
        entry = entries.get(viewer, form.entry_id)
        policy.require(viewer, Act.REVISE, entry)
        return entry.id
    return None


def _taken(form: SuggestionForm, key: str, entry_id: int | None) -> ResponseReturnValue:
    """Put a term that is there into what one is writing, and go on writing."""
    viewer = current_viewer()
    term = vocabulary().by_key.get(key)
    if term is None:
        raise NotFound
    if form.draft_id:
        draft = entries.draft(viewer, form.draft_id)
        field = KINDS[draft.kind].term_fields.get(term.scheme)
        if field:
            drafts.put_into(by=viewer, draft_id=draft.id, field=field, value=term.key)
            db.session.commit()
            flash(_("It is chosen in what you are writing."))
        return redirect(url_for("entries.draft", draft_id=draft.id), 303)
    if entry_id is not None:
        deciding.tag(by=viewer, entry_id=entry_id, term=term)
        db.session.commit()
        flash(_("It carries the term now."))
        return redirect(url_for("entries.show", entry_id=entry_id), 303)
    return redirect(url_for("terms.show", scheme=term.scheme, key=term.key), 303)


@bp.get("/suggestions/<int:suggestion_id>")
@login_required
def show(suggestion_id: int) -> ResponseReturnValue:
    """A suggested term, seen by who suggested it and by curators."""
    return suggestion_page(suggestion_id)


@bp.post("/suggestions/<int:suggestion_id>/withdrawal")
@login_required
def withdraw(suggestion_id: int) -> ResponseReturnValue:
    """Take back what one has suggested."""
    with flashing_errors():
        suggesting.withdraw(by=current_viewer(), suggestion_id=suggestion_id)
        db.session.commit()
        flash(_("Your suggestion is taken back."))
    return redirect(url_for("suggestions.show", suggestion_id=suggestion_id), 303)


@bp.post("/suggestions/<int:suggestion_id>/tagging")
@login_required
def tag(suggestion_id: int) -> ResponseReturnValue:
    """Let what one wrote carry the term that came of one's suggestion."""
    entry = deciding.tag_own(by=current_viewer(), suggestion_id=suggestion_id)
    db.session.commit()
    flash(_("It carries the term now."))
    return redirect(url_for("entries.show", entry_id=entry.id), 303)


@bp.post("/suggestions/<int:suggestion_id>/decision")
@form_says_expired
@only_for(require_keeper)
@keeps_typed_text
def decide(suggestion_id: int) -> ResponseReturnValue:
    """Take the term into the list, name one that says the same, or decline it."""
    form = DecisionForm()
    if form.validate():
        with form.showing_conflicts():
            _decide(form, suggestion_id)
            db.session.commit()
            flash(_("It is decided, and who suggested it is told."))
            return redirect(url_for("suggestions.show", suggestion_id=suggestion_id), 303)
    return suggestion_page(suggestion_id, form), form.status


def _decide(form: DecisionForm, suggestion_id: int) -> None:
    by, reason = current_viewer(), form.reason.data or ""
    act = request.form.get("act", "")
    if act == "decline":
        deciding.decline(by=by, suggestion_id=suggestion_id, reason=reason)
    elif act == "same":
        same = form.same.data or ""
        deciding.name_duplicate(by=by, suggestion_id=suggestion_id, term=same, reason=reason)
    else:
        deciding.accept(by=by, suggestion_id=suggestion_id, edit=form.edit, reason=reason)
