"""Files as a reader sees them: what each is, whose it is, on what terms, how large."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from cop.core.db import db
from cop.core.i18n import _, pick
from cop.core.types import Json
from cop.entries import pictures
from cop.entries.attaching import is_image
from cop.entries.draft import Enclosure, enclosures_from_json
from cop.entries.enclosure_models import Enclosed, Reading
from cop.entries.image_models import Attachment
from cop.entries.licences import LICENCES
from cop.entries.models import Entry
from cop.entries.pictures import Picture
from cop.people.viewer import Viewer
from cop.storage.documents import SOUNDS
from cop.storage.files import files

_KB = 1024


@dataclass(frozen=True)
class File:
    """A file on a page."""

    id: int
    #: What it is downloaded as.
    name: str
    format: str
    bytes: int
    href: str
    about: str = ""
    lang: str = ""
    licence: str = ""
    source: str = ""
    #: What became of reading its words.
    reading: str = ""
    #: Whether it is not in the store any more.
    is_lost: bool = False
    #: Whether a moderator removed it.
    is_removed: bool = False

    @property
    def is_sound(self) -> bool:
        """Whether it is listened to."""
        return self.format in SOUNDS

    @property
    def size(self) -> str:
        """How large it is, in words."""
        kilobytes = max(1, round(self.bytes / _KB))
        if kilobytes < _KB:
            return _("%(number)s KB", number=kilobytes)
        return _("%(number)s MB", number=f"{self.bytes / _KB / _KB:.1f}")

    @property
    def is_unread(self) -> bool:
        """Whether search does not know its words, and will not."""
        return self.reading in (Reading.FAILED, Reading.WORDLESS)

    @property
    def is_being_read(self) -> bool:
        """Whether search will know its words soon."""
        return self.reading == Reading.WAITS


Row = tuple[Attachment, Enclosed]
_WITH_FILE = selectinload(Attachment.renditions)


def _rows(*which: Any) -> Any:
    return (
        select(Attachment, Enclosed)
        .join(Enclosed, Enclosed.attachment_id == Attachment.id)
        .where(*which)
        .options(_WITH_FILE)
    )


@dataclass(frozen=True)
class Shown:
    """The images and the files that something shows."""

    images: tuple[Picture, ...] = ()
    files: tuple[File, ...] = ()


NOTHING = Shown()


def of_entry(entry: Entry) -> Shown:
    """Return the images and files of an entry as it is now; expects the viewer to read it."""
    return of_entries([entry.id]).get(entry.id, NOTHING)


def of_entries(entry_ids: Sequence[int]) -> dict[int, Shown]:
    """Return the images and files of entries as they are now; expects the viewer to read them."""
    return _together(pictures.attached(entry_ids), lambda one: one.entry_id)


def of_comments(comment_ids: Iterable[int]) -> dict[int, Shown]:
    """Return the images and files of each comment as it is now; expects the viewer to read them."""
    return _together(pictures.attached_to_comments(comment_ids), lambda one: one.comment_id)


def _together(
    attached: Sequence[Attachment], owner: Callable[[Attachment], int | None]
) -> dict[int, Shown]:
    """Return what is attached by what it belongs to; what is known of files is asked for only where there are any."""
    known = _known([one.id for one in attached if not is_image(one)])
    found: dict[int, Shown] = {}
    for one in attached:
        so_far = found.get(owner(one) or 0, NOTHING)
        if is_image(one):
            so_far = replace(so_far, images=(*so_far.images, pictures.picture(one)))
        elif one.id in known:
            so_far = replace(so_far, files=(*so_far.files, shown(one, known[one.id])))
        found[owner(one) or 0] = so_far
    return found


def _known(ids: Sequence[int]) -> dict[int, Enclosed]:
    if not ids:
        return {}
    statement = select(Enclosed).where(Enclosed.attachment_id.in_(ids))
    return {one.attachment_id: one for one in db.session.scalars(statement)}


def of_attachment(attachment: Attachment) -> File:
    """Return one file whose rendition is loaded, as it is now."""
    return shown(attachment, db.session.get_one(Enclosed, attachment.id))


def shown(attachment: Attachment, known: Enclosed, said: Enclosure | None = None) -> File:
    """Return a file whose rendition is loaded, described by `said` or as it is now."""
    words, lang = pick(attachment.alt if said is None else said.about)
    kept = attachment.renditions[0] if attachment.renditions else None
    removed = attachment.removed_at is not None
    return File(
        id=attachment.id,
        name=attachment.name,
        format=known.format,
        bytes=kept.bytes if kept else 0,
        href=pictures.address_of(attachment, kept) if kept else "",
        about=words,
        lang=lang.value if words else "",
        licence=str(LICENCES.get(known.licence if said is None else said.licence, "")),
        source=known.source if said is None else said.source,
        reading=known.reading,
        is_lost=not removed and not (kept and files().has(kept.sha256)),
        is_removed=removed,
    )


def shown_then(entry: Entry, states: Sequence[Json]) -> list[list[File]]:
    """Return the files of each earlier state, with what it said of them, in one query."""
    told = [enclosures_from_json(kept) for kept in states]
    ids = {one.id for said in told for one in said}
    if not ids:
        return [[] for _said in told]
    found = _by_id(_rows(Attachment.entry_id == entry.id, Attachment.id.in_(ids)))
    return [[shown(*found[one.id], one) for one in said if one.id in found] for said in told]


def _by_id(statement: Any) -> dict[int, Row]:
    return {row[0].id: (row[0], row[1]) for row in db.session.execute(statement)}


def while_writing(viewer: Viewer, ids: Sequence[int]) -> dict[int, File]:
    """Return by id those of the files that somebody may use in what she writes: her own, and her entry's."""
    if not ids:
        return {}
    found = _by_id(_rows(Attachment.id.in_(ids)))
    mine = pictures.usable(viewer, [attachment for attachment, _known in found.values()])
    return {one: shown(*row) for one, row in found.items() if one in mine}


def in_words(kept: Json) -> str:
    """Return what the files of a state are, in words, for a comparison of two states."""
    said = []
    for one in enclosures_from_json(kept):
        parts = (pick(one.about)[0], str(LICENCES.get(one.licence, "")), one.source)
        said.append(" · ".join(filter(None, parts)))
    return " / ".join(said)
