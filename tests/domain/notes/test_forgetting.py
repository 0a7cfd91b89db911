"""What a note names no more is not kept with it."""

from __future__ import annotations

from dataclasses import replace

import pytest
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


def test_an_organisation_that_was_replaced_leaves_every_revision(make, open_editor) -> None:
    author = make.member()
    entry = make.note(by=author, organisation_name="Invented House of Repairs")
    open_editor(author, entry).publish(organisation_name="Invented House of Songs")
    open_editor(author, entry).publish(title="Another title")
    text = queries.get(author, entry.id).texts[0]
    rows = select(Revision).where(Revision.text_id == text.id).order_by(Revision.number)
    named = [revision.facts.get("organisation") for revision in db.session.scalars(rows)]
    assert named[0] is None
    assert named[1] == named[2] is not None


@pytest.mark.parametrize("replaced", [True, False])
def test_an_editor_opened_before_does_not_bring_a_name_back(make, open_editor, replaced) -> None:
    author = make.member()
    entry = make.note(by=author, organisation_name="Invented House of Repairs")
    one, two = open_editor(author, entry), open_editor(author, entry)
    if replaced:
        one.publish(organisation_name="Invented House of Songs")
    else:
        one.publish(facts={"organisation": "", "described_as": {"en": "A residents' group"}})
    kept = queries.latest_facts(queries.get(author, entry.id)).facts
    two.publish(title="Another title", organisation_name="Invented House of Repairs")
    assert queries.latest_facts(queries.get(author, entry.id)).facts == kept
