"""Revising a note that somebody else may have revised meanwhile: merge by section and by fact, or keep both texts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cop.core.errors import Conflict, Invalid, NotFound
from cop.core.i18n import _l
from cop.core.merge import merge_sections
from cop.core.types import Json, Lang
from cop.entries import operations as entries, policy, queries
from cop.entries.draft import Signature, TextDraft
from cop.entries.models import Entry, Revision, Text
from cop.entries.operations import digest
from cop.entries.policy import Act
from cop.notes import operations
from cop.notes.draft import NoteFacts
from cop.notes.living import facts_of, living
from cop.notes.operations import KIND
from cop.people.viewer import Viewer

#: The title takes part in the merge like a section.
_TITLE = "title"


class EditConflict(Conflict):
    """Two people changed the same passage. Holds what stands published now, and what merges of both.

    `sections` (with the title) and `facts` are merged where they merge, and as typed where they clash;
    None where there was nothing to merge from.
    """

    def __init__(
        self,
        theirs: Revision,
        parts: tuple[str, ...],
        *,
        sections: Mapping[str, str] | None = None,
        facts: NoteFacts | None = None,
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
        self.facts = facts


@dataclass(frozen=True)
class Revised:
    """What revising led to: the entry, its text, and whether others' changes were merged in."""

    entry: Entry
    text: Text
    changed: bool
    merged: bool


def revise_note(
    *,
    by: Viewer,
    entry_id: int,
    base_id: int,
    draft: TextDraft,
    facts: NoteFacts,
    signature: Signature | None,
    organisation_name: str = "",
    note: str = "",
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
    text = next((text for text in entry.texts if text.lang == draft.lang), None)
    if text is None:
        raise Invalid("lang", _l("This note has no text in that language (any more)."))
    current = queries.current(text)
    now = facts_of(queries.latest_facts(entry))
    base = _base(entry, text, base_id, current)
    operations.check_text(draft)
    facts = living(facts)
    operations.check_facts(facts)
    named = operations.naming(facts, organisation_name)
    base_facts = _facts_base(entry, base, facts_base_id, named)
    draft, facts = _merged(base, current, draft, facts=(base_facts, named, now))
    changed = not _same(current, draft, now, facts)
    if changed:
        operations.publish(by=by, entry=entry, text=text, draft=draft, facts=facts, note=note)
    if (
        signature is not None
        and entries.sign(by=by, entry=entry, signature=signature)
        and not changed
    ):
        entries.changed_without_text(by=by, entry=entry, text=text)
        changed = True
    return Revised(entry, text, changed=changed, merged=base.id != current.id)


def restore(*, by: Viewer, entry_id: int, revision_id: int) -> Revised:
    """Make an earlier state the published one again, as a new revision that says so."""
    entry = queries.get(by, entry_id, KIND, to_change=True)
    policy.require(by, Act.RESTORE, entry)
    text, old = queries.revision_by_id(entry, revision_id)
    if old.suppressed_at is not None:
        raise Invalid("revision", _l("This version was removed and cannot be restored."))
    draft = TextDraft(Lang(text.lang), old.title, old.sections)
    facts = facts_of(old)
    current = queries.current(text)
    if _same(current, draft, facts_of(queries.latest_facts(entry)), facts):
        return Revised(entry, text, changed=False, merged=False)
    operations.publish(
        by=by, entry=entry, text=text, draft=draft, facts=facts, restored_number=old.number
    )
    return Revised(entry, text, changed=True, merged=False)


def _base(entry: Entry, text: Text, base_id: int, current: Revision) -> Revision:
    """Return the revision the editor started from; where it is gone, nothing can be merged and both texts are kept."""
    try:
        of_text, base = queries.revision_by_id(entry, base_id)
    except NotFound as error:
        raise EditConflict(current, ("title",)) from error
    if of_text.id != text.id or base.suppressed_at is not None:
        raise EditConflict(current, ("title",))
    return base


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
    if base.id == current.id:
        texts = {_TITLE: draft.title, **draft.sections}
        conflicts: tuple[str, ...] = ()
    else:
        merge = merge_sections(
            {_TITLE: base.title, **base.sections},
            {_TITLE: draft.title, **draft.sections},
            {_TITLE: current.title, **current.sections},
        )
        texts, conflicts = dict(merge.sections), tuple(merge.conflicts)
    if conflicts or clashes:
        raise EditConflict(
            current,
            conflicts + clashes,
            sections=texts,
            facts=NoteFacts.from_json({"outcome": "", **merged_facts}),
        )
    title = texts.pop(_TITLE, "")
    return TextDraft(draft.lang, title, texts), NoteFacts.from_json(merged_facts)


def merge_facts(base: Json, mine: Json, theirs: Json) -> tuple[Json, tuple[str, ...]]:
    """Merge facts key by key, lists as sets of additions and removals.

    Returns the facts and the keys that clash.
    """
    merged: Json = {}
    clashes: list[str] = []
    for key in dict.fromkeys([*theirs, *mine, *base]):
        value, clash = _merge_value(base.get(key), mine.get(key), theirs.get(key))
        if clash:
            clashes.append(key)
        if value not in (None, "", [], {}):
            merged[key] = value
    return merged, tuple(clashes)


def _merge_value(base: Any, mine: Any, theirs: Any) -> tuple[Any, bool]:
    if mine in (base, theirs):
        return theirs, False
    if theirs == base:
        return mine, False
    if isinstance(mine, dict) or isinstance(theirs, dict):
        merged, clashes = merge_facts(base or {}, mine or {}, theirs or {})
        return merged, bool(clashes)
    if isinstance(mine, list) or isinstance(theirs, list):
        return _merge_lists(base or [], mine or [], theirs or []), False
    return mine, True


def _merge_lists(base: list[Any], mine: list[Any], theirs: list[Any]) -> list[Any]:
    removed = [item for item in base if item not in mine]
    added = [item for item in mine if item not in base and item not in theirs]
    return [item for item in theirs if item not in removed] + added


def _same(current: Revision, draft: TextDraft, now: NoteFacts, facts: NoteFacts) -> bool:
    words = {key: value for key, value in draft.sections.items() if value}
    return (current.title, current.sections) == (
        draft.title,
        words,
    ) and now.to_json() == facts.to_json()
