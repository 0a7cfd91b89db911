"""What pages took up from replies and notes: what can be taken up, where it was, and to whom it is owed.

Only what everybody may read is taken up, and a credit shows only while its reader may still read what it
names. All names come from the one byline function.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Integer, and_, bindparam, func, or_, select
from sqlalchemy.orm import joinedload

from cop.core.db import db
from cop.core.errors import Forbidden, NotFound
from cop.core.i18n import _l
from cop.entries import policy, queries
from cop.entries.cards import Heading, headings
from cop.entries.commenting import get_comment
from cop.entries.models import (
    Comment,
    CommentStatus,
    Entry,
    Revision,
    Status,
    Text,
    Visibility,
)
from cop.entries.policy import Byline
from cop.entries.taken_models import TakenUp
from cop.people.viewer import Viewer

#: The kind whose comments can be taken up, and the section of a note that can.
TALKS, LESSON = "discussion", "what_we_learned"
REPLY, NOTE = "reply", "note"
#: People named beside a page.
MOST_NAMED = 40


@dataclass(frozen=True)
class Source:
    """What is taken up: a reply with its discussion, or a note."""

    entry: Entry
    comment: Comment | None = None

    @property
    def name(self) -> str:
        """What names it in a form."""
        return f"{REPLY}:{self.comment.id}" if self.comment else f"{NOTE}:{self.entry.id}"

    @property
    def comment_id(self) -> int | None:
        """The reply, where it is one."""
        return self.comment.id if self.comment else None

    @property
    def href(self) -> str:
        """The address that leads back to it."""
        return f"/comments/{self.comment.id}" if self.comment else f"/entries/{self.entry.id}"

    @property
    def author_id(self) -> int | None:
        """Who wrote it."""
        return self.comment.author_id if self.comment else self.entry.author_id

    def byline(self, viewer: Viewer) -> Byline:
        """Return the name it stands under, as this reader may see it."""
        return _byline(viewer, self.entry, self.comment)


def source_named(viewer: Viewer, name: str) -> Source:
    """Return what a form names; raise NotFound for what this viewer may not read, Forbidden for what is not public."""
    sort, _colon, number = name.partition(":")
    if not (number.isascii() and number.isdigit() and len(number) <= 10):
        raise NotFound
    if sort == REPLY:
        return of_reply(viewer, int(number))
    if sort == NOTE:
        return of_note(viewer, int(number))
    raise NotFound


def readable_source(viewer: Viewer, name: str) -> Source | None:
    """Return what a form named, or None where it is gone or no longer public."""
    try:
        return source_named(viewer, name)
    except (NotFound, Forbidden):
        return None


def of_reply(viewer: Viewer, comment_id: int) -> Source:
    """Return a reply to be taken up."""
    entry, comment = get_comment(viewer, comment_id)
    if entry.kind != TALKS:
        raise NotFound
    _require_open(may_be_taken_up(entry, comment))
    return Source(entry, comment)


def of_note(viewer: Viewer, entry_id: int) -> Source:
    """Return a note whose lesson is to be taken up."""
    entry = queries.get(viewer, entry_id, "note")
    _require_open(may_take_up(entry))
    return Source(entry)


def may_take_up(entry: Entry) -> bool:
    """Tell whether everybody may read an entry, so that words of it can stand elsewhere."""
    return entry.status == Status.PUBLISHED and entry.visibility == Visibility.PUBLIC


def may_be_taken_up(entry: Entry, comment: Comment) -> bool:
    """Tell whether words of a reply can stand elsewhere."""
    published = comment.status == CommentStatus.PUBLISHED
    return entry.kind == TALKS and published and may_take_up(entry)


def _require_open(is_open: bool) -> None:  # noqa: FBT001  one plain question
    if not is_open:
        raise Forbidden(_l("Only what everybody may read is taken up in a page."))


# Built once: every page of talk and every note asks it.
_PAGES = (
    select(TakenUp.comment_id, Entry)
    .join(Entry, Entry.id == TakenUp.page_id)
    .where(queries.LISTED)
    .order_by(TakenUp.revision_id)
)
_OF_REPLIES = _PAGES.where(TakenUp.comment_id.in_(bindparam("comments", expanding=True)))
_OF_ENTRY = _PAGES.where(
    TakenUp.source_id == bindparam("source", type_=Integer), TakenUp.comment_id.is_(None)
)


def pages_of_replies(
    viewer: Viewer, entry: Entry, comment_ids: Sequence[int]
) -> dict[int, list[Heading]]:
    """Return the pages this viewer finds in lists that took up each of these comments on an entry."""
    if not comment_ids or entry.kind != TALKS:
        return {}
    asked = {"comments": list(comment_ids), **queries.lists_of(viewer)}
    found: dict[int, dict[int, Entry]] = {}
    for comment_id, page in db.session.execute(_OF_REPLIES, asked):
        if comment_id is not None:
            found.setdefault(comment_id, {})[page.id] = page
    every = {page.id: page for pages in found.values() for page in pages.values()}
    named = dict(zip(every, headings(list(every.values())), strict=True))
    return {one: [named[page_id] for page_id in pages] for one, pages in found.items()}


def pages_of_entry(viewer: Viewer, entry: Entry) -> list[Heading]:
    """Return the pages this viewer finds in lists that took up an entry."""
    asked = {"source": entry.id, **queries.lists_of(viewer)}
    pages = {page.id: page for _none, page in db.session.execute(_OF_ENTRY, asked)}
    return headings(list(pages.values()))


@dataclass(frozen=True)
class Credit:
    """Somebody whose words stand in a page, and the way to where she said them."""

    byline: Byline
    href: str
    revision_id: int


def credits_of(viewer: Viewer, page: Entry) -> list[Credit]:
    """Return whose words revisions of a page took up, as far as this viewer may read where they stand."""
    source = func.coalesce(Comment.entry_id, TakenUp.source_id)
    statement = (
        select(TakenUp.revision_id, Entry, Comment)
        .outerjoin(Comment, Comment.id == TakenUp.comment_id)
        .join(Entry, Entry.id == source)
        .where(
            TakenUp.page_id == page.id,
            policy.listed(viewer),
            or_(
                TakenUp.comment_id.is_(None),
                and_(Comment.status == CommentStatus.PUBLISHED, Entry.kind == TALKS),
            ),
        )
        .options(joinedload(Entry.author), joinedload(Comment.author))
        .order_by(TakenUp.revision_id)
        .limit(MOST_NAMED)
    )
    return [
        Credit(_byline(viewer, entry, comment), Source(entry, comment).href, revision_id)
        for revision_id, entry, comment in db.session.execute(statement)
    ]


def _byline(viewer: Viewer, entry: Entry, comment: Comment | None) -> Byline:
    if comment is not None:
        return policy.byline(viewer, comment, entry)
    return policy.byline(viewer, entry)


@dataclass(frozen=True)
class Contributors:
    """Who wrote at a page: those who edited it or proposed edits, and those whose words were taken up."""

    wrote: Sequence[Byline]
    credited: Sequence[Credit]


def contributors(viewer: Viewer, page: Entry) -> Contributors:
    """Return who contributed to a page, each once, the earliest first."""
    first = (
        select(func.min(Revision.id))
        .join(Text, Text.id == Revision.text_id)
        .where(Text.entry_id == page.id, Revision.suppressed_at.is_(None))
        .group_by(Revision.editor_id)
    )
    statement = (
        select(Revision)
        .where(Revision.id.in_(first))
        .options(joinedload(Revision.editor))
        .order_by(Revision.id)
        .limit(MOST_NAMED)
    )
    wrote = [policy.byline(viewer, one, page) for one in db.session.scalars(statement)]
    once = {(one.byline.name, one.href): one for one in credits_of(viewer, page)}
    return Contributors(tuple(dict.fromkeys(wrote)), tuple(once.values()))
