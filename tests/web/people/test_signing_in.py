"""Signing in and out: one sentence for every failure, sessions that slide, end and cannot be planted."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from cop.core import clock
from cop.core.db import db
from cop.events.models import Event
from cop.people import devices, passwords, sessions
from cop.people.models import AccountStatus, UserSession
from tests.make import PASSWORD
from tests.web.people.signing_in import sign_in


@pytest.mark.parametrize(
    "typed", ["invented-li", "INVENTED-LI", "@invented-li", " Li@Example.ORG "]
)
def test_account_name_or_address_in_any_case_sign_in(client, li, typed):
    answer = sign_in(client, typed)
    assert (answer.status_code, answer.location) == (303, "/")
    assert client.get("/account/").status_code == 200


def test_every_failure_is_answered_alike(app, li, make, monkeypatch):
    make.user(handle="without-password")
    make.user(handle="closed", status=AccountStatus.CLOSED)
    hashed = []
    real = passwords._hasher.verify
    monkeypatch.setattr(
        type(passwords._hasher), "verify", lambda _self, *a: hashed.append(1) or real(*a)
    )
    answers, work = [], []
    for identifier, password in [
        ("invented-li", "not the password"),
        ("li@example.org", "not the password"),
        ("nobody", PASSWORD),
        ("nobody@example.org", PASSWORD),
        ("without-password", PASSWORD),
        ("closed", PASSWORD),
        ("invented-li", PASSWORD + "x" * 500),
    ]:
        browser = app.test_client()
        before = len(hashed)
        with selects() as statements:
            answer = sign_in(browser, identifier, password)
        page = answer.text.replace(f'value="{identifier}"', "")
        answers.append((answer.status_code, re.sub(r'csrf_token" value="[^"]+', "", page)))
        work.append((len(hashed) - before, len(statements)))
    assert answers[0][0] == 422
    assert len(set(answers)) == 1
    assert set(work) == {(1, work[0][1])}


def test_the_failure_keeps_the_name_and_not_the_password(client, li):
    page = sign_in(client, password="a wrong one").text
    assert 'value="invented-li"' in page
    assert "a wrong one" not in page


def test_a_suspended_account_says_so_only_to_its_owner(client, li):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    li.status = AccountStatus.SUSPENDED.value
    assert "suspended" not in sign_in(client, password="a wrong one").text
    assert "suspended" in sign_in(client).text


@pytest.mark.parametrize(
    ("target", "led"),
    [
        ("/notes/new?x=1", "/notes/new?x=1"),
        ("https://example.org/", "/"),
        ("//example.org/", "/"),
        ("/\\example.org", "/"),
        ("/\t/example.org", "/"),
        ("\\\\example.org", "/"),
        ("javascript:alert(1)", "/"),
        ("/notes/\r\nSet-Cookie:x=1", "/"),
        ("http:example.org", "/"),
        ("/" + "x" * 600, "/"),
    ],
)
def test_signing_in_leads_on_within_this_site_only(client, li, target, led):
    assert sign_in(client, next=target).location == led
    assert client.get("/login", query_string={"next": target}).location == led


def test_pages_for_members_lead_back_after_signing_in(client, li):
    answer = client.get("/account/preferences?x=1")
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert 'value="/account/preferences?x=1"' in page


def test_what_the_browser_brought_before_does_not_survive_signing_in(client, li, make):
    intruder = make.user()
    make.signed_in(client, intruder)
    with client.session_transaction() as cookie:
        planted = cookie["_user_id"]
        cookie["csrf_token"] = "planted"
    sign_in(client)
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != planted
        assert cookie.get("csrf_token") != "planted"
    assert "Invented Li" in client.get("/account/").text


def test_a_text_begun_before_the_session_ended_can_be_sent_after_signing_in_again(
    client, app, li, with_csrf
):
    def form_token():
        return re.search(r'csrf_token" value="([^"]+)"', client.get("/login").text)[1]

    assert sign_in(client, csrf_token=form_token()).status_code == 303
    page = client.get("/account/").text
    begun = re.search(r'csrf_token" value="([^"]+)"', page)[1]
    db.session.scalars(select(UserSession)).one().revoked_at = clock.now()
    data = {"name": "王小明", "csrf_token": begun}
    assert client.post("/account/", data=data).status_code == 401
    assert sign_in(client, csrf_token=form_token()).status_code == 303
    assert client.post("/account/", data=data).status_code == 303
    db.session.refresh(li)
    assert li.name == "王小明"


def test_the_cookie_holds_no_account_and_the_table_no_token(client, li):
    sign_in(client)
    with client.session_transaction() as cookie:
        token = cookie["_user_id"]
    row = db.session.scalars(select(UserSession)).one()
    assert token != row.token_hash
    assert str(li.id) != token
    cookie = client.get_cookie("session")
    assert cookie.http_only
    assert cookie.same_site == "Lax"


def test_signing_out_ends_the_session_for_a_copied_cookie_too(client, app, li):
    sign_in(client)
    copied = client.get_cookie("session").value
    assert client.post("/logout").status_code == 303
    thief = app.test_client()
    thief.set_cookie("session", copied)
    assert thief.get("/account/").status_code == 303


def test_a_link_cannot_sign_anybody_out(client, li):
    sign_in(client)
    assert client.get("/logout").status_code == 200
    assert client.get("/account/").status_code == 200


def test_a_session_lives_on_while_it_is_used_and_ends_when_it_is_not(client, li, time_machine):
    sign_in(client)
    for _ in range(3):
        time_machine.move_to(clock.now() + timedelta(days=20))
        assert client.get("/account/").status_code == 200
    time_machine.move_to(clock.now() + timedelta(days=31))
    assert client.get("/account/").status_code == 303


def test_reading_pages_writes_down_the_use_only_now_and_then(client, li, time_machine):
    sign_in(client)
    row = db.session.scalars(select(UserSession)).one()
    begun = row.seen_at
    time_machine.move_to(begun + timedelta(hours=5))
    client.get("/account/")
    db.session.refresh(row)
    assert row.seen_at == begun
    time_machine.move_to(begun + timedelta(hours=7))
    client.get("/account/")
    db.session.refresh(row)
    assert begun + timedelta(hours=7) <= row.seen_at < begun + timedelta(hours=7, minutes=1)
    assert row.expires_at == row.seen_at + devices.LIFETIME


def test_who_is_looking_costs_one_query_and_nothing_for_visitors(app, client, make):
    user = make.user(grants=["curator", "trainer"])
    make.signed_in(client, user)
    with selects() as statements:
        client.get("/logout")
    assert len([one for one in statements if "user_sessions" in one]) == 1
    with selects() as statements:
        app.test_client().get("/logout")
    assert statements == []


@pytest.mark.parametrize("token", ["", "made-up", "x" * 5000, "\x00", "\ud800"])
def test_a_made_up_token_in_a_cookie_is_a_visitor(client, token):
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    assert client.get("/account/").status_code == 303
    assert client.get("/login").status_code == 200


def test_a_cookie_that_was_tampered_with_is_a_visitor(client, li):
    sign_in(client)
    value = client.get_cookie("session").value
    client.set_cookie("session", value[:-2] + "xx")
    assert client.get("/account/").status_code == 303


def test_devices_are_listed_and_can_be_ended_one_by_one(client, app, li):
    sign_in(client)
    phone = app.test_client()
    phone.environ_base["HTTP_USER_AGENT"] = (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) MicroMessenger/8.0 Safari/604.1"
    )
    sign_in(phone)
    page = client.get("/account/devices?lang=en").text
    assert "WeChat on iPhone" in page
    assert page.count("this device") == 1
    there = db.session.scalars(
        select(UserSession).where(UserSession.user_agent.contains("iPhone"))
    ).one()
    assert client.post(f"/account/devices/{there.id}/end").status_code == 303
    assert phone.get("/account/").status_code == 303
    assert client.get("/account/").status_code == 200
    assert client.post(f"/account/devices/{there.id}/end").status_code == 404


def test_nobody_ends_the_session_of_somebody_else(client, app, li, make):
    make.signed_in(client, make.user())
    theirs = app.test_client()
    sign_in(theirs)
    row = db.session.scalars(select(UserSession).where(UserSession.user_id == li.id)).one()
    assert client.post(f"/account/devices/{row.id}/end").status_code == 404
    client.post("/account/devices/end-others")
    assert theirs.get("/account/").status_code == 200


def test_all_other_devices_can_be_ended_at_once(client, app, li):
    others = [app.test_client() for _ in range(3)]
    for browser in (client, *others):
        sign_in(browser)
    assert client.post("/account/devices/end-others").status_code == 303
    assert client.get("/account/").status_code == 200
    assert [browser.get("/account/").status_code for browser in others] == [303] * 3


def test_a_password_hashed_the_old_way_is_hashed_anew_at_signing_in(client, li):
    from argon2 import PasswordHasher

    li.password_hash = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    assert sign_in(client).status_code == 303
    db.session.refresh(li)
    assert not passwords.is_outdated(li.password_hash)


def test_signing_in_and_out_are_recorded(client, li):
    sign_in(client)
    client.post("/logout")
    verbs = [row.verb for row in db.session.scalars(select(Event).order_by(Event.id))]
    assert verbs == ["SignedIn", "SignedOut"]


def test_what_was_typed_when_signed_out_waits_to_be_sent_again(client):
    answer = client.post("/account/", data={"name": "王小明 <b>", "password": "secret words"})
    assert answer.status_code == 401
    assert 'value="王小明 &lt;b&gt;"' in answer.text
    assert "secret words" not in answer.text


def test_a_script_that_is_signed_out_is_told_in_json(client):
    answer = client.post("/account/", headers={"Accept": "application/json"})
    assert answer.status_code == 401
    assert answer.get_json()["message"]


def test_an_expired_sign_in_form_keeps_the_name(client, li, with_csrf):
    answer = sign_in(client, csrf_token="of yesterday")
    assert answer.status_code in (400, 422)
    assert 'value="invented-li"' in answer.text
    assert client.get("/account/").status_code == 303


def test_signing_out_needs_the_token_of_the_session(client, li, make, with_csrf):
    make.signed_in(client, li)
    assert client.post("/logout").status_code == 400
    assert client.get("/account/").status_code == 200


def test_where_to_go_on_is_decided_without_a_request():
    assert sessions.safe_next("/notes/12-开放空间") == "/notes/12-开放空间"
    assert sessions.safe_next(None) is None


class selects:  # noqa: N801
    """The SELECT statements of a block."""

    def __enter__(self):
        db.session.commit()
        self.statements = []
        event.listen(db.engine, "before_cursor_execute", self._note)
        return self.statements

    def __exit__(self, *_args):
        event.remove(db.engine, "before_cursor_execute", self._note)

    def _note(self, _connection, _cursor, statement, *_rest):
        if statement.lstrip().upper().startswith("SELECT"):
            self.statements.append(statement)
