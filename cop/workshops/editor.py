"""The editor's page: what every showing of it needs, what is kept as a draft, and two states that do not merge."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop import markup
from cop.core.db import db
from cop.core.types import Lang
from cop.entries import finding, keeping, mentions, queries
from cop.entries.cards import Card, cards
from cop.entries.comparing import worded
from cop.entries.describing import in_other_language
from cop.entries.editing_views import Editing, two_texts
from cop.entries.models import Entry, Text
from cop.entries.revising import EditConflict
from cop.people.sessions import current_viewer
from cop.workshops import operations, trainers, wording
from cop.workshops.checking import LINKED
from cop.workshops.draft import FACT_TITLES, WorkshopFacts
from cop.workshops.forms import WorkshopForm, values_of, values_of_facts, words_of
from cop.workshops.operations import KIND
from cop.workshops.queries import shown_facts
from cop.workshops.rows_form import TypedRow
from cop.workshops.timing import timed


def form_for_edit(entry: Entry, text: Text) -> WorkshopForm:
    """Return the form filled with a text of a workshop as it is published."""
    revision, latest = queries.current(text), queries.latest_facts(entry)
    facts, lang = WorkshopFacts.from_json(latest.facts), Lang(text.lang)
    told = mentions.names(current_viewer(), entry, revision.sections.values())
    values = values_of(entry, revision, lang) | values_of_facts(facts)
    values |= words_of(told.sources(revision.sections))
    form = WorkshopForm(None, data={**values, "facts_base": str(latest.id)})
    form.put_rows(facts, lang)
    form.put_images(facts.images, lang)
    form.put_enclosures(facts.files, lang)
    return form


def editor_page(
    form: WorkshopForm, entry: Entry | None = None, *, original: Text | None = None, **more: Any
) -> str:
    """Show the form: of a new workshop, of one that exists, or (with `original`) of a text in another language."""
    viewer, facts = current_viewer(), form.kept
    if entry is not None:
        form.visibility.keep(entry)
        facts = operations.facts_now(entry)
    if original is not None and entry is not None:
        action = url_for("workshops.add_translation", entry_id=entry.id, lang=form.language.tag)
        revision = queries.current(original)
        told = mentions.names(viewer, entry, revision.sections.values())
        more["original_title"], more["original_lang"] = revision.title, original.lang
        more["original"] = worded(told, revision)
    elif entry is not None:
        action = url_for("workshops.update", entry_id=entry.id)
    else:
        action = url_for("workshops.create")
    rows = form.material_rows
    return render_template(
        "workshops/edit.html",
        workshop_form=form,
        entry=entry,
        signs=entry is None or not trainers.trains(viewer, entry),
        action=action,
        materials=_linked(rows),
        images=form.shown_images(viewer),
        enclosures=form.shown_enclosures(viewer),
        found=_found(form, rows),
        pressed=request.form.get("act", ""),
        lasting=wording.lasting,
        timing=timed(form),
        other_words=_other_words(facts, form.language),
        **more,
    )


def _linked(rows: Sequence[TypedRow]) -> list[tuple[TypedRow, Card]]:
    """Return the material of the form that this viewer may read, each with its card."""
    keys = [row.id.replace("\0", "") for row in rows]
    known = queries.recent(current_viewer()).where(Entry.key.in_(keys), Entry.kind.in_(LINKED))
    found = {card.key: card for card in cards(current_viewer(), list(db.session.scalars(known)))}
    return [(row, found[row.id]) for row in rows if row.id in found]


def _found(form: WorkshopForm, rows: Sequence[TypedRow]) -> list[Card]:
    there = [row.id for row in rows]
    return finding.found(current_viewer(), form.find.data or "", LINKED, but=there)


def _other_words(facts: WorkshopFacts, lang: Lang) -> dict[str, tuple[str, str]]:
    """Return what rows say in the other language, by id: for whoever tells them in this one."""
    other = lang.other
    said = {row.id: (row.title.get(other, ""), row.activity.get(other, "")) for row in facts.agenda}
    said |= {
        f"x{one.id}": (one.title.get(other, ""), one.instructions.get(other, ""))
        for one in facts.exercises
    }
    said |= in_other_language((facts.images, facts.files), lang)
    return (
        said
        | {
            f"m{one.id}": (one.why.get(other, ""), one.how.get(other, ""))
            for one in facts.materials
        }
        | {f"l{one.id}": ("", one.why.get(other, "")) for one in facts.links}
    )


def kept_or_previewed(
    form: WorkshopForm, entry: Entry | None = None, original: Text | None = None
) -> ResponseReturnValue:
    """Save the draft or show the preview for those without script; nothing is checked but the token."""

    def show(**more: Any) -> str:
        return editor_page(form, entry, original=original, **more)

    def preview() -> dict[str, Any]:
        html = {name: markup.render(words).html for name, words in form.text.sections.items()}
        return {
            "preview": mentions.shown_all(current_viewer(), entry, html),
            "previewed": shown_facts(current_viewer(), entry, form.facts, form.language),
        }

    return keeping.kept_or_previewed(form, entry, show=show, preview=preview)


def conflict_page(form: WorkshopForm, entry_id: int, conflict: EditConflict) -> str:
    """Show what stands published beside what was typed; sending the form again decides knowingly."""
    entry = queries.get(current_viewer(), entry_id, KIND)
    texts = two_texts(form, entry, conflict, order=tuple(FACT_TITLES), titles=FACT_TITLES)
    latest = queries.latest_facts(entry)
    form.facts_base.data = str(latest.id)
    clashing = wording.compare(latest.facts, form.facts.to_json())
    return editor_page(form, entry, clashing=clashing, **texts)


def form_for_telling(entry: Entry, lang: Lang) -> WorkshopForm:
    """Return the form that tells a workshop in the language it lacks: its rows, without words."""
    form = form_for_edit(entry, queries.text_for(entry, lang.other))
    for key in form.words:
        form[key].data = ""
    facts = operations.facts_now(entry)
    form.put_rows(facts, lang)
    form.put_images(facts.images, lang)
    form.put_enclosures(facts.files, lang)
    return form


EDITING = Editing(KIND, WorkshopForm, form_for_edit, form_for_telling, editor_page, conflict_page)
