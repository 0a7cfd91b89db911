"""Lists of notes, narrowed: statements that stay quick whether ten notes of a hundred thousand match or half of them.

A page of a list can be read in two ways. Walking the newest notes until a page is full is quick where many
match; fetching the few that match and sorting them is quick where few do. Neither database knows which is
better for the terms at hand (SQLite has no figures for single values), so a look at the indexes decides,
and it looks no further than `FEW`.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)

from cop.core.db import db, rows
from cop.core.types import Lang
from cop.entries import queries as entries
from cop.entries.cards import Named
from cop.entries.models import Entry, NameMask, Tagging, Text
from cop.notes.models import CaseNote
from cop.notes.operations import KIND
from cop.people.viewer import Viewer
from cop.terms import places
from cop.terms.vocabulary import vocabulary

#: Up to so many notes are fetched by id and sorted; of more, the newest are walked.
FEW = 1000
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")

#: A condition on a table that has an `entry_id`; it takes the columns of an alias, so that two can stand side by side.
Condition = Callable[[Any], ColumnElement[bool]]


@dataclass(frozen=True)
class NoteFilter:
    """What a list of notes is narrowed to. Values of one field are alternatives, fields add up."""

    strategy: tuple[str, ...] = ()
    sector: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    since: str = ""
    until: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is narrowed."""
        return not any(getattr(self, field.name) for field in fields(self))

    @property
    def unread_years(self) -> tuple[str, ...]:
        """What was given as a year of the period and is none; it narrows nothing."""
        return tuple(
            said for said in (self.since, self.until) if said and not _YEAR.fullmatch(said)
        )


@dataclass(frozen=True)
class _Criterion:
    """What an entry must have a row of, in a table that has an index for it."""

    table: FromClause
    condition: Condition

    def ids(self, *others: "_Criterion") -> Select[Any]:
        """Return the statement of the entries that have such a row, and rows of the others; one may occur twice."""
        table = self.table.alias()
        met = (other.met_by(table.c.entry_id) for other in others)
        return select(table.c.entry_id).where(self.condition(table.c), *met)

    def met_by(self, entry_id: Any) -> ColumnElement[bool]:
        """Return the criterion that the entry of this id has such a row."""
        table = self.table.alias()
        return exists().where(table.c.entry_id == entry_id, self.condition(table.c))


def index(viewer: Viewer, narrow: NoteFilter) -> Select[Entry]:
    """Return the statement of published notes the viewer may read, narrowed; values that name nothing match nothing."""
    return _narrowed(viewer, _criteria(narrow))


def carrying(viewer: Viewer, term_id: int, scheme: str, key: str) -> Select[Entry]:
    """Return the statement of published notes that carry a term, whatever its scheme says of notes."""
    if scheme == "place":
        return index(viewer, NoteFilter(place=(key,)))
    if scheme == "outcome":
        return index(viewer, NoteFilter(outcome=(key,)))
    if scheme == "evidence":
        return index(viewer, NoteFilter(evidence=(key,)))
    return _narrowed(viewer, [_carries(with_merged([term_id]))])


# Built once, since the page of every note asks them: what `carrying` says of a term that notes are tagged with.
_TERMS: BindParameter[Any] = bindparam("terms", expanding=True)
_CARRIERS = select(Tagging.entry_id).where(Tagging.term_id.in_(_TERMS)).distinct().limit(FEW + 1)
_NEWEST = (
    select(Entry.id, Entry.kind, Entry.lang)
    .where(entries.LISTED, Entry.id != bindparam("but", type_=Integer))
    .order_by(Entry.published_at.desc(), Entry.id.desc())
    .limit(bindparam("most", type_=Integer))
)
_NEWEST_AMONG = _NEWEST.where(
    Entry.id.in_(bindparam("ids", expanding=True)), func.coalesce(Entry.kind, "") == KIND
)
_NEWEST_CARRYING = _NEWEST.where(
    Entry.kind == KIND,
    exists().where(Tagging.entry_id == Entry.id, Tagging.term_id.in_(_TERMS)),
)


def newest_carrying(viewer: Viewer, term_id: int, *, but: Entry, limit: int) -> list[Named]:
    """Return the newest published notes that are tagged with a term, without one of them."""
    asked: dict[str, Any] = {"terms": with_merged([term_id])}
    ids = [row[0] for row in rows(_CARRIERS, asked)]
    asked |= {"but": but.id, "most": limit, **entries.lists_of(viewer)}
    if len(ids) > FEW:
        return [Named(*row) for row in rows(_NEWEST_CARRYING, asked)]
    asked["ids"] = ids
    del asked["terms"]
    return [Named(*row) for row in rows(_NEWEST_AMONG, asked)]


def of_organisation(viewer: Viewer, organisation_id: int) -> Select[Entry]:
    """Return the statement of published notes that name an organisation."""
    return _narrowed(
        viewer,
        [_Criterion(CaseNote.__table__, lambda note: note.organisation_id == organisation_id)],
    )


def of_person(viewer: Viewer, user_id: int) -> Select[Entry]:
    """Return the statement of what is published under a person's own name; what is unnamed is nobody's."""
    statement = entries.recent(viewer)
    return statement.where(Entry.author_id == user_id, Entry.name_mask == NameMask.SHOWN)


def term_ids(keys: Sequence[str]) -> list[int]:
    """Return ids of the terms with these keys, and of those merged with them."""
    words = vocabulary()
    return with_merged(words.by_key[key].id for key in keys if key in words.by_key)


def with_merged(ids: Iterable[int]) -> list[int]:
    """Return the ids of terms, of what they were merged into, and of all that was merged into that."""
    words = vocabulary()
    wanted = {words.resolved(words.by_id[one]).id for one in ids if one in words.by_id}
    return sorted(term.id for term in words.by_id.values() if words.resolved(term).id in wanted)


def inside(keys: Sequence[str]) -> list[int]:
    """Return the ids of these places and all inside them, those inside a merged one among them."""
    words, found = vocabulary(), places.within(keys)
    while True:
        reached = {below.id for one in with_merged(found) for below in words.below(one)}
        if reached <= found:
            return sorted(found)
        found |= reached


def _narrowed(viewer: Viewer, criteria: Sequence[_Criterion]) -> Select[Entry]:
    statement = entries.recent(viewer, kind=KIND)
    if not criteria:
        return statement
    ids = _few(criteria)
    if ids is None:
        return statement.where(*(one.met_by(Entry.id) for one in criteria))
    return entries.recent(viewer).where(Entry.id.in_(ids), func.coalesce(Entry.kind, "") == KIND)


def _few(criteria: Sequence[_Criterion]) -> list[int] | None:
    """Return the entries that meet all criteria, or None where that is more than a few. Two queries at most."""
    rarest, *others = _rarest_first(criteria)
    ids = [row[0] for row in rows(rarest.ids(*others).distinct().limit(FEW + 1))]
    return ids if len(ids) <= FEW else None


def _rarest_first(criteria: Sequence[_Criterion]) -> list[_Criterion]:
    if len(criteria) == 1:
        return list(criteria)
    bounded = (one.ids().limit(FEW + 1).subquery() for one in criteria)
    counts = db.session.execute(
        select(*(select(func.count()).select_from(some).scalar_subquery() for some in bounded))
    ).one()
    return [criteria[place] for place in sorted(range(len(criteria)), key=counts.__getitem__)]


def _criteria(narrow: NoteFilter) -> list[_Criterion]:
    found = [_carries(term_ids(keys)) for keys in (narrow.strategy, narrow.sector) if keys]
    if narrow.place:
        around = inside(narrow.place)
        found.append(_Criterion(CaseNote.__table__, lambda note: note.place_id.in_(around)))
    if narrow.outcome:
        found.append(_Criterion(CaseNote.__table__, lambda note: note.outcome.in_(narrow.outcome)))
    if narrow.evidence:
        found.append(
            _Criterion(CaseNote.__table__, lambda note: note.evidence.in_(narrow.evidence))
        )
    if _YEAR.fullmatch(narrow.since):
        found.append(_Criterion(CaseNote.__table__, lambda note: _still_in(note, narrow.since)))
    if _YEAR.fullmatch(narrow.until):
        found.append(_Criterion(CaseNote.__table__, lambda note: _begun_by(note, narrow.until)))
    if narrow.text:
        langs = [lang.value for tag in narrow.text if (lang := Lang.of_tag(tag))]
        found.append(_Criterion(Text.__table__, lambda text: text.lang.in_(langs)))
    return found


def _carries(ids: Sequence[int]) -> _Criterion:
    return _Criterion(Tagging.__table__, lambda tagging: tagging.term_id.in_(ids))


def _still_in(note: Any, year: str) -> ColumnElement[bool]:
    """Dates are text, `2019` before `2019-05`. A note without an end may still run."""
    running = and_(note.ended.is_(None), note.started.is_not(None))
    return or_(note.ended >= year, running)


def _begun_by(note: Any, year: str) -> ColumnElement[bool]:
    following = str(int(year) + 1)
    return or_(note.started < following, and_(note.started.is_(None), note.ended < following))
