"""Who is told of what happened: events become lines, and lines mails (job `notices.tell`).

Runs in the worker, after the change is committed, and reads what is true then: what was hidden or taken away
meanwhile is told to nobody. Done twice, it tells nothing twice.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select

from cop.core import clock
from cop.core.db import db
from cop.core.types import Json
from cop.discussions.models import MovedReply, Rearrangement
from cop.entries.models import Comment, Entry, Status
from cop.events.models import Event
from cop.jobs.models import Job
from cop.jobs.queue import enqueue
from cop.mail.outbox import Unwritten, queue_unwritten
from cop.notifications import asking, following, mentioning
from cop.notifications.audience import (
    Reason,
    carried_terms,
    of_acceptance,
    of_comment,
    of_entry,
    of_trying,
    readers,
    without,
)
from cop.notifications.letters import TOLD, mention_key, message_id_of
from cop.notifications.models import Because, Frequency, LineKind, Notice, NoticeSettings
from cop.notifications.news import is_news
from cop.notifications.searching import SEARCHES_JOB, next_minute
from cop.people.models import User

#: The job that tells of events.
TELL_JOB = "notices.tell"
#: The job that forgets how people who left were told.
LEFT_JOB = "notices.left"
#: Lines that nothing later renews.
_TOLD_ONCE = (LineKind.ENTRY, LineKind.ACCEPTED, LineKind.MENTION)
#: Rows of one question.
_CHUNK = 500


@dataclass(frozen=True)
class Telling:
    """What one event tells: to whom and why, in which line, about which comment."""

    event: Event
    entry: Entry
    to: Mapping[int, Reason]
    comment: Comment | None = None


def tell(payloads: Sequence[Json]) -> None:
    """Job: tell of these events, the earliest first."""
    ids = sorted({payload["event_id"] for payload in payloads})
    for event in db.session.scalars(
        select(Event).where(Event.id.in_(ids)).order_by(Event.id)
    ).all():
        teller = _TELLERS.get(event.verb)
        if teller is None or event.entry_id is None:
            continue
        entry = db.session.get(Entry, event.entry_id, populate_existing=True)
        if entry is not None:
            teller(event, entry)


def forget_where_nobody_is() -> None:
    """Drop what waits to be told on a site that nobody has joined: its starter content is news to no one."""
    if db.session.scalar(select(User.id).where(User.system.is_(False)).limit(1)) is None:
        db.session.execute(delete(Job).where(Job.name == TELL_JOB))


def _of_entry(event: Event, entry: Entry) -> None:
    if entry.status != Status.PUBLISHED or not is_news(entry, event.at):
        return
    terms = carried_terms([entry])
    told = of_entry(entry, terms[entry.id])
    mentioned = without(mentioning.by_entry(event, entry), set(), entry)
    asked = asking.who_may_know(entry, terms[entry.id], event.at)
    _write(Telling(event, entry, asked | told | mentioned))
    enqueue(
        db.session,
        SEARCHES_JOB,
        {"entry_id": entry.id, "event_id": event.id},
        run_at=next_minute(clock.now()),
    )


def _of_trying(event: Event, entry: Entry) -> None:
    """Tell that a note which stood published before says now what it was tried after."""
    if entry.status == Status.PUBLISHED:
        _write(Telling(event, entry, of_trying(entry)))


def _of_comment(event: Event, entry: Entry) -> None:
    comment = _comment(event)
    if comment is not None and comment.entry_id != entry.id:
        # It was moved meanwhile.
        entry = db.session.get_one(Entry, comment.entry_id, populate_existing=True)
    if comment is None or not mentioning.may_tell(entry, comment):
        return
    if not is_news(comment, event.at):
        return
    terms = carried_terms([entry])
    told = of_comment(entry, comment, terms[entry.id])
    mentioned = without(mentioning.by_comment(event, entry, comment), set(), entry)
    # Whom it answers is told that it answers her.
    answered = {one for one, reason in told.items() if reason.kind == LineKind.ANSWER}
    told |= {one: reason for one, reason in mentioned.items() if one not in answered}
    _write(Telling(event, entry, told, comment))


def _of_edited_comment(event: Event, entry: Entry) -> None:
    comment = _comment(event)
    if comment is not None and mentioning.may_tell(entry, comment):
        mentioned = without(mentioning.by_comment(event, entry, comment), set(), entry)
        _write(Telling(event, entry, mentioned, comment))


def _of_edited_entry(event: Event, entry: Entry) -> None:
    if mentioning.may_tell(entry, None):
        _write(Telling(event, entry, without(mentioning.by_entry(event, entry), set(), entry)))


def _of_acceptance(event: Event, entry: Entry) -> None:
    comment = _comment(event)
    if comment is not None and comment.entry_id != entry.id:
        return
    if entry.status == Status.PUBLISHED and comment is not None:
        _write(Telling(event, entry, of_acceptance(entry, comment, event.actor_id), comment))


def _of_decision(event: Event, entry: Entry) -> None:
    about = _comment(event)
    whose = about.author_id if about is not None else entry.author_id
    # Of a warning it is known who was warned.
    whose = event.data.get("user_id", whose)
    if whose is None or whose == event.actor_id:
        return
    _write(Telling(event, entry, {whose: Reason(LineKind.DECISION, Because.DECIDED)}, about))


def _of_merge(event: Event, entry: Entry) -> None:
    row = db.session.get(Rearrangement, event.data["rearrangement_id"])
    if row is not None:
        following.follow(row)
    _of_decision(event, entry)


def _of_split(event: Event, entry: Entry) -> None:
    """Tell whose replies were moved, all of them."""
    said = (
        select(Comment.author_id)
        .join(MovedReply, MovedReply.comment_id == Comment.id)
        .where(MovedReply.rearrangement_id == event.data["rearrangement_id"])
    )
    authors = {
        one for one in db.session.scalars(said.distinct()) if one not in (None, event.actor_id)
    }
    _write(
        Telling(
            event,
            entry,
            {one: Reason(LineKind.DECISION, Because.DECIDED) for one in authors if one},
        )
    )


def _of_return(event: Event, entry: Entry) -> None:
    row = db.session.get(Rearrangement, event.data["rearrangement_id"])
    if row is not None:
        following.come_back(row)


def _of_proposal(event: Event, entry: Entry) -> None:
    whose = event.data.get("user_id")
    if whose is None or whose == event.actor_id:
        return
    _write(Telling(event, entry, {whose: Reason(LineKind.DECISION, Because.PROPOSED)}))


def _comment(event: Event) -> Comment | None:
    comment_id = event.data.get("comment_id")
    return db.session.get(Comment, comment_id, populate_existing=True) if comment_id else None


#: Verb of an event → what tells of it.
_TELLERS: dict[str, Callable[[Event, Entry], None]] = {
    "EntryPublished": _of_entry,
    "EntryRevised": _of_edited_entry,
    "TextAdded": _of_edited_entry,
    "NoteTriedAfter": _of_trying,
    "CommentPosted": _of_comment,
    "CommentEdited": _of_edited_comment,
    "AnswerAccepted": _of_acceptance,
    "DiscussionMerged": _of_merge,
    "RepliesReceived": _of_split,
    "RepliesReturned": _of_return,
    "ProposalDecided": _of_proposal,
    "ProposalRemarked": _of_proposal,
    **dict.fromkeys(
        (
            "EntryHidden",
            "EntryUnhidden",
            "EntryLocked",
            "EntryUnlocked",
            "CommentRemoved",
            "CommentShown",
            "ImageRemoved",
            "AuthorWarned",
            "EntryApproved",
            "CommentApproved",
            "CommentRefused",
        ),
        _of_decision,
    ),
}


def _write(telling: Telling) -> None:
    """Write the lines, and queue the mails of those who want them at once."""
    wanted = dict(sorted(telling.to.items()))
    for some in _chunks(wanted):
        people = readers(telling.entry, some)
        fresh = _lines(telling, {user_id: wanted[user_id] for user_id in people})
        _mails(telling, [people[user_id] for user_id in fresh])


def write_for_searches(event: Event, entry: Entry, to: Mapping[int, Reason]) -> None:
    """Tell of an entry that saved searches found."""
    _write(Telling(event, entry, to))


def _lines(telling: Telling, to: Mapping[int, Reason]) -> list[int]:
    """Write or renew the line of each person; return those for whom this was new."""
    keys = {user_id: _key(telling, reason) for user_id, reason in to.items()}
    rows = db.session.scalars(
        select(Notice).where(Notice.user_id.in_(list(to)), Notice.key.in_(set(keys.values())))
    )
    there = {(row.user_id, row.key): row for row in rows}
    fresh, new = [], []
    for user_id, reason in to.items():
        row = there.get((user_id, keys[user_id]))
        if row is None:
            new.append(_line(telling, user_id, keys[user_id], reason))
        elif row.event_id >= telling.event.id or reason.kind in _TOLD_ONCE:
            continue
        else:
            _renew(row, telling, reason)
        fresh.append(user_id)
    if new:
        db.session.execute(insert(Notice), new)
    return fresh


def _key(telling: Telling, reason: Reason) -> str:
    if reason.kind == LineKind.DECISION:
        return f"{reason.kind}:{telling.event.id}"
    if reason.kind == LineKind.ACCEPTED and telling.comment is not None:
        return f"{reason.kind}:{telling.comment.id}"
    if reason.kind == LineKind.MENTION:
        return mention_key(telling.entry, telling.comment)
    return f"{reason.kind}:{telling.entry.id}"


def _line(telling: Telling, user_id: int, key: str, reason: Reason) -> Json:
    comment_id = telling.comment.id if telling.comment is not None else None
    return {
        "user_id": user_id,
        "key": key,
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


def _mails(telling: Telling, people: Sequence[User]) -> None:
    others = set(
        db.session.scalars(
            select(NoticeSettings.user_id).where(
                NoticeSettings.user_id.in_([user.id for user in people]),
                NoticeSettings.mail != Frequency.NOW,
            )
        )
    )
    message_id = message_id_of(telling.event, telling.comment)
    mails = [
        Unwritten(f"{TOLD}:{user.id}:{telling.event.id}", message_id, user.language)
        for user in people
        if user.id not in others and user.email
    ]
    if mails:
        queue_unwritten(db.session, mails, enqueue=enqueue)


def _chunks(wanted: Mapping[int, Reason]) -> Iterable[list[int]]:
    ids = list(wanted)
    for at in range(0, len(ids), _CHUNK):
        yield ids[at : at + _CHUNK]


def forget_of_people(payloads: Sequence[Json]) -> None:
    """Job: forget how people who closed their accounts were told."""
    from cop.notifications.operations import forget_person

    for payload in payloads:
        forget_person(payload["user_id"])
