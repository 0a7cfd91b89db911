"""Trainers say when a workshop is given; who may read it reads when and where, and nobody else."""

from __future__ import annotations

import re

import pytest

from cop.core.db import db
from cop.core.types import Lang
from cop.web.filters import as_date
from cop.workshops.draft import AgendaRow
from cop.workshops.session_models import WorkshopSession
from tests.counting import assert_constant_queries
from tests.web.workshops.dating import clocks_change, filled, give, in_days


def sessions() -> list[WorkshopSession]:
    """Return all dates, the first added first."""
    db.session.expire_all()
    return db.session.query(WorkshopSession).order_by(WorkshopSession.id).all()


def test_a_date_is_added_and_shown_with_the_workshop(desk, hold, make):
    entry = hold()
    place = make.term(scheme="place", name="Inventown", zh="虚构镇")
    data = filled(place=place.key, online="y", seats="40")
    answer = desk.post(f"/workshops/{entry.id}/dates/new", data=data)
    assert answer.status_code == 303
    page = desk.get(f"/workshops/{entry.id}", follow_redirects=True).text
    assert "Inventown: An invented centre and online" in re.sub("<[^>]*>", "", page)
    assert "09:00–17:00" in page
    assert "0 of 40 places taken" in page
    assert "Shanghai time (UTC+08:00)" in page


def test_the_same_form_sent_twice_adds_one_date(desk, hold):
    entry = hold()
    data = filled(form_key="once")
    first = desk.post(f"/workshops/{entry.id}/dates/new", data=data)
    again = desk.post(f"/workshops/{entry.id}/dates/new", data=data)
    assert first.location == again.location
    assert len(sessions()) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ends": "8:00"}, "It ends before it begins"),
        ({"day": "9999-12-31"}, "Choose a day between"),
        ({"day": "2027-02-30"}, "Write the day such as"),
        ({"last_day": "9999-12-31"}, "Choose a day between"),
        ({"starts": "25:00"}, "Write a time of day"),
        ({"timezone": "Asia/Atlantis"}, "Choose the time zone"),
        ({"timezone": ""}, "Choose the time zone"),
        ({"venue": ""}, "Say where"),
        ({"place": "nowhere"}, "one of the options"),
        ({"link": "javascript:alert(1)", "online": "y"}, "web address"),
        ({"seats": "0"}, "Enter a number from 1"),
        ({"seats": "many"}, "Enter a number from 1"),
        ({"closes": "2099-01-01"}, "Choose a day between"),
        ({"last_day": str(in_days(80).date())}, "longer than 31 days"),
    ],
)
def test_what_cannot_be_is_said_beside_what_was_typed(desk, hold, wrong, said):
    entry = hold()
    answer = desk.post(f"/workshops/{entry.id}/dates/new", data=filled(**wrong))
    assert answer.status_code == 422
    assert said in answer.text
    if "venue" not in wrong:
        assert "An invented centre" in answer.text
    assert sessions() == []


def test_an_hour_that_clocks_skip_is_refused_and_one_they_repeat_is_the_first(desk, hold):
    entry = hold()
    zone, (forward, back) = {"timezone": "Europe/Berlin", "last_day": ""}, clocks_change()
    skipped = filled(**zone, day=str(forward), starts="2:30", ends="5:00")
    answer = desk.post(f"/workshops/{entry.id}/dates/new", data=skipped)
    assert answer.status_code == 422
    assert "clocks there are put forward" in answer.text
    repeated = filled(**zone, day=str(back), starts="2:30", ends="5:00")
    assert desk.post(f"/workshops/{entry.id}/dates/new", data=repeated).status_code == 303
    (made,) = sessions()
    assert made.starts_at.isoformat() == f"{back}T00:30:00+00:00"
    assert (made.ends_at - made.starts_at).total_seconds() == 3.5 * 3600


def test_a_past_date_is_kept_as_over(desk, hold):
    entry = hold()
    data = filled(day=str(in_days(-30).date()))
    page = desk.post(f"/workshops/{entry.id}/dates/new", data=data, follow_redirects=True).text
    assert "Over" in page
    assert "Sign up until" not in page


def test_of_a_date_that_is_over_no_seats_are_counted_any_more(desk, english, hold):
    session = give(hold(), days=-2, seats=1)
    desk.post(f"/workshops/{session.entry_id}/dates/1/attendance/names", data={"names": "One\nTwo"})
    for page in ("dates/1", "dates/"):
        shown = english.get(f"/workshops/{session.entry_id}/{page}").text
        assert "2 people signed up" in shown
        assert "places taken" not in shown


def test_the_last_day_to_sign_up_is_said_as_a_day(desk, hold):
    entry = hold()
    last = str(in_days(10).date())
    for closes, said in (
        ("", ":00"),
        (last, f"{as_date(in_days(10).date(), Lang.EN)} at the latest"),
    ):
        data = filled(timezone="America/New_York", closes=closes)
        page = desk.post(f"/workshops/{entry.id}/dates/new", data=data, follow_redirects=True).text
        [words] = re.findall(r"<span>(Sign up until [^<]+)</span>", page)
        assert words.endswith(said)


def test_a_date_is_changed_and_a_change_meanwhile_is_said(desk, hold):
    entry = hold()
    made = give(entry)
    data = filled(venue="Another invented centre", base="1")
    assert desk.post(f"/workshops/{entry.id}/dates/1/edit", data=data).status_code == 303
    assert sessions()[0].venue == "Another invented centre"
    late = desk.post(f"/workshops/{entry.id}/dates/1/edit", data=filled(venue="Late", base="1"))
    assert late.status_code == 409
    assert 'value="Late"' in late.text
    assert sessions()[0].version == 2
    again = desk.post(f"/workshops/{entry.id}/dates/1/edit", data=filled(venue="Late", base="2"))
    assert again.status_code == 303
    assert sessions()[0].uid == made.uid


def test_the_form_holds_what_the_date_says(desk, hold):
    entry = hold()
    give(entry, starts=in_days(5, 9), ends=in_days(6, 16), closes_on=in_days(3).date(), seats=12)
    page = desk.get(f"/workshops/{entry.id}/dates/1/edit").text
    for value in (in_days(5).date(), in_days(6).date(), in_days(3).date(), "09:00", "16:00", "12"):
        assert f'value="{value}"' in page


def test_a_date_is_called_off_with_a_reason_and_held_after_all(desk, english, hold):
    entry = hold()
    give(entry)
    empty = desk.post(f"/workshops/{entry.id}/dates/1/off", data={"reason": " "})
    assert empty.status_code == 422
    assert "Say why" in empty.text
    data = {"reason": "The centre is closed"}
    assert desk.post(f"/workshops/{entry.id}/dates/1/off", data=data).status_code == 303
    page = english.get(f"/workshops/{entry.id}", follow_redirects=True).text
    assert "Called off" in page
    assert "The centre is closed" in page
    assert desk.post(f"/workshops/{entry.id}/dates/1/on").status_code == 303
    assert "Called off" not in desk.get(f"/workshops/{entry.id}/dates/").text


def test_what_is_over_cannot_be_called_off(desk, hold):
    entry = hold()
    give(entry, days=-3)
    answer = desk.post(f"/workshops/{entry.id}/dates/1/off", data={"reason": "Too late"})
    assert answer.status_code == 422
    assert "This date is over" in answer.text


def test_a_mistaken_date_is_taken_away_and_put_back(desk, app, hold):
    entry = hold()
    give(entry)
    assert desk.post(f"/workshops/{entry.id}/dates/1/removal").status_code == 303
    visitor = app.test_client()
    assert visitor.get(f"/workshops/{entry.id}/dates/1").status_code == 404
    assert "Put it back" in desk.get(f"/workshops/{entry.id}/dates/").text
    assert desk.post(f"/workshops/{entry.id}/dates/1/return").status_code == 303
    assert visitor.get(f"/workshops/{entry.id}/dates/1").status_code == 200


def test_only_who_may_edit_the_workshop_does_anything_to_its_dates(app, make, hold):
    entry = hold()
    give(entry)
    other = make.signed_in(app.test_client(), make.user(grants=["trainer"]))
    here = f"/workshops/{entry.id}/dates"
    assert other.get(f"{here}/new").status_code == 403
    assert other.post(f"{here}/new", data=filled()).status_code == 403
    assert other.post(f"{here}/1/edit", data=filled(base="1")).status_code == 403
    for act in ("off", "on", "removal", "return"):
        assert other.post(f"{here}/1/{act}", data={"reason": "No"}).status_code == 403
    page = other.get(f"{here}/1").text
    assert "Call it off" not in page


def test_dates_of_what_one_may_not_read_do_not_exist(app, hold):
    entry = hold(visibility="members")
    give(entry)
    visitor = app.test_client()
    for path in ("", "1"):
        assert visitor.get(f"/workshops/{entry.id}/dates/{path}").status_code == 404


def test_the_link_for_taking_part_is_for_trainers_until_somebody_has_a_seat(desk, app, hold):
    entry = hold()
    give(entry, online=True, link="https://meet.example/secret-room")
    assert "secret-room" in desk.get(f"/workshops/{entry.id}/dates/1").text
    visitor = app.test_client()
    for path in ("", "/dates/", "/dates/1"):
        page = visitor.get(f"/workshops/{entry.id}{path}", follow_redirects=True).text
        assert "secret-room" not in page


def test_a_date_shorter_than_the_agenda_says_so_to_its_trainer(desk, hold):
    entry = hold()
    give(entry, ends=in_days(10, 9).replace(minute=30))
    assert "needs more time" in desk.get(f"/workshops/{entry.id}/dates/1").text
    give(entry)
    assert "needs more time" not in desk.get(f"/workshops/{entry.id}/dates/2").text


def test_readers_elsewhere_see_their_own_time_too(app, make, hold):
    entry = hold()
    give(entry)
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    reader = make.user()
    reader.timezone = "Europe/London"
    db.session.commit()
    page = make.signed_in(client, reader).get(f"/workshops/{entry.id}/dates/1").text
    assert "01:00" in page or "02:00" in page


def test_dates_ask_as_much_for_many_as_for_one(english, hold):
    entry = hold()
    give(entry)
    assert_constant_queries(
        english,
        f"/workshops/{entry.id}/dates/",
        grow=lambda number: [give(entry) for _ in range(number)],
    )


def typed_first(desk, entry) -> dict[str, str]:
    """Return what the form of a new date begins with."""
    page = desk.get(f"/workshops/{entry.id}/dates/new").text
    tags = re.findall(r"<input[^>]*>", page)
    names = {re.search(r'name="([^"]+)"', tag)[1]: tag for tag in tags if "name=" in tag}
    values = {name: re.search(r'value="([^"]*)"', tag) for name, tag in names.items()}
    return {name: values[name][1] for name in ("day", "starts", "ends", "seats")} | {"page": page}


def test_a_new_date_begins_with_what_its_workshop_says(desk, hold):
    first = typed_first(desk, hold(begins="14:00", group_max=24))
    assert (first["day"], first["starts"], first["ends"]) == ("", "14:00", "15:00")
    assert first["seats"] == "24"
    assert "stands here already" in first["page"]


def test_of_several_days_the_last_one_says_when_it_ends(desk, hold):
    rows = (
        AgendaRow("a", 60, {"en": "First"}),
        AgendaRow("b", 90, {"en": "Second"}, new_day=True),
    )
    first = typed_first(desk, hold(begins="9:00", agenda=rows))
    assert (first["starts"], first["ends"]) == ("09:00", "10:30")
    assert "Its agenda takes 2 days: choose the last day, too." in first["page"]


@pytest.mark.parametrize("begins", ["", "23:30"])
def test_where_a_workshop_does_not_say_it_nothing_is_guessed(desk, hold, begins):
    first = typed_first(desk, hold(begins=begins))
    assert (first["starts"], first["ends"], first["seats"]) == (begins, "", "")
