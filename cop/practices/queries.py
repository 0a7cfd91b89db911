"""Reading practice pages: one strategy's page, the list of all, and facts of many in a fixed number of queries."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import bindparam, select

from cop.core.db import db, rows
from cop.core.errors import Gone, NotFound
from cop.core.i18n import current_lang
from cop.core.types import Lang
from cop.entries import policy, queries as entries
from cop.entries.cards import CardFacts
from cop.entries.carrying import index_facts_of, terms_of
from cop.entries.kinds import IndexFacts
from cop.entries.models import Entry, Link, LinkKind, Text
from cop.entries.originals import times_tried
from cop.people.viewer import Viewer
from cop.practices.charts import STRIP_MOST
from cop.practices.draft import PracticeFacts
from cop.practices.kept import kept_ledgers
from cop.practices.ledger import Ledger
from cop.practices.models import Grade, Practice
from cop.practices.operations import KIND, facts_now, page_of
from cop.practices.wording import GRADES
from cop.terms.queries import Words, words_of
from cop.terms.refs import TermRef, ref_of
from cop.terms.vocabulary import TermView, vocabulary

#: Notes of the ledger that the page itself shows.
ON_PAGE = 12


def strategy(key: str) -> TermView:
    """Return the strategy of this key, merged or not, or raise NotFound."""
    found = vocabulary().by_key.get(key)
    if found is None or vocabulary().resolved(found).scheme != "strategy":
        raise NotFound
    return found


def page_for(viewer: Viewer, term: TermView) -> Entry | None:
    """Return the page of a living strategy, with author and texts, where it has one that this viewer may read.

    Raises Gone where she could read it once and it was hidden.
    """
    found = page_of(term)
    if found is None:
        return None
    try:
        return entries.get(viewer, found.entry_id, KIND)
    except Gone:
        raise
    except NotFound:
        return None


_PAGES_OF = (
    select(Practice.term_id, Practice.entry_id)
    .join(Entry, Entry.id == Practice.entry_id)
    .where(Practice.term_id.in_(bindparam("terms", expanding=True)), entries.LISTED)
)


def pages_of(viewer: Viewer, term_ids: Collection[int]) -> dict[int, int]:
    """Return the pages of living strategies that this viewer finds in lists, in one query."""
    words = vocabulary()
    same = {
        one.id: living
        for one in words.by_id.values()
        if (living := words.resolved(one).id) in term_ids
    }
    asked = {"terms": sorted(same), **entries.lists_of(viewer)}
    found: dict[int, tuple[bool, int]] = {}
    for term_id, entry_id in rows(_PAGES_OF, asked):
        # The living term's own page, before those of what was merged into it.
        one = (term_id != same[term_id], entry_id)
        found[same[term_id]] = min(found.get(same[term_id], one), one)
    return {term_id: entry_id for term_id, (_rank, entry_id) in found.items()}


@dataclass(frozen=True)
class PracticeShown:
    """The facts of one page as it shows them."""

    facts: PracticeFacts
    term: TermRef
    related: Sequence[TermRef]
    #: What the text cites and this viewer may read.
    cited: Sequence[Entry]
    sources: Sequence[entries.Cited]
    #: Place of the page → what it cites there, of the same notes.
    attached: Mapping[str, Sequence[Entry]] = field(default_factory=dict)


def shown(viewer: Viewer, entry: Entry, term: TermView) -> PracticeShown:
    """Return the facts of a page."""
    facts = facts_now(entry)
    words = vocabulary()
    statement = (
        select(Entry)
        .join(Link, Link.target_id == Entry.id)
        .where(Link.entry_id == entry.id, Link.kind == LinkKind.SEE.value, policy.listed(viewer))
        .order_by(Link.position)
    )
    cited = db.session.scalars(statement).all()
    notes = {one.key: one for one in cited}
    attached: dict[str, list[Entry]] = {}
    for one in facts.attached:
        if one.note in notes:
            attached.setdefault(one.at, []).append(notes[one.note])
    return PracticeShown(
        attached=attached,
        facts=facts,
        term=ref_of(term),
        related=[ref_of(words.by_key[key]) for key in facts.related if key in words.by_key],
        cited=cited,
        sources=entries.sources(entry),
    )


@dataclass(frozen=True)
class Tally:
    """What a strategy's notes add up to, in one line: how many experiences, and a ledger small enough to be drawn."""

    experiences: int
    ledger: Ledger | None = None


def tallies(viewer: Viewer, term_ids: Sequence[int]) -> dict[int, Tally]:
    """Return what the notes of living strategies add up to for this reader, in a fixed number of queries."""
    kept = kept_ledgers()
    counts = kept.counts(viewer, term_ids)
    small = kept.ledgers(viewer, [one for one, count in counts.items() if count <= STRIP_MOST])
    return {one: Tally(count, small.get(one)) for one, count in counts.items()}


@dataclass(frozen=True)
class StrategyRow:
    """A strategy in the list of practices: its page where it has one, and what its notes add up to."""

    term: TermRef
    words: Words
    tally: "Tally"
    #: None where nobody has started the page (or it is not open to this reader).
    grade: str | None = None
    summary: str = ""
    summary_lang: str = ""
    #: How many notes tell that what the page says was tried.
    tried: int = 0

    @property
    def has_page(self) -> bool:
        """Whether there is a page to read."""
        return self.grade is not None


def strategies(viewer: Viewer) -> list[StrategyRow]:
    """Return every living strategy in the reader's order, in a fixed number of queries."""
    words, lang = vocabulary(), current_lang()
    terms = words.in_scheme("strategy", lang)
    pages = _pages(viewer, lang)
    found = tallies(viewer, [term.id for term in terms])
    named = words_of("strategy", lang)
    return [
        StrategyRow(ref_of(term), named[term.key], found[term.id], *pages.get(term.id, ()))
        for term in terms
    ]


def _pages(viewer: Viewer, lang: Lang) -> dict[int, tuple[str, str, str, int]]:
    """Return grade, summary with its language, and tries of the pages this viewer may read, by living strategy."""
    words = vocabulary()
    # Two questions: joined in one, a database may begin with all texts instead of these few pages.
    pages = {page.entry_id: page for page in db.session.scalars(select(Practice))}
    rows = db.session.execute(
        select(Entry.id, Entry.audience, Entry.lang, Text.lang, Text.summary)
        .join(Text, Text.entry_id == Entry.id)
        .where(Entry.id.in_(pages))
        .order_by(Entry.id, Text.id)
    )
    best: dict[int, tuple[tuple[bool, bool, bool], tuple[str, str, str, int]]] = {}
    tried = times_tried(viewer, list(pages)) if pages else {}
    listed = policy.listed_labels(viewer)
    for entry_id, audience, first, told, summary in rows:
        if audience not in listed:
            continue
        term_id, grade = pages[entry_id].term_id, pages[entry_id].grade
        living = words.resolved(words.by_id[term_id]).id
        rank = (term_id != living, told != lang, told != first)
        if living not in best or rank < best[living][0]:
            best[living] = (rank, (grade, summary, told, tried.get(entry_id, 0)))
    return {term_id: page for term_id, (_rank, page) in best.items()}


def related_pages(viewer: Viewer, refs: Sequence[TermRef]) -> list[tuple[TermRef, Tally]]:
    """Return strategies with what their notes add up to."""
    found = tallies(viewer, [ref.id for ref in refs])
    return [(ref, found[ref.id]) for ref in refs]


# Built once: rows of lists ask it on most pages.
_CARD_FACTS = select(Practice.entry_id, Practice.term_id, Practice.grade).where(
    Practice.entry_id.in_(bindparam("ids", expanding=True))
)


def card_facts(ids: Sequence[int]) -> dict[int, CardFacts]:
    """Return what rows of a list show of practice pages, in one query."""
    words = vocabulary()
    made = {}
    for entry_id, term_id, grade in rows(_CARD_FACTS, {"ids": list(ids)}):
        term = words.resolved(words.by_id[term_id])
        made[entry_id] = CardFacts(
            terms=(ref_of(term),),
            badges=(str(GRADES[Grade(grade)]),),
            href=f"/practices/{term.key}",
        )
    return made


def key_of(viewer: Viewer, entry_id: int) -> str:
    """Return the key of the strategy that an entry is the page of, or raise NotFound."""
    entry = entries.get(viewer, entry_id, KIND)
    words = vocabulary()
    term_id = db.session.scalars(
        select(Practice.term_id).where(Practice.entry_id == entry.id)
    ).one()
    return words.resolved(words.by_id[term_id]).key


def index_facts(ids: Sequence[int]) -> dict[int, IndexFacts]:
    """Return what the index must know of practice pages: their strategy, and all its labels as words."""
    carried = terms_of(ids)
    return {one: index_facts_of(carried.get(one, ())) for one in ids}
