"""`cop doctor`: looks at everything that can go wrong in a running site and says what to do."""

from __future__ import annotations

import shutil
import socket
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from cop.cli.console import data_option, settings_of, unchecked_application
from cop.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

_MB = 1_000_000
_LITTLE, _TOO_LITTLE = 1000 * _MB, 200 * _MB
_MAIL_SECONDS = 5
#: A clock that is further off than this breaks links and sessions.
_CLOCK = timedelta(minutes=5)
_SHOWN = 5


class Verdict(StrEnum):
    """How a finding weighs: only `BAD` makes the exit code one."""

    GOOD = "ok"
    WARNING = "note"
    BAD = "BAD"


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it is, and what to do."""

    verdict: Verdict
    about: str
    sentence: str


def good(about: str, sentence: str) -> Finding:
    """Return a finding that is as it should be."""
    return Finding(Verdict.GOOD, about, sentence)


def warning(about: str, sentence: str) -> Finding:
    """Return a finding to know of."""
    return Finding(Verdict.WARNING, about, sentence)


def bad(about: str, sentence: str) -> Finding:
    """Return a finding to act on."""
    return Finding(Verdict.BAD, about, sentence)


@click.command(short_help="Look at everything that can go wrong, and say what to do.")
@data_option
def doctor(data: Path | None) -> None:
    """Look at settings, database, index, files, queue, mail, disk and clock. Exit code 1 if anything is bad."""
    with unchecked_application(data) as app:
        findings = []
        for finding in examine(app):
            findings.append(finding)
            click.echo(f"{finding.verdict.value:5} {finding.about}: {finding.sentence}")
    if any(finding.verdict is Verdict.BAD for finding in findings):
        sys.exit(1)


def examine(app: Flask) -> Iterator[Finding]:
    """Give every finding; what stands on the database is passed over when that is unusable."""
    settings = settings_of(app)
    yield from _settings(settings)
    yield from _disk(settings)
    database = list(_database(settings))
    yield from database
    if any(finding.verdict is Verdict.BAD for finding in database):
        return
    for look in (_index, _files, _queue, _mails, _people, _clock):
        yield from _guarded(look)
    yield from _mail_server(app)


def _guarded(look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from look()
    except Exception as error:  # noqa: BLE001 (one examination must not end the others)
        yield bad(look.__name__.strip("_"), f"could not be examined: {error!r}")


def _settings(settings: Settings) -> Iterator[Finding]:
    yield good("settings", f"read; data folder {settings.data}")
    key = settings.data / "secret_key"
    if key.exists() and key.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        yield bad("settings", f"others may read {key}; run `chmod 600 {key}`.")
    if urlsplit(settings.base_url).hostname in ("127.0.0.1", "localhost", "::1"):
        yield warning(
            "settings",
            f"links in mails begin with {settings.base_url}; set COP_BASE_URL before others use the site.",
        )
    elif not settings.secure:
        yield warning(
            "settings",
            "COP_BASE_URL begins with http://, so passwords travel in the open; use https://.",
        )


def _disk(settings: Settings) -> Iterator[Finding]:
    free = shutil.disk_usage(settings.data).free
    told = f"{free // _MB} MB free in {settings.data}"
    if free < _TOO_LITTLE:
        yield bad("disk", f"only {told}; make room before the database cannot be written.")
    elif free < _LITTLE:
        yield warning("disk", f"{told}; that is little.")
    else:
        yield good("disk", told)


def _database(settings: Settings) -> Iterator[Finding]:
    from sqlalchemy.exc import SQLAlchemyError

    from cop.core import schema, sqlite
    from cop.core.db import db

    try:
        stands = schema.current(db.engine)
    except SQLAlchemyError as error:
        yield bad(
            "database", f"cannot be used: {str(error).splitlines()[0]}; check COP_DATABASE_URL."
        )
        return
    file = sqlite.file_of(settings.database_url)
    wrong = sqlite.problem(file) if file is not None and stands else ""
    if wrong:
        yield bad(
            "database",
            f"{file} is damaged ({wrong}); bring back a backup with `cop restore --replace`.",
        )
        return
    yield good("database", "sound" if file is not None else "answers")
    if stands == schema.head():
        yield good("schema", f"at {stands}, as the program needs it")
    elif not stands:
        yield bad("schema", "the database is empty; run `cop up` or `cop db upgrade`.")
    elif schema.known(stands):
        yield bad(
            "schema", f"at {stands}, but the program needs {schema.head()}; run `cop db upgrade`."
        )
    else:
        yield bad(
            "schema", f"at {stands}, which this program does not know; install the newer version."
        )


def _index() -> Iterator[Finding]:
    from cop.discover import indexing
    from cop.search.engine import Health

    health = indexing.engine().check()
    if health is not Health.OK:
        yield bad(
            "index",
            f"{health.value}; a running worker builds it anew, or run `cop search rebuild`.",
        )
        return
    found = indexing.difference()
    if found:
        told = (
            f"{len(found.stale)} entries out of date, {len(found.ghosts)} unknown to the database"
        )
        yield warning("index", f"{told}; if the queue is empty, run `cop search reconcile`.")
    else:
        yield good("index", f"in step with the database ({indexing.engine().count()} documents)")


def _files() -> Iterator[Finding]:
    from cop.core import clock
    from cop.entries import tidying
    from cop.entries.attaching import PENDING_KEPT

    found = tidying.look(before=clock.now() - 2 * PENDING_KEPT)
    if found.lost:
        yield bad(
            "files",
            f"{len(found.lost)} files that something refers to are gone (the first: {found.lost[0]}); bring them back "
            "from a backup.",
        )
    if found.spare:
        told = f"{len(found.spare)} files that nothing refers to"
        yield warning("files", f"{told}; the worker deletes them at night: is one running?")
    if not found.lost and not found.spare:
        yield good("files", f"all {found.count} are there")


def _queue() -> Iterator[Finding]:
    from sqlalchemy import func, select

    from cop.core import clock
    from cop.core.db import db
    from cop.discover.health import PATIENCE
    from cop.jobs import queue
    from cop.jobs.models import Job

    for job in queue.parked(db.session, limit=_SHOWN):
        yield bad(
            "queue",
            f"job {job.id} ({job.name}) failed {job.tries} times and waits for you: {job.last_error}",
        )
    counts = queue.counts(db.session)
    oldest = db.session.scalar(select(func.min(Job.run_at)).where(Job.parked_at.is_(None)))
    if oldest is not None and oldest < clock.now() - PATIENCE:
        yield bad(
            "queue", f"{counts['due']} jobs are due and nobody does them; is a worker running?"
        )
    elif not counts["parked"]:
        yield good("queue", f"{counts['waiting']} jobs waiting, none failed for good")


def _mails() -> Iterator[Finding]:
    from sqlalchemy import func, select

    from cop.core.db import db
    from cop.jobs.models import Job
    from cop.mail.outbox import MAIL_JOB, mail_counts

    counts = mail_counts(db.session)
    parked = select(func.count()).where(Job.name == MAIL_JOB, Job.parked_at.is_not(None))
    given_up = db.session.scalar(parked) or 0
    failing = counts["failing"] - given_up
    if failing > 0:
        yield bad(
            "mail",
            f"{failing} mails could not be sent and will be tried again; check COP_MAIL_URL.",
        )
    if given_up:
        yield bad(
            "mail",
            f"{given_up} mails were given up after two days; retry on the queue page (/admin/queues).",
        )
    if counts["refused"]:
        yield warning(
            "mail", f"{counts['refused']} mails were refused for good; see /admin/ for them."
        )


def _people() -> Iterator[Finding]:
    from cop.people.queries import administrators

    if not administrators():
        yield warning("people", "nobody is administrator; `cop user first-admin` prints a link.")


def _clock() -> Iterator[Finding]:
    from sqlalchemy import func, select

    from cop.core import clock
    from cop.core.db import db
    from cop.events.models import Event

    last = db.session.scalar(select(func.max(Event.at)))
    if last is not None and last > clock.now() + _CLOCK:
        yield bad(
            "clock",
            f"the last event lies in the future ({last:%Y-%m-%d %H:%M} UTC); set the machine's clock.",
        )
    else:
        yield good("clock", f"{clock.now():%Y-%m-%d %H:%M} UTC")


def _mail_server(app: Flask) -> Iterator[Finding]:
    from cop.mail.mailer import SmtpMailer
    from cop.people.posting import mailer

    settings, server = settings_of(app), mailer(app)
    if not isinstance(server, SmtpMailer):
        yield warning(
            "mail",
            f"COP_MAIL_URL is not set, so mails are kept as files in {settings.data / 'mail'}.",
        )
        return
    place = f"{server.host}:{server.port}"
    try:
        socket.create_connection((server.host, server.port), timeout=_MAIL_SECONDS).close()
    except OSError as error:
        yield bad(
            "mail",
            f"the mail server {place} cannot be reached ({error}); check COP_MAIL_URL.",
        )
    else:
        yield good("mail", f"the mail server {place} answers")
