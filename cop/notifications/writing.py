"""Lines are written, and the mails queued of those who want them at once.

An entry may be news to thousands who each watch something else. Their lines are gathered over the events of one batch
and written person by person: a database that is larger than its memory then touches the page of a person's lines once
for many entries, not once for each.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from operator import itemgetter
from typing import cast

from sqlalchemy import Table, insert, select

from cop.core import clock
from cop.core.db import db
from cop.core.types import Json
from cop.entries.models import Comment, Entry
from cop.events.models import Event
from cop.jobs.queue import enqueue
from cop.mail.outbox import Unwritten, queue_unwritten
from cop.notifications.audience import Reader, Reason, readers
from cop.notifications.letters import TOLD, built_key, mention_key, message_id_of
from cop.notifications.models import Because, Frequency, LineKind, Notice

#: Lines that nothing later renews.
_TOLD_ONCE = (LineKind.ENTRY, LineKind.ACCEPTED, LineKind.MENTION)
#: Rows of one question.
_CHUNK = 500
#: Lines that wait in memory at most: some megabytes.
_MOST_GATHERED = 50_000
_WRITTEN_AT_ONCE = 2_000


@dataclass(frozen=True)
class Telling:
    """What one event tells: to whom and why, in which line, about which comment."""

    event: Event
    entry: Entry
    to: Mapping[int, Reason]
    comment: Comment | None = None


#: Who is told, of what, and why.
_Waiting = tuple[int, Telling, Reason]


@dataclass
class _Gathered:
    """Lines that wait to be written, and the keys they have."""

    lines: list[_Waiting] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)

    def write(self) -> None:
        """Write them, person by person."""
        self.lines.sort(key=itemgetter(0))
        for at in range(0, len(self.lines), _WRITTEN_AT_ONCE):
            some = self.lines[at : at + _WRITTEN_AT_ONCE]
            rows = [_line(telling, user_id, reason) for user_id, telling, reason in some]
            db.session.connection().execute(_INSERT, rows)
        self.lines.clear()
        self.keys.clear()


_INSERT = insert(cast("Table", Notice.__table__))
_gathered: ContextVar[_Gathered | None] = ContextVar("gathered lines", default=None)


@contextmanager
def gathering() -> Iterator[None]:
    """Within the block lines of new entries wait for each other; at its end all are written."""
    gathered = _Gathered()
    token = _gathered.set(gathered)
    try:
        yield
        gathered.write()
    finally:
        _gathered.reset(token)


def write(telling: Telling) -> None:
    """Write the lines, and queue the mails of those who want them at once."""
    wanted = dict(sorted(telling.to.items()))
    there = _told_of(telling) if _gathered.get() is not None else set()
    for some in _chunks(wanted):
        people = readers(telling.entry, some)
        later = {one for one in people if _may_wait(wanted[one])}
        fresh = _lines(telling, {one: wanted[one] for one in people if one not in later})
        fresh += _gather(telling, {one: wanted[one] for one in later - there})
        _mails(telling, [people[user_id] for user_id in fresh])


def write_for_searches(event: Event, entry: Entry, to: Mapping[int, Reason]) -> None:
    """Tell of an entry that saved searches found."""
    write(Telling(event, entry, to))


def _may_wait(reason: Reason) -> bool:
    """Tell whether a line can be written later: of a new entry, but not what is counted when the next is told."""
    news = reason.kind == LineKind.ENTRY and reason.because != Because.KNOWS
    return news and _gathered.get() is not None


def _told_of(telling: Telling) -> set[int]:
    """Return whom a line tells of this entry already; found by the entry, for those told of it stand together."""
    key = f"{LineKind.ENTRY}:{telling.entry.id}"
    write_gathered(key)
    told = select(Notice.user_id).where(Notice.entry_id == telling.entry.id, Notice.key == key)
    return set(db.session.scalars(told))


def _gather(telling: Telling, to: Mapping[int, Reason]) -> list[int]:
    """Let the lines of these people wait, none of whom has one; return them."""
    gathered = _gathered.get()
    if gathered is None or not to:
        return []
    gathered.lines += [(user_id, telling, reason) for user_id, reason in sorted(to.items())]
    gathered.keys |= {_key(telling, reason) for reason in set(to.values())}
    if len(gathered.lines) > _MOST_GATHERED:
        gathered.write()
    return list(to)


def write_gathered(key: str = "") -> None:
    """Write the lines that wait; with a key, only where one of them has it."""
    gathered = _gathered.get()
    if gathered is not None and (not key or key in gathered.keys):
        gathered.write()


def _lines(telling: Telling, to: Mapping[int, Reason]) -> list[int]:
    """Write or renew the line of each person; return those for whom this was new."""
    if not to:
        return []
    keys = {user_id: _key(telling, reason) for user_id, reason in to.items()}
    rows = db.session.scalars(
        select(Notice).where(Notice.user_id.in_(list(to)), Notice.key.in_(set(keys.values())))
    )
    there = {(row.user_id, row.key): row for row in rows}
    fresh, new = [], []
    for user_id, reason in to.items():
        row = there.get((user_id, keys[user_id]))
        if row is None:
            new.append(_line(telling, user_id, reason))
        elif row.event_id >= telling.event.id or reason.kind in _TOLD_ONCE:
            continue
        else:
            _renew(row, telling, reason)
        fresh.append(user_id)
    if new:
        db.session.execute(insert(Notice), new)
    return fresh


def _key(telling: Telling, reason: Reason) -> str:
    if reason.because == Because.BUILT:
        return built_key(telling.entry.id)
    if reason.kind == LineKind.DECISION:
        return f"{reason.kind}:{telling.event.id}"
    if reason.kind == LineKind.ACCEPTED and telling.comment is not None:
        return f"{reason.kind}:{telling.comment.id}"
    if reason.kind == LineKind.MENTION:
        return mention_key(telling.entry, telling.comment)
    return f"{reason.kind}:{telling.entry.id}"


def _line(telling: Telling, user_id: int, reason: Reason) -> Json:
    comment_id = telling.comment.id if telling.comment is not None else None
    return {
        "user_id": user_id,
        "key": _key(telling, reason),
        "kind": reason.kind.value,
        "entry_id": telling.entry.id,
        "comment_id": comment_id,
        "since_id": comment_id,
        "event_id": telling.event.id,
        "because": reason.because.value,
        "because_id": reason.because_id,
        "at": telling.event.at,
        "written_at": clock.now(),
    }


def _renew(row: Notice, telling: Telling, reason: Reason) -> None:
    comment_id = telling.comment.id if telling.comment is not None else None
    if row.read_at is not None or comment_id is None:
        row.read_at, row.since_id, row.comment_id = None, comment_id, comment_id
    else:
        # An older one may be let through after newer ones are told of.
        row.since_id = min(row.since_id or comment_id, comment_id)
        row.comment_id = max(row.comment_id or comment_id, comment_id)
    row.event_id, row.at, row.written_at = telling.event.id, telling.event.at, clock.now()
    row.because, row.because_id = reason.because.value, reason.because_id


def _mails(telling: Telling, people: Sequence[Reader]) -> None:
    message_id = message_id_of(telling.event, telling.comment)
    mails = [
        Unwritten(f"{TOLD}:{one.id}:{telling.event.id}", message_id, one.language)
        for one in people
        if one.mail == Frequency.NOW and one.email
    ]
    if mails:
        queue_unwritten(db.session, mails, enqueue=enqueue)


def _chunks(wanted: Mapping[int, Reason]) -> Iterable[list[int]]:
    ids = list(wanted)
    for at in range(0, len(ids), _CHUNK):
        yield ids[at : at + _CHUNK]
