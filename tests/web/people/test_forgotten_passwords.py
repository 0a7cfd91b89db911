"""A forgotten password: set anew by a mailed link, which ends whatever began before."""

from datetime import timedelta

from cop.core import clock
from cop.core.db import db
from tests.domain.people.letters import path_in, posted
from tests.make import PASSWORD
from tests.web.people.signing_in import sign_in


def test_a_forgotten_password_is_set_anew_and_every_session_ends(client, app, li):
    old = app.test_client()
    sign_in(old)
    assert client.post("/forgot", data={"identifier": "LI@example.org"}).status_code == 303
    [letter] = posted()
    assert letter.to == "li@example.org"
    path = path_in(letter)
    for _ in range(2):
        assert client.get(path).status_code == 200
    answer = client.post(path, data={"password": "another long sentence"})
    assert answer.status_code == 303
    assert client.get("/account/").status_code == 200
    assert old.get("/account/").status_code == 303
    assert sign_in(app.test_client()).status_code == 422
    assert sign_in(app.test_client(), password="another long sentence").status_code == 303
    assert client.get(path).status_code == 410


def test_a_reset_link_ends_after_two_hours_and_when_a_newer_one_was_used(client, li, time_machine):
    for _ in range(2):
        client.post("/forgot", data={"identifier": "invented-li"})
    first, second = (path_in(letter) for letter in posted())
    client.post(second, data={"password": "another long sentence"})
    assert client.get(first).status_code == 410
    client.post("/forgot", data={"identifier": "invented-li"})
    third = path_in(posted()[0])
    time_machine.move_to(clock.now() + timedelta(hours=2, minutes=1))
    assert client.post(third, data={"password": "yet another sentence"}).status_code == 410


def test_a_reset_password_stops_whoever_knew_the_old_one_from_taking_the_address_over(
    client, app, li, make
):
    intruder = make.signed_in(app.test_client(), li)
    wanted = {"email": "intruder@example.org", "current": PASSWORD}
    assert intruder.post("/account/address", data=wanted).status_code == 303
    takeover = path_in(next(mail for mail in posted() if mail.to == "intruder@example.org"))
    client.post("/forgot", data={"identifier": "invented-li"})
    client.post(path_in(posted()[0]), data={"password": "another long sentence"})
    assert intruder.post(takeover).status_code == 410
    db.session.refresh(li)
    assert li.email == "li@example.org"


def test_a_weak_new_password_is_refused_beside_its_field(client, li):
    client.post("/forgot", data={"identifier": "invented-li"})
    path = path_in(posted()[0])
    answer = client.post(path, data={"password": "12345678"})
    assert answer.status_code == 422
    assert 'id="password-err"' in answer.text
    assert client.post(path, data={"password": "a fine long sentence"}).status_code == 303
