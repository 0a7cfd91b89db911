"""The queue: rows in the transaction of the change, claimed once, tried again, parked at last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select

from cop.core.db import db
from cop.jobs import queue, schedule
from cop.jobs.models import Job
from cop.jobs.worker import Worker, run_all
from cop.mail.outbox import MAIL_JOB

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)


def add(name: str = "invented", *, key: str | None = None, **payload: int) -> None:
    queue.enqueue(db.session, name, payload, key=key)
    db.session.flush()


def waiting_jobs() -> list[Job]:
    return list(db.session.scalars(select(Job).order_by(Job.id)))


def test_equal_waiting_jobs_are_one() -> None:
    add(key="index:5", entry_id=5)
    add(key="index:5", entry_id=5)
    assert len(waiting_jobs()) == 1


def test_a_change_while_its_job_is_being_done_queues_it_again() -> None:
    add(key="index:5", entry_id=5)
    queue.claim(db.session, limit=10)
    add(key="index:5", entry_id=5)
    assert len(waiting_jobs()) == 2


def test_a_job_whose_transaction_is_undone_never_was() -> None:
    change = db.session.begin_nested()
    add()
    change.rollback()
    assert waiting_jobs() == []


def test_a_claimed_job_is_not_claimed_twice_until_its_lease_ends() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        add()
        assert len(queue.claim(db.session, limit=10)) == 1
        assert queue.claim(db.session, limit=10) == []
        clock.shift(queue.LEASE + timedelta(seconds=1))
        assert len(queue.claim(db.session, limit=10)) == 1


def test_a_batch_holds_jobs_of_one_name_only() -> None:
    add("first")
    add("second")
    assert {job.name for job in queue.claim(db.session, limit=10)} == {"first"}


def test_a_job_due_later_waits_for_its_time() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        queue.enqueue(db.session, "night", {}, run_at=NOW + timedelta(hours=1))
        db.session.flush()
        assert queue.claim(db.session, limit=10) == []
        clock.shift(3601)
        assert len(queue.claim(db.session, limit=10)) == 1


def test_a_job_that_fails_is_tried_again_later_and_parked_at_last(app) -> None:
    def broken(_payloads: object) -> None:
        raise ValueError("invented failure")

    with time_machine.travel(NOW, tick=False) as clock:
        add()
        for _try in range(queue.MAX_TRIES):
            assert run_all(app, {"invented": broken}) == 1
            assert run_all(app, {"invented": broken}) == 0, "not before the wait is over"
            clock.shift(timedelta(hours=1))
        assert run_all(app, {"invented": broken}) == 0
    db.session.expire_all()
    [job] = queue.parked(db.session)
    assert "invented failure" in (job.last_error or "")
    assert queue.counts(db.session)["parked"] == 1


def test_a_parked_job_can_be_given_a_new_start(app) -> None:
    add("nobody-knows-this")
    [job] = waiting_jobs()
    job.parked_at = NOW
    db.session.flush()
    assert queue.retry(db.session, job.id)
    done: list[object] = []
    assert run_all(app, {"nobody-knows-this": done.extend}) == 1
    assert done == [{}]
    assert not queue.retry(db.session, job.id), "it is gone"


def test_a_bad_job_does_not_hold_the_others_of_its_batch(app) -> None:
    done: list[int] = []

    def picky(payloads: list[dict[str, int]]) -> None:
        if any(payload["number"] == 2 for payload in payloads):
            raise ValueError("two is not liked")
        done.extend(payload["number"] for payload in payloads)

    for number in (1, 2, 3):
        add(number=number)
    run_all(app, {"invented": picky})
    assert done == [1, 3]
    db.session.expire_all()
    assert [job.payload for job in waiting_jobs()] == [{"number": 2}]


def test_a_job_without_a_handler_is_kept_for_a_version_that_has_one(app) -> None:
    add("of-tomorrow")
    assert run_all(app, {}) == 1
    db.session.expire_all()
    [job] = waiting_jobs()
    assert job.tries == 1


def test_a_commit_that_queues_work_wakes_the_worker_and_the_workers_own_commits_do_not(app) -> None:
    worker = Worker(app, {"invented": lambda _payloads: None})
    app.extensions["worker"] = worker
    try:
        add()
        db.session.commit()
        assert worker._wake.is_set()
        worker._wake.clear()
        assert worker.drain() == 1
        assert not worker._wake.is_set()
    finally:
        del app.extensions["worker"]


@pytest.mark.parametrize(
    ("now", "night"),
    [
        (datetime(2026, 5, 4, 12, 0, tzinfo=UTC), datetime(2026, 5, 4, 19, 30, tzinfo=UTC)),
        (datetime(2026, 5, 4, 19, 30, tzinfo=UTC), datetime(2026, 5, 5, 19, 30, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), datetime(2027, 1, 1, 19, 30, tzinfo=UTC)),
    ],
)
def test_the_next_night_begins_at_half_past_three_in_china(now: datetime, night: datetime) -> None:
    assert schedule.next_night(now) == night


def test_any_number_of_workers_expect_one_night() -> None:
    for _worker in range(3):
        schedule.expect(db.session, "night", at=NOW)
    db.session.flush()
    assert len(waiting_jobs()) == 1


def test_a_job_that_cannot_be_done_just_now_costs_no_try(app) -> None:
    def busy(_payloads: object) -> None:
        raise queue.NotNow(20, "somebody else is writing")

    with time_machine.travel(NOW, tick=False) as clock:
        add()
        for _round in range(queue.MAX_TRIES + 3):
            assert run_all(app, {"invented": busy}) == 1
            clock.shift(21)
    db.session.expire_all()
    [job] = waiting_jobs()
    assert (job.tries, job.parked_at) == (0, None)


def test_jobs_of_another_name_do_not_wait_for_a_long_queue(app) -> None:
    order: list[str] = []
    for number in range(3):
        add("index", number=number)
    add("mail")
    handlers = {
        "index": lambda payloads: order.extend("index" for _one in payloads),
        "mail": lambda _payloads: order.append("mail"),
    }
    worker = Worker(app, handlers)
    worker.drain(limit=1)
    add("index", number=9)
    worker.drain()
    assert order == ["index", "index", "index", "mail", "index"]


def test_mail_is_tried_for_two_days() -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        add(MAIL_JOB)
        while not queue.parked(db.session):
            [job] = waiting_jobs()
            clock.move_to(job.run_at)
            [claimed] = queue.claim(db.session, limit=1)
            queue.fail(db.session, [claimed], "the server is away")
            db.session.expire_all()
        [job] = waiting_jobs()
        assert job.parked_at is not None
        assert job.parked_at - NOW > timedelta(hours=40)


def test_mails_are_taken_a_few_at_a_time_so_that_their_lease_outlasts_a_slow_server() -> None:
    """Another worker would send the rest of a long batch again."""
    for _ in range(20):
        add(MAIL_JOB)
    slowest = timedelta(seconds=60)
    taken = queue.claim(db.session, limit=100)
    assert taken
    assert len(taken) * slowest < queue.LEASE
