"""Remarks on a shared draft name people as comments do, and tell those of them who read the draft, nobody else."""

from __future__ import annotations

import pytest

from cop.core.db import db
from cop.events.models import Event
from cop.markup.mentions import PERSON, Mention, written
from cop.workshops import team
from cop.workshops.participant_models import DraftRemark
from tests.counting import assert_constant_queries
from tests.web.workshops.test_taking_part import draft, page, participant, session, theirs

__all__ = ["draft", "participant", "session", "theirs"]

MENTIONED = "mentions you in a remark on a shared draft."
SAID = "said something about a shared draft."


@pytest.fixture
def colleague(make):
    """Return the account of a co-trainer."""
    return make.user(handle="quillona", name="Quillona Helper")


@pytest.fixture
def here(make, theirs, session, draft, trainer, colleague):
    """Return the path of a draft that two trainers read."""
    team.invite(by=make.viewer(trainer), entry_id=session.entry_id, user=colleague)
    team.accept(by=make.viewer(colleague), entry_id=session.entry_id, named=True)
    db.session.commit()
    path = page(session, f"drafts/{draft.id}")
    theirs.post(path)
    return path


def at(user) -> str:
    return written(Mention(PERSON, user.id), user.name)


def remark(browser, here, body, **more):
    return browser.post(f"{here}/remarks", data={"body": body, "mentions_asked": "1", **more})


def test_a_mention_shows_as_a_name_that_leads_to_its_person(desk, theirs, here, colleague):
    assert remark(desk, here, f"{at(colleague)}, what do **you** say?").status_code == 303
    kept = db.session.query(DraftRemark).one().body
    assert "Quillona" not in kept
    shown = theirs.get(here).text
    assert '<a class="mention" href="/people/quillona">@Quillona Helper</a>' in shown
    assert "<strong>you</strong>" in shown
    colleague.name = "Quillona Married"
    db.session.commit()
    assert "@Quillona Married" in theirs.get(here).text


def test_who_reads_the_draft_is_told_that_she_is_mentioned(
    app, make, desk, theirs, here, colleague, run_jobs
):
    run_jobs()
    remark(desk, here, f"{at(colleague)}, look")
    run_jobs()
    other = make.signed_in(app.test_client(), colleague)
    other.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert f"Invented Trainer {MENTIONED}" in other.get("/notices/").text
    assert f"Invented Trainer {SAID}" in theirs.get("/notices/").text
    # Who writes it is told once, though she is told of every remark anyway.
    remark(theirs, here, f"{at(colleague)}, thank you")
    told = db.session.query(Event).filter(Event.verb == "DraftRemarked").all()
    assert len([one for one in told if one.data["user_id"] == colleague.id]) == 2


def test_nobody_else_is_told_and_the_writer_of_the_remark_hears_so(app, make, desk, here, run_jobs):
    stranger = make.user(name="Somebody Else")
    answer = desk.post(
        f"{here}/remarks",
        data={"body": f"Ask {at(stranger)}", "mentions_asked": "1"},
        follow_redirects=True,
    )
    assert "Not told, since they cannot read this: Somebody Else." in answer.text
    run_jobs()
    browser = make.signed_in(app.test_client(), stranger)
    assert "shared draft" not in browser.get("/notices/").text
    assert not [
        one
        for one in db.session.query(Event).filter(Event.verb == "DraftRemarked")
        if one.data["user_id"] == stranger.id
    ]


def test_without_script_it_asks_whom_she_means_and_loses_nothing(desk, here, colleague):
    sent = {"body": "@Quillona, look", "section": "what_happened"}
    answer = desk.post(f"{here}/remarks", data=sent)
    assert answer.status_code == 422
    assert "Whom do you mention?" in answer.text
    assert "@Quillona, look" in answer.text
    assert answer.text.count('id="body-what_happened"') == 1
    assert answer.text.count('id="body-whole"') == 1
    meant = {"mention_typed": "Quillona", "mention_meant": at(colleague), "mentions_asked": "1"}
    assert desk.post(f"{here}/remarks", data={**sent, **meant}).status_code == 303
    assert db.session.query(DraftRemark).one().body == f"@[](person:{colleague.id}), look"


def test_a_remark_that_calls_too_many_is_kept_in_the_form(desk, make, here):
    body = " ".join(at(make.user()) for _one in range(21))
    answer = remark(desk, here, body)
    assert answer.status_code == 422
    assert "at most 20 people" in answer.text
    assert db.session.query(DraftRemark).count() == 0


def test_the_page_asks_the_same_however_much_was_said(desk, make, here):
    def grow(number: int) -> None:
        for _one in range(number):
            remark(desk, here, f"{at(make.user())}: {make.user().name}")

    assert_constant_queries(desk, here, grow=grow)
