"""Nothing typed into the editor is lost: drafts, the preview without script, notes that were closed meanwhile."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from cop import markup
from cop.core import clock
from cop.core.db import db
from cop.core.errors import Invalid, NotFound
from cop.core.i18n import _
from cop.core.text import without_invisible
from cop.core.types import Lang
from cop.entries import drafts, policy, queries
from cop.entries.models import Draft, Entry, Status, Text
from cop.entries.policy import Act
from cop.notes.draft import REASON, SECTIONS
from cop.notes.editor import editor_page, form_for_edit
from cop.notes.forms import CaseNoteForm
from cop.notes.operations import KIND
from cop.notes.wording import SECTION_TITLES
from cop.people.sessions import current_viewer
from cop.web.filters import here

#: What a telling in another language shows of the form.
WORDS = ("title", REASON, *SECTIONS)


def only_looking() -> bool:
    """Tell whether a button was pressed that publishes nothing."""
    return request.form.get("act") in ("draft", "preview")


def kept_or_previewed(
    form: CaseNoteForm, entry: Entry | None = None, original: Text | None = None
) -> ResponseReturnValue:
    """Save the draft or show the preview for those without script; nothing is checked but the token."""
    if not form.validate():
        form.form_errors[:] = form.form_errors[:1]
        return editor_page(form, entry, original=original), 422
    if request.form.get("act") == "preview":
        html = [
            (SECTION_TITLES[key], markup.render(form[key].data or "").html)
            for key in SECTIONS
            if form[key].data
        ]
        return editor_page(form, entry, original=original, preview=html)
    try:
        kept = keep_draft(form, entry)
    except Invalid as error:
        form.put_error(error.field, error.message)
        return editor_page(form, entry, original=original), 422
    second = _is_second(form, kept)
    db.session.commit()
    flash(kept_twice() if second else _("The draft is saved. Only you can read it."))
    return redirect(url_for("entries.drafts"), 303)


def saved(form: CaseNoteForm, entry: Entry | None) -> dict[str, Any]:
    """Keep the form as a draft; return the answer to the editor's script: what it says, what its fields hold now."""
    kept = keep_draft(form, entry)
    said = kept_twice() if _is_second(form, kept) else saved_now()
    fields = {"draft": str(kept.id), "draft_seen": drafts.stamp(kept)}
    db.session.commit()
    return {"message": said, "fields": fields}


def _is_second(form: CaseNoteForm, kept: Draft) -> bool:
    """Tell whether the draft that the form named was left as another device saved it."""
    named = form.draft_id
    return bool(named) and named != kept.id and queries.has_draft(current_viewer(), named)


def keep_draft(form: CaseNoteForm, entry: Entry | None) -> Draft:
    """Keep what the form holds as a draft of the viewer's."""
    fields = {
        name: [without_invisible(value) for value in values]
        for name, values in request.form.lists()
        if name in form and name not in ("csrf_token", "draft", "draft_seen")
    }
    return drafts.save_draft(
        by=current_viewer(),
        kind=KIND,
        lang=form.language.value,
        data=fields,
        draft_id=form.draft_id,
        entry_id=entry.id if entry is not None else None,
        page=form.page,
    )


def form_of_draft(entry: Entry) -> CaseNoteForm | None:
    """Return the form as it was kept in the draft the address names, if it names one; it must be of this entry.

    A draft of a telling holds words alone; where the entry is told in that language by now, the rest is
    as published.
    """
    kept = request.args.get("draft", type=int)
    if not kept:
        return None
    draft = queries.draft(current_viewer(), kept)
    if draft.entry_id != entry.id:
        raise NotFound
    form = opened(draft)
    told = next((text for text in entry.texts if text.lang == draft.lang), None)
    if told is not None and "evidence" not in draft.data:
        form = with_words_of(form, entry, told)
    return form


def opened(draft: Draft) -> CaseNoteForm:
    """Return the form as a draft kept it, on a page of its own."""
    form = CaseNoteForm(MultiDict(draft.data))
    form.draft.data, form.draft_seen.data = str(draft.id), drafts.stamp(draft)
    form.draft_page.data = CaseNoteForm(None).draft_page.data
    return form


def with_words_of(form: CaseNoteForm, entry: Entry, text: Text) -> CaseNoteForm:
    """Return the editor of a published text, filled with the words of another form."""
    made = form_for_edit(entry, text)
    for key in (*WORDS, "draft", "draft_seen", "draft_page"):
        made[key].data = form[key].data
    return made


def saved_now() -> str:
    """Say when the draft was saved, by the clock of the person writing."""
    return _("Draft saved %(time)s", time=here(clock.now()).strftime("%H:%M"))


def kept_twice() -> str:
    """Say that another device changed the draft, so that there are two now."""
    return _(
        "This draft was changed on another device; what you wrote here is kept as a second draft."
    )


def is_closed(entry: Entry) -> bool:
    """Tell whether its own author cannot publish the entry now; raise Forbidden for who never may."""
    viewer = current_viewer()
    if policy.may(viewer, Act.REVISE, entry):
        return False
    if entry.status == Status.PUBLISHED or entry.author_id != viewer.id:
        policy.require(viewer, Act.REVISE, entry)
    return True


def closed_page(form: CaseNoteForm, entry: Entry, original: Text | None = None) -> str:
    """Show the editor of a note that was hidden or withdrawn while its author wrote, with everything typed."""
    if entry.status == Status.WITHDRAWN:
        sentence = _(
            "You have withdrawn this note. What you typed is below; save it as a draft, and publish "
            "the note again before you publish changes."
        )
    else:
        sentence = _(
            "A moderator has hidden this note, so that no changes can be published now. What you typed "
            "is below; save it as a draft."
        )
    form.form_errors.append(sentence)
    return editor_page(form, entry, original=original)


def told_already(form: CaseNoteForm, entry: Entry, lang: Lang) -> ResponseReturnValue:
    """Answer a telling in a language the note has by now: the same words are published, others go on as an edit."""
    text = queries.text_for(entry, lang)
    now = queries.current(text)
    words = {key: value for key, value in form.text.sections.items() if value}
    if (form.text.title, words) == (now.title, now.sections):
        if form.validate():
            drafts.discard_draft(by=current_viewer(), draft_id=form.draft_id, page=form.page)
            db.session.commit()
        flash(_("The note is told in this language already."))
        values: dict[str, Any] = {"entry_id": entry.id, "slug": text.slug, "text": lang.tag}
        return redirect(url_for("notes.show", **values), 303)
    again = with_words_of(form, entry, text)
    again.form_errors.append(
        _(
            "The note is told in this language already. Below are your words; if you publish them, they "
            "replace what stands there, which stays in the history."
        )
    )
    return editor_page(again, entry), 409
