"""One search: understand, ask the index, load what the viewer may read, cut passages. Falls back to the database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sqlalchemy import Select, bindparam, func, select

from cop.core.db import rows
from cop.core.i18n import pick
from cop.core.types import Lang, Texts
from cop.discover.answers import Answer, ask
from cop.discover.asking import Asked
from cop.discover.facets import Counts, narrowest
from cop.discover.fallback import entries_holding
from cop.discover.indexing import reading_texts_once
from cop.discover.results import Row, results
from cop.discover.understanding import Understood, understand
from cop.entries import queries
from cop.entries.cards import Card
from cop.notes.queries import known_to
from cop.people.models import Organisation
from cop.people.viewer import Viewer
from cop.search.engine import Hit, IndexProblem
from cop.search.text import fold

__all__ = ["LAST_PAGE", "PAGE_SIZE", "Asked", "Found", "search"]

#: Results a page holds.
PAGE_SIZE = 10
#: Pages further back than this are not offered: whoever reads 500 results needs other words.
LAST_PAGE = 50
_ORGANISATIONS_SHOWN = 3
#: What is longer is no name of an organisation but a question.
_LONGEST_NAME = 80


@dataclass(frozen=True)
class Found:
    """The results of a search as this viewer may see them."""

    asked: Asked
    understood: Understood
    rows: Sequence[Row]
    #: None where more were found than are counted while something has just been closed to this viewer.
    total: int | None
    #: How often each value occurs, by facet; None where no numbers can be given.
    counts: Counts | None = None
    #: What was typed and stands in none of the passages shown: it may be misspelt.
    unmet: Sequence[str] = ()
    #: Anything found has been discussed.
    discussed: bool = False
    organisations: Sequence[tuple[int, str, Lang]] = ()
    hits: Sequence[Hit] = ()
    #: The index could not be used; the database answered, with the words as they were typed.
    degraded: bool = False
    size: int = PAGE_SIZE

    @property
    def cards(self) -> list[Card]:
        """The cards of the rows."""
        return [row.card for row in self.rows]

    @property
    def has_more(self) -> bool:
        """Whether there is a further page."""
        more = self.total is None or self.asked.page * self.size < self.total
        return self.asked.page < LAST_PAGE and more and not self.degraded

    @property
    def last_page(self) -> int:
        """The number of the last page that holds a result."""
        pages = -(-(self.total or 0) // self.size)
        return min(max(pages, 1), LAST_PAGE)


def search(viewer: Viewer, asked: Asked, *, size: int = PAGE_SIZE) -> Found:
    """Return a page of results; never raises for what somebody typed."""
    asked = replace(asked, filters=narrowest(asked.filters))
    understood = understand(viewer, asked)
    if not asked.text and not any(asked.filters.values()):
        return Found(asked, understood, (), 0)
    with reading_texts_once():
        try:
            answer = ask(viewer, understood.query, size=size, offset=(asked.page - 1) * size)
        except IndexProblem:
            return _from_database(viewer, asked, understood, size)
        return _loaded(viewer, asked, understood, answer, size)


def _loaded(
    viewer: Viewer, asked: Asked, understood: Understood, answer: Answer, size: int
) -> Found:
    entries = queries.in_order(viewer, [hit.entry_id for hit in answer.hits])
    still = {entry.id for entry in entries}
    gone = len(answer.hits) - len(entries)
    langs = {hit.entry_id: hit.lang for hit in answer.hits}
    shown = results(viewer, entries, langs, understood)
    return Found(
        asked=asked,
        understood=understood,
        rows=shown.rows,
        unmet=shown.unmet,
        total=None if answer.total is None else max(0, answer.total - gone),
        counts=None if gone else answer.facets,
        discussed=answer.discussed and not gone,
        organisations=_organisations(viewer, asked),
        hits=[hit for hit in answer.hits if hit.entry_id in still],
        size=size,
    )


def _from_database(viewer: Viewer, asked: Asked, understood: Understood, size: int) -> Found:
    """Answer from the texts themselves while the index is being rebuilt: the newest, on one page."""
    entries = entries_holding(viewer, understood, size) if asked.page == 1 else []
    return Found(
        asked=asked,
        understood=understood,
        rows=results(viewer, entries, {}, understood).rows,
        total=len(entries),
        organisations=_organisations(viewer, asked),
        degraded=True,
        size=size,
    )


def _organisations(viewer: Viewer, asked: Asked) -> list[tuple[int, str, Lang]]:
    """Return organisations of the directory whose name contains the words: (id, name, language of the name)."""
    wanted = " ".join(fold(asked.text).split())
    if asked.page > 1 or not 2 <= len(wanted) <= _LONGEST_NAME:
        return []
    values = {"wanted": wanted, "length": len(wanted), "most": _ORGANISATIONS_SHOWN}
    found = rows(_named(viewer), values)
    return [(row, *pick(name)) for row, name in found]


# Kept, because building it takes three times as long as asking it.
@lru_cache(maxsize=64)
def _named(viewer: Viewer) -> Select[int, Texts]:
    return (
        select(Organisation.id, Organisation.name)
        .where(
            # Most names are shorter than a question, and that is sooner seen.
            func.length(Organisation.folded) >= bindparam("length"),
            # Contains it, whatever signs of LIKE are in it.
            func.replace(Organisation.folded, bindparam("wanted"), "") != Organisation.folded,
            known_to(viewer),
        )
        .order_by(Organisation.id)
        .limit(bindparam("most"))
    )
