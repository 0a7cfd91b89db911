"""What waits for a curator: proposals and pages to look at again, oldest first, in the one queue beside the cases.

A source finds what waits of one sort; each item is decided on a page of its own. Items are not stored: what waits
is asked of the proposals and pages themselves, so it is never stale. Only who is at work on one is kept (`Claim`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ScalarSelect, select
from sqlalchemy.exc import IntegrityError

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Conflict, NotFound
from cop.core.i18n import _l
from cop.core.page import Page
from cop.moderation.models import Claim
from cop.people.models import User
from cop.people.viewer import Grant, Viewer

PAGE_SIZE = 20
#: A claim that was not followed by a decision lapses.
CLAIM = timedelta(hours=1)


@dataclass(frozen=True)
class Item:
    """Something that waits for a curator."""

    #: What it is, for claims and for places in the list: `proposal:5`.
    subject: str
    since: datetime
    #: What sort of thing it is, in words.
    sort: Any
    title: str
    lang: str
    #: Who asks and why, where somebody does.
    by: str
    note: str
    href: str
    #: Who is at work on it; "" where nobody is.
    claimed_by: str = ""
    is_mine: bool = False

    @property
    def place(self) -> str:
        """Where it stands in the list."""
        return f"{self.since.isoformat()}|{self.subject}"


@dataclass(frozen=True)
class Source:
    """One sort of things that wait: the statement that counts them, and the oldest after a moment."""

    name: str
    label: Any
    number: Callable[[Viewer], ScalarSelect[int]]
    #: (viewer, from this moment on, at most so many) → items, oldest first.
    oldest: Callable[[Viewer, datetime | None, int], Sequence[Item]]


_TAKEN = _l("Somebody else is at work on this.")

#: Filled once when the application is made, in the order of the tabs.
SOURCES: list[Source] = []


def may_curate(viewer: Viewer) -> bool:
    """Tell whether somebody sees what waits for curators."""
    return viewer.has(Grant.CURATOR)


def require_curator(viewer: Viewer) -> None:
    """Raise NotFound for everybody else, so that nothing is revealed."""
    if not may_curate(viewer):
        raise NotFound


def numbers(viewer: Viewer) -> list[ScalarSelect[int]]:
    """Return what counts each sort that waits for this viewer, in the order of `SOURCES`, for one statement."""
    return [source.number(viewer) for source in SOURCES] if may_curate(viewer) else []


def counted(viewer: Viewer) -> list[int]:
    """Return how much of each sort waits, in the order of `SOURCES`."""
    asked = numbers(viewer)
    return list(db.session.execute(select(*asked)).one()) if asked else []


def page(viewer: Viewer, *, sort: str = "", after: str | None = None) -> Page[Item]:
    """Return what waits, oldest first; `sort` narrows it to one source."""
    require_curator(viewer)
    start = _moment(after)
    chosen = [source for source in SOURCES if sort in ("", source.name)]
    found = [item for source in chosen for item in source.oldest(viewer, start, 2 * PAGE_SIZE)]
    found.sort(key=lambda item: item.place)
    if after is not None and start is not None:
        found = [item for item in found if item.place > after]
    shown = _claimed(viewer, found[:PAGE_SIZE])
    return Page(shown, older=shown[-1].place if len(found) > PAGE_SIZE else None)


def _moment(after: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat((after or "").partition("|")[0])
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def _claimed(viewer: Viewer, items: Sequence[Item]) -> list[Item]:
    rows = db.session.execute(
        select(Claim.subject, Claim.user_id, User.name)
        .join(User, User.id == Claim.user_id)
        .where(Claim.subject.in_([item.subject for item in items]), Claim.at > clock.now() - CLAIM)
    )
    claims = {row.subject: row for row in rows}
    return [
        replace(
            item,
            claimed_by=claims[item.subject].name,
            is_mine=claims[item.subject].user_id == viewer.id,
        )
        if item.subject in claims
        else item
        for item in items
    ]


def claim(*, by: Viewer, subject: str) -> Claim:
    """Say that one is at work on an item; raise Conflict where somebody else is."""
    require_curator(by)
    if not subject or len(subject) > 40:
        raise NotFound
    now = clock.now()
    found = db.session.get(Claim, subject, with_for_update=True)
    if found is None:
        found = Claim(subject=subject, user_id=by.id or 0, at=now)
        try:
            with db.session.begin_nested():
                db.session.add(found)
        except IntegrityError as error:
            raise Conflict(_TAKEN) from error
        return found
    if found.user_id != by.id and found.at > now - CLAIM:
        raise Conflict(_TAKEN)
    found.user_id, found.at = by.id or 0, now
    return found


def release(*, by: Viewer, subject: str) -> None:
    """Let an item go that one had claimed; done twice, it stays free."""
    require_curator(by)
    found = db.session.get(Claim, subject)
    if found is not None and found.user_id == by.id:
        db.session.delete(found)


def claimant(subject: str) -> tuple[int, str] | None:
    """Return who is at work on an item, by number and name."""
    row = db.session.execute(
        select(User.id, User.name)
        .join(Claim, Claim.user_id == User.id)
        .where(Claim.subject == subject, Claim.at > clock.now() - CLAIM)
    ).one_or_none()
    return (row.id, row.name) if row is not None else None
