"""Saved searches are told of what is new (job `notices.searches`).

New entries wait for the next whole minute, so that all of a minute are looked at together: each different search
is asked once for all of them and for all who saved it, since members meet the same published entries. A thousand
different searches cost a thousand questions of the index a minute at most, whether one entry is new or a hundred,
and nothing where nothing is new.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select

from cop.core.db import db
from cop.core.types import Json
from cop.entries.models import Entry, Status, Visibility
from cop.events.models import Event
from cop.jobs.queue import NotNow
from cop.notifications.audience import Reason, without
from cop.notifications.models import Because, Level, LineKind, Watch
from cop.people import belonging
from cop.people.models import AccountStatus, User
from cop.people.viewer import Grant, Viewer

log = structlog.get_logger(__name__)

#: The job that looks whether what is new answers somebody's saved search.
SEARCHES_JOB = "notices.searches"
#: (viewer, address, entries) → which of them the search finds for the viewer; may raise NotNow.
Finder = Callable[[Viewer, str, Collection[int]], set[int]]
#: Raises NotNow while the index does not know everything yet.
Ready = Callable[[], None]
_finder: list[tuple[Finder, Ready]] = []


def find_with(finder: Finder, ready: Ready) -> None:
    """Set how searches are asked; called once when the application is made, since search lies beside this room."""
    _finder[:] = [(finder, ready)]


def next_minute(now: datetime) -> datetime:
    """Return the next whole minute, for which all that is new until then waits together."""
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)


def found_by_searches(payloads: Sequence[Json]) -> None:
    """Job: tell of these new entries whoever saved a search that finds them."""
    events = {payload["entry_id"]: payload["event_id"] for payload in payloads}
    entries = {
        entry.id: entry
        for entry in db.session.scalars(
            select(Entry).where(Entry.id.in_(list(events)), Entry.status == Status.PUBLISHED)
        )
    }
    saved = _saved()
    if not entries or not saved:
        return
    finder, ready = _finder[0]
    ready()
    told: dict[int, dict[int, Reason]] = {}
    for address, owners in saved.items():
        for some, readers in _parts(owners, entries):
            for entry_id in _found(finder, address, readers, some):
                for user_id in readers:
                    told.setdefault(entry_id, {}).setdefault(
                        user_id, Reason(LineKind.ENTRY, Because.SEARCH, owners[user_id])
                    )
    _tell(told, entries, events)


def _parts(
    owners: dict[int, int], entries: dict[int, Entry]
) -> Iterator[tuple[list[int], dict[int, frozenset[int]]]]:
    """Give what all members of the site read with all owners, then of each circle what is new with those in it."""
    circles: dict[int | None, list[int]] = {}
    for entry in entries.values():
        of_circle = entry.visibility == Visibility.CIRCLE
        circles.setdefault(entry.circle_id if of_circle else None, []).append(entry.id)
    for circle_id, some in circles.items():
        if circle_id is None:
            yield some, dict.fromkeys(owners, frozenset())
        elif joined := belonging.among(circle_id, list(owners))[0]:
            yield some, joined


def _found(
    finder: Finder,
    address: str,
    readers: Mapping[int, frozenset[int]],
    entry_ids: Collection[int],
) -> set[int]:
    """Return what a search finds; one that cannot be asked finds nothing, and the others are asked all the same."""
    one = min(readers)
    member = Viewer(id=one, grants=frozenset({Grant.MEMBER}), circles=readers[one])
    try:
        with db.session.begin_nested():
            return finder(member, address, entry_ids)
    except NotNow:
        raise
    except Exception:
        log.exception("notices.search_failed", address=address)
        return set()


def _saved() -> dict[str, dict[int, int]]:
    """Return who saved which search: address → person → watch."""
    rows = db.session.execute(
        select(Watch.address, Watch.user_id, Watch.id)
        .join(User, User.id == Watch.user_id)
        .where(
            Watch.kind == Because.SEARCH.value,
            Watch.level != Level.MUTE,
            User.status == AccountStatus.ACTIVE,
        )
        .order_by(Watch.id)
    )
    saved: dict[str, dict[int, int]] = {}
    for address, user_id, watch_id in rows:
        saved.setdefault(address, {})[user_id] = watch_id
    return saved


def _tell(
    told: dict[int, dict[int, Reason]], entries: dict[int, Entry], events: dict[int, int]
) -> None:
    from cop.notifications.writing import write_for_searches

    for entry_id, to in sorted(told.items()):
        entry = entries[entry_id]
        event = db.session.get(Event, events[entry_id])
        wanted = without(to, {entry.author_id}, entry)
        if event is not None and wanted:
            write_for_searches(event, entry, wanted)
