"""Finding people by what is typed of their names: in Han, in pinyin, in Latin letters, or the account name.

What somebody is found by (`User.sought`) follows from her name and account name. Members see all who can sign in
(PRODUCT.md); nobody else is ever found.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, select

from cop.core.db import db
from cop.core.text import clean
from cop.people.models import AccountStatus, User
from cop.people.sought import sought_by
from cop.people.viewer import Viewer
from cop.search.text import fold

#: People offered at a time.
MOST = 8
#: Longer than any name somebody types.
_LONGEST = 60


def can_be_mentioned() -> ColumnElement[bool]:
    """Return the criterion on `User` of those whom members see: confirmed, neither suspended nor gone."""
    return and_(User.status == AccountStatus.ACTIVE.value, User.system.is_(False))


# Built once: it is asked while people type.
_FOUND: Select[User] = (
    select(User)
    .where(
        can_be_mentioned(),
        User.id != bindparam("reader"),
        User.sought.like(bindparam("begun"), escape="/"),
    )
    .order_by(
        # Who is called just this, then whose name begins so, then the rest; short names first.
        case((User.sought.like(bindparam("whole"), escape="/"), 0), else_=1),
        case((User.sought.like(bindparam("first"), escape="/"), 0), else_=1),
        func.length(User.name),
        User.id,
    )
    .limit(MOST)
)


def find(viewer: Viewer, typed: str) -> Sequence[User]:
    """Return those people whose name, a part of it, or account name begins as typed; not who asks."""
    begun = "".join(fold(clean(typed, multiline=False)).split())[:_LONGEST]
    if not begun or not viewer.is_member:
        return []
    line = "\n" + begun.replace("/", "//").replace("%", "/%").replace("_", "/_")
    asked = {
        "reader": viewer.id,
        "begun": f"%{line}%",
        "whole": f"%{line}\n%",
        "first": f"{line}%",
    }
    return db.session.scalars(_FOUND, asked).all()


def called(viewer: Viewer, name: str) -> list[User]:
    """Return those people who go by exactly this name, in whatever spelling, or have this account name."""
    whole = f"\n{''.join(fold(name).split())}\n"
    return [user for user in find(viewer, name) if whole in sought_by(user.name, user.handle)]


def among(viewer: Viewer | None, user_ids: Sequence[int]) -> list[User]:
    """Return those of these people who can be mentioned, in the order given; not who asks."""
    if not user_ids:
        return []
    rows = db.session.scalars(select(User).where(User.id.in_(list(user_ids)), can_be_mentioned()))
    found = {row.id: row for row in rows}
    return [found[one] for one in user_ids if one in found and (viewer is None or one != viewer.id)]
