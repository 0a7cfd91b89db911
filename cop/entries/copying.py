"""Images and files that a new entry takes along from an earlier one: the same stored bytes, shown by each on its own.

Actor first, no commit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from cop.core import clock
from cop.core.db import db
from cop.entries import file_words, policy
from cop.entries.attaching import is_image
from cop.entries.draft import Attachments, Enclosure, Image
from cop.entries.enclosure_models import Enclosed, Reading
from cop.entries.image_models import Attachment, Rendition
from cop.entries.models import Entry
from cop.entries.pictures import attached
from cop.people.viewer import Viewer
from cop.storage.files import files as stored

_NONE: Attachments = ((), ())
_WITH_SIZES = selectinload(Attachment.renditions)
#: Entries named beside one that shows the same.
_MOST = 20


def offered(viewer: Viewer, kind: str, ids: Sequence[int]) -> Attachments:
    """Return, as they are described now, those that entries of this kind show, that are there, and she may read."""
    found = _found(viewer, kind, ids)
    if not found:
        return _NONE
    known = _known(list(found))
    images = [
        Image(one.id, one.alt, not one.alt, one.licence, one.source)
        for one in found.values()
        if is_image(one)
    ]
    files = [
        Enclosure(one.id, one.alt, known[one.id].licence, known[one.id].source)
        for one in found.values()
        if one.id in known
    ]
    return tuple(images), tuple(files)


def _found(
    viewer: Viewer, kind: str, ids: Sequence[int], *, to_copy: bool = False
) -> dict[int, Attachment]:
    if not ids:
        return {}
    statement = (
        select(Attachment)
        .join(Entry, Entry.id == Attachment.entry_id)
        .where(
            Attachment.id.in_(list(ids)),
            Attachment.comment_id.is_(None),
            Attachment.position.is_not(None),
            Attachment.removed_at.is_(None),
            Entry.kind == kind,
            policy.readable(viewer),
        )
        .options(_WITH_SIZES)
    )
    if to_copy:
        # Whoever lets one go at this moment waits, so that what holds its bytes is not deleted under us.
        statement = statement.with_for_update(read=True, of=Attachment)
    found = {one.id: one for one in db.session.scalars(statement) if _is_there(one)}
    return {one: found[one] for one in ids if one in found}


def _is_there(one: Attachment) -> bool:
    return bool(one.renditions) and all(stored().has(size.sha256) for size in one.renditions)


def _known(ids: Sequence[int]) -> dict[int, Enclosed]:
    rows = db.session.scalars(select(Enclosed).where(Enclosed.attachment_id.in_(ids)))
    return {row.attachment_id: row for row in rows}


def taken_along(
    *, by: Viewer, kind: str, images: Sequence[Image], files: Sequence[Enclosure]
) -> Attachments:
    """Return images and files as a new entry is to show them: of those of an earlier one of this kind, her own copies.

    A copy is an attachment of its own that refers to the same bytes, so that neither entry takes anything from the
    other when it is edited or deleted. What was sent by her, and what she may not have, stays as it is named.
    """
    ids = [one.id for one in images] + [one.id for one in files]
    found = {} if by.system else _found(by, kind, ids, to_copy=True)
    if not found:
        return tuple(images), tuple(files)
    known = _known(list(found))
    made = {one.id: _copied(by, one) for one in found.values()}
    db.session.add_all(made.values())
    db.session.flush()
    for number, one in known.items():
        _copy_words(one, made[number].id)
    db.session.flush()
    numbers = {old: one.id for old, one in made.items()}
    return renumbered((tuple(images), tuple(files)), numbers)


def _copied(by: Viewer, one: Attachment) -> Attachment:
    # What somebody calls her picture nobody else reads; a file is downloaded under its name.
    name = one.name if one.uploader_id == by.id or not is_image(one) else ""
    return Attachment(
        uploader_id=by.id,
        alt=dict(one.alt),
        licence=one.licence,
        source=one.source,
        media_type=one.media_type,
        name=name,
        created_at=clock.now(),
        renditions=[
            Rendition(width=size.width, height=size.height, sha256=size.sha256, bytes=size.bytes)
            for size in one.renditions
        ],
    )


def _copy_words(one: Enclosed, attachment_id: int) -> None:
    db.session.add(
        Enclosed(
            attachment_id=attachment_id,
            format=one.format,
            licence=one.licence,
            source=one.source,
            reading=one.reading,
            words=one.words,
        )
    )
    if one.reading == Reading.WAITS:
        file_words.to_be_read(attachment_id)


def renumbered(both: Attachments, numbers: Mapping[int, int]) -> Attachments:
    """Return images and files under other ids, where there are such."""
    images, files = both
    return (
        tuple(replace(one, id=numbers.get(one.id, one.id)) for one in images),
        tuple(replace(one, id=numbers.get(one.id, one.id)) for one in files),
    )


def copies_in(entry: Entry, ids: Sequence[int]) -> dict[int, int]:
    """Return, by the ids of what it took along, under which ids an entry shows it itself."""
    own = attached([entry.id]) if ids else ()
    elsewhere = set(ids).difference(one.id for one in own)
    if not elsewhere:
        return {}
    statement = select(Attachment).where(Attachment.id.in_(elsewhere)).options(_WITH_SIZES)
    theirs = {one.id: one for one in db.session.scalars(statement)}
    left = [one for one in own if one.id not in ids]
    numbers: dict[int, int] = {}
    for number in ids:
        same = (one for one in left if number in theirs and _holds(one) == _holds(theirs[number]))
        found = next(same, None)
        if found is not None:
            left.remove(found)
            numbers[number] = found.id
    return numbers


def _holds(one: Attachment) -> tuple[str, ...]:
    return (one.media_type, *(size.sha256 for size in one.renditions))


def also_shown_by(viewer: Viewer, one: Attachment) -> Sequence[Entry]:
    """Return the other entries that show the same bytes, as far as she may read them: removed here they stay there."""
    same = (
        select(Attachment.entry_id)
        .join(Rendition, Rendition.attachment_id == Attachment.id)
        .where(
            Rendition.sha256.in_(select(Rendition.sha256).where(Rendition.attachment_id == one.id)),
            Attachment.entry_id != one.entry_id,
            Attachment.position.is_not(None),
        )
    )
    statement = (
        select(Entry)
        .where(Entry.id.in_(same), policy.readable(viewer))
        .order_by(Entry.id)
        .limit(_MOST)
        .options(selectinload(Entry.texts))
    )
    return db.session.scalars(statement).all()
