"""Vouching: a trusted member answers for a newcomer, whose items then appear at once. Actor first, no commit."""

from datetime import timedelta

from sqlalchemy import exists, or_, select

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Forbidden, NotFound
from cop.core.i18n import _l
from cop.entries import holding
from cop.entries.models import Comment, CommentStatus, Entry, NameMask, Status, Visibility
from cop.entries.reasons import Reason
from cop.people import queries as people, standing
from cop.people.models import User
from cop.people.viewer import Grant, Viewer

#: How long somebody is here before she can vouch for others.
HERE_FOR = timedelta(days=30)
_ALWAYS = (Grant.CURATOR, Grant.MODERATOR, Grant.ADMIN)


def may_vouch(viewer: Viewer, user: User) -> bool:
    """Tell whether the viewer can answer for this newcomer.

    Curators, moderators and administrators can; so can a member who has been here for a month, waits for
    nobody herself and has put her name under something public that stands.
    """
    if viewer.id is None or viewer.id == user.id or not user.active:
        return False
    if user.trusted_at is not None or standing.is_limited(user):
        return False
    if not standing.is_newcomer(user, people.grants_of(user.id)):
        return False
    return viewer.has(*_ALWAYS) or _is_known(viewer)


def _is_known(viewer: Viewer) -> bool:
    own = people.by_id(viewer.id or 0)
    if own.trusted_at is None or standing.is_limited(own):
        return False
    if own.created_at > clock.now() - HERE_FOR:
        return False
    public = (Entry.status == Status.PUBLISHED) & (Entry.visibility == Visibility.PUBLIC)
    posted = exists().where(Entry.author_id == own.id, public, Entry.name_mask == NameMask.SHOWN)
    said = (
        select(Comment.id)
        .join(Entry, Entry.id == Comment.entry_id)
        .where(
            Comment.author_id == own.id,
            Comment.status == CommentStatus.PUBLISHED,
            public,
            or_(Entry.name_mask == NameMask.SHOWN, Entry.author_id != own.id),
        )
        .exists()
    )
    return bool(db.session.scalar(select(posted | said)))


def vouch(*, by: Viewer, handle: str) -> User:
    """Answer for a newcomer: what waits under her name appears, and what she posts from now on. Once is enough."""
    user = people.by_handle(handle)
    if user is None or not user.active:
        raise NotFound
    if user.trusted_at is not None:
        return user
    if not may_vouch(by, user):
        raise Forbidden(_l("You cannot vouch for this person."))
    holding.take_in_order(user.id, [])
    db.session.refresh(user)
    holding.trust(user, by=by, why=Reason(ready="vouched"))
    return user
