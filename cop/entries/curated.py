"""The life of pages that curators keep, whatever their kind: revised, restored, rewritten after a proposal."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from cop.core.errors import Invalid
from cop.core.i18n import _l
from cop.core.types import Json
from cop.entries import queries
from cop.entries.draft import TextDraft
from cop.entries.models import Entry, Revision, Text
from cop.entries.operations import SECTION_LIMIT, TITLE_LIMIT
from cop.entries.revising import (
    Revised,
    edit_of,
    merge_facts,
    return_to,
    same_words,
    text_in,
)
from cop.entries.significance import UNSAID, Change
from cop.people.viewer import Viewer


@dataclass(frozen=True)
class Curated:
    """What a kind brings to that life. Facts are JSON as revisions keep them, empty values left out."""

    kind: str
    sections: tuple[str, ...]
    #: Yields everything a page must tell and this text does not.
    lacking: Callable[[TextDraft], Iterator[Invalid]]
    #: Facts of any revision → the same as they are told today.
    told_today: Callable[[Json], Json]
    #: Publishes a new state: `publish(by=…, entry=…, text=…, draft=…, facts=…, change=…, restored_number=…)`.
    publish: Callable[..., Revision]
    #: Tells a page in one more language: `add_text(by=…, entry=…, text=…)`.
    add_text: Callable[..., Text]
    #: The facts that an edit changes; all others are changed by other acts and stay as they are.
    edited: tuple[str, ...]

    def check_text(self, text: TextDraft) -> None:
        """Raise Invalid for a text that lacks what a page must tell, or is longer than one can be."""
        for error in self.lacking(text):
            raise error
        check_lengths(text, self.sections)

    def facts_now(self, entry: Entry) -> Json:
        """Return the facts of a page as they are told today."""
        return self.told_today(queries.latest_facts(entry).facts)

    def with_edited(self, now: Json, facts: Json) -> Json:
        """Return the facts of now with those that an edit changes as others have them."""
        kept = {name: value for name, value in now.items() if name not in self.edited}
        return kept | {name: facts[name] for name in self.edited if facts.get(name)}


def check_lengths(text: TextDraft, sections: Sequence[str]) -> None:
    """Raise Invalid for a title or section that is longer than one can be."""
    if len(text.title) > TITLE_LIMIT:
        raise Invalid(
            "title",
            _l("This title is too long; %(limit)s characters are enough.", limit=TITLE_LIMIT),
        )
    for key in sections:
        if len(text.sections.get(key, "")) > SECTION_LIMIT:
            raise Invalid(
                key,
                _l(
                    "This section is too long; at most %(limit)s characters fit.",
                    limit=f"{SECTION_LIMIT:,}",
                ),
            )


def revise(
    curated: Curated,
    *,
    by: Viewer,
    entry_id: int,
    base_id: int,
    draft: TextDraft,
    facts: Json,
    change: Change = UNSAID,
) -> Revised:
    """Publish a new state of a page, made from the revision `base_id`; what came in between is merged.

    Raises EditConflict where both touch the same passage, Invalid for what cannot be taken.
    """
    edit = edit_of(
        by=by,
        kind=curated.kind,
        entry_id=entry_id,
        base_id=base_id,
        draft=draft,
        check_text=curated.check_text,
    )
    entry, text = edit.entry, edit.text
    now = curated.facts_now(entry)
    before = curated.with_edited(now, curated.told_today(edit.base.facts))
    told, clashes = merge_facts(before, curated.with_edited(now, facts), now)
    draft = edit.merged(told, clashes)
    changed = not (same_words(edit.current, draft) and now == told)
    if changed:
        curated.publish(by=by, entry=entry, text=text, draft=draft, facts=told, change=change)
    return Revised(entry, text, changed=changed, merged=edit.is_behind)


def restore(curated: Curated, *, by: Viewer, entry_id: int, revision_id: int) -> Revised:
    """Make an earlier text the published one again, as a new revision that says so.

    Facts that an edit does not change stay as they are: they judge the page of today.
    """
    back = return_to(by=by, kind=curated.kind, entry_id=entry_id, revision_id=revision_id)
    entry, text, draft = back.entry, back.text, back.draft
    now = curated.facts_now(entry)
    facts = curated.with_edited(now, curated.told_today(back.old.facts))
    if same_words(back.current, draft) and now == facts:
        return Revised(entry, text, changed=False, merged=False)
    curated.publish(
        by=by, entry=entry, text=text, draft=draft, facts=facts, restored_number=back.old.number
    )
    return Revised(entry, text, changed=True, merged=False)


def rewrite(
    curated: Curated, *, by: Viewer, entry_id: int, draft: TextDraft, change: Change
) -> Revised:
    """Publish other words of a page, made for what stands there now; its facts stay as they are."""
    entry = queries.get(by, entry_id, curated.kind, to_change=True)
    return revise(
        curated,
        by=by,
        entry_id=entry.id,
        base_id=queries.current(text_in(entry, draft)).id,
        draft=draft,
        facts=curated.facts_now(entry),
        change=change,
    )
