"""Terms that were merged: notes that carry the old one keep it under its new name, and no list misses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.entries import queries
from cop.notes import narrowing
from cop.notes.draft import NoteFacts
from cop.notes.narrowing import NoteFilter, carrying, index
from cop.notes.queries import index_facts, shown
from cop.notes.revising import restore
from cop.people.viewer import SYSTEM, VISITOR
from cop.terms.draft import TermDraft
from cop.terms.models import Term
from cop.terms.operations import put_term
from cop.terms.vocabulary import vocabulary
from tests.domain.notes.conftest import published

if TYPE_CHECKING:
    from tests.make import Make


def merge(key: str, into: str, scheme: str = "strategy", broader: tuple[str, ...] = ()) -> None:
    name = {"zh-Hans": key, "en": key}
    draft = TermDraft(key=key, scheme=scheme, name=name, broader=broader, merged_into=into)
    put_term(by=SYSTEM, draft=draft)


@pytest.fixture
def author(make: Make):
    return make.member()


@pytest.fixture
def note(make: Make, author):
    """Return a note that carries a strategy, a field of work and a place that were merged since."""
    for key, scheme in (("strategy", "strategy"), ("work", "sector"), ("town", "place")):
        make.term(f"old-{key}", scheme=scheme)
        make.term(f"new-{key}", scheme=scheme)
    made = make.note(
        by=author,
        strategies=["old-strategy", "new-strategy"],
        place="old-town",
        terms={"sectors": ("old-work",)},
    )
    merge("old-strategy", "new-strategy")
    merge("old-work", "new-work", "sector")
    merge("old-town", "new-town", "place")
    return made


def carried(entry) -> list[str]:
    facts = shown(queries.get(SYSTEM, entry.id))
    return [use.term.key for use in facts.strategies] + [
        ref.key for refs in facts.terms.values() for ref in refs
    ]


def test_saving_a_note_keeps_its_terms_under_their_new_names(author, note, open_editor):
    assert open_editor(author, note).publish(what_happened="More.").changed
    assert carried(note) == ["new-strategy", "new-work"]
    facts = NoteFacts.from_json(published(author, note).facts)
    assert facts.strategies == ("new-strategy",)
    assert facts.place == "new-town"


def test_saving_without_a_change_makes_no_revision_of_the_merging(author, note, open_editor):
    assert not open_editor(author, note).publish().changed


def test_restoring_an_old_revision_keeps_its_terms_under_their_new_names(make, author, open_editor):
    make.term("old")
    make.term("other")
    made = make.note(by=author, strategies=["old"])
    first = published(author, made).id
    open_editor(author, made).publish(facts={"strategies": ("other",)})
    make.term("new")
    merge("old", "new")
    assert restore(by=author, entry_id=made.id, revision_id=first).changed
    assert carried(made) == ["new"]


@pytest.mark.parametrize("few", [0, narrowing.FEW])
def test_lists_and_pages_of_a_term_hold_the_notes_of_what_was_merged_into_it(
    make, note, few, monkeypatch
):
    monkeypatch.setattr(narrowing, "FEW", few)
    also = make.note(
        strategies=["new-strategy"], place="new-town", terms={"sectors": ("new-work",)}
    )
    make.term("old-street", scheme="place", broader="old-town")
    inside = make.note(place="old-street", strategies=["new-strategy"])

    def ids(statement) -> set[int]:
        return {entry.id for entry in db.session.scalars(statement)}

    for word in ("old", "new"):
        assert ids(index(VISITOR, NoteFilter(sector=(f"{word}-work",)))) == {note.id, also.id}
        wanted = {note.id, also.id, inside.id}
        assert ids(index(VISITOR, NoteFilter(place=(f"{word}-town",)))) == wanted
        assert ids(index(VISITOR, NoteFilter(strategy=(f"{word}-strategy",)))) == wanted
        term = db.session.scalars(select(Term).where(Term.key == f"{word}-strategy")).one()
        assert ids(carrying(VISITOR, term.id, "strategy", term.key)) == wanted


def test_the_index_knows_a_note_by_the_new_keys_and_by_all_labels(note):
    facts = index_facts([note.id])[note.id]
    assert facts.facets["strategy"] == {"new-strategy"}
    assert facts.facets["sector"] == {"new-work"}
    assert "new-town" in facts.facets["place"]
    assert "old-town" not in facts.facets["place"]
    words = vocabulary()
    for key in ("old-strategy", "new-strategy", "old-town", "new-town"):
        assert words.by_key[key].name["zh-Hans"] in facts.words
