"""What entries hold other entries in an order of their own: the collections, as far as a reader may open them."""

from collections.abc import Sequence

from sqlalchemy import BindParameter, Integer, bindparam, func, select

from cop.core.db import db, rows
from cop.entries.draft import EDITORS
from cop.entries.models import Entry, EntrySource, Link, LinkKind
from cop.entries.queries import LISTED, lists_of
from cop.people.viewer import Viewer
from cop.terms.models import Source

_ENTRY_ID: BindParameter[int] = bindparam("entry_id", type_=Integer)
_COLLECTS = LinkKind.COLLECTS.value
# Built once: pages of entries and lists ask them.
_INSIDE = (
    select(Entry)
    .join(Link, Link.target_id == Entry.id)
    .where(Link.entry_id == _ENTRY_ID, Link.kind == _COLLECTS, LISTED)
    .order_by(Link.position)
)
_INSIDE_MANY = (
    select(Link.entry_id, Entry)
    .join(Entry, Entry.id == Link.target_id)
    .where(Link.entry_id.in_(bindparam("ids", expanding=True)), Link.kind == _COLLECTS, LISTED)
    .order_by(Link.entry_id, Link.position)
)
_NUMBERS = (
    select(Link.entry_id, func.count())
    .join(Entry, Entry.id == Link.target_id)
    .where(Link.entry_id.in_(bindparam("ids", expanding=True)), Link.kind == _COLLECTS, LISTED)
    .group_by(Link.entry_id)
)


def inside(viewer: Viewer, entry: Entry) -> list[Entry]:
    """Return what a collection holds and the viewer meets in lists, in its order."""
    return list(db.session.scalars(_INSIDE, {"entry_id": entry.id, **lists_of(viewer)}))


def inside_many(viewer: Viewer, ids: Sequence[int]) -> dict[int, list[Entry]]:
    """Return the same of many collections, by their ids, in one query; those without any are not in it."""
    if not ids:
        return {}
    found: dict[int, list[Entry]] = {}
    for row in db.session.execute(_INSIDE_MANY, {"ids": list(ids), **lists_of(viewer)}):
        found.setdefault(row[0], []).append(row[1])
    return found


def holding_ids(entry: Entry, ids: Sequence[int]) -> set[int]:
    """Return which of these collections hold the entry; for who edits them."""
    statement = select(Link.entry_id).where(
        Link.target_id == entry.id, Link.entry_id.in_(ids), Link.kind == _COLLECTS
    )
    return set(db.session.scalars(statement))


def numbers_inside(viewer: Viewer, ids: Sequence[int]) -> dict[int, int]:
    """Return how many entries of each of these collections the viewer meets in lists; none is left out. One query."""
    found = rows(_NUMBERS, {"ids": list(ids), **lists_of(viewer)})
    return {row[0]: row[1] for row in found}


def sources_of(ids: Sequence[int]) -> list[Source]:
    """Return what these entries rest on, each source once, in the order of the ids. One query."""
    if not ids:
        return []
    statement = (
        select(Source, EntrySource.entry_id)
        .join(EntrySource, EntrySource.source_id == Source.id)
        .where(EntrySource.entry_id.in_(ids), Source.key != EDITORS)
        .order_by(EntrySource.entry_id, EntrySource.position)
    )
    order = {one: at for at, one in enumerate(ids)}
    found = sorted(db.session.execute(statement).all(), key=lambda row: order[row[1]])
    return list({row[0].id: row[0] for row in found}.values())
