"""Revising a note that somebody else may have revised meanwhile: merge by section and by fact, or keep both texts."""

from dataclasses import replace

from cop.core.errors import NotFound
from cop.entries import queries
from cop.entries.draft import Signature, TextDraft
from cop.entries.models import Entry, Revision
from cop.entries.revising import (
    Edit,
    Revised,
    edit_of,
    merge_facts,
    return_to,
    same_words,
    signed,
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
    edit = edit_of(
        by=by,
        kind=KIND,
        entry_id=entry_id,
        base_id=base_id,
        draft=draft,
        check_text=operations.check_text,
    )
    entry, text = edit.entry, edit.text
    now = facts_of(queries.latest_facts(entry))
    facts = living(facts)
    operations.check_facts(facts)
    check_original(by, facts, entry=entry, before=now.original)
    named = operations.naming(facts, organisation_name)
    base_facts = _facts_base(entry, edit.base, facts_base_id, named)
    draft, facts = _merged(edit, base_facts, named, now)
    changed = not _same(edit.current, draft, now, facts)
    if changed:
        operations.publish(by=by, entry=entry, text=text, draft=draft, facts=facts, change=change)
        say_tried(by=by, entry=entry, facts=facts, before=now)
    return signed(
        by=by,
        entry=entry,
        text=text,
        signature=signature,
        changed=changed,
        merged=edit.is_behind,
    )


def restore(*, by: Viewer, entry_id: int, revision_id: int) -> Revised:
    """Make an earlier state the published one again, as a new revision that says so.

    What it was tried after stays as it is today where the earlier original cannot be named any more.
    """
    back = return_to(by=by, kind=KIND, entry_id=entry_id, revision_id=revision_id)
    entry, text, draft = back.entry, back.text, back.draft
    now = facts_of(queries.latest_facts(entry))
    facts = possible(by, facts_of(back.old), now, entry)
    if _same(back.current, draft, now, facts):
        return Revised(entry, text, changed=False, merged=False)
    operations.publish(
        by=by, entry=entry, text=text, draft=draft, facts=facts, restored_number=back.old.number
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
    edit: Edit, base: NoteFacts, mine: NoteFacts, theirs: NoteFacts
) -> tuple[TextDraft, NoteFacts]:
    """Return draft and facts with what came in between; raises EditConflict naming the parts that clash."""
    facts, clashes = merge_facts(base.to_json(), mine.to_json(), theirs.to_json())
    return edit.merged(facts, clashes), NoteFacts.from_json(facts)


def _same(current: Revision, draft: TextDraft, now: NoteFacts, facts: NoteFacts) -> bool:
    return same_words(current, draft) and now.to_json() == facts.to_json()
