"""Revising a collection that somebody else may have revised meanwhile, or that holds what its editor may not read."""

from dataclasses import replace

from sqlalchemy import select

from cop.collections import operations
from cop.collections.draft import CollectionFacts
from cop.collections.operations import KIND
from cop.collections.ordering import merge_order, with_unseen
from cop.core.db import db
from cop.core.types import Json
from cop.entries import policy
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


def revise_collection(
    *,
    by: Viewer,
    entry_id: int,
    base_id: int,
    draft: TextDraft,
    facts: CollectionFacts,
    signature: Signature | None,
    change: Change = UNSAID,
) -> Revised:
    """Publish a new state of a collection, made from the revision `base_id`.

    What came in between is merged, and what the actor may not read stays where it is. Raises EditConflict
    where both touch the same passage or reason, Invalid for what cannot be taken.
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
    now, before = operations.facts_now(entry), CollectionFacts.from_json(edit.base.facts)
    told, clashes = _merged(before, whole(by, before, facts), now)
    draft, facts = edit.merged(told, clashes), CollectionFacts.from_json(told)
    changed = not _same(edit.current, now, draft, facts)
    if changed:
        known = {*now.entries, *before.entries}
        operations.publish(
            by=by, entry=entry, text=text, draft=draft, facts=facts, known=known, change=change
        )
    return signed(
        by=by,
        entry=entry,
        text=text,
        signature=signature,
        changed=changed,
        merged=edit.is_behind,
    )


def whole(by: Viewer, before: CollectionFacts, mine: CollectionFacts) -> CollectionFacts:
    """Return what somebody made of a collection with what she may not read in its place, and its reasons."""
    unseen = _unseen(by, before.entries)
    entries = with_unseen(mine.entries, before.entries, unseen)
    kept = {key: before.reasons[key] for key in unseen if key in before.reasons}
    return CollectionFacts(entries, {**mine.reasons, **kept})


def _unseen(by: Viewer, keys: tuple[str, ...]) -> list[str]:
    if by.system or not keys:
        return []
    statement = select(Entry.key).where(Entry.key.in_(keys), policy.listed(by))
    seen = set(db.session.scalars(statement))
    return [key for key in keys if key not in seen]


def _merged(
    before: CollectionFacts, mine: CollectionFacts, now: CollectionFacts
) -> tuple[Json, tuple[str, ...]]:
    """Return the facts of both, and the names of what clashes: a reason that both wrote anew."""
    touched = [*_rewritten(before, mine), *_rewritten(before, now)]
    order = merge_order(before.entries, mine.entries, now.entries, touched=touched)
    reasons: dict[str, Json] = {}
    clashing = False
    for key in order:
        one, other = mine.reasons.get(key, {}), now.reasons.get(key, {})
        if key in mine.entries and key in now.entries:
            reasons[key], clashes = merge_facts(
                dict(before.reasons.get(key, {})), dict(one), dict(other)
            )
            clashing = clashing or bool(clashes)
        else:
            reasons[key] = dict(one if key in mine.entries else other)
    return CollectionFacts(order, reasons).to_json(), ("reasons",) if clashing else ()


def _rewritten(before: CollectionFacts, after: CollectionFacts) -> list[str]:
    """Return entries that stand in both with other reasons."""
    both = [key for key in after.entries if key in before.entries]
    return [key for key in both if after.reasons.get(key) != before.reasons.get(key)]


def restore(*, by: Viewer, entry_id: int, revision_id: int) -> Revised:
    """Make an earlier state the published one again, with its entries, as a new revision that says so."""
    back = return_to(by=by, kind=KIND, entry_id=entry_id, revision_id=revision_id)
    entry, text, draft = back.entry, back.text, back.draft
    now, then = operations.facts_now(entry), CollectionFacts.from_json(back.old.facts)
    facts = whole(by, now, replace(then, reasons={**now.reasons, **then.reasons}))
    facts = CollectionFacts.from_json(facts.to_json())
    if _same(back.current, now, draft, facts):
        return Revised(entry, text, changed=False, merged=False)
    operations.publish(
        by=by,
        entry=entry,
        text=text,
        draft=draft,
        facts=facts,
        known={*now.entries, *then.entries},
        restored_number=back.old.number,
    )
    return Revised(entry, text, changed=True, merged=False)


def _same(
    current: Revision, now: CollectionFacts, draft: TextDraft, facts: CollectionFacts
) -> bool:
    return same_words(current, draft) and now.to_json() == facts.to_json()
