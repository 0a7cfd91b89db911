"""What others made of an entry: the notes that were tried after it, as far as a reader may open them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Integer, Select, bindparam, case, func, select

from cop.core.db import db, rows
from cop.entries import policy
from cop.entries.cards import Card
from cop.entries.models import Entry, Link, LinkKind
from cop.entries.originals import RELATION_VALUES, RELATIONS
from cop.entries.queries import LISTED, lists_of
from cop.people.viewer import Viewer

#: So many that went differently, and so many others, stand on the page of what was tried; there is a list of all.
SHOWN = 4


@dataclass(frozen=True)
class Adaptation:
    """A note that was tried after something, and how it compares with that."""

    card: Card
    relation: str


@dataclass(frozen=True)
class Adaptations:
    """What a reader may open of what was tried after an entry."""

    #: How many there are of each relation that occurs, in the order of `RELATIONS`.
    counts: Mapping[str, int]
    #: The newest of them.
    shown: Sequence[Adaptation] = ()

    @property
    def total(self) -> int:
        """How many there are in all."""
        return sum(self.counts.values())


def after(
    viewer: Viewer, entry_id: int, relations: Sequence[str] = RELATION_VALUES
) -> Select[Entry]:
    """Return the statement of the entries tried after this one that the viewer meets in lists."""
    return (
        select(Entry)
        .join(Link, Link.entry_id == Entry.id)
        .where(Link.target_id == entry_id, Link.kind.in_(relations), policy.listed(viewer))
    )


# Built once, since the page of every note and practice asks it: how many `after` finds of each relation.
_COUNTS = (
    select(Link.kind, func.count())
    .join(Entry, Entry.id == Link.entry_id)
    .where(
        Link.target_id == bindparam("tried", type_=Integer), Link.kind.in_(RELATION_VALUES), LISTED
    )
    .group_by(Link.kind)
)


def counts(viewer: Viewer, entry_id: int) -> dict[str, int]:
    """Return how many entries were tried after this one, by relation; those that do not occur are left out."""
    return in_order(dict(iter(rows(_COUNTS, {"tried": entry_id, **lists_of(viewer)}))))


def in_order(numbers: Mapping[str, int]) -> dict[str, int]:
    """Return those of the numbers, by kind of link, that are of what was tried after something."""
    return {one.value: numbers[one.value] for one in RELATIONS if one.value in numbers}


def newest(viewer: Viewer, entry_id: int) -> list[tuple[Entry, str]]:
    """Return the newest entries tried after this one, each with how it compares, as its page shows them.

    What went differently and the rest stand by turns, so that neither hides the other. One query.
    """
    differs = case((Link.kind == LinkKind.CONTRADICTS.value, 0), else_=1)
    order = (Entry.published_at.desc(), Entry.id.desc())
    place = func.row_number().over(partition_by=differs, order_by=order)
    ranked = after(viewer, entry_id).with_only_columns(
        Entry.id.label("id"), Link.kind.label("kind"), place.label("place"), differs.label("side")
    )
    placed = ranked.subquery()
    statement = (
        select(Entry, placed.c.kind)
        .join(placed, placed.c.id == Entry.id)
        .where(placed.c.place <= SHOWN)
        .order_by(placed.c.place, placed.c.side)
    )
    return [(entry, kind) for entry, kind in db.session.execute(statement)]


def relations_of(entry_ids: Sequence[int]) -> dict[int, str]:
    """Return how each of these entries compares with what it was tried after."""
    found = db.session.execute(
        select(Link.entry_id, Link.kind).where(
            Link.entry_id.in_(entry_ids), Link.kind.in_(RELATION_VALUES)
        )
    )
    return dict(iter(found))
