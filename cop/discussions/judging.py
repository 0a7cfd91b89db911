"""What askers and moderators decide about a discussion: the accepted answer, its pin, its space. No commit."""

from sqlalchemy import select

from cop.core.db import db
from cop.core.errors import Invalid
from cop.core.i18n import _l
from cop.discussions import events
from cop.discussions.models import Discussion, Form, Space
from cop.discussions.operations import KIND
from cop.entries import policy, queries, reasons
from cop.entries.commenting import get_comment
from cop.entries.models import CommentStatus, Entry
from cop.entries.operations import touch
from cop.entries.policy import Act
from cop.events.record import record
from cop.people.viewer import Viewer


def _opened(by: Viewer, entry_id: int, act: Act) -> tuple[Entry, Discussion]:
    entry = queries.get(by, entry_id, KIND, to_change=True)
    policy.require(by, act, entry)
    return entry, db.session.get_one(Discussion, entry.id)


def accept(*, by: Viewer, comment_id: int) -> Entry:
    """Say that a reply answers the question; another one accepted before gives way."""
    entry, comment = get_comment(by, comment_id, to_change=True)
    entry, discussion = _opened(by, entry.id, Act.ACCEPT)
    if discussion.form != Form.QUESTION or comment.status != CommentStatus.PUBLISHED:
        raise Invalid("", _l("This cannot be accepted as an answer (any more)."))
    if discussion.accepted_id != comment.id:
        discussion.accepted_id = comment.id
        touch(entry)
        record(events.AnswerAccepted(entry_id=entry.id, comment_id=comment.id), actor_id=by.id)
    return entry


def unaccept(*, by: Viewer, comment_id: int) -> Entry:
    """Take the acceptance of a reply back."""
    entry, comment = get_comment(by, comment_id, to_change=True)
    entry, discussion = _opened(by, entry.id, Act.ACCEPT)
    if discussion.accepted_id == comment.id:
        discussion.accepted_id = None
        touch(entry)
        record(events.AnswerUnaccepted(entry_id=entry.id, comment_id=comment.id), actor_id=by.id)
    return entry


def pin(*, by: Viewer, entry_id: int, wanted: bool) -> Entry:
    """Put a discussion above the others of its space, or back among them."""
    entry, discussion = _opened(by, entry_id, Act.ARRANGE)
    if discussion.pinned != wanted:
        discussion.pinned = wanted
        touch(entry)
        happened = events.DiscussionPinned if wanted else events.DiscussionUnpinned
        record(happened(entry_id=entry.id), actor_id=by.id)
    return entry


def move(*, by: Viewer, entry_id: int, space: str, reason: str) -> Entry:
    """Move a discussion to another space, for a reason that is kept. It loses its pin there."""
    entry, discussion = _opened(by, entry_id, Act.ARRANGE)
    target = db.session.scalar(select(Space).where(Space.key == space.replace("\0", "")))
    if target is None or target.id == discussion.space_id:
        raise Invalid("space", _l("Choose another space than the one it is in."))
    why = reasons.checked(reason).words
    left, discussion.space_id, discussion.pinned = discussion.space_id, target.id, False
    touch(entry)
    record(
        events.DiscussionMoved(
            entry_id=entry.id, from_space_id=left, to_space_id=target.id, reason=why
        ),
        actor_id=by.id,
    )
    return entry
