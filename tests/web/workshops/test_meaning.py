"""Who edits directly says how much it changes: it stands in the history, and trainers hear of another meaning."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.core.types import Lang
from cop.entries import queries
from cop.entries.models import NameMask, Revision
from cop.events.models import Event
from cop.notifications.models import Notice
from cop.people.viewer import SYSTEM
from tests.collecting import collection
from tests.web.proposals.conftest import fields_of, page as practice
from tests.web.workshops.conftest import typed

__all__ = ["practice"]

TOLD = "which this is built on, says something else now."


@pytest.fixture
def writer(make):
    """Return somebody else, who writes, curates and collects."""
    return make.user(name="Invented Writer", grants=["curator", "trainer"])


@pytest.fixture
def theirs(app, make, writer):
    """Return the writer's browser."""
    browser = make.signed_in(app.test_client(), writer)
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser


@pytest.fixture
def note(make, writer):
    """Return the writer's note."""
    made = make.note(by=writer, title="An invented failure", outcome="failed")
    db.session.commit()
    return made


def page_of(browser, entry) -> str:
    return browser.get(f"/workshops/{entry.id}", follow_redirects=True).text


def a_day_ago() -> None:
    """Let all that stands be a day older than what comes."""
    for row in db.session.scalars(select(Revision)):
        row.created_at -= timedelta(days=1)
    db.session.commit()


def edited(browser, entry, without: str = "", **more: str) -> Any:
    """Edit through the form whatever it shows, with these fields changed, and one left out."""
    address = browser.get(f"/entries/{entry.id}/edit").location
    page = browser.get(address).text
    fields = {**typed(page), **fields_of(browser, address), **chosen(page), "act": "publish"}
    fields.pop(without, None)
    return browser.post(address.partition("?")[0], data={**fields, **more})


def chosen(page: str) -> dict[str, list[str]]:
    """Return what the lists of a page's form hold."""
    lists = re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL)
    return {
        name: [
            re.search(r'value="([^"]*)"', option)[1]
            for option in re.findall(r"<option[^>]*>", inside)
            if " selected" in option
        ]
        for name, inside in lists
    }


def said(entry) -> str:
    """Return how much the published revision says it changed."""
    db.session.expire_all()
    return queries.current(queries.text_for(queries.get(SYSTEM, entry.id), Lang.EN)).significance


@pytest.mark.parametrize("kind", ["note", "discussion", "practice", "collection"])
def test_who_edits_says_that_it_changes_the_meaning_and_trainers_hear_of_it(
    kind, desk, theirs, hold, make, writer, note, practice, run_jobs
):
    built = {
        "note": lambda: note,
        "practice": lambda: practice,
        "discussion": lambda: make.discussion(by=writer, title="An invented question"),
        "collection": lambda: collection(make, note, by=writer),
    }[kind]()
    db.session.commit()
    entry = hold(built)
    a_day_ago()
    run_jobs()
    form = fields_of(theirs, theirs.get(f"/entries/{built.id}/edit").location)
    assert form["significance"] == "clarifies"
    answer = edited(theirs, built, title="Something else entirely", significance="meaning")
    assert answer.status_code == 303, answer.text
    run_jobs()
    compare = f"/entries/{built.id}/diff?from=1&amp;to=2&amp;text=en"
    assert compare in page_of(desk, entry)
    assert TOLD in desk.get("/notices/").text
    assert "Changes the meaning" in theirs.get(f"/entries/{built.id}/history").text
    assert "Changes the meaning" in theirs.get(f"/entries/{built.id}/revisions/2").text


@pytest.mark.parametrize("weight", ["typo", "clarifies", None])
def test_what_changes_less_is_told_to_no_trainer(desk, theirs, hold, note, run_jobs, weight):
    entry = hold(note)
    a_day_ago()
    run_jobs()
    more = {"significance": weight} if weight else {}
    assert edited(theirs, note, title="An invented failure!", **more).status_code == 303
    run_jobs()
    assert said(note) == (weight or "clarifies")
    assert "says something else" not in page_of(desk, entry)
    assert TOLD not in desk.get("/notices/").text


def test_who_says_nothing_is_not_stopped(theirs, note):
    answer = edited(theirs, note, without="significance", title="Another invented title")
    assert answer.status_code == 303
    assert said(note) == "clarifies"


def test_what_is_no_significance_is_answered_beside_the_field_with_all_that_was_typed(theirs, note):
    answer = edited(theirs, note, title="Another invented title", significance="enormous")
    assert answer.status_code == 422
    assert "Choose how much it changes." in answer.text
    assert "Another invented title" in answer.text


def test_the_editor_of_a_workshop_says_it_of_her_own(desk, hold):
    entry = hold()
    assert edited(desk, entry, title="Another workshop", significance="meaning").status_code == 303
    assert said(entry) == "meaning"
    assert "Changes the meaning" in desk.get(f"/entries/{entry.id}/history").text


@pytest.mark.parametrize("weight", ["typo", "clarifies", "meaning"])
def test_restoring_counts_as_what_it_undoes(desk, theirs, hold, note, run_jobs, weight):
    assert edited(theirs, note, title="Otherwise", significance=weight).status_code == 303
    entry = hold(note)
    run_jobs()
    answer = theirs.post(f"/entries/{note.id}/revisions/1/restoration")
    assert answer.status_code == 303
    run_jobs()
    assert said(note) == weight
    means = weight == "meaning"
    assert (f"/entries/{note.id}/diff?from=2&amp;to=3" in page_of(desk, entry)) is means


def test_what_is_as_it_was_when_the_workshop_was_given_is_not_compared(
    desk, theirs, hold, note, run_jobs
):
    entry = hold(note)
    a_day_ago()
    run_jobs()
    edited(theirs, note, title="Otherwise", significance="meaning")
    assert "diff?from=1&amp;to=2" in page_of(desk, entry)
    theirs.post(f"/entries/{note.id}/revisions/1/restoration")
    assert "says something else" not in page_of(desk, entry)


def test_another_signature_under_the_same_words_changes_no_meaning(
    desk, theirs, hold, note, run_jobs
):
    hold(note)
    edited(theirs, note, title="Otherwise", significance="meaning")
    run_jobs()
    assert TOLD in desk.get("/notices/").text
    answer = edited(theirs, note, visibility="public", name_mask=NameMask.UNNAMED.value)
    assert answer.status_code == 303
    run_jobs()
    told = db.session.scalars(select(Event).join(Notice, Notice.event_id == Event.id)).all()
    assert not [one for one in told if one.data.get("words") is False]
