"""A note that names no strategy (any more) waits for a curator, who says which strategies it tells of."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import delete

from cop.core.db import db
from cop.core.page import Cursor
from cop.entries import queries
from cop.events.models import Event
from cop.notes import filing
from cop.notes.draft import NoteFacts, Use
from cop.notes.models import StrategyUse
from cop.people.viewer import SYSTEM, VISITOR
from cop.practices.kept import ledger_of
from cop.terms.operations import put_term
from cop.terms.queries import get
from cop.terms.tending import draft_of
from tests.counting import counted
from tests.domain.practices.test_kept_ledgers import revised


@pytest.fixture
def desk(app, make):
    """Return a curator's browser in English."""
    browser = app.test_client()
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return make.signed_in(browser, make.user(name="Invented Curator", grants=["curator"]))


@pytest.fixture(autouse=True)
def _another_list(make):
    """Have a list beside that of strategies."""
    make.term("invented-field", scheme="sector", name="An invented field")


@pytest.fixture
def note(make):
    """Return a note whose only strategy was moved to another list, as a file may do."""
    make.term("small-groups", name="Small groups")
    make.term("moved", name="A moved term")
    found = make.note(title="We went in small groups", strategies=["moved"])
    move("moved", scheme="sector")
    db.session.commit()
    return found


def move(key, **changes):
    """Write a term anew as an import does."""
    put_term(by=SYSTEM, draft=replace(draft_of(get(key)), **changes))


def queue(desk):
    return desk.get("/moderation/pages?sort=unfiled").text


def send(desk, note, **data):
    sent = {"strategies": ["small-groups"], "reason": "It tells of groups.", **data}
    return desk.post(f"/notes/{note.id}/strategies", data=sent)


def test_a_note_whose_strategy_left_the_list_waits_until_a_curator_says_which(desk, make, note):
    assert "We went in small groups" in queue(desk)
    assert "Say which it tells of" in desk.get(f"/notes/{note.id}", follow_redirects=True).text
    page = desk.get(f"/notes/{note.id}/strategies").text
    assert "A moved term" in page
    assert send(desk, note).status_code == 303
    assert "We went in small groups" not in queue(desk)
    facts = filing.facts_of(queries.latest_facts(queries.get(VISITOR, note.id)))
    assert (facts.strategies, facts.terms["sectors"]) == (("small-groups",), ("moved",))
    assert len(ledger_of(VISITOR, get("small-groups").id).uses) == 1
    history = desk.get(f"/entries/{note.id}/history").text
    assert "It tells of groups." in history
    assert "Invented Curator" in history
    assert db.session.query(Event).filter_by(verb="EntryRevised", entry_id=note.id).count() == 1


def test_a_strategy_merged_into_a_term_of_another_list_is_none(desk, make):
    make.term("merged")
    make.note(title="It named the merged one", strategies=["merged"])
    make.note(title="It names another too", strategies=["merged", make.term()])
    move("merged", merged_into="invented-field")
    db.session.commit()
    assert "It named the merged one" in queue(desk)
    assert "It names another too" not in queue(desk)


def test_a_note_without_any_row_of_a_strategy_waits(desk, make):
    note = make.note(title="Nothing is left")
    db.session.execute(delete(StrategyUse).where(StrategyUse.entry_id == note.id))
    db.session.commit()
    assert "Nothing is left" in queue(desk)
    assert "Notes without strategy: 1" in desk.get("/moderation/pages").text


def test_what_is_missing_is_said_with_everything_typed_still_there(desk, note):
    answer = send(desk, note, reason="")
    assert answer.status_code == 422
    assert "Give a reason" in answer.text
    assert '<option value="small-groups" selected' in answer.text
    answer = send(desk, note, strategies=[])
    assert "Choose at least one strategy" in answer.text
    assert "It tells of groups." in answer.text
    assert "is not in the term list" in send(desk, note, strategies=["moved"]).text


def test_two_curators_do_it_once(desk, note):
    assert send(desk, note).status_code == 303
    assert send(desk, note, strategies=["invented-field"]).status_code == 303
    assert "names a strategy already" in desk.get(f"/notes/{note.id}", follow_redirects=True).text
    answer = desk.get(f"/notes/{note.id}/strategies")
    assert answer.status_code == 303


def test_nobody_else_says_what_a_note_tells_of(client, make, note):
    browser = make.signed_in(client, make.user(name="Invented Member"))
    assert send(browser, note).status_code == 403
    assert browser.get("/moderation/pages").status_code == 404


def test_what_was_told_of_the_one_strategy_is_told_of_the_other(make):
    make.term("small-groups")
    make.term("moved")
    author = make.member()
    note = make.note(by=author, strategies=["moved"])
    revised(note, by=author, uses={"moved": Use(durability="stopped")})
    move("moved", scheme="sector")
    curator = make.member("curator")
    assert filing.file_note(
        by=curator, entry_id=note.id, strategies=["small-groups"], reason="Invented"
    )
    facts = NoteFacts.from_json(queries.latest_facts(queries.get(SYSTEM, note.id)).facts)
    assert facts.uses["small-groups"].durability == "stopped"


def test_a_note_of_a_circle_waits_for_no_curator(make):
    host = make.user(grants=["curator"])
    circle = make.circle(by=host)
    make.term("moved")
    make.note(by=make.viewer(host), strategies=["moved"], circle=circle)
    move("moved", scheme="sector")
    assert not filing.oldest(make.viewer(host), None, 9)


def test_they_are_paged_by_how_long_they_wait_and_asked_for_as_often_for_many(desk, make):
    make.term("moved")
    notes = [make.note(strategies=["moved"]).id for _number in range(3)]
    move("moved", scheme="sector")
    db.session.commit()
    viewer = make.member("curator")
    first = filing.oldest(viewer, None, 2)
    entry_id, since = first[-1]
    rest = filing.oldest(viewer, Cursor(since, entry_id), 9)
    assert [one for one, _since in (*first, *rest)] == notes
    queue(desk)
    with counted() as few:
        queue(desk)
    for number in range(5):
        make.term(key := f"moved-{number}")
        make.note(strategies=[key])
        move(key, scheme="sector")
    db.session.commit()
    queue(desk)
    with counted() as many:
        queue(desk)
    assert len(many) == len(few)
