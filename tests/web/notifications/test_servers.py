"""Mail servers that fail: nobody gets a mail twice, nothing is lost, and whose address is wrong learns it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cop.core import clock
from cop.core.db import db
from cop.jobs.queue import enqueue
from cop.mail.mailer import SmtpMailer
from cop.mail.models import OutgoingMail
from cop.notifications.digest import DIGEST_JOB
from cop.people import posting
from tests.contract.mail.test_mailers import AnyPort, Forgetful, Inbox, Moody, Silent
from tests.web.notifications.conftest import notices, watch


@pytest.fixture
def serve(monkeypatch):
    """Let mails leave through a real server with this inbox."""
    running = []

    def start(inbox):
        server = AnyPort(inbox, hostname="127.0.0.1", port=0)
        server.start()
        running.append(server)
        mailer = SmtpMailer("127.0.0.1", server.port, "tongxing@example.org")
        monkeypatch.setattr(posting, "mailer", lambda: mailer)
        return inbox

    yield start
    for server in running:
        server.stop()


def to_reader(inbox):
    return [mail for mail in inbox.mails if "reader@example.org" in str(mail["To"])]


@pytest.mark.parametrize("server", [Moody, Silent])
def test_a_server_that_takes_a_mail_and_then_fails_gets_it_once(
    make, desk, note, run_jobs, serve, time_machine, server
):
    inbox = serve(server())
    watch(desk, f"/entries/{note.id}")
    make.comment(note, "We tried it too.")
    for _ in range(3):
        run_jobs()
        time_machine.move_to(clock.now() + timedelta(hours=1))
    assert len(to_reader(inbox)) == 1
    assert db.session.query(OutgoingMail).filter_by(sent_at=None).count() == 0
    assert "We tried it too." in notices(desk)


def test_who_reads_a_digest_learns_too_that_it_came_back(
    make, desk, note, run_jobs, serve, time_machine
):
    inbox = Inbox()
    inbox.refused["reader@example.org"] = "550 No such person here"
    serve(inbox)
    assert desk.post("/account/watching", data={"mail": "daily", "own": "y"}).status_code == 303
    watch(desk, f"/entries/{note.id}")
    make.comment(note, "We tried it too.")
    run_jobs()
    assert "came back" not in notices(desk)
    time_machine.move_to(clock.now() + timedelta(hours=25))
    enqueue(db.session, DIGEST_JOB, {}, key=DIGEST_JOB)
    run_jobs()
    page = notices(desk)
    assert "The last mail to you came back." in page
    assert "We tried it too." in page


def test_a_link_somebody_waits_for_comes_again_where_nobody_knows_whether_it_came(
    client, make, run_jobs, serve, time_machine
):
    make.user(handle="waiting")
    inbox = serve(Silent())
    client.post("/forgot", data={"identifier": "waiting"})
    for _ in range(2):
        run_jobs()
        time_machine.move_to(clock.now() + timedelta(minutes=10))
    first, second = (mail["Message-ID"] for mail in inbox.mails)
    assert first == second


def test_a_mail_that_cannot_be_kept_now_comes_later_and_holds_up_no_other(
    make, desk, note, run_jobs, serve, time_machine
):
    inbox = serve(Forgetful())
    watch(desk, f"/entries/{note.id}")
    make.comment(note, "We tried it too.")
    run_jobs()
    assert len(to_reader(inbox)) == 1
    inbox = serve(Inbox())
    for _ in range(3):
        time_machine.move_to(clock.now() + timedelta(hours=1))
        run_jobs()
    assert len(to_reader(inbox)) == 1


def test_whose_address_refuses_mails_reads_it_on_the_site_and_loses_nothing(
    make, desk, note, run_jobs, serve, time_machine
):
    inbox = Inbox()
    inbox.refused["reader@example.org"] = "550 No such person here"
    serve(inbox)
    watch(desk, f"/entries/{note.id}")
    make.comment(note, "We tried it too.")
    run_jobs()
    time_machine.move_to(clock.now() + timedelta(hours=1))
    run_jobs()
    assert not to_reader(inbox)
    page = notices(desk)
    assert "We tried it too." in page
    assert "The last mail to you came back." in page
    assert "/account/address" in page
    inbox.refused.clear()
    make.comment(note, "And so did we.")
    run_jobs()
    assert len(to_reader(inbox)) == 1
    assert "came back" not in notices(desk)
