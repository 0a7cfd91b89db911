"""Joining through the pages: one way for everybody, whatever the address is."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select

from cop.core import clock
from cop.core.db import db
from cop.jobs.models import Job
from cop.people import invitations, operations, queries, tries
from cop.people.models import Token, User
from cop.people.viewer import SYSTEM, Grant
from tests.domain.people.letters import path_in, posted

STRONG = "walking together slowly"
TYPED = {
    "name": "Invented Li",
    "handle": "invented-li",
    "email": "li@example.org",
    "password": STRONG,
    "organisation": "An Invented Office",
}


def register(client, **more):
    return client.post("/register", data={**TYPED, **more})


def test_joining_ends_signed_in_on_the_browser_that_began_it(english):
    answer = register(english)
    assert (answer.status_code, answer.location) == (303, "/register/sent")
    assert "li@example.org" in english.get("/register/sent").text
    [letter] = posted()
    path = path_in(letter)
    page = english.get(path)
    assert page.status_code == 200
    assert "invented-li" in page.text
    assert queries.by_handle("invented-li") is None
    answer = english.post(path)
    assert (answer.status_code, answer.location) == (303, "/")
    assert "Invented Li" in english.get("/account/").text


def test_who_joins_to_do_something_goes_on_to_it(english):
    asked = english.get("/notes/new").location
    assert asked == "/login?next=/notes/new"
    assert "/register?next=/notes/new" in english.get(asked).text
    form = english.get("/register?next=/notes/new").text
    assert 'name="next" type="hidden" value="/notes/new"' in form
    register(english, next="/notes/new")
    assert "/register?next=/notes/new" in english.get("/register/sent").text
    assert english.post(path_in(posted()[0])).location == "/notes/new"


def test_joining_leads_to_no_other_site(english):
    register(english, next="//elsewhere.example")
    assert english.post(path_in(posted()[0])).location == "/"


def test_looking_at_the_confirmation_page_uses_nothing_up(client):
    register(client)
    path = path_in(posted()[0])
    for _ in range(3):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    assert client.post(path).status_code == 303


def sign_in(client, password):
    return client.post("/login", data={"identifier": "invented-li", "password": password})


def test_whoever_confirms_elsewhere_chooses_the_password_and_the_strangers_opens_nothing(
    client, app
):
    register(client)
    path = path_in(posted()[0])
    owner = app.test_client()
    assert 'name="password"' in owner.get(path).text
    assert 'name="password"' not in client.get(path).text
    for password in ("", "12345678", "invented-li"):
        answer = owner.post(path, data={"password": password})
        assert answer.status_code == 422
        assert 'id="password-err"' in answer.text
    assert queries.by_handle("invented-li") is None
    answer = owner.post(path, data={"password": "chosen by the owner"})
    assert (answer.status_code, answer.location) == (303, "/")
    assert owner.get("/account/").status_code == 200
    assert sign_in(app.test_client(), STRONG).status_code == 422
    assert sign_in(app.test_client(), "chosen by the owner").status_code == 303


def test_an_account_name_chosen_anew_elsewhere_outlasts_a_refused_password(app, client, make):
    register(client)
    path = path_in(posted()[0])
    make.user(handle="invented-li")
    owner = app.test_client()
    typed = {"handle": "another-li", "password": "12345678"}
    assert 'value="another-li"' in owner.post(path, data=typed).text
    assert owner.post(path, data={**typed, "password": "chosen by the owner"}).status_code == 303
    assert queries.by_handle("another-li") is not None


def test_a_used_link_says_so_and_leads_on(english):
    register(english)
    path = path_in(posted()[0])
    english.post(path)
    answer = english.get(path)
    assert answer.status_code == 410
    assert "used already" in answer.text
    assert "/login" in answer.text


def test_an_expired_link_says_so_and_offers_another(english, time_machine):
    register(english)
    path = path_in(posted()[0])
    time_machine.move_to(clock.now() + timedelta(days=4))
    answer = english.post(path)
    assert answer.status_code == 410
    assert "expired" in answer.text
    assert "/register/sent" in answer.text


def test_a_made_up_link_is_not_found(client):
    assert client.get("/confirm/made-up").status_code == 404
    assert client.get("/confirm/%00").status_code == 404
    assert client.get("/reset/" + "x" * 500).status_code == 404
    assert client.get("/welcome/made-up").status_code == 404


def test_a_known_address_is_answered_like_any_other(app, make):
    make.user(email="known@example.org")
    answers, work = [], []
    for handle, email in (("one-a", "new@example.org"), ("two-b", "known@example.org")):
        browser = app.test_client()
        with counted_statements() as statements:
            answer = register(browser, handle=handle, email=email)
        page = browser.get("/register/sent").text.replace(email, "…")
        answers.append((answer.status_code, answer.location, answer.text, _timeless(page)))
        work.append([_shape(s) for s in statements])
    assert answers[0] == answers[1]
    assert work[0] == work[1]
    told = {letter.to: path_in(letter) for letter in posted()}
    assert told["known@example.org"] == "/login"
    assert told["new@example.org"].startswith("/confirm/")


def test_asking_for_a_reset_is_answered_alike_whether_there_is_an_account(app, make):
    make.user(email="known@example.org", handle="known")
    answers, work = [], []
    for identifier in ("known@example.org", "nobody@example.org", "known", "nobody"):
        browser = app.test_client()
        with counted_statements() as statements:
            answer = browser.post("/forgot", data={"identifier": identifier})
        answers.append((answer.status_code, answer.location, answer.text))
        work.append([_shape(s) for s in statements])
    assert len(set(answers)) == 1
    for done in work:
        assert done == work[0]
    assert {letter.to for letter in posted()} == {"known@example.org"}


def test_asking_for_another_mail_is_answered_alike(app, make):
    make.user(email="known@example.org")
    register(app.test_client(), email="waiting@example.org")
    posted()
    answers = []
    for email in ("known@example.org", "waiting@example.org", "nobody@example.org"):
        answer = app.test_client().post("/register/resend", data={"email": email})
        answers.append((answer.status_code, answer.location, answer.text))
    assert len(set(answers)) == 1
    assert [letter.to for letter in posted()] == ["waiting@example.org"]


def test_what_was_typed_stays_and_the_sentence_stands_beside_its_field(english):
    answer = register(
        english, handle="no spaces please", name="王小明", organisation="绿色互助中心"
    )
    assert answer.status_code == 422
    for kept in ("王小明", "绿色互助中心", "li@example.org", "no spaces please"):
        assert f'value="{kept}"' in answer.text
    assert STRONG not in answer.text
    assert 'id="handle-err"' in answer.text
    assert 'aria-describedby="handle-hint handle-err"' in answer.text
    assert 'href="#handle"' in answer.text
    assert posted() == []


def test_everything_that_is_wrong_is_said_at_once(english):
    answer = english.post(
        "/register", data={"handle": "a b", "email": "nobody", "password": "12345678"}
    )
    for field in ("name", "handle", "email", "password"):
        assert f'id="{field}-err"' in answer.text
        assert f'href="#{field}"' in answer.text


@pytest.mark.parametrize("field", ["name", "handle", "email", "password"])
def test_an_empty_form_says_what_is_missing(english, field):
    answer = english.post("/register", data={})
    assert answer.status_code == 422
    assert f'id="{field}-err"' in answer.text


@pytest.mark.parametrize(
    "bad", ["\x00", "x" * 100_000, "\u202egnp.exe", "<script>alert(1)</script>", "\ud83d\ude00" * 3]
)
@pytest.mark.parametrize("field", ["name", "handle", "email", "password", "organisation"])
def test_bad_input_is_answered_with_a_page(client, field, bad):
    answer = register(client, **{field: bad.encode("utf-8", "surrogatepass")})
    assert answer.status_code in (303, 422)
    assert "<script>alert" not in answer.text


def test_a_form_sent_twice_asks_for_one_mail(english):
    key = re.search(r'name="form_key"[^>]*value="([^"]+)"', english.get("/register").text)
    assert key
    for _ in range(2):
        assert register(english, form_key=key[1]).location == "/register/sent"
    assert len(posted()) == 1


def test_a_program_that_fills_every_field_registers_nobody(client):
    answer = register(client, website="https://example.org")
    assert answer.status_code == 422
    assert posted() == []


def test_registering_too_often_says_when_to_try_again(english, monkeypatch):
    monkeypatch.setattr(tries, "REGISTER_CLIENT", "3/hour")
    for number in range(3):
        register(english, handle=f"invented-{number}", email=f"p{number}@example.org")
    answer = register(english, handle="invented-x", email="x@example.org")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "minutes" in answer.text
    assert 'value="x@example.org"' in answer.text


def test_a_search_for_taken_account_names_ends_soon(english, make, monkeypatch):
    monkeypatch.setattr(tries, "TAKEN_CLIENT", "3/hour")
    make.user(handle="taken-li")
    answers = [register(english, handle="taken-li") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [422, 422, 422, 429]
    assert "is taken" in answers[0].text
    assert "is taken" not in answers[3].text
    assert register(english).status_code == 303


def test_a_taken_account_name_is_said_whatever_the_address_is(app, make):
    make.user(handle="taken-li", email="known@example.org")
    pages = []
    for email in ("known@example.org", "nobody@example.org"):
        answer = register(app.test_client(), handle="taken-li", email=email)
        pages.append((answer.status_code, _timeless(answer.text.replace(email, "…"))))
    assert pages[0] == pages[1]


def test_refused_registrations_leave_the_mails_of_the_address_to_its_owner(english, make):
    make.user(handle="taken-li")
    for _ in range(6):
        assert register(english, handle="taken-li").status_code == 422
    assert register(english).status_code == 303
    assert len(posted()) == 1


def test_one_address_is_not_flooded_with_mails(english):
    register(english)
    statuses = [
        english.post("/register/resend", data={"email": "li@example.org"}).status_code
        for _ in range(5)
    ]
    assert statuses == [303, 303, 303, 429, 429]


def test_a_closed_site_says_so_and_takes_nobody(english, registration):
    registration("closed")
    for answer in (english.get("/register"), register(english)):
        assert answer.status_code == 403
        assert "cannot be made" in answer.text
    assert db.session.scalar(select(func.count()).select_from(Token)) == 0
    assert "/register" not in english.get("/login").text


def test_an_invitation_link_opens_the_form_and_is_carried_through_it(english, make, registration):
    registration("invite")
    _, token = invitations.invite(by=make.member(Grant.ADMIN), note="", max_uses=1, days=7)
    assert english.get("/register").status_code == 403
    assert english.get("/register?invite=made-up").status_code == 403
    page = english.get(f"/register?invite={token}")
    assert page.status_code == 200
    assert f'value="{token}"' in page.text
    assert register(english, invite=token).status_code == 303
    english.post(path_in(posted()[0]))
    assert queries.by_handle("invented-li") is not None
    assert english.get(f"/register?invite={token}").status_code == 403


def test_an_old_invitation_link_opens_a_site_that_is_open_by_now(english, make):
    admin = make.member(Grant.ADMIN)
    invitation, token = invitations.invite(by=admin, note="", max_uses=1, days=7)
    good = register(english, invite=token)
    assert good.status_code == 303
    invitations.revoke(by=admin, invitation_id=invitation.id)
    for old in (token, "made-up"):
        assert english.get(f"/register?invite={old}").status_code == 200
    second = {"handle": "second-li", "email": "second@example.org"}
    assert register(english, invite=token, **second).status_code == 303
    for letter in posted():
        answer = english.post(path_in(letter), data={"password": "a fine long sentence"})
        assert answer.status_code == 303
    assert queries.by_handle("invented-li") is not None
    assert queries.by_handle("second-li") is not None


def test_an_invitation_that_ran_out_before_confirming_is_said(english, make, registration):
    registration("invite")
    admin = make.member(Grant.ADMIN)
    invitation, token = invitations.invite(by=admin, note="", max_uses=1, days=7)
    register(english, invite=token)
    invitations.revoke(by=admin, invitation_id=invitation.id)
    answer = english.post(path_in(posted()[0]))
    assert answer.status_code == 410
    assert "invitation" in answer.text
    assert queries.by_handle("invented-li") is None


def test_the_account_name_taken_meanwhile_is_chosen_anew_on_the_confirmation_page(english, make):
    register(english)
    path = path_in(posted()[0])
    make.user(handle="invented-li")
    answer = english.post(path)
    assert answer.status_code == 422
    assert 'id="handle-err"' in answer.text
    assert english.post(path, data={"handle": "another-li"}).status_code == 303
    assert queries.by_handle("another-li") is not None


def test_the_first_administrator_is_made_through_the_printed_link(english):
    token = operations.first_admin_link(by=SYSTEM)
    assert english.get(f"/welcome/{token}").status_code == 200
    answer = english.post(f"/welcome/{token}", data={**TYPED, "handle": "admin"})
    assert answer.status_code == 303
    user = db.session.scalars(select(User).where(User.handle == "admin")).one()
    assert Grant.ADMIN in queries.grants_of(user.id)
    assert "Invented Li" in english.get("/account/").text
    assert english.get(f"/welcome/{token}").status_code == 410


def test_an_expired_form_keeps_what_was_typed(english, with_csrf):
    answer = english.post("/register", data={**TYPED, "csrf_token": "of yesterday"})
    assert answer.status_code in (400, 422)
    assert 'value="Invented Li"' in answer.text
    assert "send it again" in answer.text
    assert db.session.scalar(select(func.count()).select_from(Job)) == 0


@pytest.fixture
def registration(app):
    """Return the function that says who may join."""
    settings = app.extensions["settings"]

    def choose(value):
        app.extensions["settings"] = replace(settings, registration=value)

    yield choose
    app.extensions["settings"] = settings


class counted_statements:  # noqa: N801
    """The statements of a block."""

    def __enter__(self):
        db.session.commit()
        self.statements = []
        event.listen(db.engine, "before_cursor_execute", self._note)
        return self.statements

    def __exit__(self, *_args):
        event.remove(db.engine, "before_cursor_execute", self._note)

    def _note(self, _connection, _cursor, statement, *_rest):
        self.statements.append(statement)


def _shape(statement):
    return re.sub(r"sa_savepoint_\d+", "savepoint", statement)


def _timeless(page):
    return re.sub(r'(name="(?:form_key|csrf_token)"[^>]*value=")[^"]+', r"\1", page)
