"""The form's page: what every showing of it needs, the buttons beside the entries, and two texts that do not merge."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from cop import markup
from cop.collections import queries as collections
from cop.collections.draft import FACT_TITLES, PURPOSE, CollectionFacts
from cop.collections.forms import ADD, ARRANGING, CollectionForm, values_of
from cop.collections.operations import KIND
from cop.core.types import Lang
from cop.entries import finding, keeping, mentions, queries
from cop.entries.cards import Card, cards
from cop.entries.comparing import shown
from cop.entries.editing_views import Editing, two_texts
from cop.entries.kinds import collectable
from cop.entries.models import Entry, Text
from cop.entries.revising import EditConflict
from cop.people.sessions import current_viewer


@dataclass(frozen=True)
class Row:
    """One entry of the form."""

    key: str
    card: Card
    #: As typed, in the form's language.
    reason: str
    #: Why it is there in the other language, where that is told.
    other: str = ""
    is_out: bool = False
    #: What stands published meanwhile, where that is another reason.
    theirs: str = ""


def rows_of(form: CollectionForm, theirs: CollectionFacts | None = None) -> list[Row]:
    """Return the entries of a form that the viewer may open, in their order; the rest leave no gap."""
    viewer, typed = current_viewer(), form.rows
    known = collections.by_keys(viewer, typed)
    entries = [known[key] for key in typed if key in known]
    out, lang = set(form.left_out.data), form.language
    made = []
    for card in cards(viewer, entries):
        key = card.key
        now = (theirs.reasons.get(key, {}).get(lang.value, "")) if theirs else ""
        other = form.kept.reasons.get(key, {}).get(lang.other.value, "")
        differs = now if now != typed[key] else ""
        made.append(Row(key, card, typed[key], other, key in out, differs))
    return made


def form_for_edit(entry: Entry, text: Text) -> CollectionForm:
    """Return the form filled with a text of a collection as it is published."""
    viewer, revision = current_viewer(), queries.current(text)
    facts = collections.facts_shown(viewer, entry)
    values = values_of(entry, revision, Lang(text.lang), facts)
    told = mentions.names(viewer, entry, revision.sections.values())
    values |= told.sources(revision.sections)
    return CollectionForm(None, data=values)


def form_for_telling(entry: Entry, lang: Lang) -> CollectionForm:
    """Return the form that tells a collection in the language it lacks: its entries, without words."""
    facts = collections.facts_shown(current_viewer(), entry)
    reasons = [facts.reasons.get(key, {}).get(lang.value, "") for key in facts.entries]
    return CollectionForm(None, data={"lang": lang.tag, "items": facts.entries, "reasons": reasons})


def editor_page(
    form: CollectionForm,
    entry: Entry | None = None,
    *,
    original: Text | None = None,
    theirs_facts: CollectionFacts | None = None,
    **more: Any,
) -> str:
    """Show the form: of a new collection, of one that exists, or (with `original`) of a text in another language."""
    viewer = current_viewer()
    if entry is not None:
        form.visibility.keep(entry)
        form.kept = collections.facts_shown(viewer, entry)
    if original is not None and entry is not None:
        action = url_for("collections.add_translation", entry_id=entry.id, lang=form.language.tag)
        revision = queries.current(original)
        more["original_title"], more["original_lang"] = revision.title, original.lang
        more["original"] = shown(viewer, entry, revision).get(PURPOSE, "")
    elif entry is not None:
        action = url_for("collections.update", entry_id=entry.id)
    else:
        action = url_for("collections.create")
    words = request.form.get("find", "")
    return render_template(
        "collections/edit.html",
        collection_form=form,
        entry=entry,
        action=action,
        rows=rows_of(form, theirs_facts),
        unexplained=form.unexplained if form.items.errors else (),
        find=words,
        offered=offered(form, words),
        may_sign=entry is None or entry.author_id == viewer.id,
        **more,
    )


def offered(form: CollectionForm, words: str) -> Sequence[Card]:
    """Return what was looked for and is not in the form yet."""
    out = set(form.left_out.data)
    there = [key for key in form.rows if key not in out]
    return finding.found(current_viewer(), words, collectable(), but=there)


def asked_to_arrange() -> tuple[str, str] | None:
    """Return the act and the entry of the button that was pressed, where it publishes nothing."""
    act, _colon, key = request.form.get("act", "").partition(":")
    return (act, key) if act in ARRANGING else None


def arranged(
    form: CollectionForm,
    asked: tuple[str, str],
    entry: Entry | None = None,
    original: Text | None = None,
) -> ResponseReturnValue:
    """Show the form again, arranged as a button says; nothing is checked but the token."""
    # Whom she mentions is asked when she publishes.
    said, form.mentions_asked.data = form.mentions_asked.data, "1"
    valid = form.validate()
    form.mentions_asked.data = said
    if not valid:
        form.form_errors[:] = form.form_errors[:1]
        return editor_page(form, entry, original=original), 422
    act, key = asked
    form.arrange(act, key)
    moved = key if act != ADD else ""
    return editor_page(form, entry, original=original, moved=moved, arranged=act)


def kept_or_previewed(
    form: CollectionForm, entry: Entry | None = None, original: Text | None = None
) -> ResponseReturnValue:
    """Save the draft or show the preview for those without script; nothing is checked but the token."""

    def show(**more: Any) -> str:
        return editor_page(form, entry, original=original, **more)

    def preview() -> dict[str, Any]:
        html = markup.render(form.purpose.data or "").html
        return {"preview": mentions.shown(current_viewer(), entry, html), "previewed": True}

    return keeping.kept_or_previewed(form, entry, show=show, preview=preview)


def conflict_page(form: CollectionForm, entry_id: int, conflict: EditConflict) -> str:
    """Show what stands published beside what was typed; sending the form again decides knowingly."""
    entry = queries.get(current_viewer(), entry_id, KIND)
    texts = two_texts(form, entry, conflict, order=("title", PURPOSE), titles=FACT_TITLES)
    facts = CollectionFacts.from_json(texts["theirs"].facts)
    return editor_page(form, entry, theirs_facts=facts, **texts)


EDITING = Editing(KIND, CollectionForm, form_for_edit, form_for_telling, editor_page, conflict_page)
