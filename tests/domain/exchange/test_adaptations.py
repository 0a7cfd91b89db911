"""What notes were tried after, in files: in whatever order it stands, and back again."""

from __future__ import annotations

import pytest
import yaml

from cop.core.db import db
from cop.entries import queries
from cop.entries.originals import original_of
from cop.exchange.importer import import_files
from cop.people.viewer import SYSTEM, VISITOR
from tests.domain.exchange.test_round_trip import again


def note(key, **more):
    return {
        "id": key,
        "title": {"en": f"Note {key}"},
        "strategies": ["invented"],
        "outcome": "worked",
        "outcome_reason": {"en": "Because"},
        "sections": {"what_happened": {"en": "It."}, "what_we_learned": {"en": "That."}},
        **more,
    }


@pytest.fixture
def brought(tmp_path, make):
    """Return a function that imports notes."""
    make.term("invented")
    db.session.commit()

    def bring(*notes, name="notes.yaml"):
        path = tmp_path / name
        path.write_text(
            yaml.safe_dump({"format": "cop-notes/1", "notes": list(notes)}), encoding="utf-8"
        )
        return import_files([path], by=SYSTEM)

    return bring


def after(key):
    return original_of(VISITOR, queries.by_key(key))


def test_a_note_may_name_what_stands_below_it(brought):
    report = brought(
        note("later", adapts={"key": "earlier", "how": "contradicts"}),
        note("earlier"),
        note("alone", adapts="earlier"),
    )
    assert report.ok, list(report.lines())
    assert (after("later").relation, after("later").title) == ("contradicts", "Note earlier")
    assert after("alone").relation == "adapts"


def test_the_same_file_twice_changes_nothing_and_another_relation_is_taken(brought):
    brought(note("b", adapts="a"), note("a"))
    again_ = brought(note("b", adapts="a"), note("a"))
    assert again_.unchanged == {"note": 2}
    changed = brought(note("b", adapts={"key": "a", "how": "continues"}), note("a"))
    assert changed.changed == {"note": 1}
    assert after("b").relation == "continues"
    brought(note("b"), note("a"))
    assert after("b") is None


@pytest.mark.parametrize(
    ("notes", "said"),
    [
        ([note("a", adapts="a")], "was tried after itself"),
        ([note("a", adapts="b"), note("b", adapts="c"), note("c", adapts="a")], "after itself"),
        ([note("a", adapts="nowhere")], "no case note or practice page “nowhere”"),
        ([note("a", adapts={"how": "adapts"})], "key"),
        ([note("a", adapts={"key": "b", "how": "copies"}), note("b")], "copies"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(brought, notes, said):
    report = brought(*notes)
    assert any(said in str(problem) for problem in report.problems), report.problems
    assert queries.by_key("a") is None


def test_a_circle_closed_by_a_second_file_is_refused(brought):
    assert brought(note("b", adapts="a"), note("a")).ok
    report = brought(note("a", adapts="b"), name="second.yaml")
    assert not report.ok
    assert after("a") is None


def test_an_interrupted_import_is_finished_by_the_next(brought, monkeypatch):
    monkeypatch.setattr("cop.exchange.importer.link_again", lambda _keys: None)
    brought(note("b", adapts="a"), note("a"))
    assert after("b") is None
    monkeypatch.undo()
    brought(note("b", adapts="a"), note("a"))
    assert after("b").title == "Note a"


def test_it_comes_back_from_an_export_byte_by_byte(brought, tmp_path):
    brought(note("b", adapts={"key": "a", "how": "repeats"}), note("a"))
    again(tmp_path / "round", SYSTEM)
    assert after("b").title == "Note a"


def test_an_export_names_no_original_that_it_does_not_hold(make, tmp_path):
    secret = make.note(visibility="members", key="a-secret", name_mask="unnamed")
    make.note(after=secret, key="tried", name_mask="unnamed")
    db.session.commit()
    again(tmp_path, VISITOR)
    assert "a-secret" not in (tmp_path / "one" / "notes.yaml").read_text()
