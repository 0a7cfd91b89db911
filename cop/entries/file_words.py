"""The words of files: read by the worker, kept for search, and looked through for what answers a search."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import bindparam, or_, select

from cop.core.db import db, rows
from cop.core.text import clean, guess_lang
from cop.core.types import Json
from cop.entries import events
from cop.entries.enclosure_models import Enclosed, Reading
from cop.entries.image_models import Attachment, Rendition
from cop.entries.models import Comment, CommentStatus, Entry
from cop.events.record import record
from cop.jobs import queue
from cop.jobs.queue import NotNow
from cop.storage.documents import words_of
from cop.storage.files import files
from cop.storage.process import NotTaken
from cop.storage.store import FileGone

log = structlog.get_logger(__name__)

#: The job that reads the words of a file.
READ_JOB = "files.read"
#: Seconds until a file is looked at again while others are.
_BUSY_WAIT = 20
#: So many files are looked through for what answers a search.
_MOST = 40


def to_be_read(attachment_id: int) -> None:
    """Ask for the words of a file to be read as soon as this is committed."""
    queue.enqueue(db.session, READ_JOB, {"file_id": attachment_id}, key=f"read:{attachment_id}")


def read_files(payloads: Sequence[Json]) -> None:
    """Job: read the words of a file (its jobs are taken one by one)."""
    for payload in payloads:
        _read(int(payload["file_id"]))


def _read(attachment_id: int) -> None:
    statement = (
        select(Enclosed.format, Rendition.sha256)
        .join(Rendition, Rendition.attachment_id == Enclosed.attachment_id)
        .where(Enclosed.attachment_id == attachment_id, Enclosed.reading == Reading.WAITS.value)
    )
    found = db.session.execute(statement).one_or_none()
    # It takes a while: nobody waits for this transaction meanwhile.
    db.session.rollback()
    if found is None:
        return
    words = _words(*found)
    # Whoever publishes it in this moment waits, so that the index hears of the words in any case.
    attachment = db.session.get(Attachment, attachment_id, with_for_update=True)
    known = db.session.get(Enclosed, attachment_id)
    if attachment is not None and known is not None:
        known.words = words or ""
        known.reading = _reading(words).value
        if attachment.entry_id is not None:
            db.session.get_one(Entry, attachment.entry_id).version += 1
            record(events.FileRead(entry_id=attachment.entry_id), actor_id=None)
    db.session.flush()


def _reading(words: str | None) -> Reading:
    if words is None:
        return Reading.FAILED
    return Reading.READ if words else Reading.WORDLESS


def _words(kind: str, sha256: str) -> str | None:
    """Return the words of a file, or None where they cannot be read."""
    try:
        with files().open(sha256) as opened:
            return clean(words_of(opened.read(), kind), multiline=True)
    except FileGone:
        return None
    except NotTaken as error:
        if error.why == "busy":
            raise NotNow(_BUSY_WAIT, "other files are being looked through") from error
        log.info("files.unread", sha256=sha256, why=error.why)
        return None


@dataclass(frozen=True)
class FileWords:
    """A file that readers of an entry see, and its words."""

    id: int
    name: str
    words: str

    @property
    def lang(self) -> str:
        """The language most of it is in."""
        return guess_lang(self.words or self.name).value


# Built once: every search asks it, and mostly there is none.
_WORDS = (
    select(Attachment.entry_id, Attachment.id, Attachment.name, Enclosed.words)
    .join(Enclosed, Enclosed.attachment_id == Attachment.id)
    .outerjoin(Comment, Comment.id == Attachment.comment_id)
    .where(
        Attachment.entry_id.in_(bindparam("ids", expanding=True)),
        Attachment.position.is_not(None),
        Attachment.removed_at.is_(None),
        or_(Attachment.comment_id.is_(None), Comment.status == CommentStatus.PUBLISHED.value),
    )
    .order_by(Attachment.id)
)
_SOME_WORDS = _WORDS.limit(_MOST)


def _asked(statement: Any, entry_ids: Sequence[int]) -> Sequence[Any]:
    return rows(statement, {"ids": list(entry_ids)})


def words_in(entry_ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Return (language, name and words) of the files that others see with each entry, for the index."""
    said: dict[int, list[tuple[str, str]]] = {}
    for entry_id, file_id, name, words in _asked(_WORDS, entry_ids):
        one = FileWords(file_id, name, words)
        said.setdefault(entry_id, []).append((one.lang, f"{name}\n{words}"))
    return said


def files_on(entry_ids: Sequence[int]) -> dict[int, list[FileWords]]:
    """Return the files of entries that a viewer may read, as a search looks through them."""
    if not entry_ids:
        return {}
    found: dict[int, list[FileWords]] = {}
    for entry_id, file_id, name, words in _asked(_SOME_WORDS, entry_ids):
        found.setdefault(entry_id, []).append(FileWords(file_id, name, words))
    return found


def unread() -> Sequence[int]:
    """Return the files whose words wait to be read."""
    waiting = select(Enclosed.attachment_id).where(Enclosed.reading == Reading.WAITS.value)
    return db.session.scalars(waiting).all()
