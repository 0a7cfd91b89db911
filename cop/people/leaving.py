"""What becomes of somebody's circles when she closes her account."""

from sqlalchemy import ScalarSelect, delete, func, select
from sqlalchemy.orm import aliased

from cop.core import clock
from cop.core.db import db
from cop.people.models import Circle, CircleRole, JoinRequest, Membership


def _others(*roles: CircleRole) -> ScalarSelect[int]:
    other = aliased(Membership)
    return (
        select(func.count())
        .select_from(other)
        .where(
            other.circle_id == Membership.circle_id,
            other.user_id != Membership.user_id,
            other.role.in_([role.value for role in roles]),
        )
        .correlate(Membership)
        .scalar_subquery()
    )


def only_host_of(user_id: int) -> list[str]:
    """Return the names of the circles that others are in and nobody else is a host of."""
    mine = Membership.role == CircleRole.HOST.value
    return list(
        db.session.scalars(
            select(Circle.name)
            .join(Membership, Membership.circle_id == Circle.id)
            .where(
                Membership.user_id == user_id,
                mine,
                Circle.closed_at.is_(None),
                _others(CircleRole.HOST) == 0,
                _others(CircleRole.MEMBER) > 0,
            )
            .order_by(Circle.name)
        )
    )


def leave_all(user_id: int) -> None:
    """Leave every circle; those that nobody else is in are closed."""
    alone = db.session.scalars(
        select(Circle)
        .join(Membership, Membership.circle_id == Circle.id)
        .where(
            Membership.user_id == user_id,
            Circle.closed_at.is_(None),
            _others(CircleRole.HOST, CircleRole.MEMBER) == 0,
        )
    ).all()
    for circle in alone:
        circle.closed_at = clock.now()
    db.session.execute(delete(Membership).where(Membership.user_id == user_id))
    db.session.execute(delete(JoinRequest).where(JoinRequest.user_id == user_id))
