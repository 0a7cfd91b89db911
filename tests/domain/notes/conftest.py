"""What the tests of notes share: an edit of the note as it stands, with a few things changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from cop.core.db import db
from cop.core.types import Lang
from cop.entries import queries
from cop.entries.draft import TextDraft
from cop.entries.significance import Change
from cop.notes.draft import NoteFacts
from cop.notes.revising import revise_note

if TYPE_CHECKING:
    from collections.abc import Callable

    from cop.entries.models import Entry, Revision
    from cop.notes.revising import Revised
    from cop.people.viewer import Viewer


def published(viewer: Viewer, entry: Entry, lang: Lang = Lang.EN) -> Revision:
    """Return what stands published."""
    return queries.current(queries.text_for(queries.get(viewer, entry.id), lang))


class Editor:
    """An editor somebody opened: it holds the note as it stood then."""

    def __init__(self, by: Viewer, entry: Entry, lang: Lang = Lang.EN) -> None:
        """Open the editor."""
        self.by, self.entry, self.lang = by, entry, lang
        self.base = published(by, entry, lang)
        self.latest = queries.latest_facts(queries.get(by, entry.id))
        self.title, self.sections = self.base.title, dict(self.base.sections)
        self.facts = NoteFacts.from_json(self.latest.facts)

    def publish(
        self,
        *,
        title: str = "",
        facts: dict[str, Any] | None = None,
        signature: Any = None,
        organisation_name: str = "",
        note: str = "",
        **sections: str,
    ) -> Revised:
        """Publish with these parts changed."""
        done = revise_note(
            by=self.by,
            entry_id=self.entry.id,
            base_id=self.base.id,
            facts_base_id=self.latest.id,
            draft=TextDraft(self.lang, title or self.title, {**self.sections, **sections}),
            facts=replace(self.facts, **(facts or {})),
            signature=signature,
            organisation_name=organisation_name,
            change=Change(note),
        )
        db.session.commit()
        return done


@pytest.fixture
def open_editor() -> Callable[..., Editor]:
    """Return the function that opens an editor on a note."""
    return Editor
