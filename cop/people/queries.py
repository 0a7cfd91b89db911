"""Finding accounts and sessions. Nothing here reveals an address to anybody but its owner."""

from sqlalchemy import Select, func, or_, select

from cop.core import clock
from cop.core.db import db
from cop.core.errors import NotFound
from cop.people import addresses, belonging, handles
from cop.people.models import AccountStatus, GrantRow, Organisation, User, UserSession
from cop.people.viewer import Grant, Viewer

#: Largest id that a 32-bit integer column holds; larger numbers in URLs name nothing.
MAX_ID = 2**31 - 1


def by_handle(handle: str) -> User | None:
    """Return the account of this handle, in whatever case; the caller decides what to show of it."""
    return db.session.scalars(
        select(User).where(User.handle == handles.normal(handle))
    ).one_or_none()


def by_address(address: str | None) -> User | None:
    """Return the account of this normalised address."""
    if not address:
        return None
    return db.session.scalars(select(User).where(User.email == address)).one_or_none()


def by_identifier(identifier: str) -> User | None:
    """Return the account whose handle or e-mail address was typed; one query either way."""
    handle, address = handles.normal(identifier), addresses.normal(identifier)
    if len(handle) > addresses.LONGEST:
        return None
    return db.session.scalars(
        select(User)
        .where(or_(User.handle == handle, User.email == (address or handle)))
        .order_by(User.id)
        .limit(1)
    ).first()


def by_id(user_id: int) -> User:
    """Return the account of this id, else raise NotFound."""
    found = db.session.get(User, user_id) if 0 < user_id <= MAX_ID else None
    if found is None:
        raise NotFound
    return found


def viewer_of(user: User) -> Viewer:
    """Return the viewer an account is: what commands and imports act as with `--as HANDLE`."""
    if user.system:
        return Viewer(
            id=user.id,
            handle=user.handle,
            name=user.name,
            grants=frozenset({Grant.MEMBER}),
            system=True,
        )
    circles, hosted = belonging.circles_of(user.id)
    return Viewer(
        id=user.id,
        handle=user.handle,
        name=user.name,
        grants=frozenset({Grant.MEMBER}) | grants_of(user.id),
        lang=user.language,
        timezone=user.timezone,
        circles=circles,
        hosted=hosted,
    )


def grants_of(user_id: int) -> frozenset[Grant]:
    """Return what somebody holds beyond `member`."""
    rows = db.session.scalars(select(GrantRow.grant).where(GrantRow.user_id == user_id))
    return frozenset(Grant(row) for row in rows)


def administrators() -> int:
    """Return how many people can sign in as administrators."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(GrantRow)
            .join(User, User.id == GrantRow.user_id)
            .where(GrantRow.grant == Grant.ADMIN.value, User.status == AccountStatus.ACTIVE.value)
        )
        or 0
    )


def live_sessions(viewer: Viewer) -> Select[UserSession]:
    """Return the statement of the viewer's own sessions that still work, last used first."""
    return (
        select(UserSession)
        .where(
            UserSession.user_id == viewer.id,
            UserSession.revoked_at.is_(None),
            UserSession.expires_at > clock.now(),
        )
        .order_by(UserSession.seen_at.desc(), UserSession.id.desc())
        .limit(100)
    )


def organisation_name(user: User) -> str:
    """Return the name of the person's organisation as she would type it, for her own form."""
    found = db.session.get(Organisation, user.organisation_id) if user.organisation_id else None
    if found is None:
        return ""
    return found.name.get(user.lang) or next(iter(found.name.values()), "")
