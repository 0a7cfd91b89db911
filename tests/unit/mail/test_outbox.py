"""The outbox: queued with the change, delivered once, its words forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from cop.core import clock
from cop.core.db import prepare_engine
from cop.core.types import Lang
from cop.mail import outbox
from cop.mail.mailer import MailError, MemoryMailer
from cop.mail.message import Message
from cop.mail.models import OutgoingMail
from cop.mail.outbox import Delivery

SENDER = "tongxing@example.org"


class Jobs:
    """Stands for the queue's `enqueue`."""

    def __init__(self) -> None:
        self.rows: list[tuple[str, dict[str, Any]]] = []

    def __call__(self, _session: Any, name: str, payload: dict[str, Any], *, key: str) -> None:
        self.rows.append((name, payload))


@pytest.fixture
def session() -> Iterator[Session]:
    engine = create_engine("sqlite://")
    prepare_engine(engine)
    OutgoingMail.__table__.create(engine)  # type: ignore[attr-defined]
    with Session(engine) as made:
        yield made
    engine.dispose()


@pytest.fixture
def jobs() -> Jobs:
    return Jobs()


def letter(**more: Any) -> Message:
    values = {
        "to": "invented@example.org",
        "subject": "重设密码",
        "text": "https://example.org/reset/abc",
    }
    return Message(**{**values, **more})


def queue(session: Session, jobs: Jobs, **more: Any) -> int:
    mail_id = outbox.queue_mail(session, letter(), sender=SENDER, enqueue=jobs, **more)
    assert mail_id is not None
    session.commit()
    return mail_id


def test_a_mail_is_queued_with_a_job_that_carries_its_id(session: Session, jobs: Jobs) -> None:
    mail_id = queue(session, jobs)
    assert jobs.rows == [("mail.send", {"mail_id": mail_id})]


def test_a_mail_vanishes_with_the_change_it_tells_of(session: Session, jobs: Jobs) -> None:
    outbox.queue_mail(session, letter(), sender=SENDER, enqueue=jobs)
    session.rollback()
    assert session.scalars(select(OutgoingMail)).all() == []


def test_the_same_key_is_queued_once(session: Session, jobs: Jobs) -> None:
    queue(session, jobs, key="welcome:7")
    again = outbox.queue_mail(session, letter(), sender=SENDER, enqueue=jobs, key="welcome:7")
    assert again is None
    assert len(jobs.rows) == 1


def test_a_mail_is_sent_once_however_often_its_job_runs(session: Session, jobs: Jobs) -> None:
    mailer = MemoryMailer(SENDER)
    mail_id = queue(session, jobs)
    assert outbox.deliver(session, mailer, mail_id) is Delivery.SENT
    session.commit()
    assert outbox.deliver(session, mailer, mail_id) is Delivery.ALREADY
    assert [mail["Subject"] for mail in mailer.sent] == ["重设密码"]


def test_what_was_queued_is_what_is_sent(session: Session, jobs: Jobs) -> None:
    mailer = MemoryMailer(SENDER)
    message = letter(
        html="<p>x</p>",
        lang=Lang.EN,
        name="Invented Person",
        headers={"List-Id": "<notes.example.org>"},
    )
    mail_id = outbox.queue_mail(session, message, sender=SENDER, enqueue=jobs)
    assert mail_id is not None
    session.commit()
    session.expire_all()
    outbox.deliver(session, mailer, mail_id)
    [mail] = mailer.sent
    assert mail["To"].addresses[0].display_name == "Invented Person"
    assert mail["Content-Language"] == "en"
    assert mail["List-Id"] == "<notes.example.org>"
    row = session.get_one(OutgoingMail, mail_id)
    assert mail["Message-ID"] == row.message_id


def test_the_words_of_a_sent_mail_are_forgotten_as_they_may_sign_somebody_in(
    session: Session, jobs: Jobs
) -> None:
    mail_id = queue(session, jobs)
    outbox.deliver(session, MemoryMailer(SENDER), mail_id)
    row = session.get_one(OutgoingMail, mail_id)
    assert row.text == ""
    assert row.html is None
    assert row.sent_at is not None


def test_a_mail_whose_row_is_gone_is_no_error(session: Session) -> None:
    assert outbox.deliver(session, MemoryMailer(SENDER), 12345) is Delivery.MISSING


class Watching(MemoryMailer):
    """Looks whether a transaction is open while the mail server is spoken to."""

    session: Session
    open = True

    def send(self, message: Message, *, message_id: str | None = None) -> None:
        self.open = self.session.in_transaction()


def test_nobody_waits_for_a_slow_mail_server(session: Session, jobs: Jobs) -> None:
    mail_id = queue(session, jobs)
    mailer = Watching(SENDER)
    mailer.session = session
    outbox.deliver(session, mailer, mail_id)
    assert not mailer.open


class Refusing(MemoryMailer):
    """Refuses every mail, for good or for now."""

    permanent = False

    def send(self, message: Message, *, message_id: str | None = None) -> None:
        raise MailError("the mail server answered 550", permanent=self.permanent)


@pytest.mark.parametrize(("permanent", "state"), [(False, "failing"), (True, "refused")])
def test_a_failed_try_is_noted_and_a_refusal_is_the_last(
    session: Session, jobs: Jobs, permanent: bool, state: str
) -> None:
    mail_id = queue(session, jobs)
    session.commit()
    mailer = Refusing(SENDER)
    mailer.permanent = permanent
    with pytest.raises(MailError) as caught:
        outbox.deliver(session, mailer, mail_id)
    session.rollback()
    outbox.note_failure(session, mail_id, caught.value)
    session.commit()
    row = session.get_one(OutgoingMail, mail_id)
    assert row.tries == 1
    assert row.last_error == "the mail server answered 550"
    assert outbox.mail_counts(session)[state] == 1
    after = outbox.deliver(session, MemoryMailer(SENDER), mail_id)
    assert after is (Delivery.ALREADY if permanent else Delivery.SENT)


def told(session: Session, mail_id: int) -> str:
    """Return everything a row of the outbox says in words."""
    row = session.get_one(OutgoingMail, mail_id, populate_existing=True)
    parts = (row.to, row.name, row.subject, row.text, row.html, row.headers, row.last_error)
    return "".join(str(part) for part in parts if part)


def test_whom_old_mails_went_to_is_forgotten_and_that_they_went_is_not(
    session: Session, jobs: Jobs
) -> None:
    sent, refused, given_up, fresh = (queue(session, jobs) for _ in range(4))
    outbox.deliver(session, MemoryMailer(SENDER), sent)
    error = MailError("550 invented@example.org is unknown here", permanent=True)
    outbox.note_failure(session, refused, error)
    for mail_id in (sent, refused, given_up):
        row = session.get_one(OutgoingMail, mail_id, populate_existing=True)
        row.created_at -= timedelta(days=31)
        row.sent_at = row.sent_at and row.sent_at - timedelta(days=31)
        row.refused_at = row.refused_at and row.refused_at - timedelta(days=31)
    session.commit()
    outbox.forget_old(session, clock.now() - timedelta(days=30))
    session.commit()
    assert [told(session, mail_id) for mail_id in (sent, refused, given_up)] == ["", "", ""]
    assert "invented@example.org" in told(session, fresh)
    mailer = MemoryMailer(SENDER)
    assert outbox.deliver(session, mailer, given_up) is Delivery.ALREADY
    assert outbox.deliver(session, mailer, fresh) is Delivery.SENT
    counts = outbox.mail_counts(session)
    assert (counts["sent"], counts["refused"], counts["waiting"]) == (2, 2, 0)


def test_mails_to_somebody_who_leaves_are_forgotten_at_once_and_those_of_others_are_not(
    session: Session, jobs: Jobs
) -> None:
    theirs, waiting = queue(session, jobs), queue(session, jobs)
    other = outbox.queue_mail(session, letter(to="other@example.org"), sender=SENDER, enqueue=jobs)
    assert other is not None
    session.commit()
    for mail_id in (theirs, other):
        outbox.deliver(session, MemoryMailer(SENDER), mail_id)
        session.commit()
    outbox.forget_done_to(session, "invented@example.org")
    assert told(session, theirs) == ""
    assert "invented@example.org" in told(session, waiting)
    assert "other@example.org" in told(session, other)


def test_what_was_interrupted_while_it_was_handed_over_is_not_sent_twice_where_it_is_news(
    session: Session, jobs: Jobs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(outbox.MAKERS, "news", lambda _key: letter())
    news = outbox.Unwritten("news:7", "<news-7@example.org>", Lang.EN)
    outbox.queue_unwritten(session, [news], enqueue=lambda *_given: None)
    link = queue(session, jobs)
    mailer = MemoryMailer(SENDER)

    class Killed(BaseException):
        pass

    class Dying(MemoryMailer):
        def send(self, message: Message, *, message_id: str | None = None) -> None:
            mailer.send(message, message_id=message_id)
            raise Killed

    found = session.scalar(select(OutgoingMail.id).where(OutgoingMail.key == "news:7"))
    assert found is not None
    for mail_id in (found, link):
        with pytest.raises(Killed):
            outbox.deliver(session, Dying(SENDER), mail_id, keep=session.commit)
        session.rollback()
    assert outbox.deliver(session, mailer, found, keep=session.commit) is Delivery.UNSURE
    session.commit()
    assert outbox.deliver(session, mailer, found, keep=session.commit) is Delivery.ALREADY
    # Somebody waits for this one: rather twice than not at all.
    assert outbox.deliver(session, mailer, link, keep=session.commit) is Delivery.SENT
    assert len(mailer.sent) == 3
