"""What administrators see: people, invitations, queues and the facts of the site. Each list pages by key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, or_, select

from cop.core import clock
from cop.core.db import db
from cop.core.page import Cursor, Page
from cop.jobs import queue
from cop.jobs.models import Job
from cop.mail.models import OutgoingMail
from cop.mail.outbox import mail_counts
from cop.people import addresses, handles, invitations
from cop.people.invitations import require_admin
from cop.people.models import AccountStatus, GrantRow, Invitation, User
from cop.people.viewer import Grant, Viewer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from cop.settings import Settings

#: Rows a page of a list holds.
PAGE_SIZE = 30
_QUERY_LIMIT = 80


@dataclass(frozen=True)
class Person:
    """A line of the list of people. It holds no address: nobody but the person sees that."""

    id: int
    handle: str
    name: str
    status: AccountStatus
    created_at: datetime
    grants: frozenset[Grant]


@dataclass(frozen=True)
class Invited:
    """A line of the list of invitations."""

    invitation: Invitation
    by: str
    usable: bool


@dataclass(frozen=True)
class SiteFacts:
    """What stands about the site on the first page of administration."""

    people: int
    registration: str
    base_url: str
    secure: bool
    #: Where mails go that are not sent, or None where a mail server is set.
    mail_folder: str | None
    jobs: dict[str, int]
    mails: dict[str, int]


def people(viewer: Viewer, *, q: str = "", older: str | None = None) -> Page[Person]:
    """Return accounts, newest first; `q` looks into handles and names, or for one whole address."""
    require_admin(viewer)
    statement = select(User).where(User.system.is_(False))
    wanted = q.strip()[:_QUERY_LIMIT]
    if wanted:
        statement = statement.where(
            or_(
                User.handle.contains(handles.normal(wanted), autoescape=True),
                func.lower(User.name).contains(wanted.lower(), autoescape=True),
                User.email == (addresses.normal(wanted) or ""),
            )
        )
    found = _newest_first(statement, User, older)
    grants = _grants_of([user.id for user in found.items])
    rows = [_person(user, grants.get(user.id, frozenset())) for user in found.items]
    return Page(rows, older=found.older)


def person(viewer: Viewer, user: User) -> Person:
    """Return one account with its roles."""
    require_admin(viewer)
    return _person(user, _grants_of([user.id]).get(user.id, frozenset()))


def all_invitations(viewer: Viewer, *, older: str | None = None) -> Page[Invited]:
    """Return invitations, newest first, with who made them and whether they still work."""
    require_admin(viewer)
    found = _newest_first(select(Invitation), Invitation, older)
    makers = {row.made_by_id for row in found.items}
    found_names = db.session.execute(select(User.id, User.name).where(User.id.in_(makers)))
    names = {row.id: row.name for row in found_names}
    now = clock.now()
    rows = [
        Invited(
            row,
            names.get(row.made_by_id, "") if row.made_by_id else "",
            invitations.is_usable(row, now=now),
        )
        for row in found.items
    ]
    return Page(rows, older=found.older)


def mails(viewer: Viewer, *, older: str | None = None) -> Page[OutgoingMail]:
    """Return mails, newest first; pages show their state, never their words."""
    require_admin(viewer)
    return _newest_first(select(OutgoingMail), OutgoingMail, older)


def parked_jobs(viewer: Viewer) -> Sequence[Job]:
    """Return jobs that failed their last try."""
    require_admin(viewer)
    return queue.parked(db.session)


def facts(viewer: Viewer, settings: Settings) -> SiteFacts:
    """Return what an administrator should know at a glance."""
    require_admin(viewer)
    members = select(func.count()).where(
        User.status == AccountStatus.ACTIVE.value, User.system.is_(False)
    )
    return SiteFacts(
        people=db.session.scalar(members) or 0,
        registration=settings.registration,
        base_url=settings.base_url,
        secure=settings.secure,
        mail_folder=None if settings.mail_url else str(settings.data / "mail"),
        jobs=queue.counts(db.session),
        mails=mail_counts(db.session),
    )


def _newest_first(statement: Select[Any], model: Any, older: str | None) -> Page[Any]:
    """Return a page by id, which grows with time; the key holds the moment too, as all keys do."""
    before = Cursor.decode(older)
    if before is not None:
        statement = statement.where(model.id < before.id)
    rows = list(db.session.scalars(statement.order_by(model.id.desc()).limit(PAGE_SIZE + 1)))
    place: Callable[[Any], Cursor] = lambda row: Cursor(row.created_at, row.id)  # noqa: E731
    page: Page[Any] = Page.of(rows, size=PAGE_SIZE, place=place, before=before)
    return page


def _grants_of(user_ids: Sequence[int]) -> dict[int, frozenset[Grant]]:
    found: dict[int, set[Grant]] = {}
    rows = db.session.execute(
        select(GrantRow.user_id, GrantRow.grant).where(GrantRow.user_id.in_(list(user_ids)))
    )
    for user_id, grant in rows:
        found.setdefault(user_id, set()).add(Grant(grant))
    return {user_id: frozenset(grants) for user_id, grants in found.items()}


def _person(user: User, grants: frozenset[Grant]) -> Person:
    return Person(
        user.id, user.handle, user.name, AccountStatus(user.status), user.created_at, grants
    )
