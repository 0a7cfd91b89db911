"""Which circles somebody is in: part of who is looking, read with her session in one statement."""

from collections.abc import Collection, Sequence

from markupsafe import Markup
from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    String,
    and_,
    bindparam,
    cast,
    false,
    func,
    or_,
    select,
)

from cop.core.db import db
from cop.people.models import Circle, CircleRole, Membership, Seen, User
from cop.people.viewer import Viewer


def circles_of_user() -> ScalarSelect[str]:
    """Return the circles of the `User` of a statement in one value, such as `3m,8h`; read it with `told`."""
    written = cast(Membership.circle_id, String) + func.substr(Membership.role, 1, 1)
    return (
        select(func.aggregate_strings(written, ","))
        .join(Circle, Circle.id == Membership.circle_id)
        .where(Membership.user_id == User.id, Circle.closed_at.is_(None))
        .correlate(User)
        .scalar_subquery()
    )


def told(written: str | None) -> tuple[frozenset[int], frozenset[int]]:
    """Return the circles that `circles_of_user` tells of, and those of them with the role of a host."""
    if not written:
        return frozenset(), frozenset()
    found = [(int(one[:-1]), one[-1]) for one in written.split(",")]
    host = CircleRole.HOST.value[0]
    return frozenset(one for one, _role in found), frozenset(
        one for one, role in found if role == host
    )


def known_to(viewer: Viewer) -> ColumnElement[bool]:
    """Return the criterion on `Circle` of those the viewer may know of. Visitors know of none."""
    if not viewer.is_member:
        return false()
    return and_(
        Circle.closed_at.is_(None),
        or_(Circle.seen == Seen.MEMBERS.value, Circle.id.in_(sorted(viewer.circles))),
    )


_OF_USER = select(circles_of_user()).select_from(User).where(User.id == bindparam("user"))


def circles_of(user_id: int) -> tuple[frozenset[int], frozenset[int]]:
    """Return the circles somebody is in, and those of them she is a host of; of closed ones none."""
    return told(db.session.scalar(_OF_USER, {"user": user_id}))


_Circles = dict[int, frozenset[int]]


def among(circle_id: int | None, user_ids: Sequence[int]) -> tuple[_Circles, _Circles]:
    """Return who of these is in an open circle, and who of them is a host of it, as parts of who they are."""
    if circle_id is None:
        return {}, {}
    rows = db.session.execute(
        select(Membership.user_id, Membership.role)
        .join(Circle, Circle.id == Membership.circle_id)
        .where(
            Membership.circle_id == circle_id,
            Membership.user_id.in_(list(user_ids)),
            Circle.closed_at.is_(None),
        )
    ).all()
    it = frozenset({circle_id})
    hosts = {row.user_id: it for row in rows if row.role == CircleRole.HOST}
    return {row.user_id: it for row in rows}, hosts


def called(name: str, lang: str) -> Markup:
    """Return the name of a circle as a part of a page in whatever language."""
    return Markup('<span lang="{}">{}</span>').format(lang, name)


def names_of(circle_ids: frozenset[int]) -> list[tuple[int, Markup]]:
    """Return ids and names of circles for somebody who is in them, by name; nothing asked where there are none."""
    if not circle_ids:
        return []
    rows = db.session.execute(
        select(Circle.id, Circle.name, Circle.lang)
        .where(Circle.id.in_(circle_ids))
        .order_by(Circle.name, Circle.id)
    )
    return [(row.id, called(row.name, row.lang)) for row in rows]


def members_of(circle_ids: Collection[int]) -> set[int]:
    """Return who is in these circles; of closed ones nobody."""
    if not circle_ids:
        return set()
    statement = (
        select(Membership.user_id)
        .join(Circle, Circle.id == Membership.circle_id)
        .where(Membership.circle_id.in_(sorted(circle_ids)), Circle.closed_at.is_(None))
    )
    return set(db.session.scalars(statement))
