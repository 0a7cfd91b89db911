"""Finding people by what is typed of their names: in Han, in pinyin, in Latin letters, or the account name.

What somebody is found by (`User.sought`) follows from her name and account name. Members see all who can sign in
(PRODUCT.md); nobody else is ever found.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, or_, select

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
    line = _escaped(_line(typed))
    if not line or not viewer.is_member:
        return []
    asked = {
        "reader": viewer.id,
        "begun": f"%{line}%",
        "whole": f"%{line}\n%",
        "first": f"{line}%",
    }
    return db.session.scalars(_FOUND, asked).all()


def called(viewer: Viewer, names: Sequence[str]) -> tuple[str, list[User]]:
    """Return the first of these names that people go by exactly, in whatever spelling, and who they are.

    An account name counts as a name. Asked in one statement, however many they are; "" where they are nobody's.
    """
    lines = {name: _line(name) for name in names}
    whole = [
        User.sought.like(f"%{_escaped(line)}\n%", escape="/")
        for line in filter(None, lines.values())
    ]
    if not whole or not viewer.is_member:
        return "", []
    rows = db.session.scalars(
        select(User)
        .where(can_be_mentioned(), User.id != viewer.id, or_(*whole))
        .order_by(
            case(*((one, at) for at, one in enumerate(whole))), func.length(User.name), User.id
        )
        .limit(MOST)
    ).all()
    for name, line in lines.items():
        found = [one for one in rows if line and f"{line}\n" in sought_by(one.name, one.handle)]
        if found:
            return name, found
    return "", []


def _line(typed: str) -> str:
    """Return what was typed as the beginning of a line of `User.sought`; "" where nothing is left of it."""
    begun = "".join(fold(clean(typed, multiline=False)).split())[:_LONGEST]
    return f"\n{begun}" if begun else ""


def _escaped(line: str) -> str:
    return line.replace("/", "//").replace("%", "/%").replace("_", "/_")


def among(viewer: Viewer | None, user_ids: Sequence[int]) -> list[User]:
    """Return those of these people who can be mentioned, in the order given; not who asks."""
    if not user_ids:
        return []
    rows = db.session.scalars(select(User).where(User.id.in_(list(user_ids)), can_be_mentioned()))
    found = {row.id: row for row in rows}
    return [found[one] for one in user_ids if one in found and (viewer is None or one != viewer.id)]
