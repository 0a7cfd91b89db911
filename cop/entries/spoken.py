"""What comments say beside their place: their words for the index, and whether somebody's name stands under one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import Select, and_, exists, func, not_, or_, select
from sqlalchemy.orm import aliased

from cop import markup
from cop.core.db import db
from cop.core.types import Json
from cop.entries import policy
from cop.entries.file_words import words_in
from cop.entries.image_models import Attachment
from cop.entries.models import Comment, CommentStatus, Entry, NameMask, Status, Text, Visibility
from cop.people.models import User
from cop.people.viewer import Viewer

#: So many of the newest comments of an entry are looked through for the one that answers a search.
_NEWEST = 200


@dataclass(frozen=True)
class Spoken:
    """A comment that others read, as it is looked through by a search."""

    id: int
    lang: str
    html: str


def spoken_on(entry_ids: Sequence[int]) -> dict[int, list[Spoken]]:
    """Return the newest comments that everybody reads who may read the entry, for entries that a viewer may read."""
    place = func.row_number().over(partition_by=Comment.entry_id, order_by=Comment.id.desc())
    newest = (
        select(Comment.entry_id, Comment.id, Comment.lang, Comment.html, place.label("place"))
        .where(Comment.entry_id.in_(list(entry_ids)), Comment.status == CommentStatus.PUBLISHED)
        .subquery()
    )
    rows = db.session.execute(
        select(newest.c.entry_id, newest.c.id, newest.c.lang, newest.c.html)
        .where(newest.c.place <= _NEWEST)
        .order_by(newest.c.entry_id)
    )
    return {
        entry_id: [Spoken(*row[1:]) for row in told]
        for entry_id, told in groupby(rows, key=lambda row: row[0])
    }


def speaks_openly(viewer: Viewer, user_id: int) -> bool:
    """Tell whether somebody's name stands under a comment that this viewer may read."""
    statement = (
        select(Comment.id)
        .join(Entry, Entry.id == Comment.entry_id)
        .where(
            Comment.author_id == user_id,
            Comment.status == CommentStatus.PUBLISHED,
            policy.listed(viewer),
            not_(policy.masked()),
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
        not_(policy.masked()),
    )
    statement = select(User.id).where(User.id.in_(sorted(user_ids)), or_(wrote, said))
    return set(db.session.scalars(statement))


def words_of(entry_ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Return (language, plain words) of the comments others read on each entry, of what images show and files hold."""
    rows = db.session.execute(
        select(Comment.entry_id, Comment.lang, Comment.html)
        .where(Comment.entry_id.in_(list(entry_ids)), Comment.status == CommentStatus.PUBLISHED)
        .order_by(Comment.id)
    )
    said = _joined(entry_ids)
    for entry_id, lang, html in rows:
        said.setdefault(entry_id, []).append((lang, markup.words_of(html)))
    for of_entry, alt in db.session.execute(_described(entry_ids)):
        if of_entry is not None:
            said.setdefault(of_entry, []).extend(alt.items())
    for of_entry, words in words_in(entry_ids).items():
        said.setdefault(of_entry, []).extend(words)
    return said


def _joined(entry_ids: Sequence[int]) -> dict[int, list[tuple[str, str]]]:
    """Return the words of what was joined with each entry, where its readers may read that too."""
    into = aliased(Entry)
    rows = db.session.execute(
        select(into.id, Text.lang, Text.title, Text.plain)
        .join(Entry, Entry.merged_into_id == into.id)
        .join(Text, Text.entry_id == Entry.id)
        .where(
            into.id.in_(list(entry_ids)),
            Entry.status == Status.MERGED,
            or_(
                Entry.visibility == Visibility.PUBLIC,
                and_(
                    Entry.visibility == into.visibility,
                    Entry.circle_id.is_not_distinct_from(into.circle_id),
                ),
            ),
        )
        .order_by(Entry.id)
    )
    said: dict[int, list[tuple[str, str]]] = {}
    for entry_id, lang, title, plain in rows:
        said.setdefault(entry_id, []).append((lang, f"{title}\n{plain}"))
    return said


def _described(entry_ids: Sequence[int]) -> Select[int | None, Json]:
    """Return the statement of what the images show that others see with each entry and its comments."""
    spoken = or_(Attachment.comment_id.is_(None), Comment.status == CommentStatus.PUBLISHED.value)
    return (
        select(Attachment.entry_id, Attachment.alt)
        .outerjoin(Comment, Comment.id == Attachment.comment_id)
        .where(
            Attachment.entry_id.in_(list(entry_ids)),
            Attachment.position.is_not(None),
            Attachment.removed_at.is_(None),
            spoken,
        )
        .order_by(Attachment.id)
    )
