"""The images of a circle in the file its hosts take along: each once, in its largest size, up to a bound in all."""

import zipfile
from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from cop.core.db import db
from cop.core.types import Json
from cop.entries.image_models import Attachment
from cop.entries.models import Entry
from cop.storage.files import files
from cop.storage.images import MEDIA_TYPE
from cop.storage.store import FileGone

_FOLDER = "images/"
#: Bytes of all images of one file: it is made in memory and kept in the database for some days.
LIMIT = 25_000_000


def of_entry(entry: Entry, comment_ids: Iterable[int]) -> dict[int, list[Attachment]]:
    """Return the images shown with an entry (under 0) and with these of its comments, in their order."""
    wanted = {0, *comment_ids}
    found: dict[int, list[Attachment]] = {}
    for one in db.session.scalars(
        select(Attachment)
        .where(
            Attachment.entry_id == entry.id,
            Attachment.position.is_not(None),
            Attachment.removed_at.is_(None),
            Attachment.media_type == MEDIA_TYPE,
        )
        .order_by(Attachment.comment_id, Attachment.position)
        .options(selectinload(Attachment.renditions))
    ):
        if (one.comment_id or 0) in wanted:
            found.setdefault(one.comment_id or 0, []).append(one)
    return found


def packed_into(file: zipfile.ZipFile, images: Iterable[Attachment]) -> list[Json]:
    """Put images into the file and return how it tells of them; one that finds no room has no file."""
    return [
        {"file": _name_in(file, image), "shows": image.alt}
        | ({"licence": image.licence} if image.licence else {})
        | ({"source": image.source} if image.source else {})
        for image in images
    ]


def _name_in(file: zipfile.ZipFile, image: Attachment) -> str | None:
    if not image.renditions:
        return None
    largest = image.renditions[-1]
    name = f"{_FOLDER}{largest.sha256}.webp"
    there = [one for one in file.infolist() if one.filename.startswith(_FOLDER)]
    if name in {one.filename for one in there}:
        return name
    if sum(one.file_size for one in there) + largest.bytes > LIMIT:
        return None
    try:
        with files().open(largest.sha256) as opened:
            # Pressed already: packing it again would take long and save nothing.
            file.writestr(name, opened.read(), zipfile.ZIP_STORED)
    except FileGone:
        return None
    return name
