"""Rows of comments as the database gives them: each with what it answers, as far as both exist for a reader."""

from dataclasses import dataclass
from functools import cache

from sqlalchemy import Integer, Select, bindparam, exists, select, tuple_
from sqlalchemy.orm import aliased, contains_eager, joinedload

from cop.core.db import db
from cop.core.errors import NotFound
from cop.entries import policy, queries
from cop.entries.image_models import Attachment
from cop.entries.models import Comment, CommentStatus, Entry
from cop.people.models import User
from cop.people.viewer import Viewer


@dataclass(frozen=True)
class Row:
    """A comment, what it answers, and whether it shows images or files."""

    comment: Comment
    answered: Comment | None = None
    has_attachments: bool = False


@cache
def _rows(*, reached: policy.Reach) -> Select[Comment, Comment, bool]:
    """Return the statement of the comments on an entry, with what each answers; built once, as those below."""
    answered, their_author = aliased(Comment), aliased(User)
    shows = exists().where(Attachment.comment_id == Comment.id, Attachment.position.is_not(None))
    return (
        select(Comment, answered, shows)
        .outerjoin(answered, Comment.answers_id == answered.id)
        .outerjoin(their_author, answered.author_id == their_author.id)
        .where(
            Comment.entry_id == bindparam("on", type_=Integer),
            Comment.status != CommentStatus.OPENING,
        )
        .where(policy.existing_for(bindparam("reader", type_=Integer), reached))
        .options(
            joinedload(Comment.author),
            contains_eager(answered.author.of_type(their_author)),
        )
    )


@cache
def _one(*, reached: policy.Reach) -> Select[Comment, Comment, bool]:
    return _rows(reached=reached).where(Comment.id == bindparam("comment", type_=Integer))


@cache
def _part(
    *, backwards: bool, from_place: bool, reached: policy.Reach
) -> Select[Comment, Comment, bool]:
    # A row value, not its parts joined by OR: only so the databases go straight to the place.
    here = tuple_(Comment.thread_id, Comment.id)
    there = tuple_(bindparam("thread", type_=Integer), bindparam("comment", type_=Integer))
    statement = _rows(reached=reached)
    if from_place:
        statement = statement.where(here < there if backwards else here > there)
    order = (
        (Comment.thread_id.desc(), Comment.id.desc())
        if backwards
        else (Comment.thread_id.asc(), Comment.id.asc())
    )
    return statement.order_by(*order).limit(bindparam("size", type_=Integer))


def _asked(viewer: Viewer, entry: Entry) -> tuple[policy.Reach, dict[str, int]]:
    """Return which comments there are for the viewer, and the values of the statements above."""
    return policy.reach(viewer, entry), {"on": entry.id, "reader": viewer.id or 0}


def row_of(viewer: Viewer, entry: Entry, comment_id: int) -> Row:
    """Return one comment on an entry, or raise NotFound where it does not exist for the viewer."""
    if not 0 < comment_id <= queries.MAX_ID:
        raise NotFound
    reached, values = _asked(viewer, entry)
    values["comment"] = comment_id
    found = db.session.execute(_one(reached=reached), values).first()
    if found is None:
        raise NotFound
    return Row(*found)


def read(
    viewer: Viewer,
    entry: Entry,
    place: tuple[int, int] | None,
    *,
    backwards: bool = False,
    size: int,
) -> list[Row]:
    """Return comments on an entry with their authors, in the order of threads: from the beginning or `place` on."""
    reached, values = _asked(viewer, entry)
    statement = _part(backwards=backwards, from_place=place is not None, reached=reached)
    values["size"] = size
    if place is not None:
        values |= {"thread": place[0], "comment": place[1]}
    return [Row(*found) for found in db.session.execute(statement, values)]
