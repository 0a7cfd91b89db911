"""Making a joining or a split undone, within a day. No commit."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import or_, select, true, update

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Invalid, NotFound
from cop.core.i18n import _l
from cop.core.types import Lang
from cop.discussions import events
from cop.discussions.draft import BODY
from cop.discussions.models import Discussion, MovedReply, Rearrangement, Shift
from cop.discussions.operations import KIND, facts_now
from cop.discussions.rearranging import moved_by, state_facts
from cop.discussions.splitting import begins_with
from cop.entries import cases, enclosing, moving, opening, policy, queries, reasons
from cop.entries.cases import Decided
from cop.entries.commenting import reword
from cop.entries.models import Comment, CommentStatus, Entry, Status
from cop.entries.operations import set_status
from cop.entries.policy import Act
from cop.events.record import record
from cop.people.viewer import SYSTEM, Viewer

#: How long a rearrangement can be made undone; afterwards it is what people know.
UNDONE_WITHIN = timedelta(days=1)


def is_undoable(row: Rearrangement) -> bool:
    """Tell whether there is still time to make it undone."""
    return row.undone_at is None and clock.now() < row.at + UNDONE_WITHIN


def undo(*, by: Viewer, rearrangement_id: int, reason: str, ready: str = "") -> Rearrangement:
    """Let replies stand where they stood, with what answered them since, for a reason. Once is enough."""
    row = get(by, rearrangement_id)
    if not _stands(row):
        return row
    source, target = (
        queries.get(SYSTEM, one, KIND, to_change=True)
        for one in sorted((row.source_id, row.target_id))
    )
    if source.id != row.source_id:
        source, target = target, source
    db.session.refresh(row)
    if not _stands(row):
        return row
    _require_undoable(row, source, target)
    policy.require(by, Act.ARRANGE, target)
    why = reasons.checked(reason, ready)
    _return_replies(row, source, target)
    if row.kind == Shift.MERGE:
        _part(by, row, source, target)
    elif row.made:
        _close(row, source, target)
    for one in (source, target):
        moving.recount(one)
    row.undone_at = clock.now()
    cases.tell(by=by, act=Decided.REJOIN, reason=why, user_id=source.author_id, entry=source)
    undone = events.RearrangementUndone(
        entry_id=target.id, rearrangement_id=row.id, reason=why.words, ready=why.ready
    )
    record(undone, actor_id=by.id)
    record(events.RepliesReturned(entry_id=source.id, rearrangement_id=row.id), actor_id=by.id)
    return row


def _require_undoable(row: Rearrangement, source: Entry, target: Entry) -> None:
    """Raise Invalid where too long has passed, or what happened since must be undone first or never can be."""
    if not is_undoable(row):
        raise Invalid(
            "",
            _l(
                "This is longer ago than a day and cannot be undone any more. Split it anew instead."
            ),
        )
    if target.merged_into_id is not None or (
        source.merged_into_id is not None and row.kind == Shift.SPLIT
    ):
        raise Invalid("", _l("It was joined with another discussion since. Undo that first."))
    opened = [opening.opened_at(one) for one in (source, target)]
    if any(at is not None and at >= row.at for at in opened):
        raise Invalid(
            "",
            _l(
                "One of the two was opened to others than the circle since. What was said in the circle stays there, "
                "so this cannot be undone any more."
            ),
        )


def _stands(row: Rearrangement) -> bool:
    return row.undone_at is None


def get(by: Viewer, rearrangement_id: int) -> Rearrangement:
    """Return a rearrangement for who may arrange what took the replies; raise NotFound for everybody else."""
    known = 0 < rearrangement_id <= queries.MAX_ID
    row = db.session.get(Rearrangement, rearrangement_id) if known else None
    target = db.session.get(Entry, row.target_id) if row is not None else None
    if row is None or target is None or not (by.system or policy.looks_after(by, target)):
        raise NotFound
    return row


def _return_replies(row: Rearrangement, source: Entry, target: Entry) -> None:
    """Move what was moved back, with what was written below it since; a discussion that was made goes back whole."""
    stood = {
        one.comment_id: one.thread_id
        for one in db.session.execute(
            select(MovedReply.comment_id, MovedReply.thread_id).where(
                MovedReply.rearrangement_id == row.id
            )
        )
    }
    moved = moved_by(row)
    coming = (
        Comment.entry_id == target.id,
        true() if row.made else or_(Comment.id.in_(moved), Comment.thread_id.in_(moved)),
    )
    rows = db.session.execute(select(Comment.id, Comment.thread_id).where(*coming)).all()
    moving.return_(source=source, target=target, chosen=select(Comment.id).where(*coming))
    other = [
        {"id": one.id, "thread_id": thread}
        for one in rows
        if (thread := stood.get(one.id, stood.get(one.thread_id, one.thread_id))) != one.thread_id
    ]
    if other:
        db.session.execute(update(Comment), other)


def _part(by: Viewer, row: Rearrangement, source: Entry, target: Entry) -> None:
    """Let a discussion that was joined stand by itself again, with what it gave away."""
    source.merged_into_id = None
    set_status(
        source,
        Status.PUBLISHED if source.status == Status.MERGED else Status(source.status),
    )
    db.session.execute(
        update(Entry)
        .where(Entry.id.in_(row.before["joined"]), Entry.merged_into_id == target.id)
        .values(merged_into_id=source.id)
    )
    own = db.session.get_one(Discussion, source.id)
    own.accepted_id, own.pinned = row.before["accepted"], row.before["pinned"]
    facts = facts_now(target)
    less = replace(
        facts,
        terms=tuple(key for key in facts.terms if key not in row.before["terms"]),
        notes=tuple(key for key in facts.notes if key not in row.before["notes"]),
    )
    if less != facts:
        state_facts(by, target, less)


def _close(row: Rearrangement, source: Entry, target: Entry) -> None:
    """Let the first reply be one again, as it reads now, and the address of what it began lead to its old place."""
    first = db.session.scalar(
        select(Comment).where(
            Comment.entry_id == source.id,
            Comment.status == CommentStatus.OPENING,
            Comment.id.in_(moved_by(row)),
        )
    )
    if first is not None:
        text = queries.text_for(target, Lang(first.lang))
        began = begins_with(first)
        words = queries.current(text).sections.get(BODY, began)
        if words != began:
            reword(first, Lang(text.lang), words, enclosing.shown_by(first))
        moving.take_images(first, target)
        first.status = CommentStatus.PUBLISHED.value
    target.merged_into_id = source.id
    set_status(target, Status.DELETED)
