"""Workshops as records, and records as what the operations take."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from cop.core.db import db
from cop.core.types import Lang
from cop.entries import policy, queries as entries
from cop.entries.draft import Cited, Origin, Signature, TextDraft
from cop.entries.models import Entry, NameMask, Revision, Status, Visibility
from cop.entries.revising import same_words
from cop.exchange import given, mentioned
from cop.exchange.reading import digest
from cop.exchange.shapes import TAGS, Record
from cop.exchange.states import (
    State,
    cited_as_record,
    in_order,
    long,
    published_of,
    short,
    stamp,
    weighed,
)
from cop.people.models import User
from cop.people.viewer import Viewer
from cop.workshops import team, trainers
from cop.workshops.checking import settled
from cop.workshops.draft import (
    FOR_WHOM,
    HANDOUT,
    HANDOUT_TITLE,
    OBJECTIVES,
    SUPPLIES,
    AgendaRow,
    Exercise,
    Material,
    Outside,
    WorkshopDraft,
    WorkshopFacts,
    as_lines,
    as_list,
)
from cop.workshops.operations import KIND, add_text, facts_now, publish, publish_workshop

#: Name of the list in a record → kind of the entries in it, in their order.
LISTS: Mapping[str, str] = {
    "practices": "practice",
    "guides": "guide",
    "notes": "note",
    "discussions": "discussion",
    "collections": "collection",
}


def workshops(keys: Sequence[str]) -> dict[str, State]:
    """Return the states of workshops, whatever their status; who may see one is for the caller to ask."""
    rows = db.session.execute(
        select(Entry, User)
        .outerjoin(User, User.id == Entry.author_id)
        .where(Entry.key.in_(keys), Entry.kind == KIND)
    ).all()
    told = published_of([entry.id for entry, _author in rows])
    sections = (one.sections for texts in told.values() for one in texts.values())
    known = mentioned.handles_in(text for texts in sections for text in texts.values())
    dates = given.given([entry.id for entry, _author in rows])
    beside = trainers.credited([entry for entry, _author in rows])
    kinds = _kinds({one.id for texts in told.values() for one in _facts(texts).materials})
    return {
        entry.key: State(
            _dated(
                _workshop(entry, author, told[entry.id], known, kinds, beside.get(entry.id, ())),
                dates.get(entry.id, ()),
            ),
            entry.import_sha256,
            entry.status == Status.PUBLISHED,
        )
        for entry, author in rows
    }


def _facts(told: Mapping[str, Revision]) -> WorkshopFacts:
    """Return the facts of a workshop: the newest of its published revisions holds them."""
    return WorkshopFacts.from_json(max(told.values(), key=lambda one: one.id).facts)


def _kinds(keys: set[str]) -> dict[str, str]:
    rows = db.session.execute(select(Entry.key, Entry.kind).where(Entry.key.in_(keys)))
    return {row.key: row.kind for row in rows}


def _workshop(
    entry: Entry,
    author: User | None,
    told: Mapping[str, Revision],
    known: Mapping[int, str],
    kinds: Mapping[str, str],
    beside: Sequence[str],
) -> Record:
    facts = _facts(told)

    def words(name: str) -> Record:
        return short(
            {lang: mentioned.told(one.sections.get(name, ""), known) for lang, one in told.items()}
        )

    def lines(name: str) -> list[Record]:
        return aligned({tag: as_lines(text) for tag, text in words(name).items()})

    values = {
        "id": entry.key,
        "lang": Lang(entry.lang).tag,
        "author": policy.credited_to(entry, author),
        "co_trainers": list(beside),
        "written_by": entry.written_by,
        "visibility": entry.visibility,
        "masks": {"name": "unnamed"} if entry.name_mask == NameMask.UNNAMED else None,
        "dates": {"published": stamp(entry, entry.published_at)},
        "significance": weighed(told),
        "title": short({lang: one.title for lang, one in told.items()}),
        "for": words(FOR_WHOM),
        "group_size": _filled({"min": facts.group_min, "max": facts.group_max}),
        "duration_minutes": facts.minutes or None,
        "begins": facts.begins,
        "objectives": lines(OBJECTIVES),
        "agenda": [_row(row) for row in facts.agenda],
        "materials": _materials(facts, kinds) | _filled({"supplies": lines(SUPPLIES)}),
        "exercises": [
            {"title": short(one.title), "instructions": short(one.instructions)}
            for one in facts.exercises
        ],
        "handout": _filled({"title": words(HANDOUT_TITLE), "text": words(HANDOUT)}),
        "source": [cited_as_record(cited) for cited in facts.sources],
    }
    return in_order(KIND, values)


def _dated(record: Record, rows: Sequence[Record]) -> Record:
    """Return a record with the times at which the workshop is given."""
    dates = _filled({**record.get("dates", {}), "given": [*rows]})
    return in_order(KIND, {**record, "dates": dates}) if rows else record


def _filled(values: Mapping[str, Any]) -> Record:
    return {name: value for name, value in values.items() if value not in (None, "", {}, [])}


def _row(row: AgendaRow) -> Record:
    return {"minutes": row.minutes} | _filled(
        {
            "new_day": row.new_day or None,
            "title": short(row.title),
            "activity": short(row.activity),
        }
    )


def _materials(facts: WorkshopFacts, kinds: Mapping[str, str]) -> Record:
    lists = {
        name: [one.id for one in facts.materials if kinds.get(one.id) == kind]
        for name, kind in LISTS.items()
    }
    words = [
        {"entry": one.id} | _filled({"why": short(one.why), "how": short(one.how)})
        for one in facts.materials
        if kinds.get(one.id) in LISTS.values() and (one.why or one.how)
    ]
    links = [
        {"url": one.url}
        | _filled({"title": one.title, "looked": one.looked, "why": short(one.why)})
        for one in facts.links
    ]
    return _filled({**lists, "words": words, "links": links})


def aligned(lists: Mapping[str, Sequence[str]]) -> list[Record]:
    """Return lists of lines by language as one list of texts, first with first, as far as each goes."""
    longest = max((len(one) for one in lists.values()), default=0)
    return [
        {tag: lists[tag][at] for tag in TAGS if at < len(lists.get(tag, ()))}
        for at in range(longest)
    ]


def by_language(rows: Sequence[Record]) -> dict[str, list[str]]:
    """Return a list of texts as lists of lines by language: the inverse of `aligned`."""
    return {tag: [row[tag] for row in rows if tag in row] for tag in TAGS}


def without_strangers(record: Record, known: set[str]) -> Record:
    """Return a record that names only material among the `known` keys."""
    if "materials" not in record:
        return record
    held = {
        name: [one for one in value if one in known] if name in LISTS else value
        for name, value in record["materials"].items()
    }
    if "words" in held:
        held["words"] = [one for one in held["words"] if one["entry"] in known]
    left = _filled(held)
    rest = {name: value for name, value in record.items() if name != "materials"}
    return in_order(KIND, {**rest, "materials": left}) if left else rest


def material_of(record: Record) -> set[str]:
    """Return the keys of all entries that a record is built on."""
    materials = record.get("materials", {})
    return {key for name in LISTS for key in materials.get(name, ())}


def _draft(record: Record) -> WorkshopDraft:
    first = record["lang"]
    masked = record.get("masks", {}).get("name") == "unnamed"
    tags = sorted(record["title"], key=lambda tag: tag != first)
    return WorkshopDraft(
        texts=tuple(_text(record, tag) for tag in tags),
        facts=_facts_of(record),
        signature=Signature(
            visibility=Visibility(record["visibility"]),
            name_mask=NameMask.UNNAMED if masked else NameMask.SHOWN,
        ),
    )


def _text(record: Record, tag: str) -> TextDraft:
    handout = record.get("handout", {})
    told = {
        FOR_WHOM: record.get("for", {}).get(tag, ""),
        OBJECTIVES: as_list(by_language(record.get("objectives", ()))[tag]),
        SUPPLIES: as_list(by_language(record.get("materials", {}).get("supplies", ()))[tag]),
        HANDOUT_TITLE: handout.get("title", {}).get(tag, ""),
        HANDOUT: handout.get("text", {}).get(tag, ""),
    }
    sections = {name: mentioned.by_id(words) for name, words in told.items() if words}
    return TextDraft(Lang.of_tag(tag) or Lang.EN, record["title"][tag], sections)


def _facts_of(record: Record) -> WorkshopFacts:
    group = record.get("group_size", {})
    materials = record.get("materials", {})
    words = {one["entry"]: one for one in materials.get("words", ())}
    return WorkshopFacts(
        minutes=record.get("duration_minutes", 0),
        begins=record.get("begins", ""),
        group_min=group.get("min"),
        group_max=group.get("max"),
        agenda=tuple(
            AgendaRow(
                str(at),
                row["minutes"],
                long(row["title"]),
                long(row.get("activity")),
                row.get("new_day", False),
            )
            for at, row in enumerate(record.get("agenda", ()), 1)
        ),
        exercises=tuple(
            Exercise(str(at), long(one["title"]), long(one["instructions"]))
            for at, one in enumerate(record.get("exercises", ()), 1)
        ),
        materials=tuple(
            Material(
                key,
                long(words.get(key, {}).get("why")),
                long(words.get(key, {}).get("how")),
            )
            for name in LISTS
            for key in materials.get(name, ())
        ),
        links=tuple(
            Outside(str(at), one["url"], one.get("title", ""), one["looked"], long(one.get("why")))
            for at, one in enumerate(materials.get("links", ()), 1)
        ),
        sources=tuple(Cited(one["ref"], one.get("at", "")) for one in record.get("source", ())),
    )


def post_workshop(author: Viewer, record: Record) -> None:
    """Publish a workshop that a file holds."""
    published = record.get("dates", {}).get("published")
    made = publish_workshop(
        by=author,
        draft=_draft(record),
        origin=Origin(
            key=record["id"],
            written_by=record["written_by"],
            import_sha256=digest(record),
            published_at=datetime.fromisoformat(published).astimezone(UTC) if published else None,
        ),
    )
    team.put_names(made, record.get("co_trainers", []))
    given.bring(author, made, record.get("dates", {}).get("given", ()))


def revise(author: Viewer, record: Record) -> None:
    """Bring a workshop that nobody edited here to the state of the file; texts the file lacks stay."""
    entry = entries.by_key(record["id"])
    if entry is None:
        return
    draft = _draft(record)
    # What is imported says nothing of images and files: those added here stay.
    now = facts_now(entry)
    facts = replace(settled(author, draft.facts), images=now.images, files=now.files)
    there = {text.lang: text for text in entry.texts}
    for text in draft.texts:
        if text.lang.value not in there:
            add_text(by=author, entry=entry, text=text, facts=facts)
            continue
        told = there[text.lang.value]
        if not same_words(entries.current(told), text) or facts_now(entry) != facts:
            publish(by=author, entry=entry, text=told, draft=text, facts=facts)
    team.put_names(entry, record.get("co_trainers", []))
    entry.written_by = record["written_by"]
    entry.lang = (Lang.of_tag(record["lang"]) or Lang(entry.lang)).value
    db.session.flush()
    entry.import_sha256 = digest(workshops([record["id"]])[record["id"]].record)
    db.session.flush()
