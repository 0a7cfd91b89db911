"""The present state of what the site holds, as records of the import format.

An export writes them; an import compares with them before it changes anything.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, select

from cop.core.db import db
from cop.core.types import Lang, Texts
from cop.entries import policy
from cop.entries.draft import Cited
from cop.entries.models import Entry, NameMask, Revision, Status, Text
from cop.exchange import kinds, mentioned
from cop.exchange.shapes import Record
from cop.notes.draft import REASON, SECTIONS, TERM_FIELDS, NoteFacts, Use
from cop.people.models import Organisation, User
from cop.terms.labels import HANT, PINYIN
from cop.terms.models import (
    Label,
    LabelKind,
    OrganisationSource,
    Relation,
    RelationKind,
    Scheme,
    Source,
    Term,
    TermSource,
)

_EXTRA = ("pinyin", "ascii", "iso", "level", "sample_count", "count")
_LABEL_LANGS = {HANT: "zh", PINYIN: "en"}


@dataclass(frozen=True)
class State:
    """What the site holds under a key: the record it would export, and the state it was imported in."""

    record: Record
    import_sha256: str | None
    #: Whether readers see it; hidden and withdrawn entries are not.
    published: bool = True


def short(texts: Mapping[str, Any] | None) -> Record:
    """Return texts under the short tags of files, Chinese first, empty ones left out."""
    return (
        {lang.tag: texts[lang.value] for lang in Lang if (texts or {}).get(lang.value)}
        if texts
        else {}
    )


def in_order(kind: str, values: Mapping[str, Any]) -> Record:
    """Return a record with its keys in the order of the format, empty ones left out."""
    return {
        name: values[name]
        for name in kinds.FIELDS[kind]
        if name in values and values[name] not in (None, "", {}, [])
    }


def sources(keys: Sequence[str]) -> dict[str, State]:
    """Return the states of sources."""
    found = {}
    for row in db.session.scalars(select(Source).where(Source.key.in_(keys))):
        values = {
            "id": row.key,
            "short": short(row.short),
            "citation": row.citation,
            "about": short(row.about),
        }
        found[row.key] = State(in_order("source", values), row.import_sha256)
    return found


def schemes(keys: Sequence[str]) -> dict[str, State]:
    """Return the states of schemes, without their terms."""
    found = {}
    for row in db.session.scalars(select(Scheme).where(Scheme.key.in_(keys))):
        values = {
            "id": row.key,
            "title": short(row.title),
            "description": short(row.description),
        }
        found[row.key] = State(in_order("scheme", values), row.import_sha256)
    return found


def terms(keys: Sequence[str]) -> dict[str, State]:
    """Return the states of terms, in a fixed number of queries."""
    rows = db.session.execute(
        select(Term, Scheme.key).join(Scheme, Scheme.id == Term.scheme_id).where(Term.key.in_(keys))
    ).all()
    ids = [term.id for term, _scheme in rows]
    labels = _labels(ids)
    related = _relations(ids)
    cited = _cited(select(TermSource.term_id, Source.key, TermSource.at), TermSource, ids)
    merged = _keys([term.merged_into_id for term, _scheme in rows if term.merged_into_id])
    found = {}
    for term, scheme in rows:
        values = {
            "id": term.key,
            "scheme": scheme,
            "pref_label": short(term.name),
            "definition": short(term.definition),
            **labels.get(term.id, {}),
            **related.get(term.id, {}),
            "source": cited.get(term.id),
            "merged_into": merged.get(term.merged_into_id),
            **{name: term.extra.get(name) for name in _EXTRA},
        }
        found[term.key] = State(in_order("term", values), term.import_sha256)
    return found


def _labels(ids: Sequence[int]) -> dict[int, Record]:
    names = {LabelKind.ALTERNATIVE: "alt_labels", LabelKind.HIDDEN: "hidden_labels"}
    found: dict[int, Record] = {}
    columns = (Label.term_id, Label.kind, Label.lang, Label.text)
    statement = select(*columns).where(Label.term_id.in_(ids)).order_by(Label.id)
    for term_id, kind, lang, text in db.session.execute(statement):
        if kind == LabelKind.ABBREVIATION:
            found.setdefault(term_id, {}).setdefault("abbr_zh", []).append(text)
        elif kind in names:
            tag = _LABEL_LANGS.get(lang) or Lang(lang).tag
            by_lang = found.setdefault(term_id, {}).setdefault(names[LabelKind(kind)], {})
            by_lang.setdefault(tag, []).append(text)
    for record in found.values():
        for name in names.values():
            if name in record:
                record[name] = {
                    tag: record[name][tag] for tag in ("zh", "en") if tag in record[name]
                }
    return found


def _relations(ids: Sequence[int]) -> dict[int, Record]:
    found: dict[int, Record] = {}
    statement = (
        select(Relation.term_id, Relation.kind, Term.key)
        .join(Term, Term.id == Relation.other_id)
        .where(Relation.term_id.in_(ids))
        .order_by(Term.key)
    )
    for term_id, kind, key in db.session.execute(statement):
        name = "broader" if kind == RelationKind.BROADER else "related"
        found.setdefault(term_id, {}).setdefault(name, []).append(key)
    return found


def _keys(ids: Iterable[int | None]) -> dict[int | None, str]:
    rows = db.session.execute(select(Term.id, Term.key).where(Term.id.in_(list(ids))))
    return {row.id: row.key for row in rows}


def _cited(statement: Any, model: Any, ids: Sequence[int]) -> dict[int, list[Record]]:
    """Return the sources cited by each owner: `statement` selects owner, key and place."""
    owner = model.term_id if model is TermSource else model.organisation_id
    statement = statement.join(Source, Source.id == model.source_id).where(owner.in_(ids))
    found: dict[int, list[Record]] = {}
    for owner_id, key, at in db.session.execute(statement.order_by(owner, model.position)):
        found.setdefault(owner_id, []).append({"ref": key, "at": at} if at else {"ref": key})
    return found


def organisations(keys: Sequence[str]) -> dict[str, State]:
    """Return the states of organisations of the directory."""
    rows = db.session.execute(
        select(Organisation, Term.key)
        .outerjoin(Term, Term.id == Organisation.place_id)
        .where(Organisation.key.in_(keys))
    ).all()
    ids = [row.id for row, _place in rows]
    columns = select(OrganisationSource.organisation_id, Source.key, OrganisationSource.at)
    cited = _cited(columns, OrganisationSource, ids)
    found = {}
    for row, place in rows:
        values = {
            "id": row.key,
            "name": short(row.name),
            "place": place,
            "written_by": row.written_by,
            "source": cited.get(row.id),
        }
        found[row.key] = State(in_order("organisation", values), row.import_sha256)
    return found


def notes(keys: Sequence[str]) -> dict[str, State]:
    """Return the states of case notes, whatever their status; who may see one is for the caller to ask."""
    rows = db.session.execute(
        select(Entry, User)
        .outerjoin(User, User.id == Entry.author_id)
        .where(Entry.key.in_(keys), Entry.kind == "note")
    ).all()
    revisions = published_of([entry.id for entry, _author in rows])
    sections = (one.sections for told in revisions.values() for one in told.values())
    known = mentioned.handles_in(text for texts in sections for text in texts.values())
    found = {}
    for entry, author in rows:
        told = revisions[entry.id]
        published = entry.status == Status.PUBLISHED
        found[entry.key] = State(_note(entry, author, told, known), entry.import_sha256, published)
    return found


def published_of(ids: Sequence[int]) -> dict[int, dict[str, Revision]]:
    """Return the published revision of each text, by entry and language."""
    found: dict[int, dict[str, Revision]] = {}
    statement = (
        select(Text.entry_id, Text.lang, Revision)
        .join(Revision, and_(Revision.text_id == Text.id, Revision.number == Text.number))
        .where(Text.entry_id.in_(ids))
    )
    for entry_id, lang, revision in db.session.execute(statement):
        found.setdefault(entry_id, {})[lang] = revision
    return found


def weighed(told: Mapping[str, Revision]) -> Record:
    """Return how much the published revisions changed of what stood there before, where somebody said so."""
    return short({lang: revision.significance for lang, revision in told.items()})


def cited_as_record(cited: Cited) -> Record:
    """Return a source that an entry cites as files hold it."""
    return {"ref": cited.key, "at": cited.at} if cited.at else {"ref": cited.key}


def stamp(entry: Entry, moment: datetime) -> str:
    """Return a moment as files hold it.

    Of an unnamed entry the day is enough: the second could be matched with other traces.
    """
    unnamed = entry.by_day or entry.name_mask == NameMask.UNNAMED
    form = "%Y-%m-%dT00:00:00Z" if unnamed else "%Y-%m-%dT%H:%M:%SZ"
    return moment.astimezone(UTC).strftime(form)


def _note(
    entry: Entry, author: User | None, told: Mapping[str, Revision], known: Mapping[int, str]
) -> Record:
    unnamed = entry.name_mask == NameMask.UNNAMED
    # Every change of the facts makes a revision, so the newest one holds them as they are.
    newest = max(told.values(), key=lambda revision: revision.id)
    facts = NoteFacts.from_json(newest.facts)

    def words(name: str) -> Record:
        return short(
            {
                lang: mentioned.told(revision.sections.get(name, ""), known)
                for lang, revision in told.items()
            }
        )

    values = {
        "id": entry.key,
        "lang": Lang(entry.lang).tag,
        "author": policy.credited_to(entry, author),
        "written_by": None if entry.written_by == "member" else entry.written_by,
        "reviewed_by_organisations": None if entry.reviewed_by_organisations else False,
        "visibility": entry.visibility,
        "masks": {"name": "unnamed"} if unnamed else None,
        "dates": {"published": stamp(entry, entry.published_at)},
        "significance": weighed(told),
        "title": short({lang: revision.title for lang, revision in told.items()}),
        **_facts(facts),
        REASON: words(REASON),
        "sections": {name: words(name) for name in SECTIONS if words(name)},
    }
    return in_order("note", values)


def _facts(facts: NoteFacts) -> Record:
    period: Record = {"start": facts.started, "end": facts.ended, **short(facts.period_text)}
    period = {name: value for name, value in period.items() if value}
    if period and not facts.period_exact:
        period["exact"] = False
    described = short(facts.described_as)
    phases = facts.terms.get("phase", ())
    return {
        "organisation": {"key": facts.organisation} if facts.organisation else described,
        "project": facts.project,
        "adapts": {"key": facts.original, "how": facts.relation} if facts.original else None,
        "place": facts.place,
        "period": period,
        "strategies": list(facts.strategies),
        "uses": [use for key in facts.strategies if len(use := _use(key, facts.uses.get(key))) > 1],
        "outcome": facts.outcome,
        "evidence": facts.evidence,
        "phase": phases[0] if phases else None,
        **{name: list(facts.terms.get(name, ())) for name in TERM_FIELDS if name != "phase"},
        "source": [cited_as_record(cited) for cited in facts.sources],
    }


def _use(key: str, use: Use | None) -> Record:
    if use is None:
        return {"strategy": key}
    values: Record = {
        "strategy": key,
        "outcome": use.outcome,
        "effects": short(use.effects),
        "side_effects": short(use.side_effects),
        "durability": use.durability if use.durability != "unknown" else None,
    }
    return {name: value for name, value in values.items() if value}


def told_only(value: Any, tags: Collection[str]) -> Any:
    """Return a record, or a part of one, with its texts in these languages alone; what is empty then is left out."""
    if isinstance(value, Mapping):
        texts = value.keys() <= {"zh", "en"}
        left = {
            name: told_only(one, tags) for name, one in value.items() if not texts or name in tags
        }
        return {name: one for name, one in left.items() if one not in ({}, [])}
    if isinstance(value, list):
        rows = [told_only(one, tags) for one in value]
        return [row for row in rows if row != {}]
    return value


def long(texts: Mapping[str, str] | None) -> Texts:
    """Return texts of a file under the tags of storage."""
    found: Texts = {}
    for tag, text in (texts or {}).items():
        lang = Lang.of_tag(tag)
        if lang is not None:
            found[lang.value] = text
    return found
