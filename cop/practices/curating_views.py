"""What curators do to practice pages: edit, tell in the other language, judge."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop.core.db import db
from cop.core.errors import NotFound
from cop.core.i18n import _, current_lang
from cop.core.types import Lang
from cop.entries import drafts, policy, queries
from cop.entries.keeping import only_looking, saved
from cop.entries.models import Entry, Text
from cop.entries.policy import Act
from cop.entries.revising import EditConflict
from cop.people.sessions import current_viewer, login_required
from cop.practices import operations, queries as practices
from cop.practices.editor import (
    conflict_page,
    editor_page,
    form_for_edit,
    form_of_draft,
    kept_or_previewed,
)
from cop.practices.forms import GradeForm, PracticeForm, judged
from cop.practices.grading import Judgement, grade_page
from cop.practices.operations import KIND, facts_now
from cop.practices.revising import revise_page
from cop.practices.wording import GRADES, MEANINGS
from cop.web.addresses import kept_args
from cop.web.csrf import form_says_expired
from cop.web.headers import keeps_typed_text

bp = Blueprint("curating", __name__, url_prefix="/practices")


def _opened(entry_id: int, act: Act) -> Entry:
    viewer = current_viewer()
    entry = queries.get(viewer, entry_id, KIND)
    policy.require(viewer, act, entry)
    return entry


def _address(entry: Entry, lang: Lang | None = None) -> str:
    more: dict[str, Any] = {"text": lang.tag} if lang and lang is not current_lang() else {}
    return url_for("practices.show", key=practices.key_of(current_viewer(), entry.id), **more)


@bp.get("/<int:entry_id>/edit")
@login_required
@keeps_typed_text
def edit(entry_id: int) -> ResponseReturnValue:
    """The editor of a page, in one of its languages."""
    entry = _opened(entry_id, Act.REVISE)
    form = form_of_draft(entry)
    if form is None:
        text = queries.text_for(entry, Lang.of_tag(request.args.get("text", "")) or current_lang())
        form = form_for_edit(entry, text)
    return editor_page(form, entry)


@bp.post("/<int:entry_id>/edit")
@login_required
@form_says_expired
@keeps_typed_text
def update(entry_id: int) -> ResponseReturnValue:
    """Publish a new state of a page; where somebody changed the same passage, show both."""
    entry = _opened(entry_id, Act.REVISE)
    form = PracticeForm()
    if only_looking():
        return kept_or_previewed(form, entry)
    if form.validate() and form.is_whole():
        form.kept = facts_now(entry)
        try:
            with form.showing_errors():
                return _revised(form, entry_id)
        except EditConflict as conflict:
            db.session.rollback()
            return conflict_page(form, entry_id, conflict), 409
    return editor_page(form, _opened(entry_id, Act.REVISE)), 422


def _revised(form: PracticeForm, entry_id: int) -> ResponseReturnValue:
    viewer = current_viewer()
    done = revise_page(
        by=viewer,
        entry_id=entry_id,
        base_id=form.base_id,
        draft=form.text,
        facts=form.facts,
        note=form.note.data or "",
    )
    drafts.discard_draft(by=viewer, draft_id=form.draft_id, page=form.page)
    db.session.commit()
    if not done.changed:
        flash(_("Nothing was changed, so there is no new revision."))
    elif done.merged:
        flash(_("Your changes are published, together with those somebody else made meanwhile."))
    else:
        flash(_("Your changes are published."))
    return redirect(_address(done.entry, form.language), 303)


@bp.get("/<int:entry_id>/translate/<lang>")
@login_required
@keeps_typed_text
def translate(entry_id: int, lang: str) -> ResponseReturnValue:
    """The form that tells a page in the language it lacks."""
    entry, wanted = _to_tell(entry_id, lang)
    if _is_told(entry, wanted):
        target = url_for("curating.edit", entry_id=entry.id, text=wanted.tag, **kept_args("draft"))
        return redirect(target, 302)
    form = form_of_draft(entry) or PracticeForm(None)
    form.lang.data = wanted.tag
    return editor_page(form, entry, original=_original(entry, wanted))


@bp.post("/<int:entry_id>/translate/<lang>")
@login_required
@form_says_expired
@keeps_typed_text
def add_translation(entry_id: int, lang: str) -> ResponseReturnValue:
    """Publish a page's text in the language it lacked."""
    viewer = current_viewer()
    entry, wanted = _to_tell(entry_id, lang)
    form = PracticeForm()
    form.lang.data = wanted.tag
    if only_looking():
        return kept_or_previewed(form, entry, _original(entry, wanted))
    if form.validate() and form.is_whole():
        with form.showing_errors():
            operations.add_text(by=viewer, entry=entry, text=form.text)
            drafts.discard_draft(by=viewer, draft_id=form.draft_id, page=form.page)
            db.session.commit()
            flash(_("This is now told in both languages."))
            return redirect(_address(entry, wanted), 303)
    entry, wanted = _to_tell(entry_id, lang)
    return editor_page(form, entry, original=_original(entry, wanted)), 422


def _to_tell(entry_id: int, lang: str) -> tuple[Entry, Lang]:
    """Return the entry and the language named; raise NotFound for one we do not speak."""
    entry = _opened(entry_id, Act.REVISE)
    wanted = Lang.of_tag(lang)
    if wanted is None:
        raise NotFound
    return entry, wanted


def _original(entry: Entry, wanted: Lang) -> Text:
    return queries.text_for(entry, wanted.other)


def _is_told(entry: Entry, lang: Lang) -> bool:
    return any(text.lang == lang for text in entry.texts)


@bp.post("/drafts")
@login_required
def autosave() -> ResponseReturnValue:
    """Keep the form while its writer writes; answers the editor's script."""
    form = PracticeForm()
    number = request.form.get("entry", type=int)
    entry = queries.get(current_viewer(), number, KIND) if number else None
    return saved(form, entry)


@bp.route("/<int:entry_id>/grade", methods=["GET", "POST"])
@login_required
@form_says_expired
@keeps_typed_text
def grade(entry_id: int) -> ResponseReturnValue:
    """Judge a page: its grade, the reason, and when it is looked at again."""
    entry = _opened(entry_id, Act.GRADE)
    form = (
        GradeForm() if request.method == "POST" else GradeForm(None, data=judged(facts_now(entry)))
    )
    if request.method == "POST" and form.validate():
        with form.showing_errors():
            changed = grade_page(
                by=current_viewer(),
                entry_id=entry_id,
                judgement=Judgement(
                    form.grade.data or "",
                    form.reason.data or "",
                    current_lang(),
                    form.review_by.data or "",
                ),
                seen=form.seen.data or "",
            )
            db.session.commit()
            flash(_("Your judgement stands on the page.") if changed else _("Nothing was changed."))
            return redirect(_address(entry), 303)
    entry = _opened(entry_id, Act.GRADE)
    now = facts_now(entry)
    form.seen.data = judged(now)["seen"]
    body = render_template(
        "practices/grade.html",
        form=form,
        entry=entry,
        text=queries.text_for(entry, current_lang()),
        href=_address(entry),
        now=GRADES[now.grade],
        meanings={str(name): meaning for name, meaning in MEANINGS.items()},
    )
    return body, 422 if request.method == "POST" else 200
