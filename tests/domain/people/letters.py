"""Doing the mail jobs of the test and reading what they wrote."""

import re

from sqlalchemy import delete, select

from cop.core.db import db
from cop.jobs.models import Job
from cop.mail.models import OutgoingMail
from cop.people import mails
from cop.people.operations import MAIL_JOB


def posted() -> list[OutgoingMail]:
    """Do the waiting jobs that write mails, and return the mails written since the last call."""
    jobs = list(db.session.scalars(select(Job).where(Job.name == MAIL_JOB).order_by(Job.id)))
    last = max(db.session.scalars(select(OutgoingMail.id)), default=0)
    mails.send_asked([job.payload for job in jobs])
    db.session.execute(delete(Job).where(Job.name == MAIL_JOB))
    db.session.flush()
    return list(
        db.session.scalars(
            select(OutgoingMail).where(OutgoingMail.id > last).order_by(OutgoingMail.id)
        )
    )


def path_in(letter: OutgoingMail) -> str:
    """Return the path of the link in a mail."""
    found = re.search(r"https?://[^/\s]+(/[\w/-]+)", letter.text)
    assert found, letter.text
    return found[1]


def link_in(letter: OutgoingMail, path: str) -> str:
    """Return the token of the link to `path` in a mail."""
    found = re.search(rf"/{path}/([\w-]+)", letter.text)
    assert found, letter.text
    return found[1]
