"""Who looks after what: the queue, its cases and the log."""

from dataclasses import replace

from sqlalchemy import ColumnElement, and_, exists, false, or_, select

from cop.core.db import db
from cop.core.errors import NotFound
from cop.entries.cases import Why
from cop.entries.models import (
    Case,
    Comment,
    CommentStatus,
    Entry,
    NameMask,
    Status,
    Visibility,
)
from cop.entries.policy import MODERATORS
from cop.people.models import AccountStatus, CircleRole, GrantRow, Membership, User
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


def may_decide(viewer: Viewer) -> bool:
    """Tell whether somebody has a queue: moderators that of the site, hosts that of their circles."""
    return may_moderate(viewer) or bool(viewer.hosted)


def require_keeper(viewer: Viewer) -> None:
    """Raise NotFound for who neither decides about cases nor curates pages."""
    if not (may_decide(viewer) or viewer.has(Grant.CURATOR)):
        raise NotFound


def require_decider(viewer: Viewer) -> None:
    """Raise NotFound for everybody else, so that nothing is revealed."""
    if not may_decide(viewer):
        raise NotFound


def decidable(viewer: Viewer) -> ColumnElement[bool]:
    """Return the criterion on `Case`, joined with its entry and comment, of what waits for this viewer.

    What is of a circle waits for its hosts, and for moderators only what was passed on to them. Nobody decides
    about her own things, unless there is nobody else. What its author took back waits for nobody; given back,
    it waits again.
    """
    return and_(
        Case.decided_at.is_(None),
        or_(_of_the_site(viewer), _of_her_circles(viewer)),
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
    )


def _of_the_site(viewer: Viewer) -> ColumnElement[bool]:
    if not may_moderate(viewer):
        return false()
    others = exists(
        select(GrantRow.user_id)
        .join(User, User.id == GrantRow.user_id)
        .where(
            GrantRow.grant.in_([grant.value for grant in _DECIDING]),
            GrantRow.user_id != viewer.id,
            User.status == AccountStatus.ACTIVE.value,
        )
    )
    passed_on = and_(Case.passed_on, Entry.visibility == Visibility.CIRCLE)
    return and_(or_(Entry.audience.in_(_AUDIENCES), passed_on), _not_her_own(viewer, others))


def _of_her_circles(viewer: Viewer) -> ColumnElement[bool]:
    if not viewer.hosted:
        return false()
    others = exists(
        select(Membership.user_id)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.circle_id == Entry.circle_id,
            Membership.role == CircleRole.HOST.value,
            Membership.user_id != viewer.id,
            User.status == AccountStatus.ACTIVE.value,
        )
    )
    labels = [f"{kind}:{one}" for one in sorted(viewer.hosted) for kind in ("circle", "hosts")]
    return and_(Entry.audience.in_(labels), Case.passed_on.is_(False), _not_her_own(viewer, others))


def _not_her_own(viewer: Viewer, others: ColumnElement[bool]) -> ColumnElement[bool]:
    return or_(Case.author_id.is_(None), Case.author_id != viewer.id, ~others)


def acting(viewer: Viewer, case: Case, entry: Entry) -> Viewer:
    """Return as whom a case is read and decided: a moderator as a host would, for what was passed on to her.

    For this one item alone; once the case is settled, she reads nothing of the circle any more.
    """
    its = entry.circle_id
    if not (case.passed_on and case.decided_at is None and may_moderate(viewer)) or its is None:
        return viewer
    return replace(viewer, circles=viewer.circles | {its}, hosted=viewer.hosted | {its})


def is_masked(entry: Entry, author_id: int | None, comment: Comment | None = None) -> bool:
    """Tell whether nobody may learn who wrote this: the author of an unnamed entry, in it and in comments on it."""
    if comment is not None and comment.mask:
        return comment.mask == NameMask.UNNAMED
    return entry.name_mask == NameMask.UNNAMED and author_id in (None, entry.author_id)


def is_masked_case(case: Case, entry: Entry) -> bool:
    """Tell whether nobody may learn who wrote what a case is about."""
    comment = db.session.get(Comment, case.comment_id) if case.comment_id else None
    return is_masked(entry, case.author_id, comment)


def person_of(case: Case, entry: Entry) -> User | None:
    """Return whom a decision may also concern, or None where nobody may be named or there is nobody."""
    if case.author_id is None or is_masked_case(case, entry):
        return None
    user = db.session.get(User, case.author_id)
    return user if user is not None and not user.system and user.email is not None else None
