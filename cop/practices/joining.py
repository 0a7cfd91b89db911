"""Pages of strategies that became one: one of them stays, the others lead to it, and part again with their strategies.

Everything here follows from the vocabulary as it is, so that pages can never lead in a circle. No commit.
"""

from collections.abc import Sequence

from sqlalchemy import or_, select

from cop.core.db import db
from cop.core.types import Json
from cop.entries import moving
from cop.entries.models import Comment, Entry, Status
from cop.entries.operations import set_status
from cop.events.record import record
from cop.practices import events
from cop.practices.models import Practice
from cop.terms.vocabulary import vocabulary

JOIN_JOB = "practices.join"

_Page = tuple[Practice, Entry]


def join_pages(_payloads: Sequence[Json]) -> None:
    """Job: the vocabulary changed, so let pages of strategies that are one now be one page, and others part."""
    groups = _by_strategy()
    leading = {entry.id: into for group in groups for entry, into in _lead(group)}
    changed = [
        (entry, leading[entry.id], group)
        for group in groups
        for _page, entry in group
        if entry.merged_into_id != leading[entry.id]
    ]
    # Who parts takes her comments along before others come.
    for entry, into, group in sorted(changed, key=lambda one: one[1] is not None):
        if into is None:
            _part(entry, [other.id for _page, other in group])
        else:
            _join(entry, into)


def _by_strategy() -> list[list[_Page]]:
    """Return all pages with their entries, locked, those of one living strategy together."""
    words = vocabulary()
    statement = (
        select(Practice, Entry)
        .join(Entry, Entry.id == Practice.entry_id)
        .order_by(Entry.id)
        .with_for_update(of=Entry)
        .execution_options(populate_existing=True)
    )
    groups: dict[int, list[_Page]] = {}
    for page, entry in db.session.execute(statement):
        living = words.resolved(words.by_id[page.term_id]).id
        groups.setdefault(living, []).append((page, entry))
    return list(groups.values())


def _lead(group: Sequence[_Page]) -> list[tuple[Entry, int | None]]:
    """Return where each page of one strategy leads: all to the one that stays, and that one nowhere.

    What stands stays as it is; else the living strategy's own page stays, before others that are open.
    """
    words = vocabulary()
    ids = {entry.id for _page, entry in group}
    standing = [one for one in group if one[1].merged_into_id not in ids]

    def worth(one: _Page) -> tuple[bool, bool, int]:
        page, entry = one
        is_living = words.by_id[page.term_id].merged_into is None
        return (entry.status not in (Status.PUBLISHED, Status.MERGED), not is_living, entry.id)

    _page, kept = min(standing or group, key=worth)
    return [(entry, None if entry is kept else kept.id) for _one, entry in group]


def _join(entry: Entry, into_id: int) -> None:
    """Let a page lead to another one, where its comments stand from now on."""
    target = db.session.get_one(Entry, into_id)
    if entry.merged_into_id is None:
        here = select(Comment.id).where(Comment.entry_id == entry.id)
        moving.move(source=entry, target=target, chosen=here)
    entry.merged_into_id = into_id
    set_status(entry, Status(entry.status))
    _counted(entry, target)
    record(events.PageJoined(entry_id=entry.id, into_id=into_id), actor_id=None)
    record(events.PagesRearranged(entry_id=into_id), actor_id=None)


def _part(entry: Entry, own: Sequence[int]) -> None:
    """Let a page stand by itself again, with the comments that came from it, and what answers them."""
    target = db.session.get_one(Entry, entry.merged_into_id)
    came = select(Comment.id).where(Comment.entry_id == target.id, Comment.origin_id.in_(own))
    chosen = select(Comment.id).where(or_(Comment.id.in_(came), Comment.thread_id.in_(came)))
    moving.return_(source=entry, target=target, chosen=chosen)
    entry.merged_into_id = None
    status = Status(entry.status)
    set_status(entry, Status.PUBLISHED if status is Status.MERGED else status)
    _counted(entry, target)
    record(events.PageParted(entry_id=entry.id, from_id=target.id), actor_id=None)
    record(events.PagesRearranged(entry_id=target.id), actor_id=None)


def _counted(*entries: Entry) -> None:
    for one in entries:
        moving.recount(one)
