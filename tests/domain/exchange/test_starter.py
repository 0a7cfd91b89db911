"""The starter content comes whole into an empty site, and only once."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ruamel.yaml import YAML
from sqlalchemy import func, select

from cop.core.db import db
from cop.core.paths import STARTER
from cop.discussions.models import Discussion, Space
from cop.entries.models import Entry, Revision
from cop.exchange.kept import STATES
from cop.exchange.starter import load_starter, starter_is_loaded
from cop.notes.models import CaseNote
from cop.people.models import Organisation, User
from cop.practices.models import Practice
from cop.terms.models import Scheme, Source, Term
from cop.workshops.models import Workshop

if TYPE_CHECKING:
    from typing import Any


def _yaml(name: str) -> Any:
    return YAML(typ="safe", pure=True).load((STARTER / f"{name}.yaml").read_text())


def _count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_everything_the_files_hold_is_there_afterwards():
    report = load_starter()
    taxonomy = _yaml("taxonomy")
    assert report.ok, list(report.lines())
    assert _count(CaseNote) == len(_yaml("notes")["notes"]) == 41
    assert _count(Discussion) == len(_yaml("discussions")["discussions"]) == 10
    assert _count(Entry) == 73
    assert _count(Practice) == len(_yaml("practices")["practices"]) == 16
    assert _count(Space) == len(_yaml("spaces")["spaces"]) == 3
    assert _count(Term) == sum(len(one["concepts"]) for one in taxonomy["schemes"]) == 167
    assert _count(Scheme) == len(taxonomy["schemes"]) == 12
    assert _count(Source) == len(taxonomy["sources"])
    assert _count(Organisation) == len(_yaml("organisations")["organisations"]) == 8
    assert _count(Workshop) == len(_yaml("workshops")["workshops"]) == 6


def test_each_record_stands_in_the_database_as_it_was_read():
    load_starter()
    notes = STATES["note"]([note["id"] for note in _yaml("notes")["notes"]])
    for note in _yaml("notes")["notes"]:
        state = notes[note["id"]].record
        assert state["title"] == note["title"]
        assert state["sections"] == note["sections"]
        assert state["strategies"] == note["strategies"]
        assert state.get("sectors", []) == note["sectors"]
        assert state.get("phase") == note["phase"]
        assert state["source"] == note["source"]
    terms = [term for scheme in _yaml("taxonomy")["schemes"] for term in scheme["concepts"]]
    states = STATES["term"]([term["id"] for term in terms])
    for term in terms:
        state = states[term["id"]].record
        assert state["pref_label"] == term["pref_label"]
        assert state["alt_labels"] == {k: v for k, v in term["alt_labels"].items() if v}
        assert sorted(state.get("broader", [])) == sorted(term.get("broader", []))


def test_the_editors_questions_stand_in_their_spaces_and_are_unanswered():
    load_starter()
    states = STATES["discussion"]([one["id"] for one in _yaml("discussions")["discussions"]])
    for one in _yaml("discussions")["discussions"]:
        state = states[one["id"]].record
        for name in ("title", "body", "tags", "notes", "source", "space", "asked_by"):
            assert state[name] == one[name], one["id"]
    for row in db.session.scalars(select(Discussion)):
        assert row.unanswered
        assert row.audience == "public"


def test_loading_it_again_changes_nothing():
    load_starter()
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


def test_the_texts_are_the_editors_own_and_say_so():
    load_starter()
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


def test_an_anonymous_organisation_has_a_description_and_no_page():
    load_starter()
    anonymous = [note for note in _yaml("notes")["notes"] if note["organisation"]["anonymous"]]
    for note in anonymous:
        entry = _entries()[note["id"]]
        facts = db.session.get_one(CaseNote, entry.id)
        assert facts.organisation_id is None
        assert facts.described_as == {
            "zh-Hans": note["organisation"]["zh"],
            "en": note["organisation"]["en"],
        }
