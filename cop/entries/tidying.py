"""Files that nothing refers to any more are deleted: soon after they were let go, and at night what was left over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import select

from cop.core import clock
from cop.core.db import db
from cop.core.types import Json
from cop.entries import attaching, file_words
from cop.entries.attaching import GRACE, PENDING_KEPT, TIDY_JOB
from cop.entries.image_models import Attachment, Rendition
from cop.entries.models import Draft
from cop.jobs.queue import NotNow
from cop.jobs.schedule import expect, next_night
from cop.storage.files import files
from cop.web.forms import number_of

log = structlog.get_logger(__name__)

_AT_A_TIME = 500
#: The fields of forms that name images and files.
_HOLDING = ("images", "enclosures")


def discard_files(payloads: Sequence[Json]) -> None:
    """Job: delete the files named where nothing refers to them; one put just now is looked at again later."""
    named = {sha256 for payload in payloads for sha256 in payload["sha256"]}
    for sha256 in sorted(named - referred(named)):
        at = files().put_at(sha256)
        if at is None:
            continue
        if at > clock.now() - GRACE:
            raise NotNow(int(GRACE.total_seconds()), "a file was put again just now")
        files().delete(sha256)


def referred(hashes: Iterable[str]) -> set[str]:
    """Return those of the files that an image or a file of something refers to."""
    wanted = sorted(hashes)
    found: set[str] = set()
    for start in range(0, len(wanted), _AT_A_TIME):
        part = wanted[start : start + _AT_A_TIME]
        found |= set(db.session.scalars(select(Rendition.sha256).where(Rendition.sha256.in_(part))))
    return found


def tidy(_payloads: Sequence[Json]) -> None:
    """Job: let go of images and files that were sent and never published, and of files that nothing refers to."""
    now = clock.now()
    attaching.delete(forgotten(before=now - PENDING_KEPT))
    found = look(before=now - PENDING_KEPT)
    for sha256 in found.spare:
        files().delete(sha256)
    for file_id in file_words.unread():
        # Its job was lost, with a backup that was brought back perhaps.
        file_words.to_be_read(file_id)
    files().sweep(before=now - PENDING_KEPT)
    if found.spare or found.lost:
        log.warning("files.tidied", spare=len(found.spare), lost=len(found.lost))
    expect(db.session, TIDY_JOB, at=next_night(now))


def forgotten(*, before: datetime) -> Sequence[Attachment]:
    """Return the images and files sent before this moment of which nothing was made, and that no draft holds."""
    held: set[int] = set()
    for data in db.session.scalars(select(Draft.data)):
        held |= {number_of(str(one)) for name in _HOLDING for one in data.get(name, ())}
    statement = select(Attachment).where(
        Attachment.entry_id.is_(None), Attachment.created_at < before
    )
    return [one for one in db.session.scalars(statement) if one.id not in held]


@dataclass(frozen=True)
class Difference:
    """Files nothing refers to, and files that are referred to and not there."""

    spare: list[str]
    lost: list[str]
    count: int


def look(*, before: datetime) -> Difference:
    """Compare the store with what refers to it; files put since `before` may belong to what is not committed yet."""
    kept = {one.sha256: one.put_at for one in files().all()}
    named = set(db.session.scalars(select(Rendition.sha256).distinct()))
    spare = [name for name, at in kept.items() if name not in named and at < before]
    return Difference(sorted(spare), sorted(named - set(kept)), len(kept))
