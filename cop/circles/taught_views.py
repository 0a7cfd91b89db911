"""The page of those who take part in a workshop, with its circle, and drafts that its trainers are let read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from wtforms import HiddenField, TextAreaField

from cop.circles import taught
from cop.core.db import db
from cop.core.i18n import _, _l, current_lang
from cop.core.types import Lang
from cop.entries import queries as entries
from cop.entries.cards import cards
from cop.entries.enclosures import of_entry
from cop.entries.mentioning_form import MentioningForm
from cop.handouts import printing
from cop.handouts.eyes import reach_of
from cop.people.sessions import current_viewer, login_required
from cop.web.buttons import flashing_errors
from cop.web.csrf import form_says_expired
from cop.web.filters import join_list
from cop.web.headers import keeps_typed_text
from cop.workshops import outcomes, participants, queries as workshops, sessions, sharing
from cop.workshops.operations import KIND

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from cop.entries.models import Entry

bp = Blueprint("participants", __name__, url_prefix="/workshops/<int:entry_id>/participants")


class RemarkForm(MentioningForm):
    """What is said about a shared draft, or about one of its sections: then that names its fields."""

    marked = ("body",)

    body = TextAreaField(_l("Your remark"))
    section = HiddenField()

    @classmethod
    def about(cls, section: str) -> RemarkForm:
        """Return the empty form for a section; "" is the whole."""
        return cls(None, data={"section": section}).named(section)

    def named(self, section: str) -> RemarkForm:
        """Return the form with ids of its own: a page has one for each section."""
        for field in self:
            field.id = f"{field.name}-{section or 'whole'}"
        return self


@bp.get("/")
@login_required
def show(entry_id: int) -> ResponseReturnValue:
    """What those who take part in a workshop have: material, exercises, circle, notes, shared drafts."""
    viewer = current_viewer()
    entry = participants.require_part(viewer, entry_id)
    circle, named = taught.circle_of(entry), outcomes.named(viewer, entry)
    runs = sessions.may_run(viewer, entry)
    return _page(
        entry,
        circle=circle,
        is_in=circle is not None and circle.id in viewer.circles,
        runs=runs,
        written=cards(viewer, taught.written_in(viewer, circle)) if circle is not None else [],
        named=named,
        own_ids=outcomes.own_among(viewer, named),
        own_notes=outcomes.own_notes(viewer, entry),
        own=sharing.own_drafts(viewer, entry),
        shared_with=sharing.shared_with(viewer, entry) if runs else [],
    )


@bp.get("/<token>")
def by_link(entry_id: int, token: str) -> ResponseReturnValue:
    """Material and exercises for who signed up without an account; the address is a secret."""
    entry = participants.invited_by(current_viewer(), entry_id, token)
    back = url_for("signing.place", token=token)
    answer = _page(entry, without_account=True, back=back)
    return answer, {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}


def _page(entry: Entry, **more: Any) -> str:
    viewer = current_viewer()
    text = entries.text_for(entry, current_lang())
    reach = reach_of(viewer, entry)
    return render_template(
        "workshops/participants.html",
        entry=entry,
        text=text,
        shown=workshops.shown(viewer, entry, Lang(text.lang)),
        attached=of_entry(entry),
        printed=printing.made_lately(entry, current_lang().tag, reach.value),
        **more,
    )


def _done(entry_id: int, act: Callable[[], Any], said: str) -> ResponseReturnValue:
    with flashing_errors():
        act()
        db.session.commit()
        flash(said)
    viewer = current_viewer()
    here = participants.takes_part(viewer, entries.get(viewer, entry_id, KIND))
    # Who takes part no longer can end what she shared; the page of those who do is not there for her.
    page = "participants.show" if here else "workshops.show"
    return redirect(url_for(page, entry_id=entry_id), 303)


@bp.post("/circle")
@login_required
def open_circle(entry_id: int) -> ResponseReturnValue:
    """Open the circle of the workshop."""
    by = current_viewer()
    return _done(
        entry_id,
        lambda: taught.open_circle(by=by, entry_id=entry_id),
        _("The circle is open. Those with a seat are asked to come in."),
    )


@bp.post("/circle/own")
@login_required
def come_in(entry_id: int) -> ResponseReturnValue:
    """Come into the circle."""
    by = current_viewer()
    return _done(
        entry_id,
        lambda: taught.come_in(by=by, entry_id=entry_id),
        _("You are in the circle now."),
    )


@bp.post("/notes/<int:note_id>")
@login_required
def name_note(entry_id: int, note_id: int) -> ResponseReturnValue:
    """Say that a note of one's own came of the workshop."""
    by = current_viewer()
    return _done(
        entry_id,
        lambda: outcomes.name_own_note(by=by, entry_id=entry_id, note_id=note_id),
        _("The workshop names your case note now, to whoever may read it."),
    )


@bp.post("/notes/<int:note_id>/end")
@login_required
def forget_note(entry_id: int, note_id: int) -> ResponseReturnValue:
    """Say it no longer."""
    by = current_viewer()
    return _done(
        entry_id,
        lambda: outcomes.forget_note(by=by, entry_id=entry_id, note_id=note_id),
        _("The workshop does not name it any more."),
    )


@bp.post("/drafts/<int:draft_id>")
@login_required
def share(entry_id: int, draft_id: int) -> ResponseReturnValue:
    """Let the trainers read a draft."""
    by = current_viewer()
    return _done(
        entry_id,
        lambda: sharing.share(by=by, entry_id=entry_id, draft_id=draft_id),
        _("The trainers can read this draft now, as you write on, until you end that."),
    )


@bp.post("/drafts/<int:draft_id>/end")
@login_required
def end(entry_id: int, draft_id: int) -> ResponseReturnValue:
    """Let them read it no longer."""
    by = current_viewer()
    return _done(
        entry_id,
        lambda: sharing.end(by=by, entry_id=entry_id, draft_id=draft_id),
        _("The trainers cannot read this draft any more."),
    )


@bp.get("/drafts/<int:draft_id>")
@login_required
def draft(entry_id: int, draft_id: int) -> ResponseReturnValue:
    """A shared draft with what was said about it, for who writes it and the trainers."""
    return _draft(entry_id, draft_id)


def _draft(entry_id: int, draft_id: int, sent: RemarkForm | None = None) -> str:
    read = sharing.reading(current_viewer(), entry_id, draft_id)
    text = entries.text_for(read.entry, current_lang())
    forms = {key: RemarkForm.about(key) for key in ("", *(one.key for one in read.sections))}
    if sent is not None:
        about = sent.section.data if sent.section.data in forms else ""
        forms[about] = sent.named(about)
    return render_template(
        "workshops/shared_draft.html", entry=read.entry, text=text, read=read, forms=forms
    )


@bp.post("/drafts/<int:draft_id>/remarks")
@login_required
@form_says_expired
@keeps_typed_text
def remark(entry_id: int, draft_id: int) -> ResponseReturnValue:
    """Say something about a shared draft."""
    form = RemarkForm()
    section = request.form.get("section", "")
    if form.validate():
        with form.showing_errors():
            strangers = sharing.remark(
                by=current_viewer(),
                entry_id=entry_id,
                draft_id=draft_id,
                body=form.body.data or "",
                section=section,
            )
            db.session.commit()
            if strangers:
                names = join_list(strangers)
                flash(_("Not told, since they cannot read this: %(names)s.", names=names))
            here = url_for("participants.draft", entry_id=entry_id, draft_id=draft_id)
            return redirect(f"{here}#s-{section or 'whole'}", 303)
    return _draft(entry_id, draft_id, form), 422


@bp.post("/drafts/<int:draft_id>/publication")
@login_required
def ask_to_publish(entry_id: int, draft_id: int) -> ResponseReturnValue:
    """Ask who writes it to publish it."""
    sharing.ask_to_publish(by=current_viewer(), entry_id=entry_id, draft_id=draft_id)
    db.session.commit()
    flash(_("The author is asked to publish it, and told so."))
    return redirect(url_for("participants.draft", entry_id=entry_id, draft_id=draft_id), 303)
