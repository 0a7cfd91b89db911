"""Flags: any member asks the moderators to look, once, and may take it back; nobody learns who it was."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.entries.models import Case, Flag
from cop.events.models import Event
from tests.web.moderation.conftest import decide, flag, only_case


@pytest.fixture(params=["note", "comment"])
def path(request, make, note, author):
    """Return the address of what is flagged: a note, or a comment by the same author."""
    if request.param == "note":
        return f"/entries/{note.id}"
    return f"/comments/{make.comment(note, 'An invented remark', by=author).id}"


def test_a_member_flags_and_the_moderators_see_it_as_one_line(app, make, desk, office, path):
    flag(desk, path, words="It calls somebody names")
    flag(make.signed_in(app.test_client(), make.user()), path, reason="unsafe")
    page = office.get("/moderation/").text
    assert page.count("<article") == 1
    assert "2 reports" in page
    assert "An invented title" in page
    case = office.get(f"/moderation/{only_case().id}").text
    assert "It calls somebody names" in case
    assert "It could put people in danger" in case
    assert "1 case waits" in office.get("/").text


def test_nobody_learns_who_flagged(app, make, author, desk, office, other_office, path):
    flag(desk, path)
    decide(office, only_case(), item="keep")
    for reader in (make.signed_in(app.test_client(), author), office, other_office):
        for page in ("/moderation/", f"/moderation/{only_case().id}", "/moderation/log", "/"):
            assert "Invented Reader" not in reader.get(page).text
    told = db.session.scalars(select(Event).where(Event.verb.like("%Flag%"))).all()
    assert told
    assert all(event.actor_id is None and "user_id" not in event.data for event in told)


def test_flagging_twice_is_one_flag_that_says_what_was_said_last(desk, path):
    flag(desk, path)
    flag(desk, path, reason="copied", words="From a book")
    (made,) = db.session.scalars(select(Flag)).all()
    assert (made.reason, made.words) == ("copied", "From a book")
    assert "You have reported this." in desk.get(f"{path}/flags/").text


def test_a_flag_taken_back_leaves_the_queue_empty(desk, office, path):
    flag(desk, path)
    number = db.session.scalars(select(Flag.id)).one()
    assert office.post(f"/flags/{number}/deletion").status_code == 404
    assert desk.post(f"/flags/{number}/deletion").status_code == 303
    assert desk.post(f"/flags/{number}/deletion").status_code == 404
    assert "Nothing waits" in office.get("/moderation/").text
    flag(desk, path)
    assert only_case().decided_at is None
    assert only_case().number == 2


def test_one_of_two_flags_taken_back_leaves_the_other(app, make, desk, office, path):
    flag(desk, path)
    flag(make.signed_in(app.test_client(), make.user()), path)
    first = db.session.scalars(select(Flag).order_by(Flag.id)).first()
    desk.post(f"/flags/{first.id}/deletion")
    assert "1 report" in office.get("/moderation/").text


def test_visitors_are_asked_to_sign_in(client, path):
    answer = client.get(f"{path}/flags/")
    assert answer.status_code == 303
    assert "/login" in answer.headers["Location"]
    assert client.post(f"{path}/flags/", data={"reason": "rude"}).status_code == 401
    assert db.session.scalar(select(Flag.id)) is None


def test_the_pages_offer_it_to_all_but_who_wrote_it(app, make, author, client, desk, note):
    comment = make.comment(note, by=author)
    own = make.signed_in(app.test_client(), author)
    for path in (f"/entries/{note.id}/flags/", f"/comments/{comment.id}/flags/"):
        for reader, offered in ((client, True), (desk, True), (own, False)):
            page = reader.get(f"/notes/{note.id}", follow_redirects=True).text
            assert (path in page) == offered
        assert own.post(path, data={"reason": "rude"}).status_code == 403


def test_a_form_that_lacks_something_says_so_and_keeps_the_words(desk, path):
    answer = desk.post(f"{path}/flags/", data={"words": "My words"})
    assert answer.status_code == 422
    assert "Please choose what is wrong." in answer.text
    assert "My words" in answer.text
    other = desk.post(f"{path}/flags/", data={"reason": "other"})
    assert "Please say in a sentence what is wrong." in other.text


def test_too_many_flags_are_refused_for_a_while(desk, path):
    for _ in range(20):
        flag(desk, path)
    answer = desk.post(f"{path}/flags/", data={"reason": "rude", "words": "Kept"})
    assert answer.status_code == 429
    assert "Kept" in answer.text


def test_what_others_cannot_read_cannot_be_flagged(make, desk, note):
    comment = make.comment(note)
    from cop.entries import commenting, operations

    commenting.remove_comment(by=make.member("moderator"), comment_id=comment.id, reason="x")
    assert desk.get(f"/comments/{comment.id}/flags/").status_code == 404
    operations.hide(by=make.member("moderator"), entry_id=note.id, reason="x")
    assert desk.get(f"/entries/{note.id}/flags/").status_code == 410
    assert db.session.scalars(select(Case)).all() == []
