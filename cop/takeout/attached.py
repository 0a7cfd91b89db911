"""Her images and files: each once, in its largest size, up to a bound in all."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from cop.core.db import db
from cop.core.text import slugify
from cop.entries.attaching import is_image
from cop.entries.image_models import Attachment, Rendition

#: Bytes of all images and files of one person's file; further ones are named, with where they stand.
LIMIT = 1_000_000_000


@dataclass(frozen=True)
class Sent:
    """An image or a file she sent, as it is called in the file."""

    id: int
    name: str
    sha256: str
    bytes: int


def sent_by(user_id: int) -> Select[Attachment]:
    """Return the statement of the images and files somebody sent, but for those a moderator took away."""
    return (
        select(Attachment)
        .where(Attachment.uploader_id == user_id, Attachment.removed_at.is_(None))
        .order_by(Attachment.id)
    )


def first_without_room(user_id: int) -> int | None:
    """Return the first image or file that finds no room any more, or None where all do."""
    largest = (
        select(Attachment.id, func.max(Rendition.bytes).label("bytes"))
        .join(Rendition, Rendition.attachment_id == Attachment.id)
        .where(Attachment.uploader_id == user_id, Attachment.removed_at.is_(None))
        .group_by(Attachment.id)
        .subquery()
    )
    together = select(
        largest.c.id, func.sum(largest.c.bytes).over(order_by=largest.c.id).label("bytes")
    ).subquery()
    first: int | None = db.session.scalar(
        select(func.min(together.c.id)).where(together.c.bytes > LIMIT)
    )
    return first


def in_file(row: Attachment, cut: int | None) -> Sent | None:
    """Return how an image or a file (its sizes are loaded) is called in the file; None where it has no room there."""
    if not row.renditions or (cut is not None and row.id >= cut):
        return None
    largest = row.renditions[-1]
    path = PurePath(row.name)
    stem = slugify(path.stem) or "file"
    ending = ".webp" if is_image(row) else path.suffix.lower()
    return Sent(row.id, f"files/{row.id}-{stem[:60]}{ending}", largest.sha256, largest.bytes)


def of_entries(user_id: int, entry_ids: Sequence[int]) -> dict[int, list[Attachment]]:
    """Return her images and files that entries show now, by entry, in their order."""
    found: dict[int, list[Attachment]] = {}
    for row in db.session.scalars(
        select(Attachment)
        .where(
            Attachment.entry_id.in_(entry_ids),
            Attachment.comment_id.is_(None),
            Attachment.position.is_not(None),
            Attachment.uploader_id == user_id,
            Attachment.removed_at.is_(None),
        )
        .order_by(Attachment.entry_id, Attachment.position)
        .options(selectinload(Attachment.renditions))
    ):
        found.setdefault(row.entry_id or 0, []).append(row)
    return found


def all_in_file(user_id: int, cut: int | None) -> list[Sent]:
    """Return everything that goes into the file: names and hashes alone, whatever their size."""
    rows = db.session.scalars(sent_by(user_id).options(selectinload(Attachment.renditions)))
    return [one for row in rows if (one := in_file(row, cut)) is not None]
