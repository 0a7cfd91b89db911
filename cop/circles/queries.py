"""Reading circles: the directory, one circle, and the lists its hosts keep. All through who knows of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import joinedload

from cop.circles import policy
from cop.core import clock
from cop.core.db import db
from cop.core.keyset import read_page
from cop.core.page import Cursor, Page
from cop.core.text import slugify
from cop.entries import policy as entries
from cop.entries.models import Entry
from cop.people.belonging import known_to
from cop.people.models import (
    AccountStatus,
    Circle,
    CircleInvitation,
    CircleRole,
    GrantRow,
    JoinRequest,
    Membership,
    User,
)
from cop.people.viewer import Grant, Viewer

PAGE_SIZE = 50
#: Newcomers that the page of a circle names.
_LATELY = 5
#: Hosts that a circle names.
_HOSTS_NAMED = 12


@dataclass(frozen=True)
class Row:
    """A circle in a list."""

    circle: Circle
    slug: str
    role: str = ""
    #: Whether the viewer asks to be let in.
    asks: bool = False


def slug_of(circle: Circle) -> str:
    """Return the decoration of a circle's address."""
    return slugify(circle.name)


def own(viewer: Viewer) -> list[Row]:
    """Return the circles the viewer is in, by name."""
    if not viewer.circles:
        return []
    rows = db.session.execute(
        select(Circle, Membership.role)
        .join(Membership, Membership.circle_id == Circle.id)
        .where(Membership.user_id == viewer.id, Circle.closed_at.is_(None))
        .order_by(Circle.name, Circle.id)
    )
    return [Row(circle, slug_of(circle), role) for circle, role in rows]


def closed_by(viewer: Viewer) -> list[Circle]:
    """Return the closed circles the viewer was a host of, which can be opened again."""
    if viewer.id is None:
        return []
    return list(
        db.session.scalars(
            select(Circle)
            .join(Membership, Membership.circle_id == Circle.id)
            .where(
                Membership.user_id == viewer.id,
                Membership.role == CircleRole.HOST.value,
                Circle.closed_at.is_not(None),
                Circle.emptied_at.is_(None),
            )
            .order_by(Circle.closed_at.desc())
        )
    )


def others(viewer: Viewer, *, older: str | None, newer: str | None) -> Page[Row]:
    """Return a page of the circles the viewer may know of and is not in, the newest first."""
    asks = exists().where(
        JoinRequest.circle_id == Circle.id,
        JoinRequest.user_id == viewer.id,
        JoinRequest.declined_at.is_(None),
    )
    statement = select(Circle, asks).where(
        known_to(viewer), Circle.id.not_in(sorted(viewer.circles))
    )
    page = read_page(
        statement,
        Circle.created_at,
        Circle.id,
        older=older,
        newer=newer,
        size=PAGE_SIZE,
        read=lambda asked: db.session.execute(asked).all(),
        place=lambda row: Cursor(row[0].created_at, row[0].id),
    )
    rows = [Row(circle, slug_of(circle), asks=asking) for circle, asking in page.items]
    return Page(rows, older=page.older, newer=page.newer)


@dataclass(frozen=True)
class Person:
    """Somebody in a circle, as those who know of it see her."""

    user_id: int
    name: str
    handle: str | None
    role: str
    since: datetime
    #: Whether she looks after the site: that somebody with such a role is in a circle, those in it see.
    keeps_site: bool = False


def _people(statement: Select[Membership]) -> list[Person]:
    rows = db.session.scalars(statement.options(joinedload(Membership.user))).all()
    keeping = set(
        db.session.scalars(
            select(GrantRow.user_id).where(
                GrantRow.user_id.in_([row.user_id for row in rows]),
                GrantRow.grant.in_([Grant.MODERATOR.value, Grant.ADMIN.value]),
            )
        )
    )
    return [
        Person(
            row.user_id,
            entries.name_of(row.user),
            row.user.handle if row.user.active else None,
            row.role,
            row.since,
            row.user_id in keeping,
        )
        for row in rows
    ]


def hosts(circle: Circle) -> list[Person]:
    """Return the hosts of a circle who can be spoken to, the longest first; for whoever knows of it."""
    return _people(
        select(Membership)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.circle_id == circle.id,
            Membership.role == CircleRole.HOST.value,
            User.status == AccountStatus.ACTIVE.value,
        )
        .order_by(Membership.since, Membership.user_id)
        .limit(_HOSTS_NAMED)
    )


def lately(circle: Circle) -> list[Person]:
    """Return who came in last, for those in the circle."""
    return _people(
        select(Membership)
        .where(Membership.circle_id == circle.id)
        .order_by(Membership.since.desc(), Membership.user_id.desc())
        .limit(_LATELY)
    )


def size(circle: Circle) -> int:
    """Return how many are in a circle, for those in it."""
    return db.session.scalar(select(func.count()).where(Membership.circle_id == circle.id)) or 0


def members(
    viewer: Viewer, circle_id: int, *, older: str | None, newer: str | None
) -> Page[Person]:
    """Return a page of who is in a circle, the newest first; for those in it."""
    circle = policy.joined(viewer, circle_id)
    statement = select(Membership).where(Membership.circle_id == circle.id)
    page = read_page(
        statement,
        Membership.since,
        Membership.user_id,
        older=older,
        newer=newer,
        size=PAGE_SIZE,
        read=_people,
        place=lambda person: Cursor(person.since, person.user_id),
    )
    return Page(page.items, older=page.older, newer=page.newer)


def entries_of(viewer: Viewer, circle: Circle, kind: str = "") -> Select[Entry]:
    """Return the statement of what is published in a circle, of one kind where one is named."""
    statement = select(Entry).where(
        Entry.circle_id == circle.id,
        Entry.audience == f"circle:{circle.id}",
        entries.listed(viewer),
    )
    return statement.where(Entry.kind == kind) if kind else statement


@dataclass(frozen=True)
class Asking:
    """Somebody who asks to be let in, for the hosts."""

    id: int
    name: str
    handle: str | None
    words: str
    at: datetime
    #: Whether she asked herself; else the hosts took her out.
    has_asked: bool = True


def _asking(circle: Circle) -> Select[JoinRequest]:
    return (
        select(JoinRequest)
        .join(User, User.id == JoinRequest.user_id)
        .where(
            JoinRequest.circle_id == circle.id,
            JoinRequest.declined_at.is_(None),
            User.status == AccountStatus.ACTIVE.value,
        )
    )


def asking(circle: Circle) -> list[Asking]:
    """Return who asks to be let in, the longest waiting first, so many as one answers at a time."""
    rows = db.session.scalars(
        _asking(circle)
        .options(joinedload(JoinRequest.user))
        .order_by(JoinRequest.created_at, JoinRequest.id)
        .limit(PAGE_SIZE)
    )
    return [
        Asking(row.id, entries.name_of(row.user), row.user.handle, row.words, row.created_at)
        for row in rows
    ]


def turned_away(circle: Circle) -> list[Asking]:
    """Return whom the hosts did not let in or took out, the last first, so many as a page holds."""
    rows = db.session.scalars(
        select(JoinRequest)
        .join(User, User.id == JoinRequest.user_id)
        .where(
            JoinRequest.circle_id == circle.id,
            JoinRequest.declined_at.is_not(None),
            User.status == AccountStatus.ACTIVE.value,
        )
        .options(joinedload(JoinRequest.user))
        .order_by(JoinRequest.declined_at.desc(), JoinRequest.id.desc())
        .limit(PAGE_SIZE)
    )
    return [
        Asking(
            row.id,
            entries.name_of(row.user),
            row.user.handle,
            "",
            row.declined_at or row.created_at,
            policy.has_asked(row),
        )
        for row in rows
    ]


def number_asking(circle: Circle) -> int:
    """Return how many ask to be let in."""
    return db.session.scalar(select(func.count()).select_from(_asking(circle).subquery())) or 0


@dataclass(frozen=True)
class InvitationRow:
    """A link into a circle, for its hosts."""

    invitation: CircleInvitation
    by: str
    state: str


def invitations(circle: Circle) -> Sequence[InvitationRow]:
    """Return the links into a circle, the newest first."""
    rows = db.session.execute(
        select(CircleInvitation, User)
        .outerjoin(User, User.id == CircleInvitation.made_by_id)
        .where(CircleInvitation.circle_id == circle.id)
        .order_by(CircleInvitation.id.desc())
        .limit(100)
    ).all()
    now = clock.now()
    return [InvitationRow(row, entries.name_of(by), _state(row, now)) for row, by in rows]


def _state(row: CircleInvitation, now: datetime) -> str:
    if row.revoked_at is not None:
        return "revoked"
    if row.uses_left <= 0:
        return "used"
    return "ended" if row.ends_at <= now else ""
