"""Deciding: one queue, one decision each, with a reason that whom it concerns reads in her language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from cop.core import clock
from cop.core.db import db
from cop.entries.models import Comment, Decision, Entry, Flag
from cop.people.models import AccountStatus, User
from tests.web.moderation.conftest import decide, flag, only_case


@pytest.fixture
def case(desk, note):
    flag(desk, f"/entries/{note.id}")
    return only_case()


@pytest.fixture
def comment(make, note, author):
    return make.comment(note, "An invented remark", by=author)


@pytest.fixture
def comment_case(desk, comment):
    flag(desk, f"/comments/{comment.id}")
    return only_case()


def test_the_queue_does_not_exist_for_others(client, desk, case):
    for path in ("/moderation/", f"/moderation/{case.id}", "/moderation/log"):
        assert desk.get(path).status_code == 404
        assert client.get(path).status_code == 303
    assert decide(desk, case, item="hide", reason="x").status_code == 404
    assert desk.post(f"/moderation/{case.id}/claim").status_code == 404


def test_hiding_tells_the_author_why_in_her_language(app, make, author, office, case, note):
    assert decide(office, case, item="hide", ready="identifies", reason="第三段").status_code == 303
    assert db.session.get(Entry, note.id).status == "hidden"
    own = make.signed_in(app.test_client(), author)
    page = own.get(f"/notes/{note.id}", follow_redirects=True).text
    assert "A person could be recognised. Please write roles instead of names. 第三段" in page
    author.lang = "zh-Hans"
    page = own.get(f"/notes/{note.id}", follow_redirects=True).text
    assert "文中的人可能被认出来" in page
    assert "A person could be" not in page
    assert "Nothing waits" in office.get("/moderation/").text
    assert db.session.scalars(select(Flag)).one().decision_id is not None


def test_keeping_tells_the_author_nothing(app, make, author, office, case, note):
    assert decide(office, case, item="keep").status_code == 303
    assert db.session.get(Entry, note.id).status == "published"
    assert db.session.scalars(select(Decision)).one().user_id is None


def test_a_removed_comment_says_why(app, make, author, office, comment_case, comment):
    assert decide(office, comment_case, item="remove", ready="rude").status_code == 303
    assert db.session.get(Comment, comment.id).status == "removed"
    own = make.signed_in(app.test_client(), author)
    page = own.get(f"/comments/{comment.id}", follow_redirects=True).text
    assert "Please keep to the matter." in page


def test_locking_settles_the_case(office, case, note):
    assert decide(office, case, item="lock", ready="settled").status_code == 303
    assert db.session.get(Entry, note.id).locked_at is not None
    assert only_case().decided_at is not None


def test_a_decision_without_reason_is_not_taken_and_nothing_is_lost(office, case, note):
    answer = decide(office, case, item="hide", person="warn")
    assert answer.status_code == 422
    assert "Please give a reason" in answer.text
    assert 'value="hide" checked' in answer.text
    assert db.session.get(Entry, note.id).status == "published"
    assert only_case().decided_at is None
    assert decide(office, case, item="remove", reason="x").status_code == 422
    assert (
        decide(office, case, item="keep", person="limit", days="5", reason="x").status_code == 422
    )


@pytest.mark.parametrize("person", ["warn", "limit", "suspend"])
def test_who_wrote_it_is_warned_limited_or_suspended_for_a_time(
    app, make, author, office, case, person
):
    own = make.signed_in(app.test_client(), author)
    answer = decide(office, case, item="keep", person=person, days="7", ready="advertising")
    assert answer.status_code == 303
    user = db.session.get(User, author.id)
    week = clock.now() + timedelta(days=7)
    told = db.session.scalars(select(Decision).where(Decision.act == person)).one()
    assert told.user_id == author.id
    if person == "warn":
        assert told.until is None
    else:
        assert abs(told.until - week) < timedelta(minutes=5)
    assert (user.status == AccountStatus.SUSPENDED) == (person == "suspend")
    assert (user.limited_until is not None) == (person == "limit")
    assert (own.get("/account/").status_code == 303) == (person == "suspend")


def test_a_suspension_ends_by_itself_when_she_signs_in(client, make, author, office, case):
    from cop.people import operations
    from cop.people.passwords import hashed
    from tests.make import PASSWORD

    decide(office, case, item="keep", person="suspend", days="7", reason="x")
    user = db.session.get(User, author.id)
    user.password_hash = hashed(PASSWORD)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    signing = {"identifier": "author", "password": PASSWORD}
    answer = client.post("/login", data=signing)
    assert answer.status_code == 422
    assert "This account is suspended until" in answer.text
    # Late in the evening in Europe it is the next day in China, where this site is.
    year = clock.now().year + 1
    user.timezone, user.suspended_until = "Europe/London", datetime(year, 1, 10, 20, tzinfo=UTC)
    assert f"suspended until 10 January {year}" in client.post("/login", data=signing).text
    user.timezone = "Asia/Shanghai"
    assert f"suspended until 11 January {year}" in client.post("/login", data=signing).text
    user.suspended_until = clock.now() - timedelta(minutes=1)
    assert client.post("/login", data=signing).status_code == 303
    assert user.status == AccountStatus.ACTIVE
    user.status, user.suspended_until = AccountStatus.SUSPENDED.value, clock.now()
    operations.forget_old()
    assert user.status == AccountStatus.ACTIVE


def test_a_claim_keeps_others_from_the_same_work_for_an_hour(office, other_office, case):
    assert office.post(f"/moderation/{case.id}/claim").status_code == 303
    page = other_office.get("/moderation/").text
    assert "Invented Keeper is at work on this" in page
    assert "decision" not in other_office.get(f"/moderation/{case.id}").text
    answer = decide(other_office, case, item="hide", reason="x")
    assert answer.status_code == 409
    assert "Invented Keeper is at work on this. Nothing was done." in answer.text
    claimed = other_office.post(f"/moderation/{case.id}/claim", follow_redirects=True)
    assert "Nothing was done" in claimed.text
    assert "An invented title" in office.get("/moderation/?view=mine").text
    only_case().claimed_at = clock.now() - timedelta(minutes=61)
    assert "Nothing waits" in office.get("/moderation/?view=mine").text
    assert decide(other_office, case, item="hide", reason="x").status_code == 303


def test_letting_go_frees_it_at_once(office, other_office, case):
    office.post(f"/moderation/{case.id}/claim")
    other_office.post(f"/moderation/{case.id}/claim/end")
    assert only_case().claimed_by_id is not None
    office.post(f"/moderation/{case.id}/claim/end")
    assert decide(other_office, case).status_code == 303


def test_of_two_who_decide_the_second_is_told_who_was_faster(office, other_office, case, note):
    assert decide(office, case, item="keep").status_code == 303
    answer = decide(other_office, case, item="hide", reason="My reason")
    assert answer.status_code == 409
    assert "Invented Keeper has decided this meanwhile. Nothing was done." in answer.text
    assert db.session.get(Entry, note.id).status == "published"
    assert len(db.session.scalars(select(Decision)).all()) == 1


def test_a_form_for_an_earlier_time_decides_nothing(app, make, office, case, note, desk):
    decide(office, case, item="keep")
    flag(make.signed_in(app.test_client(), make.user()), f"/entries/{note.id}")
    assert only_case().number == 2
    data = {"number": "1", "item": "hide", "reason": "x"}
    assert office.post(f"/moderation/{case.id}/decision", data=data).status_code == 409
    assert db.session.get(Entry, note.id).status == "published"


def test_hiding_from_the_page_itself_settles_the_case_too(office, case, note):
    office.post(f"/entries/{note.id}/hiding", data={"reason": "x"})
    assert "Nothing waits" in office.get("/moderation/").text
    assert only_case().decided_at is not None


def test_nobody_decides_about_her_own_things_unless_there_is_nobody_else(app, make, desk):
    keeper = make.user(grants=["moderator"])
    own = make.note(by=keeper)
    flag(desk, f"/entries/{own.id}")
    office = make.signed_in(app.test_client(), keeper)
    assert "1 report" in office.get("/moderation/").text
    make.user(grants=["admin"])
    assert "Nothing waits" in office.get("/moderation/").text
    assert office.get(f"/moderation/{only_case().id}").status_code == 404
    assert "1 report" not in office.get("/moderation/").text


def test_what_its_author_takes_back_leaves_the_queue_and_returns_with_it(
    make, author, office, case, note
):
    from cop.entries import operations

    operations.withdraw(by=make.viewer(author), entry_id=note.id)
    assert "Nothing waits" in office.get("/moderation/").text
    assert office.get(f"/moderation/{case.id}").status_code in (404, 410)
    operations.give_back(by=make.viewer(author), entry_id=note.id)
    assert "1 report" in office.get("/moderation/").text


def test_who_wrote_something_unnamed_can_be_warned_and_nothing_that_would_show_her(
    make, author, desk, office
):
    unnamed = make.note(by=author, name_mask="unnamed", title="An unnamed title")
    flag(desk, f"/entries/{unnamed.id}")
    page = office.get(f"/moderation/{only_case().id}").text
    assert "Invented Author" not in page
    assert 'value="warn"' in page
    assert 'value="suspend"' not in page
    assert decide(office, only_case(), person="suspend", days="7", reason="x").status_code == 422
    assert decide(office, only_case(), person="warn", reason="x").status_code == 303
    log = office.get("/moderation/log").text
    assert "warned" in log
    assert "The author" in log
    assert "Invented Author" not in log


def test_the_queue_is_read_by_key_from_the_oldest(make, desk, office):
    for number in range(23):
        flag(desk, f"/entries/{make.note(title=f'Number {number:02}').id}") if number < 20 else None
        if number >= 20:
            other = make.member()
            from cop.moderation import flagging

            flagging.flag(
                by=other,
                entry_id=make.note(title=f"Number {number:02}").id,
                reason="rude",
                words="",
            )
    first = office.get("/moderation/").text
    assert "Number 00" in first
    assert "Number 19" in first
    assert "Number 20" not in first
    from re import search

    following = search(r'rel="next" href="([^"]*)"', first)
    second = office.get(following[1].replace("&amp;", "&")).text
    assert "Number 20" in second
    assert "Number 22" in second
    assert "Number 19" not in second
