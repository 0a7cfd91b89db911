"""Revising a discussion that somebody else may have revised meanwhile: merged, or both texts kept."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from cop.core.errors import Conflict, Invalid, NotFound
from cop.core.i18n import _l
from cop.core.merge import merge_sections
from cop.core.types import Lang
from cop.discussions import operations
from cop.discussions.draft import DiscussionFacts
from cop.discussions.operations import KIND
from cop.entries import operations as entries, policy, queries
from cop.entries.draft import Signature, TextDraft
from cop.entries.models import Entry, Revision, Text
from cop.entries.policy import Act
from cop.notes.revising import merge_facts
from cop.people.viewer import Viewer

_TITLE = "title"


class EditConflict(Conflict):
    """Two people changed the same passage. Holds what stands published now, and what merges of both."""

    def __init__(
        self, theirs: Revision, parts: tuple[str, ...], sections: Mapping[str, str]
    ) -> None:
        """Name the revision that came in between and the parts that do not merge."""
        super().__init__(
            _l(
                "Somebody changed the same passage while you were writing. Both texts are below; yours is not lost."
            )
        )
        self.theirs = theirs
        self.parts = parts
        self.sections = sections


@dataclass(frozen=True)
class Revised:
    """What revising led to: the entry, its text, and whether others' changes were merged in."""

    entry: Entry
    text: Text
    changed: bool
    merged: bool


def revise_discussion(
    *,
    by: Viewer,
    entry_id: int,
    base_id: int,
    draft: TextDraft,
    facts: DiscussionFacts,
    signature: Signature | None,
    note: str = "",
) -> Revised:
    """Publish a new state of a discussion, made from the revision `base_id`.

    What came in between is merged. Raises EditConflict where both touch the same passage, Invalid for
    what cannot be taken.
    """
    entry = queries.get(by, entry_id, KIND, to_change=True)
    policy.require(by, Act.REVISE, entry)
    text = next((text for text in entry.texts if text.lang == draft.lang), None)
    if text is None:
        raise Invalid("lang", _l("This has no text in that language (any more)."))
    operations.check_text(draft)
    current, now = queries.current(text), operations.facts_now(entry)
    base = _base(entry, text, base_id)
    # The space is changed by moving alone.
    facts = replace(facts, space=now.space)
    merged = merge_sections(
        {_TITLE: base.title, **base.sections} if base else {},
        {_TITLE: draft.title, **draft.sections},
        {_TITLE: current.title, **current.sections},
    )
    of_base = {**base.facts, "space": now.space} if base else now.to_json()
    told, clashes = merge_facts(of_base, facts.to_json(), now.to_json())
    if merged.conflicts or clashes:
        raise EditConflict(current, (*merged.conflicts, *clashes), merged.sections)
    sections = dict(merged.sections)
    draft = TextDraft(draft.lang, sections.pop(_TITLE, ""), sections)
    facts = DiscussionFacts.from_json(told)
    changed = not _same(current, now, draft, facts)
    if changed:
        operations.publish(by=by, entry=entry, text=text, draft=draft, facts=facts, note=note)
    if (
        signature is not None
        and entries.sign(by=by, entry=entry, signature=signature)
        and not changed
    ):
        entries.changed_without_text(by=by, entry=entry, text=text)
        changed = True
    return Revised(entry, text, changed=changed, merged=base is None or base.id != current.id)


def _base(entry: Entry, text: Text, base_id: int) -> Revision | None:
    """Return the revision the editor started from; without it nothing merges, and both texts are kept."""
    try:
        of_text, base = queries.revision_by_id(entry, base_id)
    except NotFound:
        return None
    return base if of_text.id == text.id and base.suppressed_at is None else None


def restore(*, by: Viewer, entry_id: int, revision_id: int) -> Revised:
    """Make an earlier text the published one again, as a new revision that says so; its space stays as it is."""
    entry = queries.get(by, entry_id, KIND, to_change=True)
    policy.require(by, Act.RESTORE, entry)
    text, old = queries.revision_by_id(entry, revision_id)
    if old.suppressed_at is not None:
        raise Invalid("revision", _l("This version was removed and cannot be restored."))
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
    words = {key: value for key, value in draft.sections.items() if value}
    return (current.title, current.sections) == (draft.title, words) and (now == facts)
