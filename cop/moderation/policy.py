"""Who looks after what: the queue, its cases and the log."""

from sqlalchemy import ColumnElement, and_, exists, or_, select

from cop.core.db import db
from cop.core.errors import NotFound
from cop.entries.cases import Why
from cop.entries.models import Case, Comment, CommentStatus, Entry, NameMask, Status
from cop.entries.policy import MODERATORS
from cop.people.models import AccountStatus, GrantRow, User
from cop.people.viewer import Grant, Viewer

#: Who sees flags and what is held, and decides.
_DECIDING = (Grant.MODERATOR, Grant.ADMIN)
#: What moderators read: neither drafts nor what its author took back.
_AUDIENCES = ("public", "members", MODERATORS)


def may_moderate(viewer: Viewer) -> bool:
    """Tell whether somebody sees the queue and the log."""
    return viewer.has(*_DECIDING)


def require_moderator(viewer: Viewer) -> None:
    """Raise NotFound for everybody else, so that nothing is revealed."""
    if not may_moderate(viewer):
        raise NotFound


def decidable(viewer: Viewer) -> ColumnElement[bool]:
    """Return the criterion on `Case`, joined with its entry and comment, of what waits for this viewer.

    Nobody decides about her own things, unless there is nobody else. What its author took back waits for
    nobody; given back, it waits again.
    """
    alone = ~exists(
        select(GrantRow.user_id)
        .join(User, User.id == GrantRow.user_id)
        .where(
            GrantRow.grant.in_([grant.value for grant in _DECIDING]),
            GrantRow.user_id != viewer.id,
            User.status == AccountStatus.ACTIVE.value,
        )
    )
    return and_(
        Case.decided_at.is_(None),
        Entry.audience.in_(_AUDIENCES),
        or_(
            and_(Case.comment_id.is_(None), Case.why == Why.HELD, Entry.status == Status.HELD),
            and_(
                Case.comment_id.is_(None),
                Case.why == Why.FLAGGED,
                Entry.status == Status.PUBLISHED,
            ),
            and_(Case.why == Why.HELD, Comment.status == CommentStatus.HELD),
            and_(Case.why == Why.FLAGGED, Comment.status == CommentStatus.PUBLISHED),
        ),
        or_(Case.author_id.is_(None), Case.author_id != viewer.id, alone),
    )


def is_masked(entry: Entry, author_id: int | None) -> bool:
    """Tell whether nobody may learn who wrote this: the author of an unnamed entry, in it and in comments on it."""
    return entry.name_mask == NameMask.UNNAMED and author_id in (None, entry.author_id)


def person_of(case: Case, entry: Entry) -> User | None:
    """Return whom a decision may also concern, or None where nobody may be named or there is nobody."""
    if case.author_id is None or is_masked(entry, case.author_id):
        return None
    user = db.session.get(User, case.author_id)
    return user if user is not None and not user.system and user.email is not None else None
