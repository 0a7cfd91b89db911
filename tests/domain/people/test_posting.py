"""Handing mails over: sent once, refused ones marked, and a server that is away is tried again."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cop.core import clock
from cop.core.db import db
from cop.jobs import queue
from cop.jobs.models import Job
from cop.mail.mailer import MailError
from cop.mail.message import Message
from cop.mail.models import OutgoingMail
from cop.mail.outbox import MAIL_JOB, queue_mail
from cop.people import posting


class Server:
    """A mail server that does as it is told."""

    def __init__(self):
        self.sent = []
        self.asked = []
        self.refuses = set()
        self.away_for = set()

    def send(self, message, *, message_id=None):
        self.asked.append(message.to)
        if message.to in self.refuses:
            raise MailError("550 no such person", permanent=True)
        if message.to in self.away_for:
            raise MailError("421 come back later")
        self.sent.append(message.to)


@pytest.fixture
def server(monkeypatch):
    server = Server()
    monkeypatch.setattr(posting, "mailer", lambda: server)
    return server


def write_to(*names):
    for name in names:
        message = Message(to=f"{name}@example.org", subject="Invented", text="Words")
        queue_mail(db.session, message, sender="site@example.org", enqueue=queue.enqueue)


def test_a_mail_is_sent_once_and_its_words_are_gone(server, run_jobs):
    write_to("one")
    payload = db.session.scalars(select(Job).where(Job.name == MAIL_JOB)).one().payload
    run_jobs()
    posting.deliver_mails([payload])
    assert server.sent == ["one@example.org"]
    assert db.session.scalars(select(OutgoingMail)).one().text == ""


def test_one_bad_address_holds_nobody_else_up(server, run_jobs):
    server.refuses = {"two@example.org"}
    write_to("one", "two", "three")
    run_jobs()
    assert server.sent == ["one@example.org", "three@example.org"]
    states = {mail.to: mail for mail in db.session.scalars(select(OutgoingMail))}
    assert states["two@example.org"].refused_at is not None
    assert "550" in states["two@example.org"].last_error
    assert queue.counts(db.session)["waiting"] == 0


def test_a_server_that_is_away_is_tried_again_and_nobody_gets_two_mails(
    server, run_jobs, time_machine
):
    server.away_for = {"two@example.org"}
    write_to("one", "two", "three")
    run_jobs()
    assert sorted(server.sent) == ["one@example.org", "three@example.org"]
    assert queue.counts(db.session)["waiting"] == 1
    assert server.asked.count("two@example.org") == 1
    time_machine.move_to(clock.now() + timedelta(minutes=1))
    run_jobs()
    assert server.asked.count("two@example.org") == 2
    states = {mail.to: mail for mail in db.session.scalars(select(OutgoingMail))}
    assert states["two@example.org"].tries == 2
    server.away_for = set()
    time_machine.move_to(clock.now() + timedelta(days=1))
    run_jobs()
    assert sorted(server.sent) == ["one@example.org", "three@example.org", "two@example.org"]
