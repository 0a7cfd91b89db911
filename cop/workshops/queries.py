"""Reading workshops: the list, one workshop's rows and material, and facts of many in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from sqlalchemy import Select, bindparam, exists, select

from cop import markup
from cop.core.db import db, rows
from cop.core.i18n import pick
from cop.core.types import Lang, Texts
from cop.entries import mentions, queries as entries
from cop.entries.cards import Card, CardFacts, cards
from cop.entries.carrying import index_facts_of, terms_of
from cop.entries.kinds import IndexFacts
from cop.entries.models import Entry, LinkKind, Tagging, Text
from cop.notes.narrowing import term_ids
from cop.people.viewer import Viewer
from cop.terms import refs
from cop.terms.refs import TermRef
from cop.terms.vocabulary import vocabulary
from cop.workshops.agenda import Slot, slots
from cop.workshops.draft import WorkshopFacts
from cop.workshops.links import LinkShown, shown_links
from cop.workshops.models import Workshop
from cop.workshops.operations import KIND, facts_now
from cop.workshops.wording import group, lasting


@dataclass(frozen=True)
class WorkshopFilter:
    """What a list of workshops is narrowed to. Values of one field are alternatives, fields add up."""

    strategy: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    #: When it is given: values of `session_lists.WHEN`. A list narrowed so is one of dates.
    date: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    #: In which languages it is given.
    given: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is narrowed."""
        return not any(getattr(self, field.name) for field in fields(self))


def index(viewer: Viewer, narrow: WorkshopFilter) -> Select[Entry]:
    """Return the statement of published workshops the viewer may read, narrowed."""
    statement = entries.recent(viewer, kind=KIND)
    if narrow.strategy:
        wanted = term_ids(narrow.strategy)
        taught = exists().where(Tagging.entry_id == Entry.id, Tagging.term_id.in_(wanted))
        statement = statement.where(taught)
    if narrow.text:
        langs = [lang.value for tag in narrow.text if (lang := Lang.of_tag(tag))]
        told = exists().where(Text.entry_id == Entry.id, Text.lang.in_(langs))
        statement = statement.where(told)
    return statement


def chips(narrow: WorkshopFilter) -> list[tuple[str, str, TermRef]]:
    """Return (field, key, term) of the terms a list is narrowed to, to be shown and taken off."""
    known = vocabulary().by_key
    chosen = [("strategy", key) for key in narrow.strategy] + [
        ("place", key) for key in narrow.place
    ]
    return [(name, key, refs.ref_of(known[key])) for name, key in chosen if key in known]


@dataclass(frozen=True)
class Told:
    """Words in the language of the page, or in the one they are told in."""

    words: str
    lang: Lang
    #: The same as HTML.
    html: str = ""


def told(texts: Texts, lang: Lang, html: str = "") -> Told:
    """Return what a row says, in a language where it says it in that."""
    words, said_in = pick(texts, lang)
    return Told(words, said_in, html)


def _rendered(
    viewer: Viewer, entry: Entry | None, facts: WorkshopFacts, lang: Lang
) -> dict[str, str]:
    """Return the texts of all rows as HTML, by row, with what they link to as this reader may open it."""
    texts = {f"a{row.id}": row.activity for row in facts.agenda}
    texts |= {f"x{one.id}": one.instructions for one in facts.exercises}
    texts |= {f"w{one.id}": one.why for one in facts.materials}
    texts |= {f"h{one.id}": one.how for one in facts.materials}
    texts |= {f"l{one.id}": one.why for one in facts.links}
    words = {key: pick(said, lang)[0] for key, said in texts.items()}
    html = {key: markup.render(said).html for key, said in words.items() if said}
    return dict(mentions.shown_all(viewer, entry, html))


@dataclass(frozen=True)
class SlotShown:
    """A part of the agenda as its page shows it."""

    slot: Slot
    title: Told
    activity: Told


@dataclass(frozen=True)
class ExerciseShown:
    """An exercise as its page shows it."""

    title: Told
    instructions: Told


@dataclass(frozen=True)
class MaterialShown:
    """An entry a workshop is built on, with why it is there and what to do with it."""

    card: Card
    why: Told
    how: Told


@dataclass(frozen=True)
class RowsShown:
    """The rows of a workshop in one language."""

    facts: WorkshopFacts
    #: The texts of rows as HTML.
    html: Mapping[str, str]
    agenda: Sequence[SlotShown]
    exercises: Sequence[ExerciseShown]

    @property
    def days(self) -> int:
        """How many days the agenda has."""
        return self.agenda[-1].slot.day if self.agenda else 0


@dataclass(frozen=True)
class WorkshopShown(RowsShown):
    """The facts of one workshop as its page shows them."""

    #: Kind → what this viewer may read of it.
    materials: Mapping[str, Sequence[MaterialShown]]
    sources: Sequence[entries.Cited]
    #: Pages elsewhere on the web, each with why it is there.
    links: Sequence[tuple[LinkShown, Told]]


def shown_facts(viewer: Viewer, entry: Entry | None, facts: WorkshopFacts, lang: Lang) -> RowsShown:
    """Return the rows of a workshop for a page in this language."""
    html = _rendered(viewer, entry, facts, lang)
    return RowsShown(
        facts=facts,
        html=html,
        agenda=[
            SlotShown(
                slot,
                told(slot.row.title, lang),
                told(slot.row.activity, lang, html.get(f"a{slot.row.id}", "")),
            )
            for slot in slots(facts)
        ],
        exercises=[
            ExerciseShown(
                told(one.title, lang),
                told(one.instructions, lang, html.get(f"x{one.id}", "")),
            )
            for one in facts.exercises
        ],
    )


def shown(viewer: Viewer, entry: Entry, lang: Lang) -> WorkshopShown:
    """Return the facts of a workshop for its page in this language."""
    rows = shown_facts(viewer, entry, facts_now(entry), lang)
    return WorkshopShown(
        facts=rows.facts,
        html=rows.html,
        agenda=rows.agenda,
        exercises=rows.exercises,
        materials=_materials(viewer, entry, rows, lang),
        sources=entries.sources(entry),
        links=[
            (one, told(one.link.why, lang, rows.html.get(f"l{one.link.id}", "")))
            for one in shown_links(rows.facts.links)
        ],
    )


def _materials(
    viewer: Viewer, entry: Entry, rows: RowsShown, lang: Lang
) -> dict[str, list[MaterialShown]]:
    said = {one.id: one for one in rows.facts.materials}
    found: dict[str, list[MaterialShown]] = {}
    for card in cards(viewer, entries.linked(viewer, entry, LinkKind.MATERIAL)):
        one = said.get(card.key)
        if one is not None:
            why = told(one.why, lang, rows.html.get(f"w{one.id}", ""))
            how = told(one.how, lang, rows.html.get(f"h{one.id}", ""))
            found.setdefault(card.kind, []).append(MaterialShown(card, why, how))
    return found


# Built once: rows of lists ask it on most pages.
_CARD_FACTS = select(
    Workshop.entry_id, Workshop.minutes, Workshop.group_min, Workshop.group_max
).where(Workshop.entry_id.in_(bindparam("ids", expanding=True)))


def card_facts(ids: Sequence[int]) -> dict[int, CardFacts]:
    """Return what rows of a list show of workshops, in a fixed number of queries."""
    carried = terms_of(ids)
    known = refs.refs({term_id for terms in carried.values() for term_id in terms})
    return {
        row.entry_id: CardFacts(
            terms=tuple(known[one] for one in carried.get(row.entry_id, ()) if one in known),
            details=tuple(
                (words, "")
                for words in (lasting(row.minutes), group(row.group_min, row.group_max))
                if words
            ),
        )
        for row in rows(_CARD_FACTS, {"ids": list(ids)})
    }


def index_facts(ids: Sequence[int]) -> dict[int, IndexFacts]:
    """Return what the index must know of workshops: the strategies they teach, and all their labels as words."""
    carried = terms_of(ids)
    return {one: index_facts_of(carried.get(one, ())) for one in ids}


def strategies_taught(viewer: Viewer) -> frozenset[str]:
    """Return the keys of the strategies that a list of workshops can be narrowed to and that lead to something."""
    rows = db.session.scalars(
        select(Tagging.term_id)
        .where(Tagging.entry_id.in_(entries.recent(viewer, kind=KIND).with_only_columns(Entry.id)))
        .distinct()
    )
    found = refs.refs(set(rows))
    return frozenset(ref.key for ref in found.values())
