"""Pages that curators keep, practice pages and guides, as records, and records as what the operations take."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from cop.core.db import db
from cop.core.types import Json, Lang
from cop.entries import policy, queries as entries
from cop.entries.curated import Curated
from cop.entries.draft import Cited, Origin, Signature, TextDraft
from cop.entries.models import Entry, Revision, Status, Visibility
from cop.entries.revising import same_words
from cop.exchange import mentioned
from cop.exchange.reading import digest
from cop.exchange.shapes import Record
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
from cop.guides.draft import GuideDraft, GuideFacts
from cop.guides.operations import CURATED as GUIDES, start_guide
from cop.people.models import User
from cop.people.viewer import Viewer
from cop.practices.draft import Attached, PracticeDraft, PracticeFacts
from cop.practices.operations import start_page
from cop.practices.revising import CURATED as PRACTICES


def practices(keys: Sequence[str]) -> dict[str, State]:
    """Return the states of practice pages, whatever their status; who may see one is for the caller to ask."""
    return _states(PRACTICES, keys, _practice_facts)


def guides(keys: Sequence[str]) -> dict[str, State]:
    """Return the states of guides, whatever their status; who may see one is for the caller to ask."""
    return _states(GUIDES, keys, _guide_facts)


def _states(
    curated: Curated, keys: Sequence[str], facts_of: Callable[[Json], Record]
) -> dict[str, State]:
    rows = db.session.execute(
        select(Entry, User)
        .outerjoin(User, User.id == Entry.author_id)
        .where(Entry.key.in_(keys), Entry.kind == curated.kind)
    ).all()
    told = published_of([entry.id for entry, _author in rows])
    sections = (one.sections for texts in told.values() for one in texts.values())
    known = mentioned.handles_in(text for texts in sections for text in texts.values())
    return {
        entry.key: State(
            _record(curated, entry, author, told[entry.id], known, facts_of),
            entry.import_sha256,
            entry.status == Status.PUBLISHED,
        )
        for entry, author in rows
    }


def _record(
    curated: Curated,
    entry: Entry,
    author: User | None,
    told: Mapping[str, Revision],
    known: Mapping[int, str],
    facts_of: Callable[[Json], Record],
) -> Record:
    def words(name: str) -> Record:
        return short(
            {lang: mentioned.told(one.sections.get(name, ""), known) for lang, one in told.items()}
        )

    values = {
        "id": entry.key,
        "lang": Lang(entry.lang).tag,
        "author": policy.credited_to(entry, author),
        "written_by": entry.written_by,
        "visibility": entry.visibility,
        "dates": {"published": stamp(entry, entry.published_at)},
        "significance": weighed(told),
        "title": short({lang: one.title for lang, one in told.items()}),
        **{name: words(name) for name in curated.sections},
        **facts_of(max(told.values(), key=lambda one: one.id).facts),
    }
    return in_order(curated.kind, values)


def _practice_facts(kept: Json) -> Record:
    facts = PracticeFacts.from_json(kept)
    return {
        "strategy": facts.strategy,
        "grade": facts.grade,
        "grade_reason": short(facts.grade_reason),
        "reviewed_on": facts.reviewed_on,
        "review_by": facts.review_by,
        "notes": list(facts.notes),
        "evidence": [{"note": one.note, "at": one.at} for one in facts.attached],
        "related": list(facts.related),
        "source": [cited_as_record(cited) for cited in facts.sources],
    }


def _guide_facts(kept: Json) -> Record:
    facts = GuideFacts.from_json(kept)
    return {
        "terms": list(facts.terms),
        "source": [cited_as_record(cited) for cited in facts.sources],
    }


def _practice(record: Record) -> PracticeDraft:
    return PracticeDraft(
        texts=_texts(PRACTICES, record),
        facts=PracticeFacts(
            strategy=record["strategy"],
            grade=record["grade"],
            grade_reason=long(record.get("grade_reason")),
            reviewed_on=record.get("reviewed_on", ""),
            review_by=record.get("review_by", ""),
            notes=tuple(record.get("notes", ())),
            attached=tuple(Attached(one["note"], one["at"]) for one in record.get("evidence", ())),
            related=tuple(record.get("related", ())),
            sources=_cited(record),
        ),
        signature=Signature(visibility=Visibility(record["visibility"])),
    )


def _guide(record: Record) -> GuideDraft:
    return GuideDraft(
        texts=_texts(GUIDES, record),
        facts=GuideFacts(tuple(record.get("terms", ())), _cited(record)),
        signature=Signature(visibility=Visibility(record["visibility"])),
    )


def _cited(record: Record) -> tuple[Cited, ...]:
    return tuple(Cited(cited["ref"], cited.get("at", "")) for cited in record.get("source", ()))


def _texts(curated: Curated, record: Record) -> tuple[TextDraft, ...]:
    first = record["lang"]
    tags = sorted(record["title"], key=lambda tag: tag != first)
    return tuple(_text(curated, record, tag) for tag in tags)


def _text(curated: Curated, record: Record, tag: str) -> TextDraft:
    told = {name: record.get(name, {}).get(tag, "") for name in curated.sections}
    sections = {name: mentioned.by_id(words) for name, words in told.items() if words}
    return TextDraft(Lang.of_tag(tag) or Lang.EN, record["title"][tag], sections)


def _origin(record: Record) -> Origin:
    published = record.get("dates", {}).get("published")
    return Origin(
        key=record["id"],
        written_by=record["written_by"],
        import_sha256=digest(record),
        published_at=datetime.fromisoformat(published).astimezone(UTC) if published else None,
    )


def post_practice(author: Viewer, record: Record) -> None:
    """Publish the page of a strategy that a file holds."""
    start_page(by=author, draft=_practice(record), origin=_origin(record))


def post_guide(author: Viewer, record: Record) -> None:
    """Publish a guide that a file holds."""
    start_guide(by=author, draft=_guide(record), origin=_origin(record))


def revise_practice(author: Viewer, record: Record) -> None:
    """Bring a practice page that nobody edited here to the state of the file; texts the file lacks stay."""
    _revise(PRACTICES, author, record, _practice(record), practices)


def revise_guide(author: Viewer, record: Record) -> None:
    """Bring a guide that nobody edited here to the state of the file; texts the file lacks stay."""
    _revise(GUIDES, author, record, _guide(record), guides)


def _revise(
    curated: Curated,
    author: Viewer,
    record: Record,
    draft: Any,
    states: Callable[[Sequence[str]], dict[str, State]],
) -> None:
    entry = entries.by_key(record["id"])
    if entry is None:
        return
    there = {text.lang: text for text in entry.texts}
    facts = draft.facts.to_json()
    for text in draft.texts:
        if text.lang.value not in there:
            curated.add_text(by=author, entry=entry, text=text)
            continue
        told = there[text.lang.value]
        if not same_words(entries.current(told), text) or curated.facts_now(entry) != facts:
            curated.publish(by=author, entry=entry, text=told, draft=text, facts=facts)
    entry.written_by = record["written_by"]
    entry.lang = (Lang.of_tag(record["lang"]) or Lang(entry.lang)).value
    db.session.flush()
    entry.import_sha256 = digest(states([record["id"]])[record["id"]].record)
    db.session.flush()
