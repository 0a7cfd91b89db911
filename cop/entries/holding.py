"""What waits for a moderator: let it through or not, and all that somebody has waiting. No commit."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import not_, select

from cop.core.db import db
from cop.core.errors import NotFound
from cop.entries import cases, comment_policy, events, policy, queries, reasons
from cop.entries.cases import Decided
from cop.entries.comment_policy import CommentAct
from cop.entries.commenting import get_comment, show
from cop.entries.models import Comment, CommentStatus, Entry, NameMask, Status, Visibility
from cop.entries.operations import publish, set_status
from cop.entries.policy import Act
from cop.entries.reasons import Reason
from cop.events.record import record
from cop.people import standing
from cop.people.models import User
from cop.people.viewer import SYSTEM, Viewer


def approve(*, by: Viewer, entry_id: int, reason: str, ready: str = "") -> Entry:
    """Let an entry through that waits."""
    entry = queries.get(by, entry_id, to_change=True)
    policy.require(by, Act.APPROVE, entry)
    _let_through(by, entry, reasons.checked(reason, ready))
    return entry


def _let_through(by: Viewer, entry: Entry, why: Reason) -> None:
    publish(entry)
    cases.settle(by=by, act=Decided.APPROVE, reason=why, entry=entry)
    event = events.EntryApproved(entry_id=entry.id, reason=why.words, ready=why.ready)
    record(event, actor_id=by.id)


def refuse(*, by: Viewer, entry_id: int, reason: str, ready: str = "") -> Entry:
    """Do not let an entry through that waits: it is hidden; its author and the moderators read it with the reason."""
    entry = queries.get(by, entry_id, to_change=True)
    policy.require(by, Act.REFUSE, entry)
    why = reasons.checked(reason, ready)
    set_status(entry, Status.HIDDEN)
    cases.settle(by=by, act=Decided.REFUSE, reason=why, entry=entry)
    event = events.EntryHidden(entry_id=entry.id, reason=why.words, ready=why.ready)
    record(event, actor_id=by.id)
    return entry


def approve_comment(*, by: Viewer, comment_id: int, reason: str, ready: str = "") -> Comment:
    """Let a comment through that waits."""
    entry, comment = get_comment(by, comment_id, to_change=True)
    comment_policy.require(by, CommentAct.APPROVE, comment, entry)
    _let_comment_through(by, entry, comment, reasons.checked(reason, ready))
    return comment


def _let_comment_through(by: Viewer, entry: Entry, comment: Comment, why: Reason) -> None:
    show(entry, comment)
    cases.settle(by=by, act=Decided.APPROVE, reason=why, entry=entry, comment=comment)
    event = events.CommentApproved(
        entry_id=entry.id, comment_id=comment.id, reason=why.words, ready=why.ready
    )
    record(event, actor_id=by.id)


def refuse_comment(*, by: Viewer, comment_id: int, reason: str, ready: str = "") -> Comment:
    """Do not let a comment through that waits: its author and the moderators read it, others no trace of it."""
    entry, comment = get_comment(by, comment_id, to_change=True)
    comment_policy.require(by, CommentAct.REFUSE, comment, entry)
    why = reasons.checked(reason, ready)
    comment.status = CommentStatus.REFUSED.value
    comment.removed_reason, comment.removed_ready = why.words, why.ready
    cases.settle(by=by, act=Decided.REFUSE, reason=why, entry=entry, comment=comment)
    event = events.CommentRefused(
        entry_id=entry.id, comment_id=comment.id, reason=why.words, ready=why.ready
    )
    record(event, actor_id=by.id)
    return comment


@dataclass(frozen=True)
class Waiting:
    """What somebody has waiting under her name."""

    entries: tuple[Entry, ...] = ()
    comments: tuple[tuple[Comment, Entry], ...] = ()

    def __len__(self) -> int:
        """How many that are."""
        return len(self.entries) + len(self.comments)


def waiting_of(user: User) -> Waiting:
    """Return what somebody has waiting under her name, oldest first.

    What she posted unnamed is not among it: let through at the same moment it would tell who wrote it.
    """
    held = select(Entry).where(
        Entry.author_id == user.id,
        Entry.status == Status.HELD,
        Entry.name_mask == NameMask.SHOWN,
        # In a circle its hosts decide.
        Entry.visibility != Visibility.CIRCLE,
    )
    said = (
        select(Comment, Entry)
        .join(Entry, Entry.id == Comment.entry_id)
        .where(
            Comment.author_id == user.id,
            Comment.status == CommentStatus.HELD,
            Entry.visibility != Visibility.CIRCLE,
            not_(policy.masked()),
        )
    )
    return Waiting(
        tuple(db.session.scalars(held.order_by(Entry.id))),
        tuple((row[0], row[1]) for row in db.session.execute(said.order_by(Comment.id))),
    )


def take_in_order(user_id: int | None, entry_ids: Iterable[int]) -> None:
    """Let whoever else decides about this person or these entries wait, before anything is changed.

    The person first, then every entry that may change with her, by ascending id: everybody who decides takes them
    in this order, so that no two ever wait for each other. Her entries are those under which something of hers waits.
    """
    ids = set(entry_ids)
    if user_id is not None:
        # Not for her key: who posts under her account at this moment need not wait.
        db.session.execute(
            select(User.id).where(User.id == user_id).with_for_update(key_share=True)
        )
        own = select(Entry.id).where(Entry.author_id == user_id, Entry.status == Status.HELD)
        under = select(Comment.entry_id).where(
            Comment.author_id == user_id, Comment.status == CommentStatus.HELD
        )
        ids |= {*db.session.scalars(own), *db.session.scalars(under)}
    db.session.execute(
        select(Entry.id).where(Entry.id.in_(sorted(ids))).order_by(Entry.id).with_for_update()
    )


def trust(user: User, *, by: Viewer, why: Reason) -> bool:
    """Let a newcomer be one no more, and everything through that waits under her name; return whether she was one."""
    if not standing.trust(user, by=by):
        return False
    cases.tell(by=by, act=Decided.TRUST, reason=why, user_id=user.id)
    if standing.is_limited(user):
        return True
    found = waiting_of(user)
    # Ids alone: until each is taken to change, its author or another moderator may have acted.
    entry_ids = [entry.id for entry in found.entries]
    comment_ids = [comment.id for comment, _entry in found.comments]
    for entry_id in entry_ids:
        entry = queries.get(SYSTEM, entry_id, to_change=True)
        if entry.status == Status.HELD and entry.name_mask == NameMask.SHOWN:
            _let_through(by, entry, why)
    for comment_id in comment_ids:
        try:
            entry, comment = get_comment(SYSTEM, comment_id, to_change=True)
        except NotFound:
            continue
        if comment.status == CommentStatus.HELD and not policy.is_masked(comment, entry):
            _let_comment_through(by, entry, comment, why)
    return True
