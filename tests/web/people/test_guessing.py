"""Guessing passwords: it ends soon, and locks out nobody else."""

from datetime import timedelta

from cop.core import clock
from cop.people import tries
from tests.web.people.signing_in import WRONG, sign_in


def test_trying_too_often_says_when_to_try_again_and_ends(client, li, time_machine):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    for _ in range(10):
        assert WRONG in sign_in(client, password="a wrong one").text
    answer = sign_in(client)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 900
    assert "try again in" in answer.text
    time_machine.move_to(clock.now() + timedelta(minutes=16))
    assert sign_in(client).status_code == 303


def test_a_stranger_who_guesses_does_not_lock_out_the_owner_elsewhere(app, client, li):
    stranger = app.test_client()
    stranger.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    statuses = [sign_in(stranger, password="a wrong one").status_code for _ in range(11)]
    assert statuses[-1] == 429
    assert sign_in(client).status_code == 303


def test_one_account_is_not_guessed_from_everywhere_without_end(app, li, monkeypatch):
    monkeypatch.setattr(tries, "LOGIN_EVERYWHERE", "5/hour")
    answers = []
    for number in range(6):
        guesser = app.test_client()
        guesser.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        answers.append(sign_in(guesser, password="a wrong one"))
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 3600


def test_an_unknown_account_is_limited_like_a_known_one(app, client):
    statuses = [sign_in(client, "nobody").status_code for _ in range(11)]
    assert statuses == [422] * 10 + [429]


def test_the_right_password_forgives_earlier_tries(client, li):
    for _ in range(9):
        sign_in(client, password="a wrong one")
    assert sign_in(client).status_code == 303
    client.post("/logout")
    for _ in range(9):
        assert sign_in(client, password="a wrong one").status_code == 422


def test_one_client_may_not_try_many_accounts(client):
    statuses = {sign_in(client, f"nobody-{number}").status_code for number in range(61)}
    assert statuses == {422, 429}
