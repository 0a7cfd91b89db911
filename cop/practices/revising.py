"""Revising a practice page that somebody else may have revised meanwhile: merged, or both texts kept."""

from dataclasses import replace

from cop.core.types import Lang
from cop.entries import mentions, policy, queries
from cop.entries.draft import TextDraft
from cop.entries.models import Revision
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
    text_in,
)
from cop.people.viewer import Viewer
from cop.practices import operations
from cop.practices.draft import PracticeFacts
from cop.practices.operations import KIND


def revise_page(
    *,
    by: Viewer,
    entry_id: int,
    base_id: int,
    draft: TextDraft,
    facts: PracticeFacts,
    note: str = "",
) -> Revised:
    """Publish a new state of a page, made from the revision `base_id`.

    What came in between is merged. Strategy, grade and review are changed by other acts and stay as they
    are. Raises EditConflict where both touch the same passage, Invalid for what cannot be taken.
    """
    entry = queries.get(by, entry_id, KIND, to_change=True)
    policy.require(by, Act.REVISE, entry)
    text = text_in(entry, draft)
    operations.check_text(draft)
    current, now = queries.current(text), operations.facts_now(entry)
    base = base_of(entry, text, base_id)
    if base is None:
        raise EditConflict(current, ("title",))
    draft = mentions.taken_draft(by, entry, draft, {**base.sections, **current.sections})
    before = _judged_as(now, operations.living(PracticeFacts.from_json(base.facts)))
    words, conflicts = merge_words(base, current, draft)
    told, clashes = merge_facts(before.to_json(), _judged_as(now, facts).to_json(), now.to_json())
    if conflicts or clashes:
        raise EditConflict(current, conflicts + clashes, sections=words, facts=told)
    draft, facts = draft_of(draft, words), PracticeFacts.from_json(told)
    changed = not _same(current, now, draft, facts)
    if changed:
        operations.publish(by=by, entry=entry, text=text, draft=draft, facts=facts, note=note)
    return Revised(entry, text, changed=changed, merged=base.id != current.id)


def restore(*, by: Viewer, entry_id: int, revision_id: int) -> Revised:
    """Make an earlier text the published one again, as a new revision that says so.

    Grade and review stay as they are: they judge the page of today.
    """
    entry = queries.get(by, entry_id, KIND, to_change=True)
    policy.require(by, Act.RESTORE, entry)
    text, old = earlier(entry, revision_id)
    now, current = operations.facts_now(entry), queries.current(text)
    facts = _judged_as(now, operations.living(PracticeFacts.from_json(old.facts)))
    draft = TextDraft(Lang(text.lang), old.title, old.sections)
    if _same(current, now, draft, facts):
        return Revised(entry, text, changed=False, merged=False)
    operations.publish(
        by=by, entry=entry, text=text, draft=draft, facts=facts, restored_number=old.number
    )
    return Revised(entry, text, changed=True, merged=False)


def _judged_as(now: PracticeFacts, facts: PracticeFacts) -> PracticeFacts:
    """Return the facts with strategy, grade and review as they are now."""
    return replace(now, notes=facts.notes, related=facts.related, sources=facts.sources)


def _same(current: Revision, now: PracticeFacts, draft: TextDraft, facts: PracticeFacts) -> bool:
    return same_words(current, draft) and now == facts
