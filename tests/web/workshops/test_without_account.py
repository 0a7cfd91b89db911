"""Who signed up by name finds on the page of her link what concerns her, and her name is forgotten in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from cop.core import clock
from cop.core.db import db
from cop.people import tokens
from cop.workshops import forgetting
from cop.workshops.draft import Outside
from cop.workshops.session_models import SignUp, SignUpState
from tests.web.workshops.dating import give
from tests.web.workshops.test_running import here
from tests.web.workshops.test_taking_part import seat

NAME = "Invented Guest"


@pytest.fixture
def guest(english, app):
    """Return the browser of somebody without an account, who reads English."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


def by_link(session, **more) -> tuple[SignUp, str]:
    """Sign a name up; return the row and the address of her own page."""
    token = tokens.fresh()
    row = seat(session, name=more.pop("name", NAME), token_hash=tokens.digest(token), **more)
    return row, f"/workshops/places/{token}"


def names() -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(select(SignUp.name).order_by(SignUp.id)))


def forget(*, after_days: int) -> None:
    forgetting.forget_names(clock.now() + timedelta(days=after_days))
    db.session.commit()


def test_the_questions_stand_on_her_page_from_the_tick_on_and_never_lead_nowhere(desk, guest, hold):
    session = give(hold(), days=-1)
    row, place = by_link(session)
    page = guest.get(place).text
    assert "This date is over" in page
    assert "Once the trainers have noted that you came" in page
    assert f"{place}/evaluation" not in page
    assert "people who signed up by name on the page of their own link" in (
        desk.get(here(session, "attendance")).text
    )
    desk.post(here(session, "attendance"), data={"came": row.id})
    page = guest.get(place).text
    assert "You came" in page
    assert f'href="{place}/evaluation"' in page
    assert guest.post(f"{place}/evaluation", data={"useful": "very"}).status_code == 303
    page = guest.get(place).text
    assert "You have answered the three questions" in page
    assert f"{place}/evaluation" not in page


def test_who_waited_and_came_all_the_same_has_the_material_and_the_questions(
    desk, guest, hold, app, make
):
    session = give(hold(), days=-1)
    row, place = by_link(session, state=SignUpState.WAITING.value)
    member = make.user()
    hers = seat(session, member, state=SignUpState.WAITING.value)
    assert "You are next when a seat is free" not in guest.get(place).text
    material = f"/workshops/{session.entry_id}/participants/"
    browser = make.signed_in(app.test_client(), member)
    assert browser.get(material).status_code == 404
    desk.post(here(session, "attendance"), data={"came": [row.id, hers.id]})
    page = guest.get(place).text
    assert f"{place}/evaluation" in page
    assert guest.get(material + place.rpartition("/")[2]).status_code == 200
    assert browser.get(material).status_code == 200


def test_names_without_an_account_are_forgotten_half_a_year_after_the_date(desk, guest, hold, make):
    session = give(hold(), days=-1)
    row, place = by_link(session)
    seat(session, make.user(name="Membra Invented"))
    desk.post(here(session, "attendance"), data={"came": row.id})
    desk.post(here(session, "attendance/names"), data={"names": "Walk In"})
    forget(after_days=181)
    assert names() == [NAME, "", "Walk In"]
    forget(after_days=185)
    assert names() == ["", "", ""]
    for page in (f"/workshops/{session.entry_id}/dates/1", here(session, "attendance")):
        shown = desk.get(page).text
        assert "The names of 2 people without an account were deleted" in shown
        assert "Membra Invented" in shown
        assert NAME not in shown
    assert "2 people came." in desk.get(here(session, "attendance")).text
    # A sheet saved without their lines takes nobody's tick away.
    desk.post(here(session, "attendance"), data={})
    assert "2 people came." in desk.get(here(session, "attendance")).text
    shown = guest.get(place).text
    assert "Your name was deleted" in shown
    assert "Material and exercises" in shown


def test_who_gave_up_her_place_is_forgotten_the_next_night_unless_she_came(
    desk, guest, hold, run_jobs
):
    entry = hold()
    coming, past = give(entry, days=5), give(entry, days=-1)
    _row, place = by_link(coming)
    _other, _her = by_link(coming, name="Still Coming")
    here_all_the_same, _link = by_link(past, name="Came Though")
    desk.post(here(past, "attendance"), data={"came": here_all_the_same.id})
    here_all_the_same.state = SignUpState.WITHDRAWN.value
    db.session.commit()
    guest.post(f"{place}/end")
    forget(after_days=0)
    assert names() == ["", "Still Coming", "Came Though"]
    assert "You are no longer signed up" in guest.get(place).text


def test_how_long_a_name_is_kept_is_said_where_it_is_typed(desk, guest, hold):
    session = give(hold())
    page = desk.post(f"/workshops/{session.entry_id}/dates/1/link", follow_redirects=True).text
    assert "The names are deleted half a year after the date." in page
    assert page.count('aria-label="QR code of this link"') == 1
    link = "/workshops/sign-up/" + page.split("/workshops/sign-up/")[1].split('"')[0]
    assert "is deleted half a year after the date" in guest.get(link).text
    assert "deleted half a year after the date" in guest.get("/pages/privacy").text


def test_where_nobody_signed_up_here_a_sheet_of_empty_lines_is_printed(desk, hold):
    session = give(hold())
    page = desk.get(here(session, "attendance")).text
    assert "Nobody has signed up" in page
    assert '<form class="keep print-only"' in page
    assert page.count('<tr class="print-only"') == 20


def renewed(desk, session, row) -> str:
    """Let a trainer make somebody's own link; return its path."""
    path = f"/workshops/{session.entry_id}/dates/{session.number}"
    page = desk.post(f"{path}/sign-ups/{row.id}/link", follow_redirects=True).text
    assert f"The link of {row.name}" in page
    assert 'aria-label="QR code of this link"' in page
    assert "/workshops/places/" not in desk.get(path).text
    return "/workshops/places/" + page.split("/workshops/places/")[1].split('"')[0]


def test_who_lost_her_link_is_given_a_new_one_and_the_old_one_ends(desk, guest, hold):
    session = give(hold())
    row, lost = by_link(session)
    fresh = renewed(desk, session, row)
    assert "You have a seat" in guest.get(fresh).text
    assert guest.get(lost).status_code == 404


def test_who_came_without_signing_up_is_given_a_link_and_answers(desk, guest, hold):
    session = give(hold(), days=-1)
    desk.post(here(session, "attendance/names"), data={"names": "Walk In"})
    place = renewed(desk, session, db.session.scalars(select(SignUp)).one())
    assert f"{place}/evaluation" in guest.get(place).text
    assert guest.post(f"{place}/evaluation", data={"useful": "very"}).status_code == 303


def test_only_trainers_make_such_links_and_only_for_names(desk, app, hold, make):
    session = give(hold())
    other = give(hold(title="Another invented workshop"))
    row, place = by_link(session)
    member = make.user()
    hers = seat(session, member)
    here = f"/workshops/{session.entry_id}/dates/1/sign-ups"
    stranger = make.signed_in(app.test_client(), member)
    assert stranger.post(f"{here}/{row.id}/link").status_code == 403
    for number in (hers.id, 999999, 10**30):
        assert desk.post(f"{here}/{number}/link").status_code == 404
    elsewhere = f"/workshops/{other.entry_id}/dates/1/sign-ups/{row.id}/link"
    assert desk.post(elsewhere).status_code == 404
    assert app.test_client().get(place).status_code == 200


def test_of_a_workshop_for_members_nobody_has_a_link(desk, hold):
    session = give(hold(visibility="members"))
    row = seat(session, name=NAME)
    path = f"/workshops/{session.entry_id}/dates/1/sign-ups/{row.id}/link"
    page = desk.post(path, follow_redirects=True).text
    assert "Only a workshop that everybody may read" in page
    assert "The link of" not in page


def test_a_member_who_opens_the_link_is_told_of_her_account(app, desk, hold, make, guest):
    session = give(hold())
    page = desk.post(f"/workshops/{session.entry_id}/dates/1/link", follow_redirects=True).text
    link = "/workshops/sign-up/" + page.split("/workshops/sign-up/")[1].split('"')[0]
    member = make.signed_in(app.test_client(), make.user())
    member.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert "Sign up with your account" in member.get(link).text
    assert "Sign up with your account" not in guest.get(link).text


def test_pages_elsewhere_stand_on_the_page_of_participants(guest, hold):
    link = Outside("w", "https://example.org/read", "An invented page", "", {"en": "Read it."})
    session = give(hold(links=(link,)))
    _row, place = by_link(session)
    material = f"/workshops/{session.entry_id}/participants/{place.rpartition('/')[2]}"
    shown = guest.get(material).text
    assert "https://example.org/read" in shown
    assert "Read it." in shown
