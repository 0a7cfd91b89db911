"""Revising a discussion that somebody else may have revised meanwhile: merged, or both texts kept."""

from dataclasses import replace

from cop.core.types import Lang
from cop.discussions import operations
from cop.discussions.draft import DiscussionFacts
from cop.discussions.operations import KIND
from cop.entries import mentions, policy, queries
from cop.entries.draft import Signature, TextDraft
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
    signed,
    text_in,
)
from cop.entries.significance import UNSAID, Change
from cop.people.viewer import Viewer


def revise_discussion(
    *,
    by: Viewer,
    entry_id: int,
    base_id: int,
    draft: TextDraft,
    facts: DiscussionFacts,
    signature: Signature | None,
    change: Change = UNSAID,
) -> Revised:
    """Publish a new state of a discussion, made from the revision `base_id`.

    What came in between is merged. Raises EditConflict where both touch the same passage, Invalid for
    what cannot be taken.
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
    # The space is changed by moving alone.
    facts = replace(facts, space=now.space)
    words, conflicts = merge_words(base, current, draft)
    told, clashes = merge_facts({**base.facts, "space": now.space}, facts.to_json(), now.to_json())
    if conflicts or clashes:
        raise EditConflict(current, conflicts + clashes, sections=words, facts=told)
    draft, facts = draft_of(draft, words), DiscussionFacts.from_json(told)
    changed = not _same(current, now, draft, facts)
    if changed:
        operations.publish(by=by, entry=entry, text=text, draft=draft, facts=facts, change=change)
    merged = base.id != current.id
    return signed(
        by=by, entry=entry, text=text, signature=signature, changed=changed, merged=merged
    )


def restore(*, by: Viewer, entry_id: int, revision_id: int) -> Revised:
    """Make an earlier text the published one again, as a new revision that says so; its space stays as it is."""
    entry = queries.get(by, entry_id, KIND, to_change=True)
    policy.require(by, Act.RESTORE, entry)
    text, old = earlier(entry, revision_id)
    now = operations.facts_now(entry)
    facts = replace(DiscussionFacts.from_json(old.facts), space=now.space)
    draft = TextDraft(Lang(text.lang), old.title, old.sections)
    if _same(queries.current(text), now, draft, facts):
        return Revised(entry, text, changed=False, merged=False)
    operations.publish(
        by=by, entry=entry, text=text, draft=draft, facts=facts, restored_number=old.number
    )
    return Revised(entry, text, changed=True, merged=False)


def _same(
    current: Revision, now: DiscussionFacts, draft: TextDraft, facts: DiscussionFacts
) -> bool:
    return same_words(current, draft) and now == facts
