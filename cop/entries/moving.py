"""Moving comments to another entry, with their cases, under the names they stood under. No commit.

A comment that leaves the entry it was written under keeps the name it had there (`Comment.mask`), so that nobody is
recognised, or hidden, by where it stands now; what decides is still that first entry (`Comment.origin_id`).
"""

from sqlalchemy import Select, case, exists, func, or_, select, update

from cop.core.db import db
from cop.entries.image_models import Attachment
from cop.entries.models import Case, Comment, CommentStatus, Entry, NameMask
from cop.entries.operations import touch


def move(*, source: Entry, target: Entry, chosen: Select[int]) -> None:
    """Let comments of one entry stand under another one; a fixed number of statements, however many they are."""
    db.session.flush()
    unnamed = source.name_mask == NameMask.UNNAMED
    by_author = Comment.author_id == source.author_id
    first = (Comment.id.in_(chosen), Comment.entry_id == source.id, Comment.mask == "")
    _do(
        update(Comment)
        .where(*first)
        .values(
            mask=case((by_author, NameMask.UNNAMED.value), else_=NameMask.SHOWN.value)
            if unnamed and source.author_id is not None
            else NameMask.SHOWN.value,
            origin_id=source.id,
        )
    )
    _stand_under(source, target, chosen)
    target.by_day = target.by_day or source.by_day or unnamed


def return_(*, source: Entry, target: Entry, chosen: Select[int]) -> None:
    """Let comments that came from `source` stand there again, under the names that one gives them.

    What was written under `target` since, or stands there as its author's, keeps the name it has there.
    """
    db.session.flush()
    _do(
        update(Comment)
        .where(
            Comment.id.in_(chosen),
            Comment.entry_id == target.id,
            Comment.mask == "",
            or_(Comment.origin_id.is_(None), Comment.origin_id != source.id),
        )
        .values(
            mask=case((Comment.author_id == target.author_id, target.name_mask), else_="")
            if target.author_id is not None
            else "",
            origin_id=func.coalesce(Comment.origin_id, target.id),
        )
    )
    _stand_under(target, source, chosen)
    _do(
        update(Comment)
        .where(Comment.entry_id == source.id, Comment.origin_id == source.id)
        .values(mask="", origin_id=None)
    )
    unnamed = exists().where(Comment.entry_id == source.id, Comment.mask == NameMask.UNNAMED)
    source.by_day = source.by_day or bool(db.session.scalar(select(unnamed)))


def name_as_entry(entry: Entry) -> None:
    """Let the comments of an entry's author stand under the name the entry gives her, where it gives the same."""
    _do(
        update(Comment)
        .where(
            Comment.entry_id == entry.id,
            Comment.author_id == entry.author_id,
            Comment.mask == entry.name_mask,
        )
        .values(mask="")
    )


def _stand_under(source: Entry, target: Entry, chosen: Select[int]) -> None:
    here = (Comment.id.in_(chosen), Comment.entry_id == source.id)
    moved = select(Comment.id).where(*here)
    _do(update(Case).where(Case.comment_id.in_(moved)).values(entry_id=target.id))
    _do(update(Attachment).where(Attachment.comment_id.in_(moved)).values(entry_id=target.id))
    _do(update(Comment).where(*here).values(entry_id=target.id))
    for one in list(db.session.identity_map.values()):
        if isinstance(one, Comment):
            db.session.expire(one)


def _do(statement: object) -> None:
    db.session.execute(statement, execution_options={"synchronize_session": False})  # type: ignore[call-overload]


def recount(entry: Entry) -> None:
    """Count the comments of an entry that can be read now, and note that its page shows something new."""
    entry.replies = (
        db.session.scalar(
            select(func.count()).where(
                Comment.entry_id == entry.id, Comment.status == CommentStatus.PUBLISHED
            )
        )
        or 0
    )
    touch(entry)


def give_images(comment: Comment) -> None:
    """Let go of the images a comment shows, for the entry that it will begin."""
    shown = (Attachment.comment_id == comment.id, Attachment.position.is_not(None))
    _do(update(Attachment).where(*shown).values(entry_id=None, comment_id=None))


def take_images(comment: Comment, began: Entry) -> None:
    """Let a comment show the images again of the entry that it began."""
    shown = (
        Attachment.entry_id == began.id,
        Attachment.comment_id.is_(None),
        Attachment.position.is_not(None),
    )
    _do(update(Attachment).where(*shown).values(entry_id=comment.entry_id, comment_id=comment.id))
