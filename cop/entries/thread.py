"""Reading comments: a page of them by key, each as this reader may see it, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby

from sqlalchemy import func, select

from cop import markup
from cop.core.db import db
from cop.entries import (
    comment_policy,
    enclosures,
    mentions,
    policy,
    queries,
    reasons,
    taken,
    voices,
)
from cop.entries.around import Around
from cop.entries.cards import Heading
from cop.entries.comment_policy import CommentAct
from cop.entries.comment_rows import Row, read, row_of
from cop.entries.enclosures import NOTHING, Shown
from cop.entries.mentions import Names
from cop.entries.models import Comment, CommentStatus, Entry, Visibility
from cop.entries.policy import Act, Byline
from cop.people import standing
from cop.people.viewer import Viewer

#: Comments a page holds at most.
PAGE_SIZE = 40
#: A page holds no further comment once those on it come to so many characters of html.
PAGE_CHARACTERS = 60_000
#: Longer threads are made anew for each reader: what is kept of pages has room for many short ones.
_WORTH_KEEPING = 4_000
#: Comments shown before the one that was asked for, so that it is read where it was said.
_BEFORE = 5
#: The key of the page that ends with the last comment.
LAST = "last"


@dataclass(frozen=True)
class Asked:
    """Which part of the talk is wanted: around a comment, after a key, before a key, or else the beginning."""

    comment: int | None = None
    after: str = ""
    before: str = ""

    @property
    def is_beginning(self) -> bool:
        """Whether nothing but the beginning is asked for."""
        return not (self.comment or self.after or self.before)


@dataclass(frozen=True)
class Said:
    """A comment as this reader sees it; what was taken away has no words, no name and no time of its own."""

    id: int
    lang: str
    html: str
    byline: Byline | None
    #: On an unnamed entry the day alone.
    at: datetime | date
    number: int
    status: str
    acts: frozenset[str]
    #: Whether its author also wrote the entry, where the entry says so.
    by_author: bool = False
    reason: str = ""
    attached: Shown = NOTHING
    #: Whom it answers, where that is not simply the beginning of its thread.
    answers: tuple[int, Byline | None] | None = None

    #: Until when everything its author posts waits, where that is why this does; for her alone.
    waits_until: datetime | None = None
    #: Whether hosts of a circle, and not moderators, look after it.
    in_circle: bool = False
    #: Whether somebody else than this reader wrote it.
    is_anothers: bool = False
    #: Pages that took words of it up, and whether this reader may propose that.
    taken_up: tuple[Heading, ...] = ()
    may_be_taken_up: bool = False

    @property
    def may_be_flagged(self) -> bool:
        """Whether this reader may ask the moderators to look at it, if only after signing in."""
        return self.is_shown and self.is_anothers

    @property
    def is_shown(self) -> bool:
        """Whether others read its words."""
        return self.status == CommentStatus.PUBLISHED

    @property
    def has_tools(self) -> bool:
        """Whether this reader may do anything with it but read."""
        done = self.acts - {CommentAct.READ.value}
        return bool(done) or self.may_be_flagged or self.may_be_taken_up

    @property
    def is_edited(self) -> bool:
        """Whether it said something else before."""
        return self.number > 1 and CommentAct.READ in self.acts


@dataclass(frozen=True)
class Thread:
    """A comment with what stands below it. `opening` is set where its beginning is on an earlier page."""

    root: Said | None
    opening: Said | None
    below: tuple[Said, ...]

    @property
    def is_short(self) -> bool:
        """Whether what was made of it is worth keeping for the next reader."""
        said = (*self.below, *filter(None, (self.root,)))
        return sum(len(one.html) for one in said) <= _WORTH_KEEPING


@dataclass(frozen=True)
class Talk:
    """A page of the comments on an entry."""

    entry: Entry
    threads: Sequence[Thread]
    earlier: str | None
    later: str | None
    may_comment: bool
    #: Whether it is a member who reads; others may sign in.
    is_member: bool
    #: Why nothing can be added any more, for everybody to read.
    locked_because: str = ""
    #: How many comments can be read on all pages.
    total: int = 0
    #: Whether this reader speaks here without her name, as the author of what was joined with this.
    speaks_unnamed: bool = False
    #: Whether this reader has begun to say something here.
    has_draft: bool = False

    @property
    def is_locked(self) -> bool:
        """Whether a moderator takes no further comments."""
        return self.entry.locked_at is not None


def talk(viewer: Viewer, entry: Entry, asked: Asked = Asked(), there: Around | None = None) -> Talk:
    """Return the part of the comments that was asked for; expects the viewer to read the entry.

    A made-up key shows the beginning; a comment that is not on this entry is not found. Where it is known what
    is `there`, around the entry, no comments are looked for where there are none.
    """
    is_bare = there is not None and not there.has_comments and not asked.comment
    rows, earlier, later = ([], None, None) if is_bare else _page(viewer, entry, asked)
    threads = _threads(viewer, entry, rows)
    because = ""
    if entry.locked_at is not None:
        because = queries.reasons_of([entry.id], "EntryLocked").get(entry.id, "")
    return Talk(
        entry=entry,
        threads=threads,
        earlier=earlier,
        later=later,
        may_comment=viewer.is_member and policy.may(viewer, Act.COMMENT, entry),
        is_member=viewer.is_member,
        locked_because=because,
        total=_total(viewer, entry),
        # What is here came from an unnamed entry at most where all tell the day alone.
        has_draft=there is None or there.has_draft,
        speaks_unnamed=entry.by_day and voices.voice_of(viewer.id, entry) is not None,
    )


def _total(viewer: Viewer, entry: Entry) -> int:
    """Return how many comments on an entry are read by the viewer: of who hears no others, her own."""
    if policy.hears(viewer, entry):
        return entry.replies
    hers = select(func.count()).where(
        Comment.entry_id == entry.id,
        Comment.author_id == viewer.id,
        Comment.status == CommentStatus.PUBLISHED,
    )
    return db.session.scalar(hers) or 0


def _threads(viewer: Viewer, entry: Entry, rows: Sequence[Row]) -> list[Thread]:
    """Put what stands in one thread together; of the first one the beginning may stand on an earlier page."""
    known = _names(viewer, entry, rows)
    threads: list[Thread] = []
    shown = enclosures.of_comments(row.comment.id for row in rows if row.has_attachments)
    took = taken.pages_of_replies(viewer, entry, [row.comment.id for row in rows])
    for thread_id, group in groupby(rows, key=lambda row: row.comment.thread_id):
        said = [
            _said(viewer, entry, row, known, shown.get(row.comment.id, NOTHING)) for row in group
        ]
        said = [replace(one, taken_up=tuple(took.get(one.id, ()))) for one in said]
        # Who hears no others begins a thread with what she answered them.
        if said[0].id == thread_id or not policy.hears(viewer, entry):
            threads.append(Thread(said[0], None, tuple(said[1:])))
        else:
            # Only who began it is shown here, and when; not the words.
            opening = _said(viewer, entry, row_of(viewer, entry, thread_id), known)
            threads.append(Thread(None, opening, tuple(said)))
    return threads


def _names(viewer: Viewer, entry: Entry, rows: Sequence[Row]) -> Names:
    """Return the names of all whom these comments mention."""
    return mentions.names(viewer, entry, [html_of(row.comment) for row in rows])


def _page(viewer: Viewer, entry: Entry, asked: Asked) -> tuple[list[Row], str | None, str | None]:
    """Return the rows of a page, and the keys of its neighbours."""
    if asked.comment:
        return _around(viewer, entry, asked.comment)
    before = None if asked.after else _key(asked.before)
    if before is not None or asked.before == LAST:
        rows = read(viewer, entry, before, backwards=True, size=PAGE_SIZE + 1)
        kept = _fitting(rows[:PAGE_SIZE])
        more = len(rows) > len(kept)
        kept.reverse()
        return kept, _first(kept) if more else None, _last(kept) if before is not None else None
    after = _key(asked.after)
    rows = read(viewer, entry, after, size=PAGE_SIZE + 1)
    kept = _fitting(rows[:PAGE_SIZE])
    return (
        kept,
        _first(kept) if after is not None else None,
        _last(kept) if len(rows) > len(kept) else None,
    )


def _around(
    viewer: Viewer, entry: Entry, comment_id: int
) -> tuple[list[Row], str | None, str | None]:
    wanted = row_of(viewer, entry, comment_id)
    place = (wanted.comment.thread_id, wanted.comment.id)
    above = read(viewer, entry, place, backwards=True, size=_BEFORE + 1)
    below = read(viewer, entry, place, size=PAGE_SIZE - _BEFORE)
    kept_above = _fitting(above[:_BEFORE])
    kept_above.reverse()
    kept = _fitting([wanted, *below[: PAGE_SIZE - _BEFORE - 1]])
    earlier = _first([*kept_above, wanted]) if len(above) > len(kept_above) else None
    later = _last(kept) if len(below) > len(kept) - 1 else None
    return [*kept_above, *kept], earlier, later


def _fitting(rows: Sequence[Row]) -> list[Row]:
    """Return as many of the rows, one at least, as a page has room for."""
    kept: list[Row] = []
    characters = 0
    for row in rows:
        characters += len(row.comment.html)
        if kept and characters > PAGE_CHARACTERS:
            break
        kept.append(row)
    return kept


def _key(text: str) -> tuple[int, int] | None:
    """Return the place a key names, or None where it is empty or made up."""
    thread, _dot, comment = text.partition(".")
    if not (thread.isascii() and thread.isdigit() and comment.isascii() and comment.isdigit()):
        return None
    if max(len(thread), len(comment)) > 10 or max(int(thread), int(comment)) > queries.MAX_ID:
        return None
    return int(thread), int(comment)


def _first(rows: Sequence[Row], at: int = 0) -> str | None:
    return f"{rows[at].comment.thread_id}.{rows[at].comment.id}" if rows else None


def _last(rows: Sequence[Row]) -> str | None:
    return _first(rows, -1)


def _said(viewer: Viewer, entry: Entry, row: Row, known: Names, attached: Shown = NOTHING) -> Said:
    comment = row.comment
    acts = frozenset(
        act.value for act in CommentAct if comment_policy.may(viewer, act, comment, entry)
    )
    readable = CommentAct.READ in acts
    answers = None
    if row.answered is not None and _is_named(row.answered, comment):
        shown = row.answered.status == CommentStatus.PUBLISHED
        name = policy.byline(viewer, row.answered, entry) if shown else None
        answers = (row.answered.id, name)
    return Said(
        id=comment.id,
        lang=comment.lang,
        html=known.beside(comment).html(html_of(comment)) if readable else "",
        byline=policy.byline(viewer, comment, entry) if readable else None,
        at=policy.told_time(entry, comment.created_at),
        number=comment.number,
        status=comment.status,
        in_circle=entry.visibility == Visibility.CIRCLE,
        acts=acts,
        by_author=readable and policy.is_by_author(comment, entry),
        reason=reasons.said(comment.removed_ready, comment.removed_reason) if readable else "",
        is_anothers=comment.author_id is None or comment.author_id != viewer.id,
        waits_until=standing.limit_of(comment.author)
        if comment.status == CommentStatus.HELD and comment.author_id == viewer.id
        else None,
        attached=attached if readable else NOTHING,
        answers=answers,
        may_be_taken_up=viewer.is_member and taken.may_be_taken_up(entry, comment),
    )


def _is_named(answered: Comment, comment: Comment) -> bool:
    """Tell whether it is said whom a comment answers: not what it stands below, nor what stands elsewhere now."""
    here = answered.entry_id == comment.entry_id and answered.status != CommentStatus.OPENING
    return here and answered.id != comment.thread_id


def one(viewer: Viewer, entry: Entry, comment: Comment) -> Said:
    """Return one comment, whose author is loaded, by itself."""
    row = Row(comment)
    attached = enclosures.of_comments([comment.id]).get(comment.id, NOTHING)
    return _said(viewer, entry, row, _names(viewer, entry, [row]), attached)


def html_of(comment: Comment) -> str:
    """Return the comment rendered, on the fly where an older renderer made what is kept; nobody is named in it yet."""
    if comment.html_version == markup.VERSION:
        return comment.html
    return markup.render(comment.body).html
