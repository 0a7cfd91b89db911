"""Images of entries and comments, and what files share with them: kept, given to what is published, let go."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import selectinload

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Invalid
from cop.core.i18n import _l, _ln
from cop.core.types import Json
from cop.entries import not_kept, policy
from cop.entries.draft import Image, images_from_json
from cop.entries.image_models import Attachment, Rendition
from cop.entries.licences import LICENCES
from cop.entries.models import Comment, CommentRevision, Entry, Revision, Text
from cop.jobs import queue
from cop.people.viewer import Viewer
from cop.storage.files import files
from cop.storage.images import MEDIA_TYPE, Size, sizes_of
from cop.storage.process import NotTaken
from cop.storage.store import StorageFull

#: The job that deletes files nothing refers to any more.
DISCARD_JOB = "files.discard"
#: The job of the night that finds what was left over.
TIDY_JOB = "files.tidy"
#: Images one entry, or one comment, can have.
ENTRY_LIMIT, COMMENT_LIMIT = 20, 8
#: Images and files one person can send in a day.
DAILY_LIMIT = 100
#: Longest description of an image, in characters.
ALT_LIMIT = 300
#: How long an image is kept that nothing was made of, and that no draft holds.
PENDING_KEPT = timedelta(days=1)
#: A file put so lately may belong to a row that is about to be committed.
GRACE = timedelta(minutes=1)
#: The field of forms that what is wrong with images is said beside.
FIELD = "files"


def prepared(data: bytes, name: str) -> list[Size]:
    """Return the sizes of a picture, clean, or raise Invalid. It takes a while: hold no transaction meanwhile."""
    try:
        return sizes_of(data)
    except NotTaken as error:
        raise Invalid(FIELD, not_kept.image(error.why, name)) from error


def sent_today(by: Viewer) -> int:
    """Return how many images and files somebody has sent in a day."""
    policy.require_member(by)
    since = clock.now() - timedelta(days=1)
    statement = select(func.count()).where(
        Attachment.uploader_id == by.id, Attachment.created_at > since
    )
    return db.session.scalar(statement) or 0


def require_room(by: Viewer, field: str = FIELD) -> None:
    """Raise Invalid where somebody has sent as much today as one person can."""
    if sent_today(by) >= DAILY_LIMIT:
        raise Invalid(
            field,
            _l(
                "You have sent as many images and files today as one person can (%(limit)s). What you wrote is "
                "kept; add more tomorrow.",
                limit=DAILY_LIMIT,
            ),
        )


def keep(*, by: Viewer, name: str, sizes: Sequence[Size]) -> Attachment:
    """Keep a prepared picture for what somebody is writing; until that is published she alone sees it."""
    require_room(by)
    made = Attachment(
        uploader_id=by.id, alt={}, media_type=MEDIA_TYPE, name=name[-200:], created_at=clock.now()
    )
    try:
        made.renditions = [stored(size.data, size.width, size.height) for size in sizes]
    except StorageFull as error:
        raise Invalid(FIELD, not_kept.image("full", name)) from error
    db.session.add(made)
    db.session.flush()
    return made


def stored(data: bytes, width: int = 0, height: int = 0) -> Rendition:
    """Return a file put into the store, or raise StorageFull."""
    return Rendition(width=width, height=height, sha256=files().put(data), bytes=len(data))


def lacking(images: Sequence[Image], *, limit: int = ENTRY_LIMIT) -> Iterator[Invalid]:
    """Yield everything that is wrong with images as somebody hands them in."""
    if len(images) > limit:
        yield Invalid(
            FIELD,
            _ln(
                "At most %(num)d image fits here; take some away.",
                "At most %(num)d images fit here; take some away.",
                limit,
            ),
        )
    if any(not image.alt and not image.decorative for image in images):
        yield Invalid(
            FIELD,
            _l(
                "Say in a few words what each image shows, for people who cannot see it and for search; or mark it as "
                "decoration."
            ),
        )
    if any(len(words) > ALT_LIMIT for image in images for words in image.alt.values()):
        yield Invalid(
            FIELD,
            _l("Say what an image shows in at most %(limit)s characters.", limit=ALT_LIMIT),
        )
    if any(len(image.source) > ALT_LIMIT for image in images):
        yield Invalid(
            FIELD,
            _l("Say where an image is from in at most %(limit)s characters.", limit=ALT_LIMIT),
        )
    if any(image.licence and image.licence not in LICENCES for image in images):
        yield Invalid(FIELD, _l("Please choose one of the options offered."))


def check(images: Sequence[Image], *, limit: int = ENTRY_LIMIT) -> None:
    """Raise Invalid for images that cannot be taken as they are."""
    for error in lacking(images, limit=limit):
        raise error


def place(
    *, by: Viewer, entry: Entry, images: Sequence[Image], comment: Comment | None = None
) -> None:
    """Show exactly these images with an entry or a comment, in this order; the history keeps those it showed.

    Raises Invalid for one that is not there, or that is neither of this item nor sent by who acts.
    """
    found = put(by=by, entry=entry, comment=comment, ids=[image.id for image in images])
    for one, image in zip(found, images, strict=True):
        if one is None:
            raise Invalid(
                FIELD,
                _l(
                    "An image was kept for a day only and is gone. Take it away here, and choose it again."
                ),
            )
        one.alt, one.licence, one.source = dict(image.alt), image.licence, image.source
    db.session.flush()


def put(
    *,
    by: Viewer,
    entry: Entry,
    comment: Comment | None,
    ids: Sequence[int],
    are_images: bool = True,
) -> list[Attachment | None]:
    """Give an entry or a comment exactly these images, or these files, in this order, and return them.

    None stands for one that is not there, or that is neither of this item nor sent by who acts.
    """
    there = {one.id: one for one in _of(entry, comment) if is_image(one) == are_images}
    fresh = _sent_by(by, [one for one in ids if one not in there])
    for one in there.values():
        one.position = None
    put_now: list[Attachment | None] = []
    for position, attachment_id in enumerate(ids, 1):
        found = there.get(attachment_id) or fresh.get(attachment_id)
        if found is not None and is_image(found) == are_images:
            found.entry_id, found.comment_id = entry.id, comment.id if comment else None
            found.position = position
            put_now.append(found)
        else:
            put_now.append(None)
    return put_now


def is_image(attachment: Attachment) -> bool:
    """Tell an image from a file."""
    return attachment.media_type == MEDIA_TYPE


def show(*, by: Viewer, entry: Entry, facts: Json) -> None:
    """Show the images that an entry's facts name; the history keeps those it showed."""
    images = images_from_json(facts.get("images", {}))
    check(images)
    place(by=by, entry=entry, images=images)


def images_of(comment: Comment) -> tuple[Image, ...]:
    """Return the images of a comment as its author would hand them in again."""
    statement = (
        select(Attachment.id, Attachment.alt, Attachment.licence, Attachment.source)
        .where(
            Attachment.comment_id == comment.id,
            Attachment.position.is_not(None),
            Attachment.media_type == MEDIA_TYPE,
        )
        .order_by(Attachment.position)
    )
    rows = db.session.execute(statement)
    return tuple(Image(one, alt, not alt, licence, source) for one, alt, licence, source in rows)


def _of(entry: Entry, comment: Comment | None) -> Sequence[Attachment]:
    return db.session.scalars(select(Attachment).where(_is_of(entry, comment))).all()


def _is_of(entry: Entry, comment: Comment | None) -> ColumnElement[bool]:
    if comment is not None:
        return Attachment.comment_id == comment.id
    return (Attachment.entry_id == entry.id) & Attachment.comment_id.is_(None)


def _sent_by(by: Viewer, ids: Sequence[int]) -> dict[int, Attachment]:
    """Return those of the images that somebody sent and nothing was made of yet; the site itself may take any."""
    if not ids:
        return {}
    statement = select(Attachment).where(Attachment.id.in_(ids), Attachment.entry_id.is_(None))
    if not by.system:
        statement = statement.where(Attachment.uploader_id == by.id)
    return {one.id: one for one in db.session.scalars(statement)}


def let_go(entry: Entry, comment: Comment | None = None) -> None:
    """Delete the images of an entry or comment that neither it nor any state of its history shows any more."""
    shown = _in_history(entry) if comment is None else _in_history_of(comment)
    gone = [one for one in _of(entry, comment) if one.position is None and one.id not in shown]
    delete(gone)


def let_all_go(comment: Comment) -> None:
    """Delete every image of a comment, with those of its history."""
    of_comment = select(Attachment).where(Attachment.comment_id == comment.id)
    delete(db.session.scalars(of_comment).all())


def _in_history(entry: Entry) -> set[int]:
    rows = db.session.scalars(
        select(Revision.facts)
        .join(Text, Text.id == Revision.text_id)
        .where(Text.entry_id == entry.id)
    )
    return _named(facts.get(name) for facts in rows for name in ("images", "files"))


def _in_history_of(comment: Comment) -> set[int]:
    rows = db.session.scalars(
        select(CommentRevision.images).where(CommentRevision.comment_id == comment.id)
    )
    return _named(rows)


def _named(kept: Iterable[Json | None]) -> set[int]:
    return {int(key) for one in kept if one for key in one}


def delete(gone: Iterable[Attachment]) -> None:
    """Delete images, and let the worker delete their files as soon as this is committed."""
    ids = [one.id for one in gone]
    if not ids:
        return
    found = db.session.scalars(
        select(Attachment)
        .where(Attachment.id.in_(ids))
        .options(selectinload(Attachment.renditions))
    ).all()
    discard({size.sha256 for one in found for size in one.renditions})
    for one in found:
        for size in one.renditions:
            db.session.delete(size)
        db.session.delete(one)
    db.session.flush()


def discard(hashes: Iterable[str]) -> None:
    """Ask for files to be deleted if nothing refers to them then."""
    names = sorted(hashes)
    if names:
        at = clock.now() + GRACE
        queue.enqueue(db.session, DISCARD_JOB, {"sha256": names}, run_at=at)
