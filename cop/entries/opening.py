"""Who is to read an entry: put into a circle, kept there, or opened from it to others. No commit.

Opened, it takes nothing along that others said in the circle, and none of its earlier states. What others could
read already never goes back into a circle: it is withdrawn, and posted there anew.
"""

from datetime import datetime

from sqlalchemy import delete, func, select, update

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Invalid
from cop.core.i18n import _l
from cop.entries import attaching, events
from cop.entries.draft import Signature
from cop.entries.models import (
    Case,
    Comment,
    CommentRevision,
    CommentStatus,
    Entry,
    Revision,
    Text,
    Visibility,
)
from cop.entries.reasons import OPENED_FROM_CIRCLE
from cop.entries.titles import keep_links_of, keep_titles
from cop.events.models import Event
from cop.events.record import record
from cop.people.viewer import Viewer

_NOT_YOURS = _l("You are not in this circle (any more). Please choose who can read it.")
_OPENED = _l(
    "Others than the circle can read this already. Withdraw it first, and post it anew in the circle."
)
_ELSEWHERE = _l(
    "This belongs to another circle, whose members may have answered. Post it anew in this one instead."
)


def circle_of(by: Viewer, signature: Signature) -> int | None:
    """Return the circle something new is for; raise Invalid where its author is not in it."""
    if signature.visibility is not Visibility.CIRCLE:
        return None
    if signature.circle_id is None or signature.circle_id not in by.circles:
        raise Invalid("visibility", _NOT_YOURS)
    return signature.circle_id


def is_signed_so(entry: Entry, signature: Signature) -> bool:
    """Tell whether those read the entry, and that name stands under it, that the signature asks for."""
    if (entry.visibility, entry.name_mask) != (
        signature.visibility.value,
        signature.name_mask.value,
    ):
        return False
    return signature.visibility is not Visibility.CIRCLE or entry.circle_id == signature.circle_id


def change_readers(by: Viewer, entry: Entry, signature: Signature) -> None:
    """Let the signature say who is to read the entry; what it is next is for the caller."""
    in_circle = entry.visibility == Visibility.CIRCLE
    if signature.visibility is Visibility.CIRCLE:
        if in_circle and entry.circle_id == signature.circle_id:
            return
        wanted = circle_of(by, signature)
        if entry.opened_to:
            raise Invalid("visibility", _ELSEWHERE if in_circle else _OPENED)
        entry.circle_id = wanted
    elif in_circle:
        _open(by, entry)
    entry.visibility = signature.visibility.value


def opened_at(entry: Entry) -> datetime | None:
    """Return when something written in a circle was opened to others: what happened before is the circle's."""
    if entry.circle_id is None or entry.visibility == Visibility.CIRCLE:
        return None
    opened = select(func.max(Event.at)).where(
        Event.entry_id == entry.id, Event.verb == events.EntryOpened.__name__
    )
    return db.session.scalar(opened)


def _open(by: Viewer, entry: Entry) -> None:
    """Open an entry of a circle to others."""
    for comment in db.session.scalars(select(Comment).where(Comment.entry_id == entry.id)):
        if comment.status == CommentStatus.PUBLISHED:
            # Who spoke there spoke to the circle, which reads it on.
            comment.status = CommentStatus.CIRCLE.value
        elif comment.status != CommentStatus.CIRCLE:
            empty_comment(comment, CommentStatus.CIRCLE_GONE)
    db.session.execute(delete(Case).where(Case.entry_id == entry.id))
    # The hosts' reason was for the circle.
    entry.replies, entry.locked_at = 0, None
    record(events.EntryOpened(entry_id=entry.id), actor_id=by.id)
    _empty_earlier_states(by, entry)
    attaching.let_go(entry)


def empty_comment(comment: Comment, status: CommentStatus) -> None:
    """Let the words of a comment go, with all it ever said and showed."""
    attaching.let_all_go(comment)
    comment.status = status.value
    comment.body = comment.html = ""
    keep_links_of(comment)
    db.session.execute(delete(CommentRevision).where(CommentRevision.comment_id == comment.id))


def _empty_earlier_states(by: Viewer, entry: Entry) -> None:
    """Empty what the circle read before: only what stands there now is opened."""
    for text in db.session.scalars(select(Text).where(Text.entry_id == entry.id)).all():
        db.session.execute(
            update(Revision)
            .where(
                Revision.text_id == text.id,
                Revision.number < text.number,
                Revision.suppressed_at.is_(None),
            )
            .values(
                title="",
                sections={},
                facts={},
                html={},
                note="",
                suppressed_at=clock.now(),
                suppressed_by_id=by.id,
                suppressed_reason=OPENED_FROM_CIRCLE,
            )
            .execution_options(synchronize_session="fetch")
        )
        # Nor does a name that it had in the circle alone lead to it any more.
        keep_titles(entry, text)
