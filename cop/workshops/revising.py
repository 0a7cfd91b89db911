"""Revising a workshop that somebody else may have revised meanwhile: merged by section and row, or both kept."""

from cop.core.errors import NotFound
from cop.entries import queries
from cop.entries.draft import Signature, TextDraft
from cop.entries.models import Entry, Revision
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
from cop.workshops import operations, trainers
from cop.workshops.checking import check_facts, check_text, settled
from cop.workshops.draft import WorkshopFacts
from cop.workshops.operations import KIND


def revise_workshop(
    *,
    by: Viewer,
    entry_id: int,
    base_id: int,
    draft: TextDraft,
    facts: WorkshopFacts,
    signature: Signature | None,
    change: Change = UNSAID,
    facts_base_id: int = 0,
) -> Revised:
    """Publish a new state of a workshop, made from the revision `base_id`.

    Facts belong to the whole workshop, so those the editor showed may come from a revision of another
    text, `facts_base_id`. What came in between is merged, row by row. Raises EditConflict where both
    touch the same passage, Invalid for what cannot be taken.
    """
    edit = edit_of(
        by=by,
        kind=KIND,
        entry_id=entry_id,
        base_id=base_id,
        draft=draft,
        check_text=check_text,
    )
    entry, text = edit.entry, edit.text
    now = operations.facts_now(entry)
    facts = settled(by, facts, now)
    check_facts(facts)
    before = facts_at(entry, facts_base_id, edit.base)
    told, clashes = merge_facts(before.to_json(), facts.to_json(), now.to_json())
    draft, facts = edit.merged(told, clashes), WorkshopFacts.from_json(told)
    changed = not _same(edit.current, now, draft, facts)
    if changed:
        operations.publish(by=by, entry=entry, text=text, draft=draft, facts=facts, change=change)
    merged = edit.is_behind or before != now
    # Who reads it, and under which name it stands, its author says: co-trainers change neither.
    meant = None if trainers.trains(by, entry) else signature
    return signed(by=by, entry=entry, text=text, signature=meant, changed=changed, merged=merged)


def facts_at(entry: Entry, revision_id: int, otherwise: Revision) -> WorkshopFacts:
    """Return the facts that an editor started from; those of `otherwise` where that revision is gone."""
    try:
        _text, found = queries.revision_by_id(entry, revision_id)
    except NotFound:
        found = otherwise
    return WorkshopFacts.from_json((found if found.suppressed_at is None else otherwise).facts)


def restore(*, by: Viewer, entry_id: int, revision_id: int) -> Revised:
    """Make an earlier state the published one again, as a new revision that says so."""
    back = return_to(by=by, kind=KIND, entry_id=entry_id, revision_id=revision_id)
    entry, text, draft = back.entry, back.text, back.draft
    now = operations.facts_now(entry)
    facts = settled(by, WorkshopFacts.from_json(back.old.facts), now)
    if _same(back.current, now, draft, facts):
        return Revised(entry, text, changed=False, merged=False)
    operations.publish(
        by=by, entry=entry, text=text, draft=draft, facts=facts, restored_number=back.old.number
    )
    return Revised(entry, text, changed=True, merged=False)


def _same(current: Revision, now: WorkshopFacts, draft: TextDraft, facts: WorkshopFacts) -> bool:
    return same_words(current, draft) and now == facts
