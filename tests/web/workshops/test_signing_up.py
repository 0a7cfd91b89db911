"""People sign up for a date: members with one button, others by name with a link; who waits moves up in order."""

from __future__ import annotations

import re

import pytest

from cop.core import clock
from cop.core.db import db
from cop.people.viewer import SYSTEM
from cop.workshops import signing
from cop.workshops.session_models import SignUp, WorkshopSession
from cop.workshops.sessions import call_off
from tests.web.workshops.dating import filled, give, in_days, line


@pytest.fixture
def person(app, make):
    """Return the function that makes a member with her browser."""

    def made(name="", **more):
        client = app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        user = make.user(name=name, **more) if name else make.user(**more)
        return user, make.signed_in(client, user)

    return made


def sign_up(client, session, act="sign-up"):
    """Press the button; return the page it leads to."""
    path = f"/workshops/{session.entry_id}/dates/{session.number}/{act}"
    return client.post(path, follow_redirects=True).text


def states(session):
    return [state for _who, state in line(session)]


def test_a_member_takes_a_seat_with_one_button_and_gives_it_up(person, hold):
    session = give(hold())
    _user, client = person()
    page = client.get(f"/workshops/{session.entry_id}", follow_redirects=True).text
    assert "Take a place" in page
    assert "You have a seat" in sign_up(client, session)
    assert "You have a seat" in sign_up(client, session)
    assert states(session) == ["going"]
    assert "You are no longer signed up" in sign_up(client, session, "withdrawal")
    assert states(session) == ["withdrawn"]


def test_who_withdraws_frees_a_seat_for_the_one_who_has_waited_longest(person, hold):
    session = give(hold(), seats=1)
    clients = [person()[1] for _ in range(4)]
    pages = [sign_up(client, session) for client in clients]
    assert "You wait for a seat" in pages[1]
    assert "You are next when a seat is free." in pages[1]
    assert "2 people are before you" in pages[3]
    sign_up(clients[1], session, "withdrawal")
    sign_up(clients[1], session)
    sign_up(clients[0], session, "withdrawal")
    # The second had left the line and stands at its end.
    assert states(session) == ["withdrawn", "going", "waiting", "waiting"]
    here = f"/workshops/{session.entry_id}/dates/1"
    assert "You have a seat" in clients[2].get(here).text
    assert "1 person is before you" in clients[1].get(here).text


def test_a_larger_limit_lets_people_move_up_and_a_smaller_one_takes_no_seat(person, desk, hold):
    session = give(hold(), seats=2)
    for _ in range(4):
        sign_up(person()[1], session)
    edit = f"/workshops/{session.entry_id}/dates/1/edit"
    low = desk.post(edit, data=filled(seats="1", base="1"))
    assert low.status_code == 422
    assert "2 people have a seat already" in low.text
    assert desk.post(edit, data=filled(seats="3", base="1")).status_code == 303
    assert states(session) == ["going", "going", "going", "waiting"]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"days": -2}, "This date is over"),
        ({"days": 2, "closes_on": -1}, "Sign-up for this date has closed"),
        ({"takes_sign_ups": False}, "One does not sign up for this date here"),
        ({"off": True}, "This date is called off"),
    ],
)
def test_when_nobody_can_sign_up_any_more_a_sentence_says_so(person, hold, state, said):
    off = state.pop("off", False)
    if "closes_on" in state:
        state["closes_on"] = in_days(state["closes_on"]).date()
    session = give(hold(), **state)
    if off:
        call_off(by=SYSTEM, entry_id=session.entry_id, number=1, reason="Invented")
        db.session.commit()
    assert said in sign_up(person()[1], session)
    assert states(session) == []


def test_names_are_for_who_may_edit_the_workshop_and_numbers_for_everybody(app, person, desk, hold):
    session = give(hold(), seats=5)
    _user, client = person("Zebulonia Attends")
    sign_up(client, session)
    here = f"/workshops/{session.entry_id}/dates/1"
    assert "Zebulonia Attends" in desk.get(here).text
    for other in (person()[1], person(grants=["moderator"])[1], app.test_client()):
        other.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        page = other.get(here).text
        assert "Zebulonia" not in page
        assert "1 of 5 places taken" in page


def test_the_link_for_taking_part_is_seen_with_a_seat_and_not_while_waiting(person, hold):
    session = give(hold(), seats=1, online=True, link="https://meet.example/room-7")
    first, second = person()[1], person()[1]
    assert "room-7" in sign_up(first, session)
    assert "room-7" not in sign_up(second, session)


def test_what_one_may_not_read_one_cannot_sign_up_for(app, person, hold):
    session = give(hold(visibility="members"))
    here = f"/workshops/{session.entry_id}/dates/1"
    assert app.test_client().post(f"{here}/sign-up").status_code == 401
    assert person()[1].post("/workshops/99999/dates/1/sign-up").status_code == 404
    assert states(session) == []


def test_a_trainer_takes_somebody_off_the_list(person, desk, hold):
    session = give(hold(), seats=1)
    first, second = person()[1], person()[1]
    sign_up(first, session)
    sign_up(second, session)
    row = db.session.query(SignUp).order_by(SignUp.id).first()
    path = f"/workshops/{session.entry_id}/dates/1/sign-ups/{row.id}/end"
    assert second.post(path).status_code == 403
    assert desk.post(path).status_code == 303
    assert states(session) == ["withdrawn", "going"]


def made_link(desk, session):
    """Let the trainer make the link for names; return its path."""
    here = f"/workshops/{session.entry_id}/dates/{session.number}"
    page = desk.post(f"{here}/link", follow_redirects=True).text
    assert "shown only once" in page
    assert "/workshops/sign-up/" not in desk.get(here).text
    return "/workshops/sign-up/" + re.search(r"/workshops/sign-up/([\w-]+)", page)[1]


def signed_up_by_name(client, path, name, form_key="an-invented-key"):
    """Sign a name up; return the answer."""
    return client.post(path, data={"name": name, "form_key": form_key})


def test_somebody_without_account_signs_up_by_name_and_withdraws_by_her_own_link(app, desk, hold):
    session = give(hold(), seats=1, online=True, link="https://meet.example/room-7")
    path = made_link(desk, session)
    visitor = app.test_client()
    visitor.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert "An invented workshop" in visitor.get(path).text
    first = signed_up_by_name(visitor, path, "Invented Guest")
    again = signed_up_by_name(visitor, path, "Invented Guest")
    assert first.location == again.location
    assert line(session) == [("Invented Guest", "going")]
    page = visitor.get(first.location)
    assert "You have a seat" in page.text
    assert "room-7" in page.text
    assert "no-store" in page.headers["Cache-Control"]
    assert "Invented Guest" in desk.get(f"/workshops/{session.entry_id}/dates/1").text
    second = signed_up_by_name(visitor, path, "Another Guest", "another-invented-key")
    assert "You wait for a seat" in visitor.get(second.location).text
    done = visitor.post(f"{first.location}/end", follow_redirects=True).text
    assert "You are no longer signed up" in done
    assert line(session) == [("Invented Guest", "withdrawn"), ("Another Guest", "going")]


def test_no_token_is_kept(app, desk, hold):
    session = give(hold())
    path = made_link(desk, session)
    own = signed_up_by_name(app.test_client(), path, "Invented Guest").location
    db.session.expire_all()
    row = db.session.query(SignUp).one()
    kept = db.session.query(WorkshopSession).one()
    assert own.rpartition("/")[2] not in (row.token_hash, kept.invite_hash)
    assert path.rpartition("/")[2] != kept.invite_hash


def test_a_made_up_ended_or_closed_link_says_one_sentence(app, desk, make, hold, trainer):
    entry = hold()
    path = made_link(desk, give(entry))
    desk.post(f"/workshops/{entry.id}/dates/1/link/end")
    visitor = app.test_client()
    visitor.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    answers = [visitor.get(path), visitor.get("/workshops/sign-up/made-up")]
    assert {answer.status_code for answer in answers} == {403}
    assert all("This link does not work" in answer.text for answer in answers)
    assert signed_up_by_name(visitor, path, "Late").status_code in (403, 422)
    assert visitor.get("/workshops/places/made-up").status_code == 404


def test_a_name_is_asked_for_and_programs_are_refused(app, desk, hold):
    session = give(hold())
    path = made_link(desk, session)
    visitor = app.test_client()
    visitor.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert "Please enter a name" in signed_up_by_name(visitor, path, " ").text
    data = {"name": "Robot", "website": "x", "form_key": "an-invented-key"}
    assert visitor.post(path, data=data).status_code == 422
    assert states(session) == []


def test_only_what_everybody_may_read_has_a_link(desk, hold):
    session = give(hold(visibility="members"))
    here = f"/workshops/{session.entry_id}/dates/1"
    page = desk.post(f"{here}/link", follow_redirects=True).text
    assert "Only a workshop that everybody may read" in page


def test_too_many_names_from_one_address_are_asked_to_wait(app, desk, hold, monkeypatch):
    monkeypatch.setattr("cop.workshops.sign_up_views._BY_NAME", "2/hour")
    session = give(hold())
    path = made_link(desk, session)
    visitor = app.test_client()
    for number in range(2):
        assert (
            signed_up_by_name(visitor, path, f"N{number}", f"a-long-key-{number}").status_code
            == 303
        )
    late = signed_up_by_name(visitor, path, "Too many", "one-more-long-key")
    assert late.status_code == 429
    assert int(late.headers["Retry-After"]) > 0
    assert len(states(session)) == 2


def test_who_closes_her_account_frees_her_seat(person, hold):
    session = give(hold(), seats=1)
    user, client = person()
    sign_up(client, session)
    sign_up(person()[1], session)
    signing.forget_person(user.id)
    db.session.commit()
    assert states(session) == ["going"]
    assert clock.now() < session.starts_at
