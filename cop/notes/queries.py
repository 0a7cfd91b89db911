"""Reading case notes: filtered lists, one note's facts, and facts of many in a fixed number of queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Integer, and_, bindparam, exists, or_, select

from cop.core.db import db, rows
from cop.core.i18n import current_lang, pick
from cop.core.types import Json, Lang, Texts
from cop.entries import policy, queries as entries
from cop.entries.cards import CardFacts, Named
from cop.entries.kinds import IndexFacts
from cop.entries.models import Entry, Link, Tagging
from cop.entries.originals import RELATION_VALUES
from cop.notes.models import CaseNote, StrategyUse
from cop.notes.narrowing import newest_carrying
from cop.notes.wording import spans, years
from cop.people.models import AccountStatus, Organisation, User
from cop.people.viewer import Viewer
from cop.terms import places, refs
from cop.terms.models import LabelKind
from cop.terms.refs import TermRef
from cop.terms.vocabulary import TermView, vocabulary


@dataclass(frozen=True)
class UseShown:
    """A strategy of a note with what is known of its use."""

    term: TermRef
    outcome: str | None
    durability: str
    effects: Mapping[str, str]
    side_effects: Mapping[str, str]


@dataclass(frozen=True)
class NoteShown:
    """The facts of one note as its page shows them."""

    #: The row of the note, with the columns of `CaseNote` that the page tells.
    note: Any
    #: id and names of the organisation, where it is named.
    organisation: tuple[int, Texts] | None
    place: TermRef | None
    place_written: str
    strategies: Sequence[UseShown]
    #: Scheme key → terms.
    terms: Mapping[str, Sequence[TermRef]]
    sources: Sequence[entries.Cited]


# Built once, as all that the page of a note asks: building a statement costs as much as asking it.
_ON: BindParameter[int] = bindparam("entry_id", type_=Integer)
#: A note with each term it carries, and what is known of the use of those that are strategies.
_NOTE = (
    select(
        CaseNote.outcome,
        CaseNote.evidence,
        CaseNote.described_as,
        CaseNote.place_id,
        CaseNote.started,
        CaseNote.ended,
        CaseNote.period_text,
        Organisation.id.label("organisation_id"),
        Organisation.name.label("organisation"),
        Tagging.term_id,
        StrategyUse.durability,
        StrategyUse.outcome.label("use_outcome"),
        StrategyUse.effects,
        StrategyUse.side_effects,
    )
    .outerjoin(Organisation, Organisation.id == CaseNote.organisation_id)
    .outerjoin(Tagging, Tagging.entry_id == CaseNote.entry_id)
    .outerjoin(
        StrategyUse,
        and_(StrategyUse.entry_id == Tagging.entry_id, StrategyUse.term_id == Tagging.term_id),
    )
    .where(CaseNote.entry_id == _ON)
    .order_by(Tagging.position)
)


def shown(entry: Entry) -> NoteShown:
    """Return the facts of a note for its page."""
    carried: Sequence[Any] = rows(_NOTE, {"entry_id": entry.id})
    note = carried[0]
    ids = [row.term_id for row in carried if row.term_id]
    ids += [note.place_id] if note.place_id else []
    found = refs.refs(ids)
    chips = [found[row.term_id] for row in carried if row.term_id in found]
    by_scheme: dict[str, list[TermRef]] = {}
    for chip in chips:
        by_scheme.setdefault(chip.scheme, []).append(chip)
    uses = {row.term_id: row for row in carried if row.durability is not None}
    strategies = [_use_shown(chip, uses.get(chip.id)) for chip in by_scheme.pop("strategy", [])]
    return NoteShown(
        note=note,
        organisation=(note.organisation_id, note.organisation) if note.organisation_id else None,
        place=found.get(note.place_id) if note.place_id else None,
        place_written=places.written(note.place_id, current_lang()) if note.place_id else "",
        strategies=strategies,
        terms=by_scheme,
        sources=entries.sources(entry),
    )


def _use_shown(chip: TermRef, use: Any) -> UseShown:
    if use is None:
        return UseShown(chip, None, "unknown", {}, {})
    return UseShown(
        chip, use.use_outcome, use.durability, use.effects or {}, use.side_effects or {}
    )


def near(viewer: Viewer, entry: Entry, facts: NoteShown, limit: int = 3) -> list[Named]:
    """Return the newest other notes that used the first strategy of this one."""
    if not facts.strategies:
        return []
    return newest_carrying(viewer, facts.strategies[0].term.id, but=entry, limit=limit)


# Built once, and of columns: rows of notes are on most pages.
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_CARD_FACTS = (
    select(
        CaseNote.entry_id,
        CaseNote.outcome,
        CaseNote.place_id,
        CaseNote.described_as,
        CaseNote.started,
        CaseNote.ended,
        Organisation.name,
        Link.target_id,
    )
    .outerjoin(Organisation, Organisation.id == CaseNote.organisation_id)
    .outerjoin(Link, and_(Link.entry_id == CaseNote.entry_id, Link.kind.in_(RELATION_VALUES)))
    .where(CaseNote.entry_id.in_(_IDS))
)
_USES = (
    select(StrategyUse.entry_id, StrategyUse.term_id)
    .where(StrategyUse.entry_id.in_(_IDS))
    .order_by(StrategyUse.entry_id, StrategyUse.position)
)


_OUTCOMES = select(CaseNote.entry_id, CaseNote.outcome).where(CaseNote.entry_id.in_(_IDS))


def outcomes(ids: Sequence[int]) -> dict[int, str]:
    """Return how the notes went, by id."""
    return {row[0]: row[1] for row in rows(_OUTCOMES, {"ids": list(ids)})}


def card_facts(ids: Sequence[int]) -> dict[int, CardFacts]:
    """Return what rows of a list show of notes, in a fixed number of queries."""
    found = rows(_CARD_FACTS, {"ids": list(ids)})
    uses = rows(_USES, {"ids": list(ids)})
    known = refs.refs(
        {term_id for _entry, term_id in uses} | {row.place_id for row in found if row.place_id}
    )
    chips: dict[int, list[TermRef]] = {}
    for entry_id, term_id in uses:
        if term_id in known:
            chips.setdefault(entry_id, []).append(known[term_id])
    made = {}
    for entry_id, outcome, place_id, described_as, started, ended, organisation, after in found:
        name, name_lang = pick(organisation or described_as or {})
        place = known.get(place_id or 0)
        made[entry_id] = CardFacts(
            outcome=outcome,
            terms=tuple(chips.get(entry_id, ())),
            organisation=name,
            organisation_lang=name_lang.value,
            place=place.name if place else "",
            period=years(started, ended),
            was_tried_after=after is not None,
        )
    return made


def index_facts(ids: Sequence[int]) -> dict[int, IndexFacts]:
    """Return what the index must know of notes: what they are narrowed by, and all labels as words."""
    notes = {
        note.entry_id: note
        for note in db.session.scalars(select(CaseNote).where(CaseNote.entry_id.in_(ids)))
    }
    carried: dict[int, list[int]] = {entry_id: [] for entry_id in notes}
    tagged = (
        select(Tagging.entry_id, Tagging.term_id)
        .where(Tagging.entry_id.in_(ids))
        .order_by(Tagging.position)
    )
    for entry_id, term_id in db.session.execute(tagged):
        carried.setdefault(entry_id, []).append(term_id)
    names = _organisation_names(
        [note.organisation_id for note in notes.values() if note.organisation_id]
    )
    return {row: _index_facts(note, carried[row], names) for row, note in notes.items()}


def _index_facts(
    note: CaseNote, carried: Sequence[int], names: Mapping[int, list[str]]
) -> IndexFacts:
    around = _around(note.place_id) if note.place_id else []
    vocab = vocabulary()
    own = [vocab.by_id[term_id] for term_id in carried if term_id in vocab.by_id]
    every = [*own, *(vocab.resolved(term) for term in own), *around]
    terms = list({term.id: term for term in every}.values())
    words = [label.text for term in terms for label in term.labels if label.kind in _FREE_TEXT]
    words += names.get(note.organisation_id or 0, [])
    words += (note.described_as or {}).values()
    return IndexFacts(
        facets=_facets(note, [vocab.resolved(term) for term in [*own, *around]]),
        words=tuple(words),
        pinyin=tuple(
            label.text for term in terms for label in term.labels if label.kind == LabelKind.PINYIN
        ),
    )


def _facets(note: CaseNote, living: Sequence[TermView]) -> dict[str, frozenset[str]]:
    """What search may narrow notes by, with these terms: those it carries and the places around it."""
    named = {f"org:{note.organisation_id}"} if note.organisation_id else set()
    return {
        "outcome": frozenset({note.outcome}),
        "evidence": frozenset({note.evidence}),
        **{
            scheme: frozenset(term.key for term in living if term.scheme == scheme)
            for scheme in ("strategy", "sector", "place")
        },
        "period": spans(note.started, note.ended),
        "by": frozenset(named),
    }


def _around(place_id: int) -> list[TermView]:
    """Return a place and what lies around it; of a merged one also what it was merged into."""
    words = vocabulary()
    found = places.path(place_id)
    living = [place for term in found for place in words.above(words.resolved(term).id)]
    return list({place.id: place for place in [*found, *living]}.values())


#: Labels that are words of free text; one-character abbreviations are for the place filter only.
_FREE_TEXT = frozenset({LabelKind.PREFERRED, LabelKind.ALTERNATIVE, LabelKind.HIDDEN})


def _organisation_names(ids: Sequence[int]) -> dict[int, list[str]]:
    if not ids:
        return {}
    rows = db.session.execute(
        select(Organisation.id, Organisation.name).where(Organisation.id.in_(set(ids)))
    )
    return {row: list(name.values()) for row, name in rows}


def chips(chosen: Mapping[str, Sequence[str]]) -> list[tuple[str, str, TermRef]]:
    """Return (field, key, term) of the terms a list is narrowed to, to be shown and taken off."""
    wanted = [
        (name, key)
        for name in ("strategy", "sector", "place", "outcome", "evidence")
        for key in chosen.get(name, ())
    ]
    known = vocabulary().by_key
    return [(name, key, refs.ref_of(known[key])) for name, key in wanted if key in known]


def organisation_name(key: str, lang: Lang) -> str:
    """Return the name of an organisation of the directory, or ""."""
    if not key:
        return ""
    name = db.session.scalar(select(Organisation.name).where(Organisation.key == key))
    return pick(name, lang)[0] if name else ""


def fact_names(states: Sequence[Json]) -> dict[str, str]:
    """Return key → name, in the reader's language, of the terms and organisations that facts name by key."""
    words, names = vocabulary(), {}
    keys = {key for facts in states for key in _keys_in(facts)}
    for key in keys & words.by_key.keys():
        names[key] = refs.ref_of(words.resolved(words.by_key[key])).name
    named = {facts["organisation"] for facts in states if facts.get("organisation")}
    if named:
        rows = db.session.execute(
            select(Organisation.key, Organisation.name).where(Organisation.key.in_(named))
        )
        names |= {key: pick(name)[0] for key, name in rows}
    return names


def _keys_in(facts: Json) -> set[str]:
    keys = {*facts.get("strategies", ()), facts.get("place", "")}
    return keys.union(*facts.get("terms", {}).values())


def own_organisation(viewer: Viewer) -> tuple[str, str]:
    """Return key and name of the viewer's own organisation; both empty where she tells none."""
    if viewer.id is None:
        return "", ""
    found = db.session.execute(
        select(Organisation.key, Organisation.name)
        .join(User, User.organisation_id == Organisation.id)
        .where(User.id == viewer.id)
    ).first()
    return (found.key, pick(found.name)[0]) if found else ("", "")


def known_to(viewer: Viewer) -> ColumnElement[bool]:
    """Return the criterion on organisations that stand in the directory for the viewer.

    Those that a file brought, those that a note she may read names, and for members those that people
    say they belong to. What only an unreadable note names does not exist.
    """
    named = exists().where(
        CaseNote.organisation_id == Organisation.id,
        CaseNote.entry_id == Entry.id,
        policy.readable(viewer),
    )
    brought = or_(Organisation.written_by == "editors", Organisation.import_sha256.is_not(None))
    if not viewer.is_member:
        return or_(brought, named)
    joined = exists().where(
        User.organisation_id == Organisation.id, User.status == AccountStatus.ACTIVE.value
    )
    return or_(brought, named, joined)


def organisation_names(viewer: Viewer, limit: int = 200) -> list[str]:
    """Return names of the directory in the reader's language, to choose from while typing."""
    sort = Organisation.sort_zh if current_lang() is Lang.ZH else Organisation.sort_en
    return [
        pick(name)[0]
        for name in db.session.scalars(
            select(Organisation.name).where(known_to(viewer)).order_by(sort).limit(limit)
        )
    ]
