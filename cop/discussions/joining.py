"""Joining two discussions: what one of them was, stands in the other; its address leads there. No commit."""

from dataclasses import replace

from sqlalchemy import Integer, insert, literal, select, update

from cop.core.db import db
from cop.core.errors import Invalid
from cop.core.i18n import _l
from cop.core.types import Json
from cop.discussions import events
from cop.discussions.models import Discussion, Form, MovedReply, Rearrangement, Shift
from cop.discussions.operations import TERM_LIMIT, facts_now
from cop.discussions.rearranging import begin, both, check_readers, moved_by, state_facts
from cop.entries import cases, moving, policy, reasons
from cop.entries.cases import Decided
from cop.entries.models import Comment, Entry, Status
from cop.entries.operations import set_status
from cop.entries.policy import Act
from cop.events.record import record
from cop.people.viewer import Viewer


def merge(
    *, by: Viewer, entry_id: int, into_id: int, reason: str, ready: str = ""
) -> Rearrangement:
    """Join a discussion with another one, for a reason that everybody reads. Once is enough.

    Its replies stand in the other by time, its opening below the other's; terms, notes and, where the other
    has none, the accepted answer come along. Raises Invalid for another one that cannot take it.
    """
    source, target = both(by, entry_id, into_id)
    if source.merged_into_id == target.id:
        return _standing(source, target)
    if source.merged_into_id is not None:
        raise Invalid("", _l("Somebody has joined this with another discussion meanwhile."))
    for one in (source, target):
        policy.require(by, Act.ARRANGE, one)
    check_readers(source, target)
    why = reasons.checked(reason, ready)
    row = begin(by, Shift.MERGE, source, target, why)
    row.number = source.replies
    everything = select(literal(row.id, Integer), Comment.id, Comment.thread_id).where(
        Comment.entry_id == source.id
    )
    db.session.execute(
        insert(MovedReply).from_select(["rearrangement_id", "comment_id", "thread_id"], everything)
    )
    row.before = _add_facts(by, source, target) | _joined_before(source, target)
    moving.move(source=source, target=target, chosen=moved_by(row))
    row.before = row.before | _hand_over_answer(source, target)
    source.merged_into_id = target.id
    set_status(source, Status(source.status))
    for one in (source, target):
        moving.recount(one)
    cases.settle(by=by, act=Decided.MERGE, reason=why, entry=source)
    merged = events.DiscussionMerged(
        entry_id=source.id,
        into_id=target.id,
        rearrangement_id=row.id,
        reason=why.words,
        ready=why.ready,
    )
    record(merged, actor_id=by.id)
    record(events.DiscussionJoined(entry_id=target.id, rearrangement_id=row.id), actor_id=by.id)
    return row


def _standing(source: Entry, target: Entry) -> Rearrangement:
    """Return the joining of these two that stands."""
    return db.session.scalars(
        select(Rearrangement)
        .where(
            Rearrangement.source_id == source.id,
            Rearrangement.target_id == target.id,
            Rearrangement.undone_at.is_(None),
        )
        .order_by(Rearrangement.id.desc())
        .limit(1)
    ).one()


def _joined_before(source: Entry, target: Entry) -> Json:
    """Let what was joined with the source lead straight to the target, and return what that is."""
    found = db.session.scalars(select(Entry.id).where(Entry.merged_into_id == source.id)).all()
    db.session.execute(
        update(Entry).where(Entry.merged_into_id == source.id).values(merged_into_id=target.id)
    )
    return {"joined": list(found)}


def _hand_over_answer(source: Entry, target: Entry) -> Json:
    """Let the accepted answer of the source answer the target where that is a question without one."""
    given, taking = (db.session.get_one(Discussion, one.id) for one in (source, target))
    before = {"accepted": given.accepted_id, "pinned": given.pinned}
    if taking.form == Form.QUESTION and taking.accepted_id is None:
        taking.accepted_id = given.accepted_id
    given.accepted_id, given.pinned = None, False
    return before


def _add_facts(by: Viewer, source: Entry, target: Entry) -> Json:
    """Let the target carry the terms of the source and be about its notes, and return what was added."""
    theirs, facts = facts_now(source), facts_now(target)
    room = max(0, TERM_LIMIT - len(facts.terms))
    terms = [key for key in theirs.terms if key not in facts.terms][:room]
    notes = [key for key in theirs.notes if key not in facts.notes]
    if terms or notes:
        more = replace(facts, terms=(*facts.terms, *terms), notes=(*facts.notes, *notes))
        state_facts(by, target, more)
    return {"terms": terms, "notes": notes}
