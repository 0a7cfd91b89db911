"""What a note names no more is not kept with it."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from cop.core.db import db
from cop.core.types import Lang
from cop.entries import queries
from cop.entries.draft import TextDraft
from cop.entries.models import Revision
from cop.notes.draft import NoteFacts
from cop.notes.models import CaseNote
from cop.notes.revising import revise_note


def test_an_organisation_that_is_only_described_from_now_on_leaves_every_revision(make) -> None:
    author = make.member()
    entry = make.note(by=author, organisation_name="Invented House of Repairs")
    text = queries.get(author, entry.id).texts[0]
    before = queries.current(text)
    assert "organisation" in before.facts
    facts = replace(
        NoteFacts.from_json(before.facts),
        organisation="",
        described_as={text.lang: "A residents' group"},
    )
    revise_note(
        by=author,
        entry_id=entry.id,
        base_id=before.id,
        draft=TextDraft(Lang(text.lang), before.title, before.sections),
        facts=facts,
        signature=None,
    )
    revisions = db.session.scalars(select(Revision).where(Revision.text_id == text.id)).all()
    assert len(revisions) == 2
    assert not any("organisation" in revision.facts for revision in revisions)
    assert db.session.get_one(CaseNote, entry.id).organisation_id is None
