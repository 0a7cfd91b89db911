"""What a comment said and showed before it was edited."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from cop import markup
from cop.core.db import db
from cop.entries import enclosures, mentions, pictures, policy
from cop.entries.draft import images_from_json
from cop.entries.enclosures import NOTHING, File
from cop.entries.models import Comment, CommentRevision, Entry
from cop.entries.pictures import Picture
from cop.entries.thread import html_of
from cop.people.viewer import Viewer


@dataclass(frozen=True)
class Earlier:
    """What a comment said, newest first in a history."""

    number: int
    lang: str
    html: str
    at: datetime | date
    images: Sequence[Picture] = ()
    files: Sequence[File] = ()


def history(viewer: Viewer, entry: Entry, comment: Comment) -> list[Earlier]:
    """Return everything a comment said and showed, what it says now first."""
    rows = db.session.scalars(
        select(CommentRevision)
        .where(CommentRevision.comment_id == comment.id)
        .order_by(CommentRevision.number.desc())
        .limit(100)
    ).all()
    shown = pictures.shown_then(entry, [images_from_json(row.images) for row in rows])
    files = enclosures.shown_then(entry, [row.images for row in rows])
    attached = enclosures.of_comments([comment.id]).get(comment.id, NOTHING)
    known = mentions.names(viewer, entry, [html_of(comment), *(row.body for row in rows)])
    known = known.beside(comment)
    now = Earlier(
        comment.number,
        comment.lang,
        known.html(html_of(comment)),
        policy.told_time(entry, comment.edited_at or comment.created_at),
        attached.images,
        attached.files,
    )
    return [
        now,
        *(
            Earlier(
                row.number,
                row.lang,
                known.html(markup.render(row.body).html),
                policy.told_time(entry, row.written_at),
                images,
                told_files,
            )
            for row, images, told_files in zip(rows, shown, files, strict=True)
        ),
    ]
