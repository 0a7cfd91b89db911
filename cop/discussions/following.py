"""Keeping what lists of discussions go by the same as what the entry and its replies say."""

from sqlalchemy import exists, or_, select

from cop.core.db import db
from cop.discussions.models import Discussion, Form
from cop.entries.models import Comment, CommentStatus, Entry


def follow(entry: Entry) -> None:
    """Bring a discussion up to date after anything about its entry or its replies changed."""
    found = db.session.get(Discussion, entry.id)
    if found is not None:
        bring_up_to_date(found, entry)


def bring_up_to_date(discussion: Discussion, entry: Entry) -> None:
    """Repeat what the entry says; an accepted reply that was taken away answers nothing any more."""
    db.session.flush()
    discussion.audience, discussion.active_at = entry.audience, entry.active_at
    if discussion.accepted_id is not None and not _stands(entry, discussion.accepted_id):
        discussion.accepted_id = None
    discussion.unanswered = discussion.form == Form.QUESTION and not _has_reply(entry)


def _stands(entry: Entry, comment_id: int) -> bool:
    comment = db.session.get(Comment, comment_id)
    if comment is None or comment.entry_id != entry.id:
        return False
    return comment.status == CommentStatus.PUBLISHED


def _has_reply(entry: Entry) -> bool:
    """Tell whether somebody else than the asker has replied."""
    others = or_(Comment.author_id.is_(None), Comment.author_id != entry.author_id)
    if entry.author_id is None:
        others = Comment.id.is_not(None)
    return bool(
        db.session.scalar(
            select(
                exists().where(
                    Comment.entry_id == entry.id,
                    Comment.status == CommentStatus.PUBLISHED,
                    others,
                )
            )
        )
    )
