"""Lines as their reader sees them: what happened, by whom as far as she may know, and why she is told.

The page of lines and the mails say the same with them. A fixed number of queries, however many lines.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from cop.core.db import db
from cop.core.i18n import _, _n, current_lang
from cop.core.text import excerpt
from cop.discussions.models import Space
from cop.discussions.operations import KIND as DISCUSSION
from cop.discussions.queries import SpaceShown, shown_space
from cop.entries import mentions, policy, queries as entries
from cop.entries.mentions import Names
from cop.entries.models import Comment, Entry
from cop.events.models import Event
from cop.notifications import built_wording, teaching
from cop.notifications.because import TRIED, Why, why
from cop.notifications.dates import became, dates_of_events
from cop.notifications.decisions import by_hosts, decided, edited
from cop.notifications.models import Because, LineKind, Notice, Watch
from cop.notifications.queries import SAID, TOLD
from cop.notifications.targets import href_of
from cop.people.belonging import names_of
from cop.people.models import User
from cop.people.viewer import Viewer
from cop.web.filters import join_list
from cop.workshops.models import WorkshopSession

#: Names a line says; there may be more.
_NAMES = 3
#: Comments of a line that are looked at for names.
_LOOKED_AT = 12
_QUOTED = 200
#: Told of a workshop to who prepares it, is asked to, or came.
TAUGHT = (Because.TRAINS, Because.CAME)
#: Lines that tell of an entry itself, where they tell of no comment.
_OF_ENTRIES = (LineKind.ENTRY, LineKind.MENTION)
#: Lines that tell of one comment.
_ONE_COMMENT = (LineKind.ACCEPTED, LineKind.MENTION)
#: Lines that say what an event did.
_OF_EVENTS = (LineKind.DECISION, LineKind.EDIT)


@dataclass(frozen=True)
class Line:
    """One line in the words of its reader's language."""

    id: int
    kind: str
    entry_id: int
    title: str
    lang: str
    href: str
    what: str
    why: Why
    #: On an unnamed entry the day alone.
    at: datetime | date
    is_unread: bool
    #: The beginning of what was said last, or of what is new, and its language.
    quote: str = ""
    quote_lang: str = ""


@dataclass(frozen=True)
class _Said:
    """The comments of one line, the last first, as many as are looked at."""

    total: int
    first_id: int
    comments: Sequence[Comment]


@dataclass(frozen=True)
class Known:
    """What was read for all lines of a page."""

    entries: Mapping[int, Entry]
    said: Mapping[int, _Said]
    events: Mapping[int, Event]
    answers: Mapping[int, Comment]
    spaces: Mapping[int, SpaceShown]
    people: Mapping[int, User]
    searches: Mapping[int, str]
    #: The circles she is in, by name.
    circles: Mapping[int, str]
    #: Whom what was said last mentions.
    names: Names
    #: What entries were tried after, as far as the reader may open it.
    originals: Mapping[int, Entry]
    #: The events in which hosts decided about something of their circle.
    by_hosts: frozenset[int]
    #: Dates of workshops that something became of.
    dates: Mapping[int, WorkshopSession]


def lines(viewer: Viewer, notices: Sequence[Notice], *, of: Comment | None = None) -> list[Line]:
    """Return the lines in their order; one whose words are gone meanwhile is left out.

    With `of`, a line of comments tells of this one alone: who reads mails reads each by itself.
    """
    if not notices:
        return []
    known = _read(viewer, notices, of)
    made = (_line(viewer, row, known) for row in notices)
    return [line for line in made if line is not None]


# What `policy.readable` says, with the reader left open: thousands of mails ask this in a row.
_ENTRIES = (
    select(Entry)
    .where(
        Entry.id.in_(bindparam("ids", expanding=True)),
        or_(
            Entry.audience.in_(bindparam("labels", expanding=True)),
            Entry.author_id == bindparam("reader"),
        ),
    )
    .options(joinedload(Entry.author), selectinload(Entry.texts))
)


def _read(viewer: Viewer, notices: Sequence[Notice], of: Comment | None) -> Known:
    built = (*TRIED, Because.BUILT)
    tried = {row.because_id or 0 for row in notices if row.because in built}
    wanted = {row.entry_id for row in notices} | tried
    rows = db.session.scalars(
        _ENTRIES,
        {"ids": sorted(wanted), "labels": sorted(viewer.labels), "reader": viewer.id or 0},
    )
    found = {entry.id: entry for entry in rows}
    events = _events({row.event_id for row in notices if row.kind in _OF_EVENTS})
    named = (Because.PERSON, *TAUGHT)
    people = {row.because_id or 0 for row in notices if row.because in named}
    searches = {row.because_id or 0 for row in notices if row.because == Because.SEARCH}
    said_now = _said(viewer, notices) if of is None else _alone(of, notices)
    answers = _answers({row.comment_id or 0 for row in notices if row.kind in _ONE_COMMENT})
    quoted = [*(one.comments[0] for one in said_now.values()), *answers.values()]
    return Known(
        entries=found,
        said=said_now,
        names=mentions.names(viewer, None, [one.body for one in quoted]),
        events=events,
        answers=answers,
        spaces=_spaces({row.because_id or 0 for row in notices if row.because == Because.SPACE}),
        people=_people(people),
        searches=_searches(searches),
        circles=_circles(viewer, notices),
        originals={one: found[one] for one in tried & found.keys()},
        by_hosts=by_hosts(events, found),
        dates=dates_of_events(events.values()),
    )


def _events(ids: set[int]) -> dict[int, Event]:
    rows = db.session.scalars(select(Event).where(Event.id.in_(ids))) if ids else ()
    return {row.id: row for row in rows}


def _answers(ids: set[int]) -> dict[int, Comment]:
    statement = select(Comment).where(Comment.id.in_(ids)).options(joinedload(Comment.author))
    return {row.id: row for row in db.session.scalars(statement)} if ids else {}


def _spaces(ids: set[int]) -> dict[int, SpaceShown]:
    rows = db.session.scalars(select(Space).where(Space.id.in_(ids))) if ids else ()
    return {row.id: shown_space(row) for row in rows}


def _people(ids: set[int]) -> dict[int, User]:
    rows = db.session.scalars(select(User).where(User.id.in_(ids))) if ids else ()
    return {row.id: row for row in rows}


def _circles(viewer: Viewer, notices: Sequence[Notice]) -> dict[int, str]:
    ids = {row.because_id or 0 for row in notices if row.because == Because.CIRCLE}
    return {number: name.striptags() for number, name in names_of(viewer.circles & ids)}


def _searches(ids: set[int]) -> dict[int, str]:
    rows = db.session.scalars(select(Watch).where(Watch.id.in_(ids))) if ids else ()
    return {row.id: row.address for row in rows}


_PLACE = func.row_number().over(partition_by=Notice.id, order_by=SAID.id.desc())
_COUNTED = (
    select(
        Notice.id.label("notice_id"),
        SAID.id.label("comment_id"),
        _PLACE.label("place"),
        func.count().over(partition_by=Notice.id).label("total"),
        func.min(SAID.id).over(partition_by=Notice.id).label("first_id"),
    )
    .join(SAID, TOLD)
    .where(Notice.id.in_(bindparam("ids", expanding=True)))
    .subquery()
)
_SAID = (
    select(_COUNTED.c.notice_id, _COUNTED.c.total, _COUNTED.c.first_id, Comment)
    .join(Comment, Comment.id == _COUNTED.c.comment_id)
    .where(_COUNTED.c.place <= _LOOKED_AT)
    .order_by(_COUNTED.c.notice_id, _COUNTED.c.place)
    .options(joinedload(Comment.author))
)


def _said(viewer: Viewer, notices: Sequence[Notice]) -> dict[int, _Said]:
    ids = [row.id for row in notices if row.since_id is not None]
    if not ids:
        return {}
    found: dict[int, _Said] = {}
    for notice_id, total, first_id, one in db.session.execute(
        _SAID, {"ids": ids, "reader": viewer.id or 0}
    ):
        before = found[notice_id].comments if notice_id in found else ()
        found[notice_id] = _Said(total, first_id, [*before, one])
    return found


def _alone(comment: Comment, notices: Sequence[Notice]) -> dict[int, _Said]:
    one = _Said(1, comment.id, [comment])
    return {row.id: one for row in notices if row.since_id is not None}


def _line(viewer: Viewer, row: Notice, known: Known) -> Line | None:
    entry = known.entries.get(row.entry_id)
    if entry is None:
        return None
    told = known.said.get(row.id)
    if row.kind in (LineKind.TALK, LineKind.ANSWER) and told is None:
        return None
    text = entries.text_for(entry, current_lang())
    last = told.comments[0] if told else known.answers.get(row.comment_id or 0)
    quote, quote_lang = "", ""
    if last is not None:
        quote, quote_lang = _quote(known.names.under(viewer, entry).beside(last), last)
    elif row.kind in _OF_ENTRIES:
        quote, quote_lang = excerpt(text.summary, _QUOTED), text.lang
    return Line(
        id=row.id,
        kind=row.kind,
        entry_id=entry.id,
        title=text.title,
        lang=text.lang,
        href=_href(row, entry, told, known.events.get(row.event_id)),
        what=_what(viewer, row, entry, known),
        why=why(row, entry, known),
        at=policy.told_time(entry, row.at),
        is_unread=row.read_at is None,
        quote=quote,
        quote_lang=quote_lang if quote else "",
    )


def _quote(names: Names, comment: Comment) -> tuple[str, str]:
    words = (line.strip() for line in comment.body.splitlines() if not line.startswith(">"))
    return excerpt(names.plain(" ".join(words)), _QUOTED), comment.lang


def _href(row: Notice, entry: Entry, told: _Said | None, event: Event | None) -> str:
    if event is not None and row.because == Because.PROPOSED:
        return f"/proposals/{event.data['proposal_id']}"
    if event is not None and row.because == Because.SIGNED_UP:
        return f"/workshops/{entry.id}/dates/{event.data['number']}"
    if event is not None and row.because in TAUGHT:
        return teaching.href_of(event, entry)
    if event is not None and row.because == Because.BUILT:
        return built_wording.href_of(event, entry)
    if row.kind == LineKind.EDIT:
        return f"/entries/{entry.id}/history"
    if told is not None:
        return f"/comments/{told.first_id}"
    if row.kind in (LineKind.DECISION, *_ONE_COMMENT) and row.comment_id is not None:
        return f"/comments/{row.comment_id}"
    return href_of(entry)


def _what(viewer: Viewer, row: Notice, entry: Entry, known: Known) -> str:
    if row.kind == LineKind.DECISION:
        return _decided(viewer, row, entry, known)
    if row.kind == LineKind.EDIT:
        return edited(known.events.get(row.event_id))
    if row.kind == LineKind.ACCEPTED:
        return _accepted(viewer, row, entry, known)
    if row.kind == LineKind.MENTION:
        return _mentioned(viewer, row, entry, known)
    if row.kind == LineKind.ENTRY and row.because == Because.KNOWS:
        return _("A question, by %(name)s", name=policy.byline(viewer, entry).name)
    if row.kind == LineKind.ENTRY:
        return _("New, by %(name)s", name=policy.byline(viewer, entry).name)
    return _talk(viewer, row, entry, known.said[row.id])


def _talk(viewer: Viewer, row: Notice, entry: Entry, told: _Said) -> str:
    names = _names(viewer, entry, told)
    if row.kind == LineKind.ANSWER:
        return _n(
            "%(num)d answer to you, by %(names)s",
            "%(num)d answers to you, by %(names)s",
            told.total,
            names=names,
        )
    if entry.kind == DISCUSSION:
        return _n(
            "%(num)d new reply, by %(names)s",
            "%(num)d new replies, by %(names)s",
            told.total,
            names=names,
        )
    return _n(
        "%(num)d new comment, by %(names)s",
        "%(num)d new comments, by %(names)s",
        told.total,
        names=names,
    )


def _decided(viewer: Viewer, row: Notice, entry: Entry, known: Known) -> str:
    event = known.events.get(row.event_id)
    if event is None:
        return ""
    if row.because == Because.SIGNED_UP:
        return became(event, known.dates)
    if row.because in TAUGHT:
        return teaching.said(viewer, event, entry, known.people.get(row.because_id or 0))
    if row.because == Because.BUILT:
        return built_wording.said(event, known.originals.get(row.because_id or 0))
    return decided(event, by_host=event.id in known.by_hosts)


def _accepted(viewer: Viewer, row: Notice, entry: Entry, known: Known) -> str:
    answer = known.answers.get(row.comment_id or 0)
    if answer is None:
        return ""
    if answer.author_id == viewer.id:
        return _("Your reply is the accepted answer.")
    return _(
        "A reply by %(name)s is the accepted answer.",
        name=policy.byline(viewer, answer, entry).name,
    )


def _mentioned(viewer: Viewer, row: Notice, entry: Entry, known: Known) -> str:
    said_there = known.answers.get(row.comment_id or 0)
    if said_there is None:
        return _("You are mentioned in this.")
    name = policy.byline(viewer, said_there, entry).name
    return _("A comment by %(name)s mentions you.", name=name)


def _names(viewer: Viewer, entry: Entry, told: _Said) -> str:
    every = [policy.byline(viewer, comment, entry).name for comment in told.comments]
    names = list(dict.fromkeys(every))
    if len(names) > _NAMES or told.total > len(told.comments):
        return _("%(names)s and others", names=join_list(names[:_NAMES], "unit"))
    return join_list(names)
