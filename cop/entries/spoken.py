"""What comments say beside their place: their words for the index, and whether somebody's name stands under one."""

from collections.abc import Collection, Sequence

from sqlalchemy import and_, exists, not_, or_, select

from cop import markup
from cop.core.db import db
from cop.entries import policy
from cop.entries.models import Comment, CommentStatus, Entry, NameMask
from cop.people.models import User
from cop.people.viewer import Viewer


def speaks_openly(viewer: Viewer, user_id: int) -> bool:
    """Tell whether somebody's name stands under a comment that this viewer may read."""
    masked = and_(Entry.name_mask == NameMask.UNNAMED, Entry.author_id == user_id)
    statement = (
        select(Comment.id)
        .join(Entry, Entry.id == Comment.entry_id)
        .where(
            Comment.author_id == user_id,
            Comment.status == CommentStatus.PUBLISHED,
            policy.listed(viewer),
            not_(masked),
        )
        .limit(1)
    )
    return db.session.scalar(statement) is not None


def named_openly(viewer: Viewer, user_ids: Collection[int]) -> set[int]:
    """Return those of these people whose own name stands under something that this viewer finds in lists."""
    wrote = exists().where(
        Entry.author_id == User.id, Entry.name_mask == NameMask.SHOWN, policy.listed(viewer)
    )
    said = exists().where(
        Comment.author_id == User.id,
        Comment.status == CommentStatus.PUBLISHED,
        Comment.entry_id == Entry.id,
        policy.listed(viewer),
        not_(and_(Entry.name_mask == NameMask.UNNAMED, Entry.author_id == User.id)),
    )
    statement = select(User.id).where(User.id.in_(sorted(user_ids)), or_(wrote, said))
    return set(db.session.scalars(statement))


def words_of(entry_ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Return (language, plain words) of the comments others read on each entry, for the index."""
    rows = db.session.execute(
        select(Comment.entry_id, Comment.lang, Comment.html)
        .where(Comment.entry_id.in_(list(entry_ids)), Comment.status == CommentStatus.PUBLISHED)
        .order_by(Comment.id)
    )
    said: dict[int, list[tuple[str, str]]] = {}
    for entry_id, lang, html in rows:
        said.setdefault(entry_id, []).append((lang, markup.words_of(html)))
    return said
