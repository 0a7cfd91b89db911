"""What a note was tried after: how it compares with that, and as much of it as a reader may open."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.orm import aliased, selectinload

from cop.core.db import db, rows
from cop.core.i18n import current_lang
from cop.entries import policy
from cop.entries.kinds import KINDS
from cop.entries.models import Entry, Link, LinkKind, Text
from cop.entries.queries import text_for
from cop.people.viewer import Viewer

#: How a note compares with what it was tried after.
RELATIONS = (LinkKind.REPEATS, LinkKind.ADAPTS, LinkKind.CONTRADICTS, LinkKind.CONTINUES)
RELATION_VALUES = tuple(relation.value for relation in RELATIONS)


@dataclass(frozen=True)
class Original:
    """What an entry was tried after; without title and address where this reader does not meet it in lists."""

    relation: str
    title: str = ""
    lang: str = ""
    href: str = ""
    id: int = 0


# Built once, and of columns: rows of notes are on most pages. What `policy.listed` says, with the labels left open.
_ORIGINALS = (
    select(
        Link.entry_id, Link.kind, Entry.id, Entry.kind, Entry.lang, Text.lang, Text.title, Text.slug
    )
    .join(Entry, Entry.id == Link.target_id)
    .join(Text, Text.entry_id == Entry.id)
    .where(
        Link.entry_id.in_(bindparam("ids", expanding=True)),
        Link.kind.in_(RELATION_VALUES),
        Entry.audience.in_(bindparam("labels", expanding=True)),
    )
    .order_by(Text.id)
)


def originals_of(viewer: Viewer, entry_ids: Sequence[int]) -> dict[int, Original]:
    """Return what these entries were tried after, as far as the viewer meets it in lists. One query."""
    asked = {"ids": list(entry_ids), "labels": sorted(policy.listed_labels(viewer))}
    wanted, found = current_lang().value, dict[int, Original]()
    for entry_id, relation, target, kind, first, lang, title, slug in rows(_ORIGINALS, asked):
        if entry_id not in found or lang == wanted or (lang == first and not _is(found, entry_id)):
            href = f"/{KINDS[kind].path}/{target}-{slug}"
            found[entry_id] = Original(relation, title, lang, href, target)
    return found


# In another statement: how often what its texts tell of was tried after.
_later = aliased(Entry)
TIMES_TRIED = (
    select(func.count())
    .select_from(Link)
    .join(_later, _later.id == Link.entry_id)
    .where(
        Link.target_id == Text.entry_id,
        Link.kind.in_(RELATION_VALUES),
        _later.audience.in_(bindparam("labels", expanding=True)),
    )
    .correlate(Text)
    .scalar_subquery()
)
# As above: how often each was tried after.
_TRIED = (
    select(Link.target_id, func.count())
    .join(Entry, Entry.id == Link.entry_id)
    .where(
        Link.target_id.in_(bindparam("ids", expanding=True)),
        Link.kind.in_(RELATION_VALUES),
        Entry.audience.in_(bindparam("labels", expanding=True)),
    )
    .group_by(Link.target_id)
)


def times_tried(viewer: Viewer, entry_ids: Sequence[int]) -> dict[int, int]:
    """Return how many notes the viewer meets in lists tell that these were tried too; none is left out. One query.

    Notes are counted and not people: who wrote one unnamed is told from nobody else.
    """
    asked = {"ids": list(entry_ids), "labels": sorted(policy.listed_labels(viewer))}
    return {row[0]: row[1] for row in rows(_TRIED, asked)}


def _is(found: dict[int, Original], entry_id: int) -> bool:
    return found[entry_id].lang == current_lang().value


def opened_by_key(viewer: Viewer, key: str) -> Original | None:
    """Return the entry of this key as something that was tried, if the viewer meets it in lists."""
    # A NUL is no part of any key, and PostgreSQL refuses to be asked for one.
    entry = db.session.scalar(
        select(Entry)
        .where(Entry.key == key.replace("\0", ""), policy.listed(viewer))
        .options(selectinload(Entry.texts))
    )
    if entry is None:
        return None
    text = text_for(entry, current_lang())
    href = f"/{KINDS[entry.kind].path}/{entry.id}-{text.slug}"
    return Original("", text.title, text.lang, href, entry.id)


# Built once, since the page of every note asks it.
_RELATION = select(Link.kind).where(
    Link.entry_id == bindparam("of", type_=Integer), Link.kind.in_(RELATION_VALUES)
)


def original_of(viewer: Viewer, entry: Entry) -> Original | None:
    """Return what an entry was tried after, if it says so; only the relation where the viewer may not open it."""
    said = rows(_RELATION, {"of": entry.id})
    if not said:
        return None
    return originals_of(viewer, [entry.id]).get(entry.id) or Original(said[0][0])
