"""Who prepares a workshop is told what became of what it is built on; everybody else sees no trace of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.core.types import Lang
from cop.entries import operations as entries, queries
from cop.entries.draft import TextDraft
from cop.entries.models import Revision
from cop.notes.draft import NoteFacts
from cop.notes.revising import revise_note
from cop.people.viewer import SYSTEM
from cop.proposals.deciding import accept
from cop.proposals.operations import Wish, propose
from tests.web.proposals.conftest import page as practice
from tests.web.workshops.conftest import typed

__all__ = ["practice"]


@pytest.fixture
def writer(make):
    """Return somebody else, as operations want her."""
    return make.viewer(make.user(name="Invented Writer"))


@pytest.fixture
def note(make, writer):
    """Return a note by somebody else."""
    return make.note(by=writer, title="An invented failure", outcome="failed")


def page_of(browser, entry) -> str:
    return browser.get(f"/workshops/{entry.id}", follow_redirects=True).text


def a_day_ago() -> None:
    """Let all that stands be a day older than what comes."""
    for row in db.session.scalars(select(Revision)):
        row.created_at -= timedelta(days=1)
    db.session.commit()


def revised(writer, note, outcome: str = "failed", **sections: str) -> None:
    """Publish the note with this outcome and these words."""
    current = queries.current(queries.text_for(queries.get(SYSTEM, note.id), Lang.EN))
    revise_note(
        by=writer,
        entry_id=note.id,
        base_id=current.id,
        draft=TextDraft(Lang.EN, current.title, {**current.sections, **sections}),
        facts=NoteFacts.from_json({**current.facts, "outcome": outcome}),
        signature=None,
    )
    db.session.commit()


def test_a_note_that_turned_out_otherwise_is_told_and_compared(desk, hold, writer, note, run_jobs):
    entry = hold(note)
    a_day_ago()
    run_jobs()
    assert "says something else" not in page_of(desk, entry)
    revised(writer, note, "worked")
    run_jobs()
    seen = page_of(desk, entry)
    assert "Since this was last edited" in seen
    compare = f"/entries/{note.id}/diff?from=1&amp;to=2&amp;text=en"
    assert compare in seen
    assert desk.get(compare.replace("&amp;", "&")).status_code == 200
    told = desk.get("/notices/").text
    assert "“An invented failure”, which this is built on, says something else now." in told
    assert f"/workshops/{entry.id}#built-on" in told


def test_other_words_for_the_same_are_told_to_nobody(desk, hold, writer, note, run_jobs):
    entry = hold(note)
    a_day_ago()
    run_jobs()
    revised(writer, note, what_happened="Nobody came, as we said.")
    run_jobs()
    assert "says something else" not in page_of(desk, entry)
    assert "says something else" not in desk.get("/notices/").text


@pytest.mark.parametrize("significance", ["meaning", "clarifies"])
def test_a_proposal_that_was_let_through_is_told_where_it_changes_the_meaning(
    desk, hold, make, practice, run_jobs, significance
):
    entry = hold(practice)
    a_day_ago()
    current = queries.current(queries.text_for(queries.get(SYSTEM, practice.id), Lang.EN))
    text = TextDraft(Lang.EN, current.title, {**current.sections, "pitfalls": "It may burst."})
    made = propose(
        by=make.member(),
        entry_id=practice.id,
        base_id=current.id,
        wish=Wish(text, "From our own year with it.", significance),
        key="k",
    )
    accept(
        by=make.member("curator"),
        proposal_id=made.id,
        version=made.version,
        onto_id=current.id,
        text=text,
        reason="It burst here, too.",
    )
    db.session.commit()
    run_jobs()
    means = significance == "meaning"
    compare = f"/entries/{practice.id}/diff?from=1&amp;to=2&amp;text=en"
    assert (compare in page_of(desk, entry)) is means
    told = desk.get("/notices/").text
    sentence = "“Small groups”, which this is built on, says something else now."
    assert (f"{sentence} Reason: It burst here, too." in told) is means


@pytest.mark.parametrize("act", ["withdraw", "hide"])
def test_what_is_gone_is_told_to_who_prepares_it_and_to_nobody_else(
    desk, app, hold, make, writer, note, run_jobs, act
):
    entry = hold(note)
    run_jobs()
    if act == "withdraw":
        entries.withdraw(by=writer, entry_id=note.id)
    else:
        entries.hide(by=SYSTEM, entry_id=note.id, reason="Invented reason")
    db.session.commit()
    run_jobs()
    seen = page_of(desk, entry)
    assert "1 thing that this was built on is not open to you any more" in seen
    assert "You wrote beside it: Because it failed." in seen
    assert "An invented failure" not in seen
    told = desk.get("/notices/").text
    assert "Something that this is built on is not open any more." in told
    assert "An invented failure" not in told
    assert "Invented reason" not in told
    curator = make.signed_in(app.test_client(), make.user(grants=["curator"]))
    for other in (app.test_client(), curator):
        theirs = page_of(other, entry)
        assert "was built on" not in theirs
        assert "Because it failed." not in theirs
    fields = {**typed(desk.get(f"/workshops/{entry.id}/edit").text), "act": "publish"}
    assert desk.post(f"/workshops/{entry.id}/edit", data=fields).status_code == 303
    assert "was built on" not in page_of(desk, entry)
