"""A member says for herself where what is coming is near; nobody else reads it, and it goes with her account."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.people.account_operations import close_account
from cop.people.models import Organisation, OwnPlace
from cop.people.organisations import find_or_make
from cop.people.passwords import hashed
from cop.people.viewer import SYSTEM
from cop.terms.tending import merge_term
from cop.terms.vocabulary import vocabulary
from tests.web.workshops.dating import give


@pytest.fixture
def places(make):
    """Make a province with a district, and another province."""
    make.term("here-province", scheme="place", name="Hereland", zh="此省")
    make.term("here-district", scheme="place", name="Heredistrict", broader="here-province")
    make.term("far-province", scheme="place", name="Farland", zh="远省")
    db.session.commit()


@pytest.fixture
def user(make, places):
    """Return a member whose organisation is in the first province."""
    made = make.user(name="Invented Traveller")
    made.organisation_id = find_or_make("An invented centre").id
    there = db.session.get(Organisation, made.organisation_id)
    there.place_id = make.term("here-town", scheme="place", broader="here-province").id
    db.session.commit()
    return made


@pytest.fixture
def hers(english, make, user):
    """Return her browser."""
    return make.signed_in(english, user)


def choose(browser, key):
    return browser.post("/account/place", data={"place": key})


def near_on(page):
    """Return what the front page says is coming near."""
    start = page.index("Coming workshops")
    return page[start : page.index("</section>", start)]


def test_her_own_place_counts_before_that_of_her_organisation(hers, hold):
    give(hold(title="Where she works"), place="here-district")
    give(hold(title="Where she lives"), place="far-province")
    near = near_on(hers.get("/").text)
    assert "Where she works" in near
    assert "Where she lives" not in near
    assert "By the place of your organisation: Hereland" in near
    assert 'href="/account/place"' in near
    assert choose(hers, "far-province").status_code == 303
    near = near_on(hers.get("/").text)
    assert "Where she lives" in near
    assert "Where she works" not in near
    assert "By the place you chose: Farland" in near
    listed = hers.get("/workshops/").text
    assert "Coming near you: Farland" in listed
    assert "date=coming&amp;place=far-province" in listed
    assert "By the place you chose: Farland" in listed


def test_a_district_is_near_and_the_province_around_it_is_not(hers, hold):
    give(hold(title="In the district"), place="here-district")
    give(hold(title="Elsewhere in the province"), place="here-province")
    choose(hers, "here-district")
    near = near_on(hers.get("/").text)
    assert "In the district" in near
    assert "Elsewhere in the province" not in near


def test_where_nothing_is_coming_yet_that_is_said_with_the_way_to_choose_again(hers):
    assert "Nothing is coming there yet." not in hers.get("/").text
    choose(hers, "far-province")
    near = near_on(hers.get("/").text)
    assert "Nothing is coming there yet." in near
    assert 'href="/account/place"' in near


def test_what_is_online_is_near_everybody(hers, hold):
    give(hold(title="Online"), place="here-district", online=True, link="https://meet.example/")
    choose(hers, "far-province")
    assert "Online" in near_on(hers.get("/").text)


def test_the_page_says_what_she_goes_by_and_lets_her_forget_it(hers):
    assert "where your organisation is: Hereland" in hers.get("/account/place").text
    choose(hers, "here-district")
    choose(hers, "far-province")
    page = hers.get("/account/place").text
    assert "You are shown what is coming in: Farland" in page
    assert 'value="far-province" selected' in page
    choose(hers, "")
    assert "where your organisation is: Hereland" in hers.get("/account/place").text
    assert db.session.scalars(select(OwnPlace)).all() == []


@pytest.mark.parametrize("key", ["nowhere", "an-invented-strategy", "china"])
def test_what_is_no_place_is_refused_and_nothing_is_changed(hers, make, key):
    make.term("an-invented-strategy")
    make.term("china", scheme="place", name="China")
    choose(hers, "far-province")
    answer = choose(hers, key)
    assert answer.status_code == 422
    assert "Please choose one of the options offered." in answer.text
    assert "You are shown what is coming in: Farland" in answer.text


def test_the_country_itself_is_not_offered(hers, make):
    make.term("china", scheme="place", name="China")
    db.session.commit()
    assert 'value="china"' not in hers.get("/account/place").text


def test_a_place_that_became_another_is_followed(hers):
    choose(hers, "here-district")
    words = vocabulary()
    old = words.by_key["here-district"]
    merge_term(by=SYSTEM, term=old, into="far-province", reason="The same")
    db.session.commit()
    assert "You are shown what is coming in: Farland" in hers.get("/account/place").text


def test_visitors_have_no_such_page(app):
    assert app.test_client().get("/account/place").status_code in (302, 303)


def test_it_goes_with_her_account(hers, make, user):
    choose(hers, "far-province")
    user.password_hash = hashed("an invented long password")
    db.session.commit()
    close_account(by=make.viewer(user), current="an invented long password")
    db.session.commit()
    assert db.session.scalars(select(OwnPlace)).all() == []
