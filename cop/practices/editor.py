"""The editor's page: what every showing of it needs, and two texts that do not merge."""

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from cop import markup
from cop.core.diff import diff_sections
from cop.core.i18n import current_lang
from cop.core.types import Lang
from cop.entries import keeping, mentions, policy, queries
from cop.entries.comparing import shown, worded
from cop.entries.models import Entry, Text
from cop.entries.revising import EditConflict
from cop.people.sessions import current_viewer
from cop.practices import operations
from cop.practices.draft import FACT_TITLES, SECTIONS
from cop.practices.forms import PracticeForm, values_of
from cop.practices.operations import KIND
from cop.terms.queries import choices


def form_for_edit(entry: Entry, text: Text) -> PracticeForm:
    """Return the form filled with a text of a page as it is published."""
    revision = queries.current(text)
    values = values_of(revision, Lang(text.lang), operations.facts_now(entry))
    told = mentions.names(current_viewer(), entry, revision.sections.values())
    values |= told.sources(revision.sections)
    return PracticeForm(None, data=values)


def editor_page(
    form: PracticeForm, entry: Entry, *, original: Text | None = None, **more: Any
) -> str:
    """Show the editor of a page, or (with `original`) of its text in another language."""
    if original is not None:
        action = url_for("curating.add_translation", entry_id=entry.id, lang=form.language.tag)
        revision = queries.current(original)
        html = shown(current_viewer(), entry, revision)
        more["original_title"], more["original_lang"] = revision.title, original.lang
        more["original"] = {name: html[name] for name in SECTIONS if html.get(name)}
    else:
        action = url_for("curating.update", entry_id=entry.id)
    offered = [one for one in choices("strategy", current_lang()) if one.key != form.strategy.data]
    return render_template(
        "practices/edit.html",
        practice_form=form,
        sections=SECTIONS,
        entry=entry,
        action=action,
        offered=offered,
        **more,
    )


def kept_or_previewed(
    form: PracticeForm, entry: Entry, original: Text | None = None
) -> ResponseReturnValue:
    """Save the draft or show the preview for those without script; nothing is checked but the token."""

    def show(**more: Any) -> str:
        return editor_page(form, entry, original=original, **more)

    def preview() -> dict[str, Any]:
        html = {name: markup.render(words).html for name, words in form.text.sections.items()}
        return {"preview": mentions.shown_all(current_viewer(), entry, html), "previewed": True}

    return keeping.kept_or_previewed(form, entry, show=show, preview=preview)


def form_of_draft(entry: Entry) -> PracticeForm | None:
    """Return the form as it was kept in the draft the address names, if it names one."""
    return keeping.form_of_draft(PracticeForm, entry, form_for_edit)


def conflict_page(form: PracticeForm, entry_id: int, conflict: EditConflict) -> str:
    """Show what stands published beside what was typed; sending the form again decides knowingly."""
    viewer = current_viewer()
    entry = queries.get(viewer, entry_id, KIND)
    theirs = queries.revision_of(queries.text_for(entry, form.language), conflict.theirs.number)
    typed = form.text.sections
    told = mentions.names(viewer, entry, [*theirs.sections.values(), *typed.values()])
    mine = {"title": form.text.title} | {key: told.words(words) for key, words in typed.items()}
    differing = diff_sections(worded(told, theirs), mine, ("title", *SECTIONS))
    form.base.data = str(theirs.id)
    return editor_page(
        form,
        entry,
        conflict=conflict,
        theirs=theirs,
        theirs_by=policy.byline(viewer, theirs, entry),
        differences=[section for section in differing if section.changed],
        section_titles=FACT_TITLES,
    )
