"""Revising an entry that somebody else may have revised meanwhile: merged by section and fact, or both kept."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from cop.core.errors import Conflict, Invalid, NotFound
from cop.core.i18n import _l
from cop.core.merge import merge_sections
from cop.core.types import Json, Lang
from cop.entries import mentions, operations, policy, queries
from cop.entries.draft import Signature, TextDraft
from cop.entries.models import Entry, Revision, Text
from cop.entries.policy import Act
from cop.people.viewer import Viewer

#: The title takes part in the merge like a section.
TITLE = "title"


class EditConflict(Conflict):
    """Two people changed the same passage. Holds what stands published now, and what merges of both.

    `sections` (with the title) and `facts` (JSON) are merged where they merge, and as typed where they
    clash; None where there was nothing to merge from.
    """

    def __init__(
        self,
        theirs: Revision,
        parts: tuple[str, ...],
        *,
        sections: Mapping[str, str] | None = None,
        facts: Json | None = None,
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


@dataclass(frozen=True)
class Edit:
    """An edit of one text: what stands published, what its editor started from, and what she wrote."""

    entry: Entry
    text: Text
    current: Revision
    base: Revision
    draft: TextDraft

    @property
    def is_behind(self) -> bool:
        """Whether somebody published a state in between."""
        return self.base.id != self.current.id

    def merged(self, facts: Json, clashes: tuple[str, ...]) -> TextDraft:
        """Return the draft with the words that came in between.

        Raises EditConflict where words clash, or facts do: `facts` are merged already, `clashes` names theirs.
        """
        words, conflicts = merge_words(self.base, self.current, self.draft)
        if conflicts or clashes:
            raise EditConflict(self.current, conflicts + clashes, sections=words, facts=facts)
        return draft_of(self.draft, words)


def edit_of(
    *,
    by: Viewer,
    kind: str,
    entry_id: int,
    base_id: int,
    draft: TextDraft,
    check_text: Callable[[TextDraft], None],
) -> Edit:
    """Return the edit of an entry of this kind, which others change no more until it is done.

    Raises EditConflict where what it started from is gone, Invalid for words that cannot be taken.
    """
    entry = queries.get(by, entry_id, kind, to_change=True)
    policy.require(by, Act.REVISE, entry)
    text = text_in(entry, draft)
    check_text(draft)
    current = queries.current(text)
    base = base_of(entry, text, base_id)
    if base is None:
        raise EditConflict(current, (TITLE,))
    taken = mentions.taken_draft(by, entry, draft, {**base.sections, **current.sections})
    return Edit(entry, text, current, base, taken)


def text_in(entry: Entry, draft: TextDraft) -> Text:
    """Return the text of an entry that a draft is about; raises Invalid where it is gone."""
    text = next((text for text in entry.texts if text.lang == draft.lang), None)
    if text is None:
        raise Invalid("lang", _l("This has no text in that language (any more)."))
    return text


def base_of(entry: Entry, text: Text, base_id: int) -> Revision | None:
    """Return the revision an edit of this text started from; None where it is gone or was emptied.

    Without it nothing merges, and both texts are kept.
    """
    try:
        of_text, base = queries.revision_by_id(entry, base_id)
    except NotFound:
        return None
    return base if of_text.id == text.id and base.suppressed_at is None else None


@dataclass(frozen=True)
class Return:
    """The way back to an earlier state: what stands published, the state to publish again, and its words."""

    entry: Entry
    text: Text
    current: Revision
    old: Revision
    draft: TextDraft


def return_to(*, by: Viewer, kind: str, entry_id: int, revision_id: int) -> Return:
    """Return the way back to a state of an entry of this kind; raises Invalid for a state that was removed."""
    entry = queries.get(by, entry_id, kind, to_change=True)
    policy.require(by, Act.RESTORE, entry)
    text, old = queries.revision_by_id(entry, revision_id)
    if old.suppressed_at is not None:
        raise Invalid("revision", _l("This version was removed and cannot be restored."))
    draft = TextDraft(Lang(text.lang), old.title, old.sections)
    return Return(entry, text, queries.current(text), old, draft)


def merge_words(
    base: Revision, current: Revision, draft: TextDraft
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return title and sections with what came in between, and the names of those that clash (as typed)."""
    mine = {TITLE: draft.title, **draft.sections}
    if base.id == current.id:
        return mine, ()
    merge = merge_sections(
        {TITLE: base.title, **base.sections}, mine, {TITLE: current.title, **current.sections}
    )
    return dict(merge.sections), tuple(merge.conflicts)


def draft_of(draft: TextDraft, words: Mapping[str, str]) -> TextDraft:
    """Return the draft with these words: title and sections."""
    sections = dict(words)
    return TextDraft(draft.lang, sections.pop(TITLE, ""), sections)


def same_words(current: Revision, draft: TextDraft) -> bool:
    """Tell whether a draft says what stands published; an empty section is none."""
    words = {key: value for key, value in draft.sections.items() if value}
    return (current.title, current.sections) == (draft.title, words)


def signed(
    *,
    by: Viewer,
    entry: Entry,
    text: Text,
    signature: Signature | None,
    changed: bool,
    merged: bool,
) -> Revised:
    """Finish a revision: change who may read it and under which name, where that is asked for."""
    if (
        signature is not None
        and operations.sign(by=by, entry=entry, signature=signature)
        and not changed
    ):
        operations.changed_without_text(by=by, entry=entry, text=text)
        changed = True
    return Revised(entry, text, changed=changed, merged=merged)


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
