"""How much a state changes of what stood before leaves and comes with it, and makes no state another one."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.core.types import Lang
from cop.entries import queries
from cop.entries.draft import TextDraft
from cop.entries.models import Revision
from cop.entries.significance import Change
from cop.exchange.exporter import export_to
from cop.exchange.importer import import_files
from cop.exchange.kept import STATES
from cop.exchange.reading import digest
from cop.notes.living import facts_of
from cop.notes.revising import revise_note
from cop.people.viewer import SYSTEM
from tests.domain.exchange.test_round_trip import again


@pytest.fixture
def author(make):
    """Return who writes."""
    return make.viewer(make.user(handle="invented-author"))


def revised(author, note, title: str, significance: str) -> None:
    entry = queries.get(SYSTEM, note.id)
    text = queries.text_for(entry, Lang.EN)
    now = queries.current(text)
    revise_note(
        by=author,
        entry_id=entry.id,
        base_id=now.id,
        draft=TextDraft(Lang.EN, title, now.sections),
        facts=facts_of(queries.latest_facts(entry)),
        signature=None,
        change=Change("", significance),
    )
    db.session.commit()


def weights(key: str) -> list[str]:
    entry = queries.by_key(key)
    rows = select(Revision.significance).where(Revision.text_id == entry.texts[0].id)
    return list(db.session.scalars(rows.order_by(Revision.number)))


def test_what_somebody_said_of_an_edit_is_exported_and_read_back(tmp_path, make, author):
    note = make.note(by=author, key="invented-note", title="One")
    revised(author, note, "Two", "meaning")
    again(tmp_path, SYSTEM, people=lambda: make.user(handle="invented-author"))
    assert "significance:\n      en: meaning" in (tmp_path / "two" / "notes.yaml").read_text()
    assert weights("invented-note") == ["meaning"]


@pytest.mark.parametrize("said", ["meaning", ""])
def test_a_file_that_brings_another_state_says_how_much_it_changes(tmp_path, make, author, said):
    make.note(by=author, key="invented-note", title="One")
    export_to(tmp_path)
    file = tmp_path / "notes.yaml"
    import_files([file], by=SYSTEM)
    words = file.read_text().replace('"One"', '"Two"')
    words = (
        words.replace("    title:", f"    significance:\n      en: {said}\n    title:")
        if said
        else words
    )
    file.write_text(words)
    # Whoever wrote it on the site has not touched it since it was imported.
    entry = queries.by_key("invented-note")
    entry.import_sha256 = state_of("invented-note")
    db.session.commit()
    report = import_files([file], by=SYSTEM)
    assert report.ok, list(report.lines())
    assert weights("invented-note") == ["", said]
    assert not import_files([file], by=SYSTEM).changed


def state_of(key: str) -> str:
    return digest(STATES["note"]([key])[key].record)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("{en: enormous}", "it must be one of: typo, clarifies, meaning"),
        ("{zh: typo}", "title has none"),
    ],
)
def test_what_cannot_be_is_named_with_its_line(tmp_path, make, author, said, sentence):
    make.note(by=author, key="invented-note", title="One")
    export_to(tmp_path)
    file = tmp_path / "notes.yaml"
    file.write_text(file.read_text().replace("    title:", f"    significance: {said}\n    title:"))
    report = import_files([file], by=SYSTEM)
    assert sentence in str(report.problems[0])
