"""Who is told of what happened: events become lines, and lines mails (job `notices.tell`).

Runs in the worker, after the change is committed, and reads what is true then: what was hidden or taken away
meanwhile is told to nobody. Done twice, it tells nothing twice.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import delete, select

from cop.core import clock
from cop.core.db import db
from cop.core.types import Json
from cop.discussions.models import MovedReply, Rearrangement
from cop.entries.models import Comment, Entry, Status
from cop.events.models import Event
from cop.jobs.models import Job
from cop.jobs.queue import enqueue
from cop.notifications import asking, built, edited, following, mentioning, teaching
from cop.notifications.audience import (
    Reason,
    carried_terms,
    of_acceptance,
    of_comment,
    of_entry,
    of_trying,
    without,
)
from cop.notifications.models import Because, LineKind
from cop.notifications.news import is_news
from cop.notifications.searching import SEARCHES_JOB, next_minute
from cop.notifications.writing import Telling, gathering, write, write_gathered
from cop.people.models import User
from cop.proposals.models import Proposal
from cop.workshops.events import TOLD as SESSIONS_TOLD
from cop.workshops.sign_ups import members_of

#: The job that tells of events.
TELL_JOB = "notices.tell"
#: The job that forgets how people who left were told.
LEFT_JOB = "notices.left"


def tell(payloads: Sequence[Json]) -> None:
    """Job: tell of these events, the earliest first."""
    ids = sorted({payload["event_id"] for payload in payloads})
    with gathering():
        for event in db.session.scalars(
            select(Event).where(Event.id.in_(ids)).order_by(Event.id)
        ).all():
            tellers = _tellers_of(event)
            if not tellers or event.entry_id is None:
                continue
            entry = db.session.get(Entry, event.entry_id, populate_existing=True)
            if entry is not None:
                for teller in tellers:
                    teller(event, entry)


def _tellers_of(event: Event) -> list[Callable[[Event, Entry], None]]:
    """Return what tells of an event: to whom it concerns itself, who watches it, whose workshop is built on it."""
    own = _TELLERS.get(event.verb)
    others = [one.follow for one in (edited, built) if event.verb in one.VERBS]
    return [*([own] if own else []), *others]


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
    write(Telling(event, entry, asked | told | mentioned))
    enqueue(
        db.session,
        SEARCHES_JOB,
        {"entry_id": entry.id, "event_id": event.id},
        run_at=next_minute(clock.now()),
    )


def _of_trying(event: Event, entry: Entry) -> None:
    """Tell that a note which stood published before says now what it was tried after."""
    if entry.status == Status.PUBLISHED:
        write(Telling(event, entry, of_trying(entry)))


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
    write(Telling(event, entry, told, comment))


def _of_edited_comment(event: Event, entry: Entry) -> None:
    comment = _comment(event)
    if comment is not None and mentioning.may_tell(entry, comment):
        mentioned = without(mentioning.by_comment(event, entry, comment), set(), entry)
        write(Telling(event, entry, mentioned, comment))


def _of_edited_entry(event: Event, entry: Entry) -> None:
    if mentioning.may_tell(entry, None):
        write(Telling(event, entry, without(mentioning.by_entry(event, entry), set(), entry)))


def _of_acceptance(event: Event, entry: Entry) -> None:
    comment = _comment(event)
    if comment is not None and comment.entry_id != entry.id:
        return
    if entry.status == Status.PUBLISHED and comment is not None:
        write(Telling(event, entry, of_acceptance(entry, comment, event.actor_id), comment))


def _of_decision(event: Event, entry: Entry) -> None:
    about = _comment(event)
    whose = about.author_id if about is not None else entry.author_id
    # Of a warning it is known who was warned.
    whose = event.data.get("user_id", whose)
    if whose is None or whose == event.actor_id:
        return
    write(Telling(event, entry, {whose: Reason(LineKind.DECISION, Because.DECIDED)}, about))


def _of_merge(event: Event, entry: Entry) -> None:
    row = db.session.get(Rearrangement, event.data["rearrangement_id"])
    if row is not None:
        write_gathered()
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
    write(
        Telling(
            event,
            entry,
            {one: Reason(LineKind.DECISION, Because.DECIDED) for one in authors if one},
        )
    )


def _of_return(event: Event, entry: Entry) -> None:
    row = db.session.get(Rearrangement, event.data["rearrangement_id"])
    if row is not None:
        write_gathered()
        following.come_back(row)


def _of_proposal(event: Event, entry: Entry) -> None:
    whose = event.data.get("user_id")
    if whose is None or whose == event.actor_id:
        return
    write(Telling(event, entry, {whose: Reason(LineKind.DECISION, Because.PROPOSED)}))


def _of_words(event: Event, entry: Entry) -> None:
    """Tell who wrote what a page took up, unless she proposed it or let it through herself."""
    comment_id = event.data.get("source_comment_id")
    said = db.session.get(Comment, comment_id) if comment_id else None
    source = db.session.get(Entry, event.data["source_id"])
    whose = said.author_id if said is not None else source.author_id if source else None
    proposal = db.session.get(Proposal, event.data["proposal_id"])
    if whose is None or whose in (event.actor_id, proposal.author_id if proposal else None):
        return
    if entry.status == Status.PUBLISHED:
        write(Telling(event, entry, {whose: Reason(LineKind.DECISION, Because.TAKEN_UP)}))


def _of_session(event: Event, entry: Entry) -> None:
    """Tell whom it concerns of what became of a date of a workshop: one person, or all who signed up."""
    one = event.data.get("user_id")
    whom = [one] if one is not None else members_of(event.data["session_id"])
    reason = Reason(LineKind.DECISION, Because.SIGNED_UP)
    write(Telling(event, entry, {user_id: reason for user_id in whom if user_id != event.actor_id}))


def _of_workshop(event: Event, entry: Entry) -> None:
    """Tell who is asked to prepare a workshop, or prepares it, whatever she wants to hear of it else."""
    whose = event.data.get("user_id")
    if whose is None or whose == event.actor_id:
        return
    write(
        Telling(
            event,
            entry,
            {whose: Reason(LineKind.DECISION, teaching.because_of(event), event.actor_id)},
        )
    )


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
    "WordsTakenUp": _of_words,
    "AddressBroke": built.of_address,
    **dict.fromkeys((one.__name__ for one in SESSIONS_TOLD), _of_session),
    **dict.fromkeys(teaching.VERBS, _of_workshop),
    **dict.fromkeys(
        (
            "EntryHidden",
            "EntryUnhidden",
            "EntryLocked",
            "EntryUnlocked",
            "CommentRemoved",
            "CommentShown",
            "ImageRemoved",
            "FileRemoved",
            "AuthorWarned",
            "EntryApproved",
            "CommentApproved",
            "CommentRefused",
        ),
        _of_decision,
    ),
}


def forget_of_people(payloads: Sequence[Json]) -> None:
    """Job: forget how people who closed their accounts were told."""
    from cop.notifications.operations import forget_person

    for payload in payloads:
        forget_person(payload["user_id"])
