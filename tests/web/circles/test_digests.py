"""What becomes of somebody in a circle comes when she wants mails; a request, which somebody waits for, at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cop.core import clock
from cop.core.db import db
from cop.jobs.queue import enqueue
from cop.notifications import circle_mails
from cop.notifications.digest import DIGEST_JOB
from cop.notifications.models import CircleNews, NoticeSettings
from cop.notifications.operations import forget_old, forget_person
from cop.people.models import JoinRequest
from tests.web.circles.test_being_told import subjects

IN = "You are in the circle “Invented trainers” now."


@pytest.fixture
def asker(make):
    """Return somebody who asks."""
    return make.user(name="Invented Asker", email="asker@example.org")


@pytest.fixture
def circle(make):
    """Return a circle one asks to come into."""
    host = make.user(email="host@example.org")
    return host, make.circle(by=host, joining="request", name="Invented trainers")


def chooses(desk: Any, user: Any, mail: str) -> None:
    assert desk(user).post("/account/watching", data={"mail": mail, "own": "y"}).status_code == 303


def let_in(desk: Any, asker: Any, circle: Any, run_jobs: Any) -> None:
    """Let her ask, and a host say yes."""
    host, made = circle
    desk(asker).post(f"/circles/{made.id}/requests/", data={"words": "Please"})
    (asked,) = db.session.query(JoinRequest)
    desk(host).post(f"/circles/{made.id}/requests/{asked.id}", data={"answer": "yes"})
    run_jobs()


def the_digest(run_jobs: Any, time_machine: Any, *, days: int = 8) -> None:
    """Let the next digests be due."""
    time_machine.move_to(clock.now() + timedelta(days=days))
    enqueue(db.session, DIGEST_JOB, {}, key=DIGEST_JOB)
    run_jobs()


@pytest.mark.parametrize("mail", ["daily", "weekly"])
def test_who_wants_digests_reads_it_there_and_once(
    desk, asker, circle, run_jobs, sent, time_machine, mail
):
    chooses(desk, asker, mail)
    let_in(desk, asker, circle, run_jobs)
    assert subjects(sent, "asker@") == []
    the_digest(run_jobs, time_machine)
    (digest,) = (one for one in sent if "asker@" in str(one["To"]))
    assert "1 thing is new on" in str(digest["Subject"])
    assert IN in digest.get_body(("plain",)).get_content()
    assert IN in digest.get_body(("html",)).get_content()
    the_digest(run_jobs, time_machine)
    assert len(subjects(sent, "asker@")) == 1


def test_who_wants_mails_at_once_gets_it_at_once(desk, asker, circle, run_jobs, sent):
    let_in(desk, asker, circle, run_jobs)
    assert subjects(sent, "asker@") == [IN]


def test_who_wants_none_gets_none(desk, asker, circle, run_jobs, sent, time_machine):
    chooses(desk, asker, "never")
    let_in(desk, asker, circle, run_jobs)
    the_digest(run_jobs, time_machine)
    assert subjects(sent, "asker@") == []


def test_a_host_hears_of_a_request_at_once_though_she_wants_digests(
    desk, asker, circle, run_jobs, sent
):
    host, made = circle
    chooses(desk, host, "weekly")
    desk(asker).post(f"/circles/{made.id}/requests/", data={"words": "Please"})
    run_jobs()
    assert subjects(sent, "host@") == [
        "Invented Asker asks to be let into the circle “Invented trainers”."
    ]


def test_who_left_before_the_digest_reads_nothing_of_it(
    desk, asker, circle, run_jobs, sent, time_machine
):
    chooses(desk, asker, "daily")
    let_in(desk, asker, circle, run_jobs)
    desk(asker).post(f"/circles/{circle[1].id}/leave")
    the_digest(run_jobs, time_machine)
    assert not any(IN in one.as_string() for one in sent if "asker@" in str(one["To"]))


def test_a_job_that_is_done_again_tells_nothing_twice(desk, asker, circle, run_jobs, sent):
    chooses(desk, asker, "daily")
    let_in(desk, asker, circle, run_jobs)
    (row,) = db.session.query(CircleNews)
    circle_mails.tell([{"event_id": row.event_id}, {"event_id": row.event_id}])
    db.session.commit()
    assert db.session.query(CircleNews).count() == 1


def test_old_news_and_those_of_who_left_the_site_are_forgotten(
    desk, asker, circle, run_jobs, time_machine
):
    chooses(desk, asker, "daily")
    let_in(desk, asker, circle, run_jobs)
    forget_old(clock.now() - timedelta(days=1))
    assert db.session.query(CircleNews).count() == 1
    forget_person(asker.id)
    assert db.session.query(CircleNews).count() == 0
    assert db.session.get(NoticeSettings, asker.id) is None
