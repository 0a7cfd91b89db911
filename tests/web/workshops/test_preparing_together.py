"""Trainers prepare a workshop together: nobody is named without her yes, and it is never without one who leads it."""

from __future__ import annotations

import pytest

from cop.core.db import db
from cop.entries import queries
from cop.entries.models import Entry, NameMask
from cop.events.models import Event
from cop.notifications import letters
from cop.people.account_operations import close_account
from cop.people.passwords import hashed
from cop.people.viewer import SYSTEM
from cop.workshops import team
from tests.counting import assert_all_constant
from tests.make import PASSWORD
from tests.web.workshops.conftest import typed


@pytest.fixture
def colleague(make):
    """Return the account of a member who is asked."""
    return make.user(handle="invented-colleague", name="Quillona Helper")


@pytest.fixture
def asked(make, hold, trainer, colleague):
    """Return a workshop whose author asked the colleague."""
    entry = hold()
    team.invite(by=make.viewer(trainer), entry_id=entry.id, user=colleague)
    db.session.commit()
    return entry


@pytest.fixture
def joined(make, asked, colleague):
    """Return a workshop the colleague prepares, too, named."""
    team.accept(by=make.viewer(colleague), entry_id=asked.id, named=True)
    db.session.commit()
    return asked


@pytest.fixture
def theirs(app, make, colleague):
    """Return the browser of the colleague."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return make.signed_in(client, colleague)


def page_of(client, entry) -> str:
    return client.get(f"/workshops/{entry.id}", follow_redirects=True).text


def team_of(client, entry) -> str:
    return client.get(f"/workshops/{entry.id}/trainers/").text


def author_of(entry) -> int | None:
    return db.session.get(Entry, entry.id, populate_existing=True).author_id


def test_who_is_asked_by_name_is_told_and_stands_nowhere_before_she_says_yes(
    desk, theirs, hold, colleague, run_jobs
):
    entry = hold()
    said = desk.post(f"/workshops/{entry.id}/trainers/", data={"who": "quillona helper"})
    assert said.status_code == 303
    assert "Quillona Helper is asked" in team_of(desk, entry)
    run_jobs()
    assert "asks you to prepare this workshop together" in theirs.get("/notices/").text
    assert "Quillona" not in page_of(desk, entry)
    assert theirs.get(f"/workshops/{entry.id}/edit").status_code == 403
    theirs.post(f"/workshops/{entry.id}/trainers/own", data={"named": "y"})
    run_jobs()
    assert "with <a" in " ".join(page_of(desk, entry).split())
    assert "Quillona" in page_of(desk, entry)
    assert "Quillona Helper prepares this workshop with you now." in desk.get("/notices/").text


def test_who_is_asked_reads_it_in_her_mail_with_the_way_to_the_answer(
    app, asked, colleague, run_jobs
):
    run_jobs()
    event = db.session.query(Event).filter_by(verb="CoTrainerInvited").one()
    with app.test_request_context():
        mail = letters.written(f"{letters.TOLD}:{colleague.id}:{event.id}")
    assert mail is not None
    assert "Invented Trainer asks you to prepare this workshop together." in mail.text
    assert f"/workshops/{asked.id}/trainers/" in mail.text


def test_who_prepares_it_is_told_what_is_said_about_it_as_its_author_is(
    desk, theirs, joined, make, run_jobs
):
    make.comment(joined, "An invented question")
    run_jobs()
    for client in (desk, theirs):
        assert "An invented question" in client.get("/notices/").text
    assert "You prepare this workshop." in theirs.get("/notices/").text


def test_several_of_one_name_are_told_apart_and_nobody_is_said_to_be_nobody(desk, hold, make):
    entry = hold()
    for handle in ("first-twin", "second-twin"):
        make.user(handle=handle, name="Twin Invented")
    page = desk.post(f"/workshops/{entry.id}/trainers/", data={"who": "Twin Invented"})
    assert page.status_code == 422
    assert "@first-twin" in page.text
    assert "@second-twin" in page.text
    nobody = desk.post(f"/workshops/{entry.id}/trainers/", data={"who": "Nobody Atall"})
    assert "Nobody here is called “Nobody Atall”." in nobody.text
    chosen = desk.post(f"/workshops/{entry.id}/trainers/", data={"who": "@second-twin"})
    assert chosen.status_code == 303
    assert "Twin Invented" in team_of(desk, entry)


def test_who_declines_is_not_asked_again_and_can_change_her_mind(desk, theirs, asked, colleague):
    theirs.post(f"/workshops/{asked.id}/trainers/own/no")
    again = desk.post(f"/workshops/{asked.id}/trainers/", data={"who": "@invented-colleague"})
    assert "has declined" in again.text
    assert "You can still say yes" in team_of(theirs, asked)
    theirs.post(f"/workshops/{asked.id}/trainers/own", data={"named": "y"})
    assert theirs.get(f"/workshops/{asked.id}/edit").status_code == 200


def test_who_does_not_want_to_be_named_edits_and_stands_on_no_page(desk, theirs, asked):
    theirs.post(f"/workshops/{asked.id}/trainers/own")
    assert "Quillona" not in page_of(desk, asked)
    assert "Not named on the page" in team_of(desk, asked)
    assert theirs.get(f"/workshops/{asked.id}/edit").status_code == 200


def test_a_co_trainer_edits_and_changes_neither_readers_nor_the_authors_name(theirs, joined):
    fields = typed(theirs.get(f"/workshops/{joined.id}/edit").text)
    fields |= {"title": "A title by both", "name_mask": "unnamed", "visibility": "members"}
    fields |= {"lang": "en", "act": "publish"}
    assert theirs.post(f"/workshops/{joined.id}/edit", data=fields).status_code == 303
    now = queries.get(SYSTEM, joined.id)
    assert now.texts[0].title == "A title by both"
    assert (now.visibility, now.name_mask) == ("public", "shown")
    assert "Quillona Helper" in theirs.get(f"/entries/{joined.id}/history").text


def test_a_co_trainer_neither_asks_others_nor_withdraws_the_workshop(theirs, joined, make):
    make.user(handle="third-person", name="Third Person")
    said = theirs.post(f"/workshops/{joined.id}/trainers/", data={"who": "@third-person"})
    assert said.status_code == 403
    assert theirs.post(f"/entries/{joined.id}/withdrawal").status_code == 403


def test_whoever_is_taken_off_or_leaves_edits_no_longer(desk, theirs, joined, colleague, run_jobs):
    desk.post(f"/workshops/{joined.id}/trainers/{colleague.id}/removal")
    run_jobs()
    assert theirs.get(f"/workshops/{joined.id}/edit").status_code == 403
    assert theirs.get(f"/workshops/{joined.id}/trainers/").status_code == 404
    assert "You prepare this workshop no longer" in theirs.get("/notices/").text
    assert "Quillona" not in page_of(desk, joined)


def test_the_author_cannot_leave_and_leaves_once_it_is_handed_over(
    desk, theirs, joined, colleague, trainer
):
    here = f"/workshops/{joined.id}/trainers"
    said = desk.post(f"{here}/own/end", follow_redirects=True).text
    assert "Ask a co-trainer to take it over first" in said
    assert theirs.post(f"{here}/own/lead").status_code == 403
    desk.post(f"{here}/{colleague.id}/lead")
    assert author_of(joined) == trainer.id
    theirs.post(f"{here}/own/lead")
    theirs.post(f"{here}/own/lead")
    assert author_of(joined) == colleague.id
    page = page_of(theirs, joined)
    assert page.index("Quillona Helper") < page.index("Invented Trainer")
    desk.post(f"{here}/own/end")
    assert "Invented Trainer" not in page_of(theirs, joined)
    assert desk.get(f"/workshops/{joined.id}/edit").status_code == 403


def test_whoever_is_asked_to_lead_says_no_and_nothing_changes(desk, theirs, joined, colleague):
    here = f"/workshops/{joined.id}/trainers"
    desk.post(f"{here}/{colleague.id}/lead")
    theirs.post(f"{here}/lead/end")
    assert theirs.post(f"{here}/own/lead").status_code == 403


def test_a_co_trainer_takes_over_where_the_author_has_left(
    make, theirs, joined, trainer, colleague
):
    trainer.password_hash = hashed(PASSWORD)
    db.session.commit()
    close_account(by=make.viewer(trainer), current=PASSWORD)
    db.session.commit()
    assert "Its author has left the site." in team_of(theirs, joined)
    theirs.post(f"/workshops/{joined.id}/trainers/own/lead")
    assert author_of(joined) == colleague.id


def test_on_an_unnamed_workshop_nobody_is_named_and_it_is_not_handed_over(
    desk, theirs, joined, colleague
):
    entry = db.session.get(Entry, joined.id)
    entry.name_mask = NameMask.UNNAMED.value
    entry.version += 1
    db.session.commit()
    assert "Quillona" not in page_of(desk, joined)
    assert "Invented Trainer" not in team_of(theirs, joined)
    said = desk.post(
        f"/workshops/{joined.id}/trainers/{colleague.id}/lead", follow_redirects=True
    ).text
    assert "stands without its author&#39;s name" in said


def test_the_page_of_the_team_does_not_exist_for_others(app, make, asked):
    other = make.signed_in(app.test_client(), make.user())
    assert other.get(f"/workshops/{asked.id}/trainers/").status_code == 404
    assert other.post(f"/workshops/{asked.id}/trainers/own").status_code == 404


def test_nobody_is_asked_who_cannot_read_the_workshop(make, desk, trainer, colleague, hold):
    circle = make.circle(by=trainer)
    entry = hold()
    made = db.session.get(Entry, entry.id)
    made.visibility, made.circle_id, made.audience = "circle", circle.id, f"circle:{circle.id}"
    db.session.commit()
    said = desk.post(f"/workshops/{entry.id}/trainers/", data={"who": "@invented-colleague"})
    assert "cannot read this workshop" in said.text


def test_the_page_asks_the_same_however_many_prepare_it(desk, make, hold, trainer, monkeypatch):
    monkeypatch.setattr(team, "MOST", 30)
    entry = hold()

    def grow(number: int) -> None:
        for _one in range(number):
            user = make.user()
            team.invite(by=make.viewer(trainer), entry_id=entry.id, user=user)
            team.accept(by=make.viewer(user), entry_id=entry.id, named=True)
        db.session.commit()

    here = f"/workshops/{entry.id}"
    asked = [(desk, f"{here}/trainers/", ""), (desk, f"{here}-an-invented-workshop", "")]
    assert_all_constant(asked, grow=grow)
