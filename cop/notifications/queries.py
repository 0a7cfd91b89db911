"""Reading watches and lines. A line is there for its reader exactly as long as she may read what it tells of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    Integer,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from cop.core.db import db, rows
from cop.core.errors import NotFound
from cop.core.keyset import read_page
from cop.core.page import Cursor, Page
from cop.discussions.models import Discussion
from cop.entries import policy
from cop.entries.models import Comment, CommentStatus, Entry, NameMask
from cop.events.models import Event
from cop.mail.models import OutgoingMail
from cop.notifications.circle_news import STILL_SO
from cop.notifications.models import (
    Because,
    CircleNews,
    Frequency,
    Level,
    LineKind,
    Notice,
    NoticeSettings,
    Watch,
)
from cop.people.models import Circle, Takeout
from cop.people.viewer import Viewer

#: Largest id that a 32-bit integer column holds; larger numbers in URLs name nothing.
MAX_ID = 2**31 - 1
#: Lines and watches a page holds.
PAGE_SIZE = 20
#: What the keys of mails that tell at once begin with: `told:<person>:<event>`.
TOLD_BY_MAIL = "told"
#: The bell counts no further.
MOST_COUNTED = 99
#: The kind of what is no line: the file of all that is hers waits to be fetched.
FILE = "file"
_OF_COMMENTS = (LineKind.TALK.value, LineKind.ANSWER.value)


@dataclass(frozen=True)
class Chosen:
    """How somebody wants to be told."""

    mail: Frequency = Frequency.NOW
    own: bool = True
    asked: bool = True


def chosen(viewer: Viewer) -> Chosen:
    """Return how the viewer wants to be told, the defaults where she never said."""
    row = db.session.get(NoticeSettings, viewer.id) if viewer.id is not None else None
    return Chosen() if row is None else Chosen(Frequency(row.mail), row.own, row.asked)


def watch_of(viewer: Viewer, kind: str, target_id: int, address: str = "") -> Watch | None:
    """Return the viewer's watch of this, if she has one."""
    return db.session.scalar(
        select(Watch).where(
            Watch.user_id == viewer.id,
            Watch.kind == kind,
            Watch.target_id == target_id,
            Watch.address == address,
        )
    )


def own_watch(viewer: Viewer, watch_id: int) -> Watch:
    """Return one of the viewer's own watches, or raise NotFound."""
    row = db.session.get(Watch, watch_id) if 0 < watch_id <= MAX_ID else None
    if row is None or viewer.id is None or row.user_id != viewer.id:
        raise NotFound
    return row


def number_of_watches(viewer: Viewer, kind: str) -> int:
    """Return how many things of a kind the viewer watches or mutes."""
    mine = select(func.count()).where(Watch.user_id == viewer.id, Watch.kind == kind)
    return db.session.scalar(mine) or 0


def watches(viewer: Viewer, *, before: int | None = None) -> Page[Watch]:
    """Return a page of what the viewer watches, the newest first."""
    statement = select(Watch).where(Watch.user_id == viewer.id)
    if before is not None and 0 < before <= MAX_ID:
        statement = statement.where(Watch.id < before)
    rows = list(db.session.scalars(statement.order_by(Watch.id.desc()).limit(PAGE_SIZE + 1)))
    older = str(rows[PAGE_SIZE - 1].id) if len(rows) > PAGE_SIZE else None
    return Page(rows[:PAGE_SIZE], older=older)


def unsaid_circles(viewer: Viewer) -> frozenset[int]:
    """Return the circles the viewer is told of because she is in them, and never said how much she wants to hear."""
    if not viewer.circles:
        return viewer.circles
    said = select(Watch.target_id).where(
        Watch.user_id == viewer.id, Watch.kind == Because.CIRCLE.value
    )
    return viewer.circles - set(db.session.scalars(said))


_TARGET = bindparam("target", type_=Integer)
_MINE = bindparam("reader", type_=Integer)
# One question, since the page of every entry asks it.
_STATE = select(
    select(Watch.level)
    .where(
        Watch.user_id == _MINE,
        Watch.kind == bindparam("kind"),
        Watch.target_id == _TARGET,
        Watch.address == bindparam("address"),
    )
    .scalar_subquery(),
    select(NoticeSettings.own).where(NoticeSettings.user_id == _MINE).scalar_subquery(),
    or_(
        exists().where(Entry.id == _TARGET, Entry.author_id == _MINE),
        exists().where(Comment.entry_id == _TARGET, Comment.author_id == _MINE),
    ),
)


def state_of(
    viewer: Viewer, kind: str, target_id: int, address: str = ""
) -> tuple[str | None, bool]:
    """Return the level at which the viewer watches something, and whether she is told of it without having said so.

    That is so where she wrote an entry or commented on it, and did not turn that off.
    """
    asked = {"reader": viewer.id, "kind": kind, "target": target_id, "address": address}
    ((level, own, wrote),) = rows(_STATE, asked)
    told = kind == Because.CIRCLE or (bool(wrote) and own is not False)
    return level, kind in (Because.ENTRY, Because.CIRCLE) and told


# Statements are built once, with the reader left open: thousands of mails ask them in a row.
_READER = bindparam("reader", type_=Integer)
#: A comment, as `TOLD` speaks of it.
SAID = aliased(Comment)
_ANSWERED = aliased(Comment)
_OTHER = aliased(Notice)
#: What mentions her has a line of its own.
_MENTIONS_HER = exists().where(
    _OTHER.comment_id == SAID.id, _OTHER.user_id == _READER, _OTHER.kind == LineKind.MENTION
)
_TO_HER = exists().where(_ANSWERED.id == SAID.answers_id, _ANSWERED.author_id == _READER)
#: The criterion that joins a line to the comments it tells of.
TOLD = and_(
    SAID.entry_id == Notice.entry_id,
    SAID.id >= Notice.since_id,
    SAID.id <= Notice.comment_id,
    SAID.status == CommentStatus.PUBLISHED,
    or_(SAID.author_id.is_(None), SAID.author_id != _READER),
    or_(
        and_(Notice.kind == LineKind.ANSWER, _TO_HER),
        and_(Notice.kind == LineKind.TALK, ~_TO_HER, ~_MENTIONS_HER),
    ),
)
# A reply that is the answer no more is told to nobody.
_STANDS = exists().where(
    Discussion.entry_id == Notice.entry_id, Discussion.accepted_id == Notice.comment_id
)
_SAID_STILL = or_(
    Notice.comment_id.is_(None),
    exists().where(SAID.id == Notice.comment_id, SAID.status == CommentStatus.PUBLISHED),
)
# What `policy.listed` and `policy.readable` say, with the labels left open.
_LISTED = Entry.audience.in_(bindparam("listed", expanding=True))
_READABLE = or_(Entry.audience.in_(bindparam("labels", expanding=True)), Entry.author_id == _READER)
#: The lines that are there for a reader at this moment; asked with `reader_of(viewer)`.
SHOWN = (
    select(Notice)
    .join(Entry, Entry.id == Notice.entry_id)
    .where(
        Notice.user_id == _READER,
        # Told because of her name, which she has taken away since: the line would say whose it is.
        or_(
            Notice.because != Because.PERSON,
            Entry.name_mask != NameMask.UNNAMED,
            Entry.author_id != Notice.because_id,
        ),
        or_(
            and_(Notice.kind == LineKind.DECISION, _READABLE),
            and_(Notice.kind.in_((LineKind.ENTRY.value, LineKind.EDIT.value)), _LISTED),
            and_(Notice.kind == LineKind.MENTION, _LISTED, _SAID_STILL),
            and_(Notice.kind == LineKind.ACCEPTED, _LISTED, _STANDS.correlate(Notice)),
            and_(Notice.kind.in_(_OF_COMMENTS), _LISTED, exists().where(TOLD).correlate(Notice)),
        ),
    )
)


def reader_of(viewer: Viewer) -> dict[str, Any]:
    """Return what `SHOWN` and `TOLD` ask for, for this viewer."""
    return {
        "reader": viewer.id or 0,
        "listed": sorted(policy.listed_labels(viewer)),
        "labels": sorted(viewer.labels),
    }


@dataclass(frozen=True)
class Unread:
    """An unread line, as far as the bell and the page of its entry need it."""

    id: int
    entry_id: int
    kind: str
    #: Of what became of her in a circle: which one; `id` is the event then.
    circle_id: int


_UNREAD_LINES = (
    SHOWN.where(Notice.read_at.is_(None))
    .with_only_columns(Notice.id, Notice.entry_id, Notice.kind)
    .order_by(Notice.at.desc())
    .limit(MOST_COUNTED + 1)
    .subquery()
)
_LINE = _UNREAD_LINES.c
# One question, since every page of a member asks it. What became of her in circles, and the file of all that is hers,
# are no lines: they are asked for with them.
_ALL = union_all(
    select(_LINE.id, _LINE.entry_id, _LINE.kind, literal(0).label("circle_id")),
    select(CircleNews.event_id, literal(0), literal(""), CircleNews.circle_id)
    .join(Event, Event.id == CircleNews.event_id)
    .join(Circle, Circle.id == CircleNews.circle_id)
    .where(CircleNews.user_id == _READER, CircleNews.read_at.is_(None), STILL_SO),
    select(literal(0), literal(0), literal(FILE), literal(0)).where(
        exists().where(
            Takeout.user_id == _READER,
            Takeout.ready_at.is_not(None),
            Takeout.open_until.is_(None),
        )
    ),
).subquery()
_UNREAD = select(_ALL.c.id, _ALL.c.entry_id, _ALL.c.kind, _ALL.c.circle_id)


def unread(viewer: Viewer) -> list[Unread]:
    """Return the viewer's unread lines, so many as the bell counts, and one for a file that waits for her."""
    return [Unread(*row) for row in rows(_UNREAD, reader_of(viewer))]


def page(viewer: Viewer, *, older: str | None, newer: str | None) -> Page[Notice]:
    """Return a page of the viewer's lines, the newest first, by key."""
    return read_page(
        SHOWN,
        Notice.at,
        Notice.id,
        older=older,
        newer=newer,
        size=PAGE_SIZE,
        read=lambda asked: list(db.session.scalars(asked, reader_of(viewer))),
        place=lambda row: Cursor(row.at, row.id),
    )


def comes_back(viewer: Viewer, event_ids: Iterable[int]) -> bool:
    """Tell whether the last of the mails about these events was refused for good: her address is wrong or full.

    For who reads once a day or a week it is the last digest.
    """
    keys = [f"{TOLD_BY_MAIL}:{viewer.id}:{event_id}" for event_id in event_ids]
    digest = select(NoticeSettings.digest_key).where(NoticeSettings.user_id == viewer.id)
    last = (
        select(OutgoingMail.refused_at)
        .where(
            or_(OutgoingMail.key.in_(keys), OutgoingMail.key == digest.scalar_subquery()),
            or_(OutgoingMail.refused_at.is_not(None), OutgoingMail.sent_at.is_not(None)),
        )
        .order_by(OutgoingMail.id.desc())
        .limit(1)
    )
    return bool(keys) and db.session.scalar(last) is not None


#: Of more people than so many it is asked who watches an entry at all, and not of each whether she does.
_MANY = 100


def levels_on(entry_id: int, user_ids: Sequence[int]) -> dict[int, Level]:
    """Return at which level those of these people watch an entry who said so."""
    statement = select(Watch.user_id, Watch.level).where(
        Watch.kind == Because.ENTRY.value, Watch.target_id == entry_id
    )
    if len(user_ids) <= _MANY:
        statement = statement.where(Watch.user_id.in_(list(user_ids)))
    asked = set(user_ids)
    rows = db.session.execute(statement)
    return {row.user_id: Level(row.level) for row in rows if row.user_id in asked}
