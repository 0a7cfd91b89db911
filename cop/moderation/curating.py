"""What waits for a curator: proposals and pages to look at again, oldest first, in the one queue beside the cases.

A source finds what waits of one sort; each item is decided on a page of its own. Items are not stored: what waits
is asked of the proposals and pages themselves, so it is never stale. Only who is at work on one is kept (`Claim`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, select
from sqlalchemy.exc import IntegrityError

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Conflict, NotFound
from cop.core.i18n import _l
from cop.core.page import Cursor, Page
from cop.moderation.models import Claim
from cop.moderation.queue import CLAIM
from cop.people.models import User
from cop.people.viewer import Viewer
from cop.proposals.policy import may_decide as may_curate, require_curator
from cop.web.forms import number_of

PAGE_SIZE = 20


@dataclass(frozen=True)
class Item:
    """Something that waits for a curator."""

    #: What it is, for claims: `proposal:5`; and its number among those of its sort.
    subject: str
    number: int
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


@dataclass(frozen=True)
class Source:
    """One sort of things that wait: the statement that counts them, and the oldest after a place."""

    name: str
    label: Any
    number: Callable[[Viewer], ScalarSelect[int]]
    #: (viewer, after this moment and number, at most so many) → items, by moment and number.
    oldest: Callable[[Viewer, Cursor | None, int], Sequence[Item]]
    #: Whether it is counted in the queue alone, since counting it asks more than the one statement of every page.
    is_quiet: bool = False


@dataclass(frozen=True, order=True)
class Place:
    """Where something stands in the list: by its moment, then by sort and number."""

    since: datetime
    source: str
    number: int

    def __str__(self) -> str:
        """Return the key that stands in an address."""
        return f"{self.since.isoformat()}|{self.source}|{self.number}"

    def within(self, source: Source) -> Cursor:
        """Return where this place lies among the things of one sort."""
        if source.name == self.source:
            return Cursor(self.since, self.number)
        return Cursor(self.since, BEFORE_ALL if source.name > self.source else AFTER_ALL)


#: Numbers below and above those of all rows, so that a moment alone is a place.
BEFORE_ALL, AFTER_ALL = -1, 2**62

_TAKEN = _l("Somebody else is at work on this.")

#: Filled once when the application is made, in the order of the tabs.
SOURCES: list[Source] = []


def numbers(viewer: Viewer) -> list[ScalarSelect[int]]:
    """Return what counts the sorts that wait for this viewer on every page, for one statement."""
    loud = [source for source in SOURCES if not source.is_quiet]
    return [source.number(viewer) for source in loud] if may_curate(viewer) else []


def counted(viewer: Viewer) -> list[int]:
    """Return how much of each sort waits, in the order of `SOURCES`."""
    asked = [source.number(viewer) for source in SOURCES] if may_curate(viewer) else []
    return list(db.session.execute(select(*asked)).one()) if asked else []


def page(viewer: Viewer, *, sort: str = "", after: str | None = None) -> Page[Item]:
    """Return what waits, oldest first; `sort` narrows it to one source, and a made-up key shows the first page."""
    require_curator(viewer)
    last = _place(after)
    found = {
        Place(item.since, source.name, item.number): item
        for source in SOURCES
        if sort in ("", source.name)
        for item in source.oldest(viewer, last.within(source) if last else None, PAGE_SIZE + 1)
    }
    places = sorted(found)
    shown = _claimed(viewer, [found[place] for place in places[:PAGE_SIZE]])
    return Page(shown, older=str(places[PAGE_SIZE - 1]) if len(places) > PAGE_SIZE else None)


def _place(after: str | None) -> Place | None:
    moment, _bar, rest = (after or "").partition("|")
    source, _bar, number = rest.partition("|")
    try:
        since = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return Place(since, source, number_of(number)) if since.tzinfo is not None else None


def _claimed(viewer: Viewer, items: Sequence[Item]) -> list[Item]:
    claims = _claims([item.subject for item in items])
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


@dataclass(frozen=True)
class Work:
    """Who is at work on an item: "" where nobody is."""

    name: str = ""
    is_mine: bool = False


def work_on(viewer: Viewer, subject: str) -> Work | None:
    """Return who is at work on an item; None for who does not decide. Without a subject nothing is asked."""
    if not may_curate(viewer):
        return None
    found = _claims([subject]).get(subject) if subject else None
    return Work() if found is None else Work(found.name, is_mine=found.user_id == viewer.id)


def _claims(subjects: Sequence[str]) -> dict[str, Any]:
    rows = db.session.execute(
        select(Claim.subject, Claim.user_id, User.name)
        .join(User, User.id == Claim.user_id)
        .where(Claim.subject.in_(subjects), Claim.at > clock.now() - CLAIM)
    )
    return {row.subject: row for row in rows}


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
