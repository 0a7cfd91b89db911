"""Mails in the transaction of the change: queued with it, delivered by a job, sent once.

The view or operation calls `queue_mail` and enqueues a job `mail.send` with the id of the row (this
package is not allowed to know the queue). A mail may also be queued without words (`queue_unwritten`): what
`MAKERS` knows of its key writes it at the moment it is sent, or says that it is not wanted any more. The job calls
`deliver`; where that raises MailError it rolls
back, calls `note_failure`, commits, and raises again unless the error is permanent, so that the queue
tries later.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, scoped_session

from cop.core import clock
from cop.core.types import Lang
from cop.mail.mailer import Mailer, MailError
from cop.mail.message import Message, new_id
from cop.mail.models import OutgoingMail

AnySession = Session | scoped_session[Any]

#: The name of the job that delivers, and the name of the id in its payload.
MAIL_JOB = "mail.send"
PAYLOAD_ID = "mail_id"
_LONGEST_ERROR = 1000
#: Stands in the place of an error while a mail is handed over; what is found so afterwards was interrupted there.
_BEGUN = "handing over"
#: What remains of a mail that is forgotten. Servers like to repeat the address when they refuse it.
_NOTHING: dict[str, Any] = {
    "to": "",
    "name": "",
    "subject": "",
    "text": "",
    "html": None,
    "headers": {},
    "last_error": None,
}


class Delivery(StrEnum):
    """What came of a delivery."""

    SENT = "sent"
    ALREADY = "already"
    MISSING = "missing"
    #: The server may have taken it before the process or the connection ended; it is not sent again.
    UNSURE = "unsure"
    #: Nobody may or wants to read it any more; its row is gone.
    UNWANTED = "unwanted"


#: Writes a mail from its key at the moment it is sent, from what is true then; None: it is not to be sent.
Maker = Callable[[str], Message | None]
#: What stands before the first colon of a key → the maker; `cop.subscriptions` fills it.
MAKERS: dict[str, Maker] = {}


@dataclass(frozen=True)
class Unwritten:
    """A mail that will be written when it is sent: its key, which names its maker, and its Message-ID."""

    key: str
    message_id: str
    lang: Lang


def queue_mail(
    session: AnySession,
    message: Message,
    *,
    sender: str,
    enqueue: Callable[..., object],
    key: str | None = None,
) -> int | None:
    """Write the mail and its job into the session's transaction; return its id, or None if it exists.

    `enqueue` is `cop.jobs.queue.enqueue`. With `key` the same mail is queued once, however often asked.
    """
    row = OutgoingMail(
        key=key,
        to=message.to,
        name=message.name,
        subject=message.subject,
        text=message.text,
        html=message.html,
        lang=message.lang.value,
        headers=dict(message.headers),
        message_id=new_id(sender),
        created_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return None
    enqueue(session, MAIL_JOB, {PAYLOAD_ID: row.id}, key=f"{MAIL_JOB}:{row.id}")
    return row.id


def queue_unwritten(
    session: AnySession, mails: Sequence[Unwritten], *, enqueue: Callable[..., object]
) -> int:
    """Queue mails that are written when they are sent; each key once, for ever. Return how many were new."""
    keys = [mail.key for mail in mails]
    there = set(session.scalars(select(OutgoingMail.key).where(OutgoingMail.key.in_(keys))).all())
    rows = [
        OutgoingMail(
            key=mail.key,
            to="",
            name="",
            subject="",
            text="",
            lang=mail.lang.value,
            headers={},
            message_id=mail.message_id,
            created_at=clock.now(),
        )
        for mail in mails
        if mail.key not in there
    ]
    session.add_all(rows)
    session.flush()
    for row in rows:
        enqueue(session, MAIL_JOB, {PAYLOAD_ID: row.id})
    return len(rows)


def deliver(
    session: AnySession,
    mailer: Mailer,
    mail_id: int,
    *,
    keep: Callable[[], object] | None = None,
) -> Delivery:
    """Send the mail unless it was sent; its words are emptied then. Raises MailError; never commits by itself.

    The session must hold nothing uncommitted: its transaction ends before the mail server is spoken to,
    because a slow server must not keep everybody else from writing. That no two workers send the same
    mail is the promise of the job's lease. `keep` commits: with it, it is known after the process was killed that
    the server may have taken the mail. News are not sent again then, for they stand on the site; a mail that somebody
    waits for, as one with a link to sign in, is.
    """
    row = session.get(OutgoingMail, mail_id, populate_existing=True)
    if row is None:
        return Delivery.MISSING
    if row.sent_at is not None or row.refused_at is not None:
        return Delivery.ALREADY
    if row.last_error == _BEGUN and _is_news(row):
        row.sent_at, row.last_error = clock.now(), None
        session.flush()
        return Delivery.UNSURE
    message = _message_of(row)
    if message is None:
        session.delete(row)
        session.flush()
        return Delivery.UNWANTED
    message_id, is_news = row.message_id, _is_news(row)
    row.last_error = _BEGUN
    session.flush()
    (keep or session.rollback)()
    done = _hand_over(mailer, message, message_id, is_news=is_news)
    session.execute(
        update(OutgoingMail)
        .where(OutgoingMail.id == mail_id)
        .values(
            tries=OutgoingMail.tries + 1,
            sent_at=clock.now(),
            text="",
            html=None,
            last_error=None,
        )
    )
    return done


def _hand_over(mailer: Mailer, message: Message, message_id: str, *, is_news: bool) -> Delivery:
    """Send a mail, or raise MailError; news that the server heard without an answer are not sent a second time."""
    try:
        mailer.send(message, message_id=message_id)
    except MailError as error:
        if error.unsure and is_news:
            return Delivery.UNSURE
        raise
    return Delivery.SENT


def _is_news(row: OutgoingMail) -> bool:
    """Tell whether a mail is written when it is sent, from what stands on the site."""
    return (row.key or "").partition(":")[0] in MAKERS


def _message_of(row: OutgoingMail) -> Message | None:
    maker = MAKERS.get((row.key or "").partition(":")[0])
    if maker is not None and row.key:
        return maker(row.key)
    return Message(
        to=row.to,
        subject=row.subject,
        text=row.text,
        html=row.html,
        lang=Lang(row.lang),
        name=row.name,
        headers=row.headers or {},
    )


def note_failure(session: AnySession, mail_id: int, error: MailError) -> None:
    """Write down, in a transaction of its own, that a try failed and whether it was the last."""
    refused: dict[str, datetime | None] = {"refused_at": clock.now()} if error.permanent else {}
    session.execute(
        update(OutgoingMail)
        .where(OutgoingMail.id == mail_id)
        .values(
            tries=OutgoingMail.tries + 1,
            last_error=str(error)[:_LONGEST_ERROR],
            **refused,
        )
    )


def mail_counts(session: AnySession) -> dict[str, int]:
    """Return how many mails wait, were sent, failed at least once and still wait, and were refused."""
    waiting = OutgoingMail.sent_at.is_(None) & OutgoingMail.refused_at.is_(None)
    row = session.execute(
        select(
            func.count().filter(waiting),
            func.count(OutgoingMail.sent_at),
            func.count().filter(waiting, OutgoingMail.tries > 0),
            func.count(OutgoingMail.refused_at),
        ).select_from(OutgoingMail)
    ).one()
    return dict(zip(("waiting", "sent", "failing", "refused"), row, strict=True))


def forget_old(session: AnySession, before: datetime) -> None:
    """Forget whom mails went to and what they were about, where they were done with before this moment.

    A mail that could not be handed over in all that time is given up with it. The emptied rows stay, so
    that the numbers of mails and their keys do.
    """
    waiting = OutgoingMail.sent_at.is_(None) & OutgoingMail.refused_at.is_(None)
    session.execute(
        update(OutgoingMail)
        .where(waiting, OutgoingMail.created_at < before)
        .values(refused_at=clock.now(), **_NOTHING)
    )
    done = or_(OutgoingMail.sent_at < before, OutgoingMail.refused_at < before)
    session.execute(update(OutgoingMail).where(OutgoingMail.to != "", done).values(**_NOTHING))


def forget_done_to(session: AnySession, address: str) -> None:
    """Forget at once every mail to this address that was sent or refused."""
    done = or_(OutgoingMail.sent_at.is_not(None), OutgoingMail.refused_at.is_not(None))
    session.execute(update(OutgoingMail).where(OutgoingMail.to == address, done).values(**_NOTHING))
