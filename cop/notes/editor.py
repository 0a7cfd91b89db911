"""The editor's page: what every showing of the form needs, and the page of two texts that do not merge."""

from typing import Any

from flask import render_template, url_for
from markupsafe import Markup

from cop.core.i18n import current_lang
from cop.core.types import Json, Lang
from cop.entries import mentions, queries
from cop.entries.cards import cards
from cop.entries.comparing import shown
from cop.entries.describing import NOTHING_SAID, in_other_language
from cop.entries.draft import Attachments
from cop.entries.editing_views import Editing, two_texts
from cop.entries.models import Draft, Entry, Text
from cop.entries.revising import EditConflict
from cop.notes import queries as notes, wording
from cop.notes.draft import REASON, SECTIONS, TERM_FIELDS, NoteFacts
from cop.notes.forms import ORGANISATION_FIELDS, CaseNoteForm, values_of, values_of_facts
from cop.notes.living import facts_of, living_key, living_keys
from cop.notes.occasions import occasion
from cop.notes.operations import KIND
from cop.notes.trying import ask_shortly, own_notes, tried_after
from cop.notes.wording import FACT_TITLES, SECTION_TITLES
from cop.people.sessions import current_viewer
from cop.people.viewer import Viewer
from cop.terms.queries import choices
from cop.web.forms import number_of

#: Among how many drafts, the last worked on first, the editor looks for an unfinished note.
_LATELY = 5


def form_for_edit(entry: Entry, text: Text) -> CaseNoteForm:
    """Return the form filled with a text of a note as it is published."""
    revision, latest = queries.current(text), queries.latest_facts(entry)
    facts = facts_of(latest)
    lang = Lang(text.lang)
    organisation = notes.organisation_name(facts.organisation, lang)
    values = values_of(entry, revision, lang, facts, organisation)
    told = mentions.names(current_viewer(), entry, revision.sections.values())
    values |= told.sources(revision.sections)
    form = CaseNoteForm(None, data={**values, "facts_base": str(latest.id)})
    form.put_images(facts.images, lang)
    form.put_enclosures(facts.files, lang)
    return form


def form_for_telling(entry: Entry, lang: Lang) -> CaseNoteForm:
    """Return the form in which a note is told in the language it lacks."""
    form = form_for_edit(entry, queries.text_for(entry, lang.other))
    for key in form.words:
        form[key].data = ""
    facts = facts_of(queries.latest_facts(entry))
    form.put_images(facts.images, lang)
    form.put_enclosures(facts.files, lang)
    return form


def editor_page(
    form: CaseNoteForm, entry: Entry | None = None, *, original: Text | None = None, **more: Any
) -> str:
    """Show the editor: of a new note, of one that exists, or (with `original`) of a text in another language."""
    if entry is not None:
        form.visibility.keep(entry)
    schemes = ("strategy", "place", *TERM_FIELDS.values())
    _name_living_terms(form)
    if original is not None and entry is not None:
        action = url_for("notes.add_translation", entry_id=entry.id, lang=form.language.tag)
        revision = queries.current(original)
        html = shown(current_viewer(), entry, revision)
        more["original"] = [("title", FACT_TITLES["title"], Markup.escape(revision.title))]
        more["original"] += [
            (key, SECTION_TITLES[key], html[key]) for key in SECTIONS if html.get(key)
        ]
        more["original_lang"] = original.lang
    elif entry is not None:
        action = url_for("notes.update", entry_id=entry.id)
    else:
        action = url_for("notes.create")
    viewer = current_viewer()
    _key, own = notes.own_organisation(viewer)
    names = notes.organisation_names(viewer)
    short, tried = entry is None and bool(form.short.data), tried_after(viewer, form)
    if short:
        ask_shortly(form, tried)
    return render_template(
        "notes/tried.html" if short else "notes/edit.html",
        note_form=form,
        tried=tried,
        occasion=occasion(viewer, number_of(form.occasion.data)) if entry is None else None,
        own_notes=cards(viewer, own_notes(viewer, tried)) if short else (),
        entry=entry,
        action=action,
        options={scheme: choices(scheme, current_lang()) for scheme in schemes},
        term_fields=TERM_FIELDS,
        images=form.shown_images(viewer),
        enclosures=form.shown_enclosures(viewer),
        other_words=in_other_language(_attached(form, entry), form.language),
        own_organisation=own,
        organisations=dict.fromkeys([own, *names] if own else names),
        unfinished=_unfinished(viewer) if entry is None and not form.draft.data else None,
        **more,
    )


def _unfinished(viewer: Viewer) -> Draft | None:
    """Return the new note last worked on, for who came back to write and finds an empty page."""
    lately = (draft for draft in queries.drafts(viewer, _LATELY) if draft.entry_id is None)
    return next((draft for draft in lately if draft.kind == KIND), None)


def _attached(form: CaseNoteForm, entry: Entry | None) -> Attachments:
    """Return the images and files a note shows, where the form has any."""
    if entry is None or not (form.image_ids or form.enclosure_ids):
        return NOTHING_SAID
    facts = facts_of(queries.latest_facts(entry))
    return facts.images, facts.files


def _name_living_terms(form: CaseNoteForm) -> None:
    """Let the form name what merged terms were merged into: the lists offer no merged ones."""
    for name in ("strategies", *TERM_FIELDS):
        form[name].data = list(living_keys(form[name].data or ()))
    form.place.data = living_key(form.place.data or "")


def conflict_page(form: CaseNoteForm, entry_id: int, conflict: EditConflict) -> str:
    """Show what stands published beside what was typed; sending the form again decides knowingly."""
    entry = queries.get(current_viewer(), entry_id)
    latest = queries.latest_facts(entry)
    facts = facts_of(latest)
    named = notes.organisation_name(facts.organisation, form.language)
    my_facts, my_name = form.facts, form.named
    _take_merged(form, conflict, facts, named)
    order, titles = ("title", REASON, *SECTIONS), {**FACT_TITLES, **SECTION_TITLES}
    texts = two_texts(form, entry, conflict, order=order, titles=titles)
    form.facts_base.data = str(latest.id)
    return editor_page(
        form,
        entry,
        facts=wording.compare(
            clashing_facts(facts, named, conflict.parts),
            clashing_facts(my_facts, my_name, conflict.parts),
            notes.fact_names([facts.to_json(), my_facts.to_json()]),
        ),
        clashing=[
            FACT_TITLES.get(part) or SECTION_TITLES.get(part, part) for part in conflict.parts
        ],
        **texts,
    )


def _take_merged(
    form: CaseNoteForm, conflict: EditConflict, theirs: NoteFacts, their_organisation: str
) -> None:
    """Put into the form what merges of both people's changes; what clashes stays as typed."""
    found = conflict.sections or {}
    told = mentions.names(current_viewer(), None, found.values())
    values: dict[str, Any] = told.sources(found)
    if conflict.facts is not None:
        merged = NoteFacts.from_json({"outcome": "", **conflict.facts})
        facts = values_of_facts(merged, form.language, their_organisation)
        clash = not {"organisation", "described_as"}.isdisjoint(conflict.parts)
        if clash or merged.organisation != theirs.organisation:
            facts = {key: value for key, value in facts.items() if key not in ORGANISATION_FIELDS}
        values |= facts
        form.put_images(merged.images, form.language)
        form.put_enclosures(merged.files, form.language)
    for key, value in values.items():
        form[key].data = value


def clashing_facts(facts: NoteFacts, organisation: str, parts: tuple[str, ...]) -> Json:
    """Return those of the facts that clash, the organisation by its name."""
    values = {**facts.to_json(), "organisation": organisation}
    return {name: value for name, value in values.items() if name in parts and value}


EDITING = Editing(KIND, CaseNoteForm, form_for_edit, form_for_telling, editor_page, conflict_page)
