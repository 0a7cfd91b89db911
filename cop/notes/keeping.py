"""What keeping means for notes: the preview, notes closed meanwhile, a telling that exists by now."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from cop import markup
from cop.core.db import db
from cop.core.i18n import _
from cop.core.types import Lang
from cop.entries import drafts, keeping, mentions, queries
from cop.entries.models import Entry, Text
from cop.notes.draft import SECTIONS
from cop.notes.editor import editor_page, form_for_edit
from cop.notes.forms import CaseNoteForm
from cop.notes.wording import SECTION_TITLES
from cop.people.sessions import current_viewer


def kept_or_previewed(
    form: CaseNoteForm, entry: Entry | None = None, original: Text | None = None
) -> ResponseReturnValue:
    """Save the draft, show the preview or the whole form; nothing is checked but the token."""

    def show(**more: Any) -> str:
        return editor_page(form, entry, original=original, **more)

    def preview() -> dict[str, Any]:
        typed = {key: form[key].data for key in SECTIONS if form[key].data}
        made = {key: markup.render(source).html for key, source in typed.items()}
        shown = mentions.shown_all(current_viewer(), entry, made)
        return {"preview": [(SECTION_TITLES[key], html) for key, html in shown.items()]}

    if request.form.get("act") == "more":
        # The short form goes on as the whole one, with everything typed.
        form.short.data = ""
        return show(), 200 if form.validate() else 422
    return keeping.kept_or_previewed(form, entry, show=show, preview=preview)


def told_already(form: CaseNoteForm, entry: Entry, lang: Lang) -> ResponseReturnValue:
    """Answer a telling in a language the note has by now: the same words are published, others go on as an edit."""
    text = queries.text_for(entry, lang)
    now = queries.current(text)
    sent = mentions.taken_draft(current_viewer(), entry, form.text, now.sections)
    words = {key: value for key, value in sent.sections.items() if value}
    if (sent.title, words) == (now.title, now.sections):
        if form.validate():
            drafts.discard_draft(by=current_viewer(), draft_id=form.draft_id, page=form.page)
            db.session.commit()
        flash(_("The note is told in this language already."))
        values: dict[str, Any] = {"entry_id": entry.id, "slug": text.slug, "text": lang.tag}
        return redirect(url_for("notes.show", **values), 303)
    again = keeping.with_words_of(form, form_for_edit(entry, text))
    again.form_errors.append(
        _(
            "The note is told in this language already. Below are your words; if you publish them, they "
            "replace what stands there, which stays in the history."
        )
    )
    return editor_page(again, entry), 409
