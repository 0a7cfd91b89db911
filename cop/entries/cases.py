"""Cases: opened when something waits for a moderator or is flagged, settled by whatever is decided about it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import select, update

from cop.core import clock
from cop.core.db import db
from cop.entries.models import Case, Comment, Decision, Entry, Flag
from cop.entries.reasons import Reason
from cop.people.viewer import Viewer


class Why(StrEnum):
    """Why moderators are asked."""

    HELD = "held"
    FLAGGED = "flagged"


class Decided(StrEnum):
    """What can be decided, about an item or about a person."""

    APPROVE = "approve"
    REFUSE = "refuse"
    KEEP = "keep"
    HIDE = "hide"
    UNHIDE = "unhide"
    REMOVE = "remove"
    REMOVE_IMAGE = "remove-image"
    REMOVE_FILE = "remove-file"
    SHOW = "show"
    LOCK = "lock"
    UNLOCK = "unlock"
    WARN = "warn"
    LIMIT = "limit"
    SUSPEND = "suspend"
    LIFT = "lift"
    TRUST = "trust"
    #: Taken out of a circle, by a host of it.
    EXCLUDE = "exclude"
    MERGE = "merge"
    SPLIT = "split"
    REJOIN = "rejoin"


def find(entry: Entry, comment: Comment | None = None, *, passed_on: bool = False) -> Case | None:
    """Return the case of an entry, or of a comment on it, if there ever was one.

    What was passed on from a circle to the moderators is a case of its own.
    """
    subject = _subject(entry, comment, passed_on=passed_on)
    return db.session.scalar(select(Case).where(Case.subject == subject))


def open_case(entry: Entry, comment: Comment | None, why: Why, *, passed_on: bool = False) -> Case:
    """Return the open case of an item; one that was decided is opened anew. The entry is held by who calls."""
    case = find(entry, comment, passed_on=passed_on)
    author_id = comment.author_id if comment else entry.author_id
    if case is None:
        case = Case(
            subject=_subject(entry, comment, passed_on=passed_on),
            passed_on=passed_on,
            entry_id=entry.id,
            comment_id=comment.id if comment else None,
            author_id=author_id,
            why=why.value,
            opened_at=clock.now(),
        )
        db.session.add(case)
        db.session.flush()
    elif case.decided_at is not None or case.why != why:
        case.number += 1
        case.why, case.opened_at, case.author_id = why.value, clock.now(), author_id
        case.decided_at = case.claimed_by_id = case.claimed_at = None
    return case


def close(case: Case) -> None:
    """Take a case out of the queue without a decision: what it was about is gone."""
    case.decided_at = clock.now()
    case.claimed_by_id = case.claimed_at = None


def settle(
    *,
    by: Viewer,
    act: Decided,
    reason: Reason,
    entry: Entry,
    comment: Comment | None = None,
    only: Case | None = None,
) -> Decision:
    """Write down what was decided about an item for who wrote it, and settle its cases and flags if there are any.

    That it may stay as it is settles the case it was said in alone.
    """
    author_id = comment.author_id if comment else entry.author_id
    decision = tell(
        by=by,
        act=act,
        reason=reason,
        # That somebody flagged it and nothing came of it, its author never learns.
        user_id=None if act is Decided.KEEP else author_id,
        entry=entry,
        comment=comment,
    )
    every: list[Case | None] = [find(entry, comment) if only is None else only]
    if only is None and entry.circle_id is not None:
        every.append(find(entry, comment, passed_on=True))
    for case in every:
        if case is not None and case.decided_at is None:
            close(case)
            db.session.execute(
                update(Flag)
                .where(Flag.case_id == case.id, Flag.decision_id.is_(None))
                .values(decision_id=decision.id)
            )
    return decision


def tell(
    *,
    by: Viewer,
    act: Decided,
    reason: Reason,
    user_id: int | None,
    entry: Entry | None = None,
    comment: Comment | None = None,
    until: datetime | None = None,
) -> Decision:
    """Write down a decision for whom it concerns."""
    decision = Decision(
        at=clock.now(),
        act=act.value,
        by_id=by.id,
        user_id=user_id,
        entry_id=entry.id if entry else None,
        comment_id=comment.id if comment else None,
        ready=reason.ready,
        words=reason.words,
        until=until,
    )
    db.session.add(decision)
    db.session.flush()
    return decision


def _subject(entry: Entry, comment: Comment | None, *, passed_on: bool) -> str:
    item = f"comment:{comment.id}" if comment else f"entry:{entry.id}"
    return f"passed:{item}" if passed_on else item
