"""Booklets as files: asked for, made by the worker, kept a while, and served only while their words are the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from cop.core import clock
from cop.core.db import db
from cop.core.errors import TooMany
from cop.core.i18n import _l
from cop.core.types import Json
from cop.entries.models import Entry
from cop.handouts.drawing import words_of
from cop.handouts.models import Printed
from cop.handouts.paper import Paper
from cop.jobs import queue
from cop.settings import Settings
from cop.storage.store import LocalStore

#: The job that makes a file, and the one that forgets old ones.
PDF_JOB, SWEEP_JOB = "handouts.pdf", "handouts.sweep"
#: For how long a file is kept, and how many are at most.
KEPT, MOST = timedelta(days=30), 200
#: How many may wait to be made at the same time.
WAITING = 20
#: After so long what is not there is taken for lost, and can be asked for again.
LOST = timedelta(minutes=30)
#: Bytes of all files together.
ROOM = 2 * 1024 * 1024 * 1024


@dataclass(frozen=True)
class Asked:
    """A paper that somebody wants as a file: with whose eyes it is made is part of its words."""

    entry: Entry
    paper: Paper
    reach: str

    @property
    def words(self) -> str:
        """The hash of what the file would hold."""
        return words_of(self.paper, self.reach)


def store() -> LocalStore:
    """Return where the files are: apart from what people sent, for they can be made again at any time."""
    settings: Settings = current_app.extensions["settings"]
    return LocalStore(settings.papers)


def found(words: str) -> Printed | None:
    """Return the file of exactly these words, made or being made."""
    return db.session.scalar(select(Printed).where(Printed.words == words))


def made_lately(entry: Entry, text: str, reach: str) -> Printed | None:
    """Return the newest file of a booklet in this language; whether it says what is so is asked when it is taken."""
    return db.session.scalar(
        select(Printed)
        .where(
            Printed.entry_id == entry.id,
            Printed.text == text,
            Printed.reach == reach,
            Printed.ready_at.is_not(None),
        )
        .order_by(Printed.id.desc())
        .limit(1)
    )


def is_ready(row: Printed | None) -> bool:
    """Tell whether a file is there."""
    return row is not None and row.ready_at is not None and store().has(row.sha256)


def is_made(row: Printed | None, now: datetime) -> bool:
    """Tell whether a file is being made."""
    if row is None or row.problem or row.ready_at is not None:
        return False
    return row.asked_at > now - LOST


def ask(asked: Asked) -> Printed:
    """Have the file made; where it is there or being made already, by whoever's wish, that one is returned.

    Raises TooMany where too many wait already.
    """
    now, words = clock.now(), asked.words
    row = found(words)
    if row is not None and (is_ready(row) or is_made(row, now)):
        return row
    if queue.waiting(db.session, PDF_JOB, most=WAITING) >= WAITING:
        raise TooMany(
            120,
            _l("Many booklets are being made just now. Please try again in a few minutes."),
        )
    if row is None:
        row = Printed(
            entry_id=asked.entry.id,
            words=words,
            text=asked.paper.tag,
            reach=asked.reach,
            asked_at=now,
        )
        try:
            with db.session.begin_nested():
                db.session.add(row)
        except IntegrityError:
            # Somebody else asked for the same a moment ago.
            return db.session.scalars(select(Printed).where(Printed.words == words)).one()
    row.asked_at, row.ready_at, row.problem = now, None, ""
    queue.enqueue(db.session, PDF_JOB, {"printed_id": row.id}, key=f"{PDF_JOB}:{row.id}")
    return row


def sweep(_payloads: Sequence[Json]) -> None:
    """Job: forget files that are old, and the oldest where there are too many or they take too much room."""
    now = clock.now()
    db.session.execute(delete(Printed).where(Printed.asked_at < now - KEPT))
    rows = db.session.scalars(
        select(Printed).where(Printed.ready_at.is_not(None)).order_by(Printed.asked_at.desc())
    ).all()
    room = ROOM
    kept = set()
    for at, row in enumerate(rows):
        room -= row.bytes
        if at < MOST and room >= 0:
            kept.add(row.sha256)
        else:
            db.session.delete(row)
    for file in store().all():
        # What was made just now has no row yet.
        if file.sha256 not in kept and file.put_at < now - LOST:
            store().delete(file.sha256)
    store().sweep(before=now - LOST)
