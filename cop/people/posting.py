"""Handing over the mails that wait in the outbox (job `mail.send`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import structlog
from flask import current_app, g

from cop.core.db import db
from cop.core.types import Json
from cop.mail.mailer import Mailer, MailError, mailer_from
from cop.mail.outbox import PAYLOAD_ID, Delivery, deliver, note_failure

if TYPE_CHECKING:
    from flask import Flask

    from cop.settings import Settings

log = structlog.get_logger(__name__)

_EXTENSION = "cop.people.posting"


def init_app(app: Flask, settings: Settings) -> None:
    """Make the mailer at the start, so that a setting that cannot work is said then and not at the first mail."""
    app.extensions[_EXTENSION] = mailer_from(settings)


def mailer(app: Flask | None = None) -> Mailer:
    """Return the mailer of the application."""
    found: Mailer = (app or current_app).extensions[_EXTENSION]
    return found


def deliver_mails(payloads: Sequence[Json]) -> None:
    """Send these mails, each in a transaction of its own: what has left the house must not be forgotten.

    A mail that the server refuses for good is marked; any other failure is raised, so that the queue tries later.
    The worker does a batch that failed again, one by one and in the same context: what was sent is passed over
    then, and what failed is not tried a second time within the moment.
    """
    failed: dict[int, MailError] = g.setdefault("mails_failed", {})
    failures: list[MailError] = []
    for payload in payloads:
        mail_id = payload[PAYLOAD_ID]
        error = failed.pop(mail_id, None) or _try(mail_id)
        if error is not None:
            failures.append(error)
            if len(payloads) > 1:
                failed[mail_id] = error
    if failures:
        raise failures[0]


def _try(mail_id: int) -> MailError | None:
    """Send one mail and commit that; return the failure after which it is to be tried again."""
    failure = None
    try:
        done = deliver(db.session, mailer(), mail_id, keep=db.session.commit)
        if done is Delivery.UNSURE:
            log.warning("mail.unsure", mail=mail_id)
    except MailError as error:
        db.session.rollback()
        note_failure(db.session, mail_id, error)
        log.warning("mail.failed", mail=mail_id, permanent=error.permanent)
        failure = None if error.permanent else error
    except Exception as error:
        # It is no mail server's fault: what was begun is tried again.
        db.session.rollback()
        note_failure(db.session, mail_id, MailError(repr(error)))
        db.session.commit()
        raise
    db.session.commit()
    return failure
