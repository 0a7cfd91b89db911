"""The form's page: what every showing of it needs, what is kept as a draft, and two texts that do not merge."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from cop import markup
from cop.core.types import Lang
from cop.discussions import operations, queries as discussions
from cop.discussions.draft import BODY, FACT_TITLES
from cop.discussions.forms import DiscussionForm, values_of
from cop.discussions.operations import KIND
from cop.discussions.similar import similar
from cop.entries import keeping, mentions, queries
from cop.entries.cards import cards
from cop.entries.comparing import shown
from cop.entries.describing import NOTHING_SAID, in_other_language
from cop.entries.draft import Attachments
from cop.entries.editing_views import Editing, two_texts
from cop.entries.models import Entry, Text
from cop.entries.revising import EditConflict
from cop.people.sessions import current_viewer
from cop.terms.offering import terms_offered


def form_for_edit(entry: Entry, text: Text) -> DiscussionForm:
    """Return the form filled with a text of a discussion as it is published."""
    revision, facts = queries.current(text), operations.facts_now(entry)
    values = values_of(entry, revision, Lang(text.lang), facts)
    told = mentions.names(current_viewer(), entry, revision.sections.values())
    values |= told.sources(revision.sections)
    form = DiscussionForm(None, data=values)
    form.put_images(facts.images, Lang(text.lang))
    form.put_enclosures(facts.files, Lang(text.lang))
    return form


def form_for_telling(entry: Entry, lang: Lang) -> DiscussionForm:
    """Return the form in which a discussion is told in the language it lacks."""
    form, facts = DiscussionForm(None), operations.facts_now(entry)
    form.put_images(facts.images, lang)
    form.put_enclosures(facts.files, lang)
    return form


def editor_page(
    form: DiscussionForm, entry: Entry | None = None, *, original: Text | None = None, **more: Any
) -> str:
    """Show the form: of a new discussion, of one that exists, or (with `original`) of a text in another language."""
    viewer = current_viewer()
    if entry is not None:
        form.visibility.keep(entry)
    if original is not None and entry is not None:
        action = url_for("discussions.add_translation", entry_id=entry.id, lang=form.language.tag)
        revision = queries.current(original)
        more["original_title"], more["original_lang"] = revision.title, original.lang
        more["original"] = shown(viewer, entry, revision).get(BODY, "")
    elif entry is not None:
        action = url_for("discussions.update", entry_id=entry.id)
    else:
        action = url_for("discussions.create")
    about = _about(form, entry)
    return render_template(
        "discussions/edit.html",
        discussion_form=form,
        entry=entry,
        action=action,
        spaces=discussions.all_spaces(),
        offered=terms_offered(list(form.terms.data or ())),
        about=cards(viewer, about),
        images=form.shown_images(viewer),
        enclosures=form.shown_enclosures(viewer),
        other_words=in_other_language(_attached(form, entry), form.language),
        alike=similar(viewer, form.title.data or "", but=entry.id if entry else 0)
        if original is None
        else [],
        **more,
    )


def _attached(form: DiscussionForm, entry: Entry | None) -> Attachments:
    """Return the images and files a discussion shows, where the form has any."""
    if entry is None or not (form.image_ids or form.enclosure_ids):
        return NOTHING_SAID
    facts = operations.facts_now(entry)
    return facts.images, facts.files


def _about(form: DiscussionForm, entry: Entry | None) -> list[Entry]:
    viewer = current_viewer()
    if entry is not None:
        return queries.about(viewer, entry)
    return queries.in_order(viewer, [form.about_id]) if form.about_id else []


def kept_or_previewed(
    form: DiscussionForm, entry: Entry | None = None, original: Text | None = None
) -> ResponseReturnValue:
    """Save the draft or show the preview for those without script; nothing is checked but the token."""

    def show(**more: Any) -> str:
        return editor_page(form, entry, original=original, **more)

    def preview() -> dict[str, Any]:
        html = markup.render(form.body.data or "").html
        return {"preview": mentions.shown(current_viewer(), entry, html), "previewed": True}

    return keeping.kept_or_previewed(form, entry, show=show, preview=preview)


def conflict_page(form: DiscussionForm, entry_id: int, conflict: EditConflict) -> str:
    """Show what stands published beside what was typed; sending the form again decides knowingly."""
    entry = queries.get(current_viewer(), entry_id, KIND)
    texts = two_texts(form, entry, conflict, order=("title", BODY), titles=FACT_TITLES)
    return editor_page(form, entry, **texts)


EDITING = Editing(KIND, DiscussionForm, form_for_edit, form_for_telling, editor_page, conflict_page)
