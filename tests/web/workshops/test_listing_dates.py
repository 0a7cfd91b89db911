"""The list of workshops is narrowed by time, place and language of its dates, together and by its address."""

from __future__ import annotations

import re

import pytest

from cop.core.db import db
from cop.people.models import Organisation
from cop.people.organisations import find_or_make
from cop.people.viewer import SYSTEM
from cop.workshops.session_models import Spoken
from cop.workshops.sessions import call_off
from tests.counting import assert_constant_queries
from tests.web.workshops.dating import give


@pytest.fixture
def places(make):
    """Make a province with a district, and another province."""
    make.term("china", scheme="place", name="China")
    make.term("here-province", scheme="place", name="Hereland", broader="china")
    make.term("here-district", scheme="place", name="Hereton, Hereland", broader="here-province")
    make.term("far-province", scheme="place", name="Farland", broader="china")
    db.session.commit()


def listed(client, query=""):
    """Return the titles of the list, in order."""
    page = client.get(f"/workshops/{query}").text
    body = page[page.index("<h1>") : page.index('<form class="rail')]
    return re.findall(r"<h[23]><a [^>]*>([^<]+)</a>", body)


def test_what_is_coming_stands_first_the_next_first(english, hold):
    give(hold(title="Later"), days=20)
    give(hold(title="Sooner"), days=3)
    give(hold(title="Over"), days=-3)
    assert listed(english)[:2] == ["Sooner", "Later"]
    assert listed(english, "?date=coming") == ["Sooner", "Later"]
    assert listed(english, "?date=past") == ["Over"]
    assert listed(english, "?date=nonsense") == listed(english)


def test_a_province_holds_its_districts_and_filters_add_up(english, hold, places):
    give(hold(title="In the district"), place="here-district", spoken=Spoken.BOTH)
    give(hold(title="Far away"), place="far-province", spoken=Spoken.ZH)
    assert listed(english, "?date=coming&place=here-province") == ["In the district"]
    assert listed(english, "?date=coming&place=far-province&given=en") == []
    assert listed(english, "?date=coming&place=here-province&given=en") == ["In the district"]
    assert "In the district" in listed(english, "?place=here-district")
    assert "Far away" not in listed(english, "?place=here-district")
    page = english.get("/workshops/?date=coming&place=here-province&given=en").text
    assert "Remove filter:" in page
    assert "Given in English" in page
    assert "No date matches" in english.get("/workshops/?date=past&place=far-province").text


def test_a_district_is_offered_inside_the_province_that_is_chosen(english, hold, places):
    give(hold(), place="here-district")
    assert 'value="here-district"' not in english.get("/workshops/").text
    assert 'value="here-province"' in english.get("/workshops/").text
    assert 'value="here-district"' in english.get("/workshops/?place=here-province").text


def test_what_one_may_not_read_gives_no_date_and_no_place(english, hold, places):
    give(hold(title="For us", visibility="members"), place="far-province")
    for query in ("", "?date=coming", "?place=far-province"):
        assert "For us" not in listed(english, query)
    assert "Farland" not in english.get("/workshops/").text


def test_pages_of_dates_go_on_by_key(english, hold):
    entry = hold()
    for number in range(45):
        give(entry, days=number + 1)
    seen, address = [], "/workshops/?date=coming"
    for _ in range(3):
        page = english.get(address).text
        seen += re.findall(rf'href="/workshops/{entry.id}/dates/(\d+)"', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    assert seen == [str(number) for number in range(1, 46)]
    assert address == ""


def test_near_is_where_her_organisation_is(app, make, hold, places):
    give(hold(title="In the district"), place="here-district")
    give(hold(title="Far away"), place="far-province")
    user = make.user()
    user.organisation_id = find_or_make("An invented centre").id
    there = db.session.get(Organisation, user.organisation_id)
    there.place_id = make.term("here-town", scheme="place", broader="here-province").id
    db.session.commit()
    client = make.signed_in(app.test_client(), user)
    assert "Coming near you: Hereland" in client.get("/workshops/?lang=en").text
    page = client.get("/").text
    assert "Coming workshops near you" in page
    near = page[page.index("Coming workshops near you") :]
    assert "In the district" in near
    assert "Far away" not in near


def test_members_without_a_place_are_told_how_and_see_what_comes_anywhere(app, make, hold, places):
    session = give(hold(title="Far away"), place="far-province")
    client = make.signed_in(app.test_client(), make.user())
    assert "Choose a place" in client.get("/workshops/?lang=en").text
    assert "Far away" in client.get("/").text
    call_off(by=SYSTEM, entry_id=session.entry_id, number=1, reason="Flooded")
    db.session.commit()
    page = client.get("/").text
    assert "Coming workshops" not in page


@pytest.mark.parametrize("query", ["", "?date=coming"])
def test_the_list_asks_as_much_for_many_dates_as_for_one(english, hold, query):
    give(hold())
    assert_constant_queries(
        english, f"/workshops/{query}", grow=lambda number: [give(hold()) for _ in range(number)]
    )
