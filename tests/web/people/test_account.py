"""One's own account: what is changed is seen, what is wrong is said, and leaving leaves no name."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from cop.core import clock
from cop.core.db import db
from cop.core.types import Lang
from cop.events.models import Event
from cop.jobs.models import Job
from cop.mail.models import OutgoingMail
from cop.people import mails, passwords, queries
from cop.people.models import Organisation, User
from cop.people.timezones import groups
from cop.people.viewer import Grant
from tests.domain.people.letters import path_in, posted
from tests.make import PASSWORD

STRONG = "another long sentence"


@pytest.fixture
def own(client, make, li):
    """Return the browser of that account."""
    return make.signed_in(client, li)


def test_name_organisation_and_words_about_oneself_are_changed(own, li):
    data = {"name": "王小明", "organisation": "绿色互助中心", "about": "第一行\n\n第二段 <b>"}
    assert own.post("/account/", data=data).status_code == 303
    db.session.refresh(li)
    assert li.name == "王小明"
    page = own.get("/account/").text
    assert 'value="绿色互助中心"' in page
    page = own.get("/people/invented-li").text
    assert "绿色互助中心" in page
    assert "&lt;b&gt;" in page
    assert db.session.get(Organisation, li.organisation_id).written_by == "member"


def test_emptying_the_organisation_leaves_it(own, li):
    own.post("/account/", data={"name": "Li", "organisation": "An Invented Office"})
    own.post("/account/", data={"name": "Li", "organisation": ""})
    db.session.refresh(li)
    assert li.organisation_id is None


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", "  "), ("name", "x" * 61), ("about", "长" * 2001), ("organisation", "x" * 161)],
)
def test_what_cannot_be_is_said_beside_the_field_and_the_rest_stays(own, li, field, value):
    data = {"name": "Kept Name", "about": "Kept words", "organisation": "Kept Office", field: value}
    answer = own.post("/account/", data=data)
    assert answer.status_code == 422
    assert f'id="{field}-err"' in answer.text
    assert sum(kept in answer.text for kept in ("Kept Name", "Kept words", "Kept Office")) == 2
    db.session.refresh(li)
    assert li.name == "Invented Li"


def test_language_time_zone_and_colours_are_remembered(own, li):
    own.set_cookie("lang", "en")
    data = {"language": "zh", "timezone": "Europe/Berlin", "theme": "dark"}
    assert own.post("/account/preferences", data=data).status_code == 303
    page = own.get("/account/preferences").text
    assert '<html lang="zh-Hans" data-theme="dark">' in page
    assert re.search(
        r'<option value="Europe/Berlin" selected>柏林 \(UTC\+0[12]:00\)</option>', page
    )
    assert page.count("Asia/Shanghai") == 1
    db.session.refresh(li)
    assert (li.lang, li.timezone, li.theme) == ("zh-Hans", "Europe/Berlin", "dark")


@pytest.mark.parametrize(
    ("field", "value"),
    [("timezone", 'Mars/"><i>'), ("timezone", "../etc"), ("language", "fr"), ("theme", "pink")],
)
def test_made_up_choices_are_refused(own, li, field, value):
    data = {"language": "zh", "timezone": "Europe/Berlin", "theme": "dark", field: value}
    answer = own.post("/account/preferences", data=data)
    assert answer.status_code == 422
    assert "><i>" not in answer.text
    db.session.refresh(li)
    assert li.theme == ""


def test_time_zones_stand_by_region_with_china_first(own):
    for lang, china, city in ((Lang.ZH, "中国", "上海"), (Lang.EN, "China", "Shanghai")):
        first = groups(lang)[0]
        assert first.name == china
        assert first.zones[0] == ("Asia/Shanghai", f"{city} (UTC+08:00)")
    assert '<optgroup label="China">' in own.get("/account/preferences?lang=en").text


def test_every_time_zone_has_a_chinese_name_and_a_plain_english_one():
    for lang in Lang:
        labels = [label for group in groups(lang) for zone, label in group.zones if zone != "UTC"]
        cities = [label.partition(" (UTC")[0] for label in labels]
        assert len(labels) > 400
        if lang is Lang.ZH:
            assert [city for city in cities if city.isascii()] == []
        assert [city for city in cities if "/" in city or "_" in city] == []


def test_switching_the_interface_is_kept_on_the_account(own, app, li, make):
    own.get("/account/?lang=zh")
    other = make.signed_in(app.test_client(), li)
    assert '<html lang="zh-Hans"' in other.get("/account/").text


def test_a_form_sent_hours_later_without_a_good_token_keeps_what_was_typed(
    own, li, time_machine, with_csrf
):
    time_machine.move_to(clock.now() + timedelta(hours=8))
    data = {"name": "王小明", "about": "Kept words", "csrf_token": "of yesterday"}
    for path in ("/account/", "/account/?lang=zh"):
        answer = own.post(path, data=data)
        assert answer.status_code in (400, 422)
        assert "Kept words" in answer.text
    db.session.refresh(li)
    assert li.name == "Invented Li"


def test_changing_the_password_needs_the_present_one_and_ends_other_sessions(own, app, li, make):
    other = make.signed_in(app.test_client(), li)
    answer = own.post("/account/password", data={"current": "wrong", "password": STRONG})
    assert answer.status_code == 422
    assert 'id="current-err"' in answer.text
    assert other.get("/account/").status_code == 200
    answer = own.post("/account/password", data={"current": PASSWORD, "password": STRONG})
    assert answer.status_code == 303
    assert own.get("/account/").status_code == 200
    assert other.get("/account/").status_code == 303
    db.session.refresh(li)
    assert passwords.matches(li.password_hash, STRONG)


def test_a_changed_password_is_told_by_mail(own, run_jobs, li):
    own.post("/account/password", data={"current": PASSWORD, "password": STRONG})
    run_jobs()
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert mail.to == "li@example.org"
    assert mail.sent_at is not None
    assert mail.text == ""


def test_guessing_the_present_password_within_the_account_is_limited(own):
    statuses = [
        own.post("/account/password", data={"current": "wrong", "password": STRONG}).status_code
        for _ in range(11)
    ]
    assert statuses == [422] * 10 + [429]


def test_a_new_address_counts_once_it_is_confirmed_and_the_old_one_is_told(own, li, app):
    answer = own.post("/account/address", data={"email": "New@Example.org", "current": PASSWORD})
    assert answer.status_code == 303
    letters = {letter.to: letter for letter in posted()}
    assert set(letters) == {"new@example.org", "li@example.org"}
    assert "/account/address/" not in letters["li@example.org"].text
    db.session.refresh(li)
    assert li.email == "li@example.org"
    path = path_in(letters["new@example.org"])
    other = app.test_client()
    assert other.get(path).status_code == 200
    assert other.post(path).status_code == 303
    db.session.refresh(li)
    assert li.email == "new@example.org"
    assert other.get(path).status_code == 410


def test_an_address_of_somebody_else_is_answered_alike_and_its_owner_told(own, li, make):
    make.user(email="taken@example.org")
    answers = []
    for email in ("free@example.org", "taken@example.org"):
        answer = own.post("/account/address", data={"email": email, "current": PASSWORD})
        answers.append((answer.status_code, answer.location, answer.text))
    assert answers[0] == answers[1]
    for letter in posted():
        if letter.to == "taken@example.org":
            assert "/account/address/" not in letter.text
    db.session.refresh(li)
    assert li.email == "li@example.org"


def test_asking_for_another_address_needs_the_password(own):
    answer = own.post("/account/address", data={"email": "new@example.org", "current": "wrong"})
    assert answer.status_code == 422
    assert "new@example.org" in answer.text
    assert posted() == []


def test_a_wrong_password_does_not_use_up_the_mails_of_another_address(own):
    wanted = {"email": "new@example.org"}
    for _ in range(6):
        own.post("/account/address", data={**wanted, "current": "wrong"})
    assert own.post("/account/address", data={**wanted, "current": PASSWORD}).status_code == 303


def test_closing_the_account_leaves_no_name_and_no_way_in(own, app, li, make):
    li_id = li.id
    own.post(
        "/account/", data={"name": "Marker", "organisation": "Marker Office", "about": "Marker"}
    )
    other = make.signed_in(app.test_client(), li)
    page = own.get("/account/close").text
    assert page
    assert own.post("/account/close", data={"current": PASSWORD}).status_code == 422
    answer = own.post("/account/close", data={"current": PASSWORD, "sure": "y"})
    assert (answer.status_code, answer.location) == (303, "/")
    for browser in (own, other):
        assert browser.get("/account/").status_code == 303
    row = db.session.get(User, li_id)
    assert "arker" not in f"{row.handle}{row.name}{row.about}{row.names}"
    assert row.email is None
    assert row.password_hash is None
    assert queries.by_identifier("li@example.org") is None
    assert make.signed_in(other, make.user()).get("/people/invented-li").status_code == 404


def test_closing_the_account_forgets_the_mails_that_were_sent_to_it(own, li, run_jobs):
    own.post("/forgot", data={"identifier": "invented-li"})
    run_jobs()
    mail = db.session.scalars(select(OutgoingMail)).one()
    assert mail.sent_at is not None
    own.post("/account/close", data={"current": PASSWORD, "sure": "y"})
    db.session.refresh(mail)
    assert (mail.to, mail.subject) == ("", "")


def test_the_only_administrator_cannot_leave_the_site_alone(client, person, make):
    user = person(grants=[Grant.ADMIN])
    make.signed_in(client, user)
    answer = client.post("/account/close", data={"current": PASSWORD, "sure": "y"})
    assert answer.status_code == 422
    db.session.refresh(user)
    assert user.active


def test_mail_asked_for_before_closing_goes_nowhere(own, li):
    own.post("/forgot", data={"identifier": "invented-li"})
    job = db.session.scalars(select(Job).where(Job.name == "people.mail")).one()
    own.post("/account/close", data={"current": PASSWORD, "sure": "y"})
    mails.send_asked([job.payload])
    assert db.session.scalars(select(OutgoingMail)).all() == []


def test_members_see_each_other_and_nobody_sees_an_address(client, make, li):
    make.signed_in(client, make.user())
    page = client.get("/people/invented-li").text
    assert "Invented Li" in page
    assert "li@example.org" not in page


def test_one_sees_ones_own_address_on_ones_own_page(own):
    assert "li@example.org" in own.get("/people/invented-li").text


def test_to_visitors_a_person_without_public_work_does_not_exist(client, li):
    known, unknown = client.get("/people/invented-li"), client.get("/people/nobody-here")
    assert (known.status_code, unknown.status_code) == (404, 404)


@pytest.mark.parametrize("handle", ["x" * 300, "%00", "编辑", "..%2F..", "Invented Li"])
def test_made_up_handles_are_not_found(own, handle):
    assert own.get(f"/people/{handle}").status_code in (400, 404)


def test_a_handle_in_other_case_leads_to_the_page(own):
    answer = own.get("/people/Invented-LI")
    assert (answer.status_code, answer.location) == (301, "/people/invented-li")


def test_everything_that_happened_is_recorded_without_words_of_the_person(own, li):
    own.post("/account/", data={"name": "Marker Name", "about": "Marker"})
    own.post("/account/preferences", data={"language": "en", "timezone": "Asia/Tokyo", "theme": ""})
    own.post("/account/password", data={"current": PASSWORD, "password": STRONG})
    own.post("/account/address", data={"email": "marker@example.org", "current": STRONG})
    rows = db.session.scalars(
        select(Event).where(Event.verb != "SignedIn").order_by(Event.id)
    ).all()
    assert [row.verb for row in rows] == [
        "ProfileChanged",
        "PreferencesChanged",
        "PasswordChanged",
        "AddressChangeAsked",
    ]
    assert all(row.actor_id == li.id and "arker" not in str(row.data) for row in rows)
