"""Removing one image or file, for a reason: what holds it goes for good, a trace stays. Actor first, no commit."""

from sqlalchemy import select

from cop.core import clock
from cop.core.db import db
from cop.entries import attaching, cases, events, pictures, reasons
from cop.entries.cases import Decided
from cop.entries.image_models import Rendition
from cop.entries.models import Comment, Entry
from cop.entries.operations import touch
from cop.events.record import record
from cop.people.viewer import Viewer


def remove_image(*, by: Viewer, attachment_id: int, reason: str, ready: str = "") -> Entry:
    """Take an image or a file away from everybody, its author too, who reads the reason. Once is enough."""
    image, entry = pictures.to_remove(by, attachment_id)
    if image.removed_at is not None:
        return entry
    why, is_image = reasons.checked(reason, ready), attaching.is_image(image)
    comment = db.session.get(Comment, image.comment_id) if image.comment_id else None
    image.removed_at, image.removed_reason = clock.now(), why.words
    sizes = db.session.scalars(select(Rendition).where(Rendition.attachment_id == image.id)).all()
    attaching.discard({size.sha256 for size in sizes})
    for size in sizes:
        db.session.delete(size)
    touch(entry)
    author_id = comment.author_id if comment else entry.author_id
    cases.tell(
        by=by,
        act=Decided.REMOVE_IMAGE if is_image else Decided.REMOVE_FILE,
        reason=why,
        user_id=author_id,
        entry=entry,
        comment=comment,
    )
    removed = events.ImageRemoved if is_image else events.FileRemoved
    event = removed(
        entry_id=entry.id,
        comment_id=image.comment_id,
        reason=why.words,
        ready=why.ready,
    )
    record(event, actor_id=by.id)
    return entry
