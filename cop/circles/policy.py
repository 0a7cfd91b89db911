"""Who knows of a circle, who is in it and who looks after it."""

from dataclasses import dataclass

from sqlalchemy import select

from cop.core.db import db
from cop.core.errors import Forbidden, NotFound
from cop.core.i18n import _l
from cop.entries.queries import MAX_ID
from cop.people import standing
from cop.people.models import Circle, CircleRole, JoinRequest, Membership, Seen, User
from cop.people.viewer import Viewer


@dataclass(frozen=True)
class Place:
    """What somebody is in a circle."""

    circle: Circle
    is_in: bool
    is_host: bool


def place(viewer: Viewer, circle_id: int, *, to_change: bool = False) -> Place:
    """Return a circle the viewer may know of and what she is in it; else raise NotFound, as for none.

    With `to_change`, whoever else changes it waits until this transaction ends, and what she is in it is
    read anew: whoever was taken out meanwhile does nothing more.
    """
    if not viewer.is_member or not 0 < circle_id <= MAX_ID:
        raise NotFound
    if to_change:
        held = select(Circle).where(Circle.id == circle_id).with_for_update()
        circle = db.session.scalar(held.execution_options(populate_existing=True))
        role = _role(viewer, circle_id)
    else:
        circle, role = _seen(viewer, circle_id)
    if circle is None or circle.closed_at is not None:
        raise NotFound
    if role is None and circle.seen != Seen.MEMBERS:
        raise NotFound
    return Place(circle, role is not None, role == CircleRole.HOST)


def _seen(viewer: Viewer, circle_id: int) -> tuple[Circle | None, str | None]:
    """Return a circle and what the viewer is in it, in one question."""
    hers = (Membership.circle_id == Circle.id) & (Membership.user_id == viewer.id)
    row = db.session.execute(
        select(Circle, Membership.role)
        .outerjoin(Membership, hers)
        .where(Circle.id == circle_id)
        .execution_options(populate_existing=True)
    ).first()
    return (row[0], row[1]) if row is not None else (None, None)


def _role(viewer: Viewer, circle_id: int) -> str | None:
    return db.session.scalar(
        select(Membership.role).where(
            Membership.circle_id == circle_id, Membership.user_id == viewer.id
        )
    )


def is_in(viewer: Viewer, circle_id: int) -> bool:
    """Tell whether somebody is in a circle now, whatever was true when her request came."""
    return _role(viewer, circle_id) is not None


def joined(viewer: Viewer, circle_id: int, *, to_change: bool = False) -> Circle:
    """Return a circle the viewer is in; else raise NotFound: what only those in it see does not exist for others."""
    found = place(viewer, circle_id, to_change=to_change)
    if not found.is_in:
        raise NotFound
    return found.circle


def hosted(viewer: Viewer, circle_id: int, *, to_change: bool = False) -> Circle:
    """Return a circle the viewer is a host of; raise NotFound for who is not in it, Forbidden for its members."""
    found = place(viewer, circle_id, to_change=to_change)
    if not found.is_in:
        raise NotFound
    if not found.is_host:
        raise Forbidden(_l("Only the hosts of this circle may do that."))
    return found.circle


def closed(viewer: Viewer, circle_id: int, *, to_change: bool = False) -> Circle:
    """Return a closed circle for who was its host, as long as it is kept; else raise NotFound."""
    if not viewer.is_member or not 0 < circle_id <= MAX_ID:
        raise NotFound
    statement = select(Circle).where(Circle.id == circle_id)
    circle = db.session.scalar(statement.with_for_update() if to_change else statement)
    if circle is None or circle.closed_at is None or circle.emptied_at is not None:
        raise NotFound
    if _role(viewer, circle_id) != CircleRole.HOST:
        raise NotFound
    return circle


def may_make(viewer: Viewer) -> bool:
    """Tell whether somebody may make a circle: every member whose posts wait for nobody."""
    if viewer.id is None:
        return False
    user = db.session.get(User, viewer.id)
    return user is not None and not (
        standing.is_limited(user) or standing.is_newcomer(user, viewer.grants)
    )


def has_asked(row: JoinRequest) -> bool:
    """Tell whether somebody asked to be let in; of who was taken out a row is made that was answered at once."""
    return row.declined_at != row.created_at
