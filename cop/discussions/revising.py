"""Revising a discussion that somebody else may have revised meanwhile: merged, or both texts kept."""

from dataclasses import replace

from cop.discussions import operations
from cop.discussions.draft import DiscussionFacts
from cop.discussions.operations import KIND
from cop.entries.draft import Signature, TextDraft
from cop.entries.models import Revision
from cop.entries.revising import (
    Revised,
    edit_of,
    merge_facts,
    return_to,
    same_words,
    signed,
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
    edit = edit_of(
        by=by,
        kind=KIND,
        entry_id=entry_id,
        base_id=base_id,
        draft=draft,
        check_text=operations.check_text,
    )
    entry, text = edit.entry, edit.text
    now = operations.facts_now(entry)
    # The space is changed by moving alone.
    before, mine = {**edit.base.facts, "space": now.space}, replace(facts, space=now.space)
    told, clashes = merge_facts(before, mine.to_json(), now.to_json())
    draft, facts = edit.merged(told, clashes), DiscussionFacts.from_json(told)
    changed = not _same(edit.current, now, draft, facts)
    if changed:
        operations.publish(by=by, entry=entry, text=text, draft=draft, facts=facts, change=change)
    return signed(
        by=by,
        entry=entry,
        text=text,
        signature=signature,
        changed=changed,
        merged=edit.is_behind,
    )


def restore(*, by: Viewer, entry_id: int, revision_id: int) -> Revised:
    """Make an earlier text the published one again, as a new revision that says so; its space stays as it is."""
    back = return_to(by=by, kind=KIND, entry_id=entry_id, revision_id=revision_id)
    entry, text, draft = back.entry, back.text, back.draft
    now = operations.facts_now(entry)
    facts = replace(DiscussionFacts.from_json(back.old.facts), space=now.space)
    if _same(back.current, now, draft, facts):
        return Revised(entry, text, changed=False, merged=False)
    operations.publish(
        by=by, entry=entry, text=text, draft=draft, facts=facts, restored_number=back.old.number
    )
    return Revised(entry, text, changed=True, merged=False)


def _same(
    current: Revision, now: DiscussionFacts, draft: TextDraft, facts: DiscussionFacts
) -> bool:
    return same_words(current, draft) and now == facts
