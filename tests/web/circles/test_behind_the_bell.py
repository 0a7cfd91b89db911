"""What becomes of somebody in a circle stands behind her bell until she opens the circle, and only while it is so."""

from __future__ import annotations

from typing import Any

import pytest

from cop.circles import operations as circles
from cop.core.db import db
from cop.people.models import Circle, CircleRole, JoinRequest
from tests.web.circles.test_being_told import subjects
from tests.web.circles.test_digests import chooses, the_digest

IN = "You are in the circle “Invented trainers” now."
NOT_IN = "The hosts of the circle “Invented trainers” did not let you in."
HOST = "You are a host of the circle “Invented trainers” now."


@pytest.fixture
def asker(make):
    return make.user(name="Invented Asker", email="asker@example.org")


@pytest.fixture
def host(make):
    return make.user(email="host@example.org")


@pytest.fixture
def circle(make, host):
    return make.circle(by=host, joining="request", name="Invented trainers")


def rings(client: Any) -> str:
    return str(client.get("/notices/count").json["text"])


def asks_and_hears(desk: Any, asker: Any, host: Any, circle: Any, yes: bool, run_jobs: Any) -> Any:
    """Let her ask, a host answer, and the jobs run; return her desk."""
    hers = desk(asker)
    hers.post(f"/circles/{circle.id}/requests/", data={"words": "Please"})
    (asked,) = db.session.query(JoinRequest)
    answer = {"answer": "yes" if yes else "no"}
    desk(host).post(f"/circles/{circle.id}/requests/{asked.id}", data=answer)
    run_jobs()
    return hers


def test_who_is_let_in_hears_it_from_the_bell_until_she_opens_the_circle(
    desk, asker, host, circle, run_jobs, sent
):
    hers = asks_and_hears(desk, asker, host, circle, True, run_jobs)
    assert rings(hers) == "1"
    page = hers.get("/notices/").text
    assert IN in page
    assert f'href="/circles/{circle.id}"' in page
    assert "unread" in page
    assert "Nothing yet" not in page
    # Looking at the list reads nothing; the page of the circle does, and rings no more itself.
    assert rings(hers) == "1"
    opened = hers.get(f"/circles/{circle.id}", follow_redirects=True).text
    assert "Notices, 1 unread" not in opened
    assert rings(hers) == ""
    assert IN in hers.get("/notices/").text


def test_who_is_not_let_in_hears_that_too_as_long_as_she_may_know_of_the_circle(
    desk, asker, host, circle, run_jobs, sent
):
    hers = asks_and_hears(desk, asker, host, circle, False, run_jobs)
    assert rings(hers) == "1"
    assert NOT_IN in hers.get("/notices/").text
    assert subjects(sent, "asker@") == [f"{NOT_IN} They can invite you with a link."]
    db.session.get_one(Circle, circle.id).seen = "hidden"
    db.session.commit()
    assert rings(hers) == ""
    assert "Invented trainers" not in hers.get("/notices/").text


def test_a_button_reads_it_with_all_other_lines(desk, asker, host, circle, run_jobs, sent):
    hers = asks_and_hears(desk, asker, host, circle, True, run_jobs)
    until = hers.get("/notices/").text.partition('name="until" value="')[2].partition('"')[0]
    assert hers.post("/notices/read", data={"until": until}).status_code == 303
    assert rings(hers) == ""
    assert hers.post("/notices/read", data={"until": "9" * 30}).status_code == 303


def test_what_is_not_so_any_more_is_told_no_longer(make, desk, asker, host, circle, run_jobs, sent):
    hers = asks_and_hears(desk, asker, host, circle, True, run_jobs)
    circles.set_role(
        by=make.viewer(host), circle_id=circle.id, user_id=asker.id, role=CircleRole.HOST
    )
    run_jobs()
    assert rings(hers) == "2"
    assert HOST in hers.get("/notices/").text
    circles.set_role(
        by=make.viewer(host), circle_id=circle.id, user_id=asker.id, role=CircleRole.MEMBER
    )
    run_jobs()
    assert HOST not in hers.get("/notices/").text
    hers.post(f"/circles/{circle.id}/leave")
    assert rings(hers) == ""
    assert "Invented trainers" not in hers.get("/notices/").text


def test_who_wants_no_mails_reads_it_there(desk, asker, host, circle, run_jobs, sent):
    chooses(desk, asker, "never")
    hers = asks_and_hears(desk, asker, host, circle, True, run_jobs)
    assert subjects(sent, "asker@") == []
    assert rings(hers) == "1"


def test_what_was_seen_on_the_site_is_in_no_digest(
    desk, asker, host, circle, run_jobs, sent, time_machine
):
    chooses(desk, asker, "daily")
    hers = asks_and_hears(desk, asker, host, circle, True, run_jobs)
    hers.get(f"/circles/{circle.id}", follow_redirects=True)
    the_digest(run_jobs, time_machine)
    assert subjects(sent, "asker@") == []


def test_nobody_else_hears_of_it(make, desk, asker, host, circle, run_jobs, sent):
    asks_and_hears(desk, asker, host, circle, True, run_jobs)
    for other in (make.user(), make.user(grants=["admin", "moderator"])):
        assert rings(desk(other)) == ""
        assert "Invented trainers" not in desk(other).get("/notices/").text
