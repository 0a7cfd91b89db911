"""Revising a note that somebody else may have revised meanwhile: merge by section and by fact, or keep both texts."""

from dataclasses import replace

from cop.core.errors import NotFound
from cop.core.types import Lang
from cop.entries import mentions, policy, queries
from cop.entries.draft import Signature, TextDraft
from cop.entries.models import Entry, Revision
from cop.entries.policy import Act
from cop.entries.revising import (
    EditConflict,
    Revised,
    base_of,
    draft_of,
    earlier,
    merge_facts,
    merge_words,
    same_words,
    signed,
    text_in,
)
from cop.entries.significance import UNSAID, Change
from cop.entries.telling import digest
from cop.notes import operations
from cop.notes.adapting import check_original, possible, say_tried
from cop.notes.draft import NoteFacts
from cop.notes.living import facts_of, living
from cop.notes.operations import KIND
from cop.people.viewer import Viewer


def revise_note(
    *,
    by: Viewer,
    entry_id: int,
    base_id: int,
    draft: TextDraft,
    facts: NoteFacts,
    signature: Signature | None,
    organisation_name: str = "",
    change: Change = UNSAID,
    facts_base_id: int = 0,
) -> Revised:
    """Publish a new state of a note, made from the revision `base_id`.

    Facts belong to the whole note, so those the editor showed may come from a revision of another
    text, `facts_base_id`; without it they are those of `base_id`. Changes of different sections,
    paragraphs or facts that came in between are merged. Raises
    EditConflict where they touch the same passage, Invalid for what cannot be taken.
    """
    entry = queries.get(by, entry_id, KIND, to_change=True)
    policy.require(by, Act.REVISE, entry)
    text = text_in(entry, draft)
    current = queries.current(text)
    now = facts_of(queries.latest_facts(entry))
    base = base_of(entry, text, base_id)
    if base is None:
        raise EditConflict(current, ("title",))
    operations.check_text(draft)
    draft = mentions.taken_draft(by, entry, draft, {**base.sections, **current.sections})
    facts = living(facts)
    operations.check_facts(facts)
    check_original(by, facts, entry=entry, before=now.original)
    named = operations.naming(facts, organisation_name)
    base_facts = _facts_base(entry, base, facts_base_id, named)
    draft, facts = _merged(base, current, draft, facts=(base_facts, named, now))
    changed = not _same(current, draft, now, facts)
    if changed:
        operations.publish(by=by, entry=entry, text=text, draft=draft, facts=facts, change=change)
        say_tried(by=by, entry=entry, facts=facts, before=now)
    merged = base.id != current.id
    return signed(
        by=by, entry=entry, text=text, signature=signature, changed=changed, merged=merged
    )


def restore(*, by: Viewer, entry_id: int, revision_id: int) -> Revised:
    """Make an earlier state the published one again, as a new revision that says so.

    What it was tried after stays as it is today where the earlier original cannot be named any more.
    """
    entry = queries.get(by, entry_id, KIND, to_change=True)
    policy.require(by, Act.RESTORE, entry)
    text, old = earlier(entry, revision_id)
    draft = TextDraft(Lang(text.lang), old.title, old.sections)
    now = facts_of(queries.latest_facts(entry))
    facts = possible(by, facts_of(old), now, entry)
    current = queries.current(text)
    if _same(current, draft, now, facts):
        return Revised(entry, text, changed=False, merged=False)
    operations.publish(
        by=by, entry=entry, text=text, draft=draft, facts=facts, restored_number=old.number
    )
    return Revised(entry, text, changed=True, merged=False)


def _facts_base(entry: Entry, base: Revision, facts_base_id: int, mine: NoteFacts) -> NoteFacts:
    """Return the facts the editor started from."""
    try:
        _text, found = queries.revision_by_id(entry, facts_base_id)
    except NotFound:
        found = base
    if found.suppressed_at is not None:
        found = base
    facts = facts_of(found)
    if mine.organisation and _named_then(found, mine.organisation):
        return replace(facts, organisation=mine.organisation)
    return facts


def _named_then(revision: Revision, organisation: str) -> bool:
    """Tell by its hash whether a revision named this organisation before the note forgot it.

    Who did not touch the name must not bring it back.
    """
    facts = {**revision.facts, "organisation": organisation}
    return digest(revision.title, revision.sections, facts) == revision.sha256


def _merged(
    base: Revision,
    current: Revision,
    draft: TextDraft,
    *,
    facts: tuple[NoteFacts, NoteFacts, NoteFacts],
) -> tuple[TextDraft, NoteFacts]:
    """Return draft and facts (base, mine, theirs) with what came in between.

    Raises EditConflict naming the parts that clash.
    """
    merged_facts, clashes = merge_facts(*(one.to_json() for one in facts))
    words, conflicts = merge_words(base, current, draft)
    if conflicts or clashes:
        raise EditConflict(current, conflicts + clashes, sections=words, facts=merged_facts)
    return draft_of(draft, words), NoteFacts.from_json(merged_facts)


def _same(current: Revision, draft: TextDraft, now: NoteFacts, facts: NoteFacts) -> bool:
    return same_words(current, draft) and now.to_json() == facts.to_json()
