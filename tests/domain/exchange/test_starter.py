"""The starter content comes whole into an empty site, and only once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from cop.core.db import db
from cop.discussions.models import Discussion, Space
from cop.entries.models import Entry, Revision
from cop.exchange.kept import STATES
from cop.exchange.starter import load_starter, starter_is_loaded
from cop.notes.models import CaseNote
from cop.people.models import Organisation, User
from cop.practices.models import Practice
from cop.terms.models import Scheme, Source, Term
from cop.workshops.models import Workshop
from tests.content import starter_file

if TYPE_CHECKING:
    from typing import Any


def _count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_everything_the_files_hold_is_there_afterwards():
    report = load_starter()
    taxonomy = starter_file("taxonomy")
    assert report.ok, list(report.lines())
    assert _count(CaseNote) == len(starter_file("notes")["notes"]) == 41
    assert _count(Discussion) == len(starter_file("discussions")["discussions"]) == 10
    assert _count(Entry) == 73
    assert _count(Practice) == len(starter_file("practices")["practices"]) == 16
    assert _count(Space) == len(starter_file("spaces")["spaces"]) == 3
    assert _count(Term) == sum(len(one["concepts"]) for one in taxonomy["schemes"]) == 167
    assert _count(Scheme) == len(taxonomy["schemes"]) == 12
    assert _count(Source) == len(taxonomy["sources"])
    assert _count(Organisation) == len(starter_file("organisations")["organisations"]) == 8
    assert _count(Workshop) == len(starter_file("workshops")["workshops"]) == 6


@pytest.mark.usefixtures("starter")
def test_each_record_stands_in_the_database_as_it_was_read():
    notes = STATES["note"]([note["id"] for note in starter_file("notes")["notes"]])
    for note in starter_file("notes")["notes"]:
        state = notes[note["id"]].record
        assert state["title"] == note["title"]
        assert state["sections"] == note["sections"]
        assert state["strategies"] == note["strategies"]
        assert state.get("sectors", []) == note["sectors"]
        assert state.get("phase") == note["phase"]
        assert state["source"] == note["source"]
    terms = [term for scheme in starter_file("taxonomy")["schemes"] for term in scheme["concepts"]]
    states = STATES["term"]([term["id"] for term in terms])
    for term in terms:
        state = states[term["id"]].record
        assert state["pref_label"] == term["pref_label"]
        assert state["alt_labels"] == {k: v for k, v in term["alt_labels"].items() if v}
        assert sorted(state.get("broader", [])) == sorted(term.get("broader", []))


@pytest.mark.usefixtures("starter")
def test_the_editors_questions_stand_in_their_spaces_and_are_unanswered():
    states = STATES["discussion"]([one["id"] for one in starter_file("discussions")["discussions"]])
    for one in starter_file("discussions")["discussions"]:
        state = states[one["id"]].record
        for name in ("title", "body", "tags", "notes", "source", "space", "asked_by"):
            assert state[name] == one[name], one["id"]
    for row in db.session.scalars(select(Discussion)):
        assert row.unanswered
        assert row.audience == "public"


@pytest.mark.usefixtures("starter")
def test_loading_it_again_changes_nothing():
    before = {key: (row.version, row.import_sha256) for key, row in _entries().items()}
    revisions = _count(Revision)
    report = load_starter()
    assert report.ok
    assert not report.added
    assert not report.changed
    assert not report.kept
    assert report.unchanged == Counter(
        source=6,
        scheme=12,
        term=167,
        organisation=8,
        space=3,
        note=41,
        practice=16,
        discussion=10,
        workshop=6,
    )
    assert _count(Revision) == revisions
    assert {key: (row.version, row.import_sha256) for key, row in _entries().items()} == before


def _entries() -> dict[str, Entry]:
    return {row.key: row for row in db.session.scalars(select(Entry))}


@pytest.mark.usefixtures("starter")
def test_the_texts_are_the_editors_own_and_say_so():
    editors = db.session.scalars(select(User)).one()
    assert editors.system
    assert editors.names == {"zh-Hans": "编辑", "en": "Editors"}
    entries = _entries().values()
    assert len(entries) == 73
    for entry in entries:
        assert entry.author_id == editors.id
        assert entry.written_by == "editors"
        assert entry.reviewed_by_organisations == (entry.kind != "note")
        assert entry.audience == "public"


def test_the_site_knows_whether_the_starter_content_was_loaded_to_its_end():
    assert not starter_is_loaded()
    load_starter()
    assert starter_is_loaded()


@pytest.mark.usefixtures("starter")
def test_an_anonymous_organisation_has_a_description_and_no_page():
    anonymous = [
        note for note in starter_file("notes")["notes"] if note["organisation"]["anonymous"]
    ]
    for note in anonymous:
        entry = _entries()[note["id"]]
        facts = db.session.get_one(CaseNote, entry.id)
        assert facts.organisation_id is None
        assert facts.described_as == {
            "zh-Hans": note["organisation"]["zh"],
            "en": note["organisation"]["en"],
        }
