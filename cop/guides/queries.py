"""Reading guides: the list, narrowed, and facts of many in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

from sqlalchemy import Select, exists

from cop.core.types import Lang
from cop.entries import queries as entries
from cop.entries.cards import CardFacts
from cop.entries.carrying import index_facts_of, terms_of
from cop.entries.kinds import IndexFacts
from cop.entries.models import Entry, Tagging, Text
from cop.guides.draft import KIND
from cop.notes.narrowing import inside, term_ids
from cop.people.viewer import Viewer
from cop.terms.refs import TermRef, refs


@dataclass(frozen=True)
class GuideFilter:
    """What the list of guides is narrowed to. Values of one field are alternatives, fields add up."""

    strategy: tuple[str, ...] = ()
    sector: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    text: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is narrowed."""
        return not any(getattr(self, field.name) for field in fields(self))


def index(viewer: Viewer, narrow: GuideFilter) -> Select[Entry]:
    """Return the statement of the guides this viewer may read; values that name nothing match nothing."""
    statement = entries.recent(viewer, kind=KIND)
    wanted = [term_ids(keys) for keys in (narrow.strategy, narrow.sector) if keys]
    if narrow.place:
        wanted.append(inside(narrow.place))
    for ids in wanted:
        statement = statement.where(
            exists().where(Tagging.entry_id == Entry.id, Tagging.term_id.in_(ids))
        )
    if narrow.text:
        langs = [lang.value for tag in narrow.text if (lang := Lang.of_tag(tag))]
        statement = statement.where(exists().where(Text.entry_id == Entry.id, Text.lang.in_(langs)))
    return statement


def carrying(viewer: Viewer, keys: Sequence[str], limit: int = 5) -> list[Entry]:
    """Return the newest guides that carry one of these terms."""
    statement = entries.recent(viewer, kind=KIND).where(
        exists().where(Tagging.entry_id == Entry.id, Tagging.term_id.in_(term_ids(keys)))
    )
    return list(entries.page(statement, older=None, newer=None, size=limit).items)


def terms_carried(entry: Entry) -> list[TermRef]:
    """Return the terms of a guide as chips."""
    return list(_living(terms_of([entry.id])).get(entry.id, ()))


def card_facts(ids: Sequence[int]) -> dict[int, CardFacts]:
    """Return what rows of a list show of guides, in one query."""
    carried = _living(terms_of(ids))
    return {one: CardFacts(terms=carried.get(one, ())) for one in ids}


def index_facts(ids: Sequence[int]) -> dict[int, IndexFacts]:
    """Return what the index must know of guides: their terms, and all labels of those as words."""
    carried = terms_of(ids)
    return {one: index_facts_of(carried.get(one, ())) for one in ids}


def _living(carried: dict[int, list[int]]) -> dict[int, tuple[TermRef, ...]]:
    known = refs([one for ids in carried.values() for one in ids])
    return {
        entry_id: tuple(known[one] for one in ids if one in known)
        for entry_id, ids in carried.items()
    }
