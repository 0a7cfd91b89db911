"""Keeping the index in step with the database: jobs, rebuild, reconcile.

The index is disposable, the database is the truth.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from flask import Flask, current_app
from sqlalchemy import func, select

from cop.core.db import db
from cop.core.types import Json
from cop.entries.documents import BATCH, all_documents, documents_of, passages_of
from cop.entries.models import Entry, NameMask, Status, Tagging
from cop.jobs.queue import NotNow, enqueue
from cop.notes.models import CaseNote
from cop.search.engine import Health, IndexBusy, IndexDamaged
from cop.search.text import fold
from cop.settings import Settings
from cop.terms.vocabulary import vocabulary

if TYPE_CHECKING:
    from cop.search.local import LocalEngine

log = structlog.get_logger(__name__)

#: The job that brings entries' documents up to date.
INDEX_JOB = "search.index"
#: The job that finds the entries whose terms got other labels.
TERMS_JOB = "search.terms"
#: The job that finds the notes whose organisation got another name.
ORGANISATIONS_JOB = "search.organisations"
#: The job that finds the entries of people who left.
AUTHORS_JOB = "search.authors"
#: Entries queued in one transaction.
_CARRIERS = 300
#: Seconds until a change is tried again while somebody else writes or rebuilds the index.
_BUSY_WAIT = 20
_EXTENSION = "cop.search"


class _Later:
    """The index of a process, made at first use: most commands need neither it nor its libraries."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self._engine: LocalEngine | None = None

    def engine(self) -> "LocalEngine":
        with self._lock:
            if self._engine is None:
                from cop.search.local import LocalEngine

                self._engine = LocalEngine(
                    self._settings.index,
                    texts=_folded_passages,
                    memory_mb=self._settings.search_memory,
                )
            return self._engine


def init_app(app: Flask, settings: Settings) -> None:
    """Give the application its index; nothing is made or opened before it is used."""
    app.extensions[_EXTENSION] = _Later(settings)


def engine() -> "LocalEngine":
    """Return the application's index."""
    later: _Later = current_app.extensions[_EXTENSION]
    return later.engine()


#: The texts one search has read; phrases, nearness and passages look into the same ones.
_read: ContextVar[dict[tuple[int, str], str] | None] = ContextVar("texts_read", default=None)


@contextmanager
def reading_texts_once() -> Iterator[None]:
    """Within the block no text is read from the database twice."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def texts_of(wanted: Sequence[tuple[int, str]]) -> dict[tuple[int, str], str]:
    """Return the whole plain text (title, then body) of entries in the languages given."""
    kept = _read.get()
    if kept is None:
        return passages_of(wanted)
    missing = [key for key in wanted if key not in kept]
    if missing:
        kept |= passages_of(missing)
    return {key: kept[key] for key in wanted if key in kept}


def _folded_passages(wanted: list[tuple[int, str]]) -> dict[tuple[int, str], str]:
    return {key: fold(text) for key, text in texts_of(wanted).items()}


def index_entries(payloads: Sequence[Json]) -> None:
    """Job: bring the documents of these entries up to date; an index that cannot be used is rebuilt.

    What was joined with another entry is found with that one, so that one is made anew too.
    """
    ids = {payload["entry_id"] for payload in payloads}
    into = select(Entry.merged_into_id).where(Entry.id.in_(ids), Entry.merged_into_id.is_not(None))
    documents = documents_of(sorted(ids.union(one for one in db.session.scalars(into) if one)))
    _let_others_write()
    try:
        engine().replace(documents)
    except IndexDamaged:
        _rebuild_unless_others_do()
    except IndexBusy as error:
        raise NotNow(_BUSY_WAIT, str(error)) from error


def _rebuild_unless_others_do() -> None:
    try:
        rebuild()
    except IndexBusy as error:
        raise NotNow(_BUSY_WAIT, "the index is being rebuilt by another process") from error


def _let_others_write() -> None:
    """End the transaction, which has only read: nobody waits for the disk of the index."""
    db.session.rollback()


def reindex_carriers(payloads: Sequence[Json]) -> None:
    """Job: the labels of terms changed, so queue every entry that carries one of them or lies in one of them."""
    keys = {key for payload in payloads for key in payload.get("keys", ())}
    words = vocabulary()
    terms = {
        below.id
        for key in keys
        if key in words.by_key
        for below in words.below(words.by_key[key].id)
    }
    last = max(payload.get("after", 0) for payload in payloads)
    carrying = select(Tagging.entry_id).where(Tagging.term_id.in_(terms), Tagging.entry_id > last)
    lying = select(CaseNote.entry_id).where(CaseNote.place_id.in_(terms), CaseNote.entry_id > last)
    found = carrying.union(lying).subquery()
    ids = db.session.scalars(
        select(found.c.entry_id).order_by(found.c.entry_id).limit(_CARRIERS)
    ).all()
    _queue_entries(ids)
    if len(ids) == _CARRIERS:
        # The rest in a transaction of its own: nobody waits for a hundred thousand rows.
        enqueue(db.session, TERMS_JOB, {"keys": sorted(keys), "after": ids[-1]})


def reindex_organisations(payloads: Sequence[Json]) -> None:
    """Job: organisations got other names, so queue every note that names one of them."""
    ids = {one for payload in payloads for one in payload["organisation_ids"]}
    naming = select(CaseNote.entry_id).where(CaseNote.organisation_id.in_(ids))
    _queue_entries(db.session.scalars(naming).all())


def reindex_authors(payloads: Sequence[Json]) -> None:
    """Job: people left, so queue what bore their names: nothing is found by a former member's name."""
    ids = {payload["user_id"] for payload in payloads}
    theirs = select(Entry.id).where(
        Entry.author_id.in_(ids),
        Entry.status == Status.PUBLISHED,
        Entry.name_mask == NameMask.SHOWN,
    )
    _queue_entries(db.session.scalars(theirs).all())


def _queue_entries(entry_ids: Sequence[int]) -> None:
    for entry_id in entry_ids:
        queue_entry(entry_id)


def queue_entry(entry_id: int) -> None:
    """Have the worker bring the documents of an entry up to date."""
    enqueue(db.session, INDEX_JOB, {"entry_id": entry_id}, key=f"{INDEX_JOB}:{entry_id}")


def rebuild(progress: Callable[[int], None] | None = None) -> int:
    """Fill a new index from the database and put it in place of the old one; return how many entries it holds."""
    done = engine().rebuild(all_documents(), progress)
    if done.stale:
        _replace(sorted(done.stale))
    # What changed while it was filled went to no index where there was none before.
    missed = difference()
    _replace(missed.stale)
    if missed.ghosts:
        engine().forget(missed.ghosts)
    return done.entries


def _replace(entry_ids: Sequence[int]) -> None:
    for at in range(0, len(entry_ids), BATCH):
        documents = documents_of(entry_ids[at : at + BATCH])
        _let_others_write()
        engine().replace(documents)


def published_count() -> int:
    """Return how many entries the index should hold."""
    return (
        db.session.scalar(
            select(func.count()).select_from(Entry).where(Entry.status == Status.PUBLISHED)
        )
        or 0
    )


@dataclass(frozen=True)
class Difference:
    """Where index and database disagree: entries to be written, and entries the database does not know."""

    stale: Sequence[int]
    ghosts: Sequence[int]

    def __bool__(self) -> bool:
        """Whether there is any."""
        return bool(self.stale or self.ghosts)


def difference() -> Difference:
    """Compare the versions the index holds with those of the database."""
    held = engine().versions()
    wanted: dict[int, int] = {}
    gone: dict[int, int] = {}
    for entry_id, version, status in db.session.execute(
        select(Entry.id, Entry.version, Entry.status)
    ):
        (wanted if status == Status.PUBLISHED else gone)[entry_id] = version
    stale = [entry_id for entry_id, version in wanted.items() if held.get(entry_id) != version]
    stale += [
        entry_id
        for entry_id, version in gone.items()
        if entry_id in held and held[entry_id] != version
    ]
    ghosts = [entry_id for entry_id in held if entry_id not in wanted and entry_id not in gone]
    return Difference(sorted(stale), sorted(ghosts))


def reconcile() -> Difference:
    """Repair where index and database disagree; return what was repaired."""
    if engine().check() is not Health.OK:
        rebuild()
        return Difference((), ())
    found = difference()
    _replace(found.stale)
    if found.ghosts:
        engine().forget(found.ghosts)
    return found


def keep_healthy() -> None:
    """Rebuild an index that is missing, damaged or of another version; the worker looks once a minute."""
    health = engine().check()
    if health is not Health.OK:
        log.warning("search.rebuild", because=health.value)
        rebuild()
