"""One search: understand, ask the index, load what the viewer may read, cut passages. Falls back to the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select

from cop.core.db import db
from cop.core.i18n import current_lang, pick
from cop.core.types import Lang, Texts
from cop.discover.asking import Asked
from cop.discover.indexing import engine
from cop.discover.lately import changed_lately
from cop.discover.understanding import Understood, understand
from cop.entries import policy, queries
from cop.entries.cards import Card, cards
from cop.entries.documents import passages_of
from cop.entries.models import Entry, Text
from cop.notes import narrowing
from cop.notes.narrowing import NoteFilter
from cop.notes.queries import known_to
from cop.people.models import Organisation
from cop.people.viewer import Viewer
from cop.search.engine import Hit, IndexProblem, Query
from cop.search.passages import highlight, passage
from cop.search.text import fold
from cop.terms import refs
from cop.terms.refs import TermRef
from cop.terms.vocabulary import vocabulary

#: Results a page holds.
PAGE_SIZE = 10
#: Pages further back than this are not offered: whoever reads 500 results needs other words.
LAST_PAGE = 50
#: So many results are counted one by one where an entry among them was closed a moment ago.
_COUNTED = 5000
_TERMS_SHOWN = 5
_ORGANISATIONS_SHOWN = 3
#: What is longer is no name of an organisation but a question.
_LONGEST_NAME = 80


@dataclass(frozen=True)
class Found:
    """The results of a search as this viewer may see them."""

    asked: Asked
    cards: Sequence[Card]
    #: None where more were found than are counted while a note has just been closed to this viewer.
    total: int | None
    kinds: Mapping[str, int]
    terms: Sequence[TermRef]
    organisations: Sequence[tuple[int, str, Lang]]
    hits: Sequence[Hit] = ()
    #: The index could not be used; the database answered, with the words as they were typed.
    degraded: bool = False

    @property
    def has_more(self) -> bool:
        """Whether there is a further page."""
        more = self.total is None or self.asked.page * PAGE_SIZE < self.total
        return self.asked.page < LAST_PAGE and more


def search(viewer: Viewer, asked: Asked, *, size: int = PAGE_SIZE) -> Found:
    """Return a page of results; never raises for what somebody typed."""
    if not asked.text:
        return Found(asked, (), 0, {}, (), ())
    meant = understand(viewer, asked)
    query = meant.query
    offset = (asked.page - 1) * size
    closed = changed_lately(viewer).closed
    try:
        hits = engine().search(
            query,
            labels=policy.listed_labels(viewer),
            prefer_lang=current_lang().value,
            limit=_COUNTED if closed else size,
            offset=0 if closed else offset,
        )
    except IndexProblem:
        return _from_database(viewer, asked, meant, size)
    total: int | None = hits.total
    page = hits.hits
    if closed:
        open_ones = [hit for hit in hits.hits if hit.entry_id not in closed]
        total = len(open_ones) if len(hits.hits) == hits.total else None
        page = tuple(open_ones[offset : offset + size])
    entries = queries.in_order(viewer, [hit.entry_id for hit in page])
    gone = len(page) - len(entries)
    langs = {hit.entry_id: hit.lang for hit in page}
    return Found(
        asked=asked,
        cards=_with_passages(cards(viewer, entries, langs=langs), query),
        total=None if total is None else max(0, total - gone),
        kinds={} if closed or gone else dict(hits.facets.get("kind", {})),
        terms=matching_terms(asked.text),
        organisations=matching_organisations(viewer, asked.text),
        hits=[hit for hit in page if any(entry.id == hit.entry_id for entry in entries)],
    )


def _with_passages(found: Sequence[Card], query: Query) -> list[Card]:
    if not (query.words or query.phrases or query.prefixes or query.either):
        return list(found)
    texts = passages_of([(card.id, card.lang) for card in found])
    return [
        card.found(
            title=highlight(str(card.title), query),
            summary=passage(
                texts.get((card.id, card.lang), "").partition("\n")[2] or str(card.summary), query
            ),
        )
        for card in found
    ]


def _from_database(viewer: Viewer, asked: Asked, meant: Understood, size: int) -> Found:
    """Answer from the texts themselves while the index is being rebuilt."""
    query = meant.query
    chosen: dict[str, Any] = {
        one.name: meant.filters[one.name]
        for one in fields(NoteFilter)
        if meant.filters.get(one.name)
    }
    statement = narrowing.index(viewer, NoteFilter(**chosen))
    for word in (*query.words, *query.phrases)[:8]:
        told = select(Text.entry_id).where(
            or_(
                Text.title.icontains(word, autoescape=True),
                Text.summary.icontains(word, autoescape=True),
                Text.plain.icontains(word, autoescape=True),
            )
        )
        statement = statement.where(Entry.id.in_(told))
    rows = list(
        db.session.scalars(
            statement.order_by(Entry.published_at.desc(), Entry.id.desc()).limit(size)
        )
    )
    return Found(
        asked=asked,
        cards=_with_passages(cards(viewer, rows), query),
        total=len(rows),
        kinds={},
        terms=matching_terms(asked.text),
        organisations=matching_organisations(viewer, asked.text),
        degraded=True,
    )


def matching_terms(text: str, limit: int = _TERMS_SHOWN) -> list[TermRef]:
    """Return terms one of whose labels the words name: exactly first, then those that contain them."""
    wanted = " ".join(fold(text).split())
    if not wanted:
        return []
    words = vocabulary()
    exact = [words.by_id[row] for row in words.by_label.get(wanted, ())]
    near = []
    if len(wanted) > 1:
        near = [
            term
            for term in words.by_id.values()
            if any(wanted in label.folded for label in term.labels if label.kind != "abbr")
        ]
    living = {words.resolved(term).id: words.resolved(term) for term in [*exact, *near]}
    return [refs.ref_of(term) for term in list(living.values())[:limit]]


def matching_organisations(
    viewer: Viewer, text: str, limit: int = _ORGANISATIONS_SHOWN
) -> list[tuple[int, str, Lang]]:
    """Return organisations of the directory whose name contains the words: (id, name, language of the name)."""
    wanted = " ".join(fold(text).split())
    if not 2 <= len(wanted) <= _LONGEST_NAME:
        return []
    rows = db.session.execute(_named(viewer), {"wanted": wanted, "most": limit})
    return [(row, *pick(name)) for row, name in rows]


# Kept, because building it takes three times as long as asking it.
@lru_cache(maxsize=64)
def _named(viewer: Viewer) -> Select[int, Texts]:
    return (
        select(Organisation.id, Organisation.name)
        .where(
            # Contains it, whatever signs of LIKE are in it.
            func.replace(Organisation.folded, bindparam("wanted"), "") != Organisation.folded,
            known_to(viewer),
        )
        .order_by(Organisation.id)
        .limit(bindparam("most"))
    )
