"""Handing over the mails that wait in the outbox (job `mail.send`)."""

from collections.abc import Sequence
from functools import lru_cache

import structlog
from flask import current_app

from cop.core.db import db
from cop.core.types import Json
from cop.mail.mailer import Mailer, MailError, mailer_from
from cop.mail.outbox import PAYLOAD_ID, deliver, note_failure
from cop.settings import Settings

log = structlog.get_logger(__name__)


def deliver_mails(payloads: Sequence[Json]) -> None:
    """Send these mails, each in a transaction of its own: what has left the house must not be forgotten.

    A mail that the server refuses for good is marked; any other failure is raised, so that the queue tries later.
    """
    failures: list[MailError] = []
    for payload in payloads:
        try:
            deliver(db.session, _mailer(current_app.extensions["settings"]), payload[PAYLOAD_ID])
        except MailError as error:
            db.session.rollback()
            note_failure(db.session, payload[PAYLOAD_ID], error)
            log.warning("mail.failed", mail=payload[PAYLOAD_ID], permanent=error.permanent)
            if not error.permanent:
                failures.append(error)
        db.session.commit()
    if failures:
        raise failures[0]


@lru_cache(maxsize=4)
def _mailer(settings: Settings) -> Mailer:
    return mailer_from(settings)
