"""Calendars fetch dates: right clocks, the same number for the same date, and no more than their reader may read."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

import pytest
from icalendar import Calendar

from cop.core.db import db
from cop.entries.operations import withdraw as withdraw_entry
from cop.people.viewer import SYSTEM
from cop.workshops import feeds
from cop.workshops.sessions import call_off
from cop.workshops.signing import sign_up
from tests.web.workshops.dating import clocks_change, filled, give


def events(answer):
    """Return the events of a calendar."""
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    return Calendar.from_ical(answer.text).walk("VEVENT")


@pytest.fixture
def goes(app, make):
    """Return the function that signs a new member up and gives her browser."""

    def made(session):
        user = make.user()
        sign_up(by=make.viewer(user), entry_id=session.entry_id, number=session.number)
        db.session.commit()
        return user, make.signed_in(app.test_client(), user)

    return made


def test_a_date_is_told_by_the_clocks_there(english, hold):
    forward, _back = clocks_change()
    starts = datetime.combine(forward + timedelta(weeks=10), time(9, 30))
    session = give(
        hold(), starts=starts, ends=starts + timedelta(hours=3), timezone="Europe/Berlin"
    )
    answer = english.get(f"/workshops/{session.entry_id}/dates/1.ics")
    (event,) = events(answer)
    assert event.decoded("dtstart").isoformat() == f"{starts:%Y-%m-%d}T09:30:00+02:00"
    assert str(event["summary"]) == "An invented workshop"
    assert event.decoded("sequence") == 0
    assert str(event["status"]) == "CONFIRMED"
    assert "An invented centre" in str(event["location"])
    assert str(event["url"]).endswith(f"/workshops/{session.entry_id}/dates/1")


def test_what_clocks_do_is_told_with_the_zone(english, hold):
    forward, back = clocks_change()
    starts = datetime.combine(forward + timedelta(weeks=10), time(9, 30))
    give(hold(), starts=starts, ends=starts + timedelta(hours=3), timezone="Europe/Berlin")
    told = english.get("/workshops/calendar.ics").text
    zone = told[told.index("BEGIN:VTIMEZONE") : told.index("END:VTIMEZONE")]
    parts = re.findall(r"BEGIN:(\w+)\r\nDTSTART:(\w+)\r\n.*?TZOFFSETFROM:(\S+)", zone, re.DOTALL)
    # In March clocks say 02:00 when they are put forward, in October 03:00 when they are put back.
    assert ("DAYLIGHT", f"{forward:%Y%m%d}T020000", "+0100") in parts
    assert ("STANDARD", f"{back:%Y%m%d}T030000", "+0200") in parts


def test_a_change_keeps_the_number_and_counts_up_and_calling_off_says_so(english, desk, hold):
    session = give(hold())
    path = f"/workshops/{session.entry_id}/dates/1.ics"
    (before,) = events(english.get(path))
    edit = f"/workshops/{session.entry_id}/dates/1/edit"
    desk.post(edit, data=filled(venue="Elsewhere", base="1"))
    (after,) = events(english.get(path))
    assert after["uid"] == before["uid"]
    assert after.decoded("sequence") > before.decoded("sequence")
    call_off(by=SYSTEM, entry_id=session.entry_id, number=1, reason="Flooded")
    db.session.commit()
    (off,) = events(english.get(path))
    assert off["uid"] == before["uid"]
    assert str(off["status"]) == "CANCELLED"
    assert "Flooded" in str(off["description"])


def test_the_feed_holds_what_its_reader_may_read_narrowed_as_the_list(app, english, hold):
    give(hold(title="For everybody"))
    give(hold(title="For members", visibility="members"))
    give(hold(title="Long ago"), days=-300)
    said = [str(one["summary"]) for one in events(english.get("/workshops/calendar.ics"))]
    assert said == ["For everybody"]
    past = events(english.get("/workshops/calendar.ics?date=past"))
    assert [str(one["summary"]) for one in past] == ["Long ago"]
    assert app.test_client().get("/workshops/calendar.ics?given=en").status_code == 200


def test_of_more_dates_than_a_calendar_holds_it_holds_what_comes_next(english, hold, monkeypatch):
    monkeypatch.setattr(feeds, "MOST", 3)
    for days in (-20, -10, -5, 5, 10):
        give(hold(title=f"In {days}"), days=days)
    said = [str(one["summary"]) for one in events(english.get("/workshops/calendar.ics"))]
    assert said == ["In -5", "In 5", "In 10"]


def test_no_name_and_no_link_for_taking_part_leaves_in_a_public_calendar(english, hold, goes, make):
    session = give(hold(), online=True, link="https://meet.example/room-9")
    user, _client = goes(session)
    for path in ("calendar.ics", f"{session.entry_id}/dates/1.ics"):
        told = english.get(f"/workshops/{path}").text
        assert "room-9" not in told
        assert user.name not in told


def made_feed(client):
    """Let somebody make the address of her calendar; return its path."""
    page = client.post("/workshops/own/calendar", follow_redirects=True).text
    assert "/workshops/own/" in page
    return re.search(r"/workshops/own/[\w-]+\.ics", page)[0]


def test_somebodys_own_calendar_holds_what_she_signed_up_for(app, hold, goes):
    first = give(hold(title="One"), seats=1, online=True, link="https://meet.example/room-9")
    _user, client = goes(first)
    other, waiting = goes(first)
    feed = made_feed(client)
    answer = app.test_client().get(feed)
    (event,) = events(answer)
    assert str(event["status"]) == "CONFIRMED"
    assert "room-9" in str(event["description"])
    assert "no-store" in answer.headers["Cache-Control"]
    (waits,) = events(app.test_client().get(made_feed(waiting)))
    assert str(waits["status"]) == "TENTATIVE"
    assert "room-9" not in str(waits["description"])
    assert other.id


def test_an_own_calendar_ends_with_its_address_and_with_what_may_not_be_read(
    app, make, hold, goes, trainer
):
    session = give(hold())
    _user, client = goes(session)
    old = made_feed(client)
    new = made_feed(client)
    assert app.test_client().get(old).status_code == 404
    withdraw_entry(by=make.viewer(trainer), entry_id=session.entry_id)
    db.session.commit()
    assert events(app.test_client().get(new)) == []
    client.post("/workshops/own/calendar/end")
    assert app.test_client().get(new).status_code == 404


def test_what_somebody_signed_up_for_is_one_page(app, hold, goes):
    session = give(hold(title="Mine to come"))
    _user, client = goes(session)
    assert "Mine to come" in client.get("/workshops/own/?lang=en").text
    assert app.test_client().get("/workshops/own/").status_code == 303


def test_dates_nobody_may_read_have_no_calendar(english, hold):
    session = give(hold(visibility="members"))
    assert english.get(f"/workshops/{session.entry_id}/dates/1.ics").status_code == 404
