"""Practice pages as records, and records as what the operations take."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import select

from cop.core.db import db
from cop.core.types import Lang
from cop.entries import policy, queries as entries
from cop.entries.draft import Cited, Origin, Signature, TextDraft
from cop.entries.models import Entry, Revision, Status, Visibility
from cop.entries.revising import same_words
from cop.exchange import mentioned
from cop.exchange.reading import digest
from cop.exchange.shapes import Record
from cop.exchange.states import State, cited_as_record, in_order, long, published_of, short, stamp
from cop.people.models import User
from cop.people.viewer import Viewer
from cop.practices.draft import SECTIONS, PracticeDraft, PracticeFacts
from cop.practices.operations import KIND, add_text, facts_now, publish, start_page


def practices(keys: Sequence[str]) -> dict[str, State]:
    """Return the states of practice pages, whatever their status; who may see one is for the caller to ask."""
    rows = db.session.execute(
        select(Entry, User)
        .outerjoin(User, User.id == Entry.author_id)
        .where(Entry.key.in_(keys), Entry.kind == KIND)
    ).all()
    told = published_of([entry.id for entry, _author in rows])
    sections = (one.sections for texts in told.values() for one in texts.values())
    known = mentioned.handles_in(text for texts in sections for text in texts.values())
    return {
        entry.key: State(
            _practice(entry, author, told[entry.id], known),
            entry.import_sha256,
            entry.status == Status.PUBLISHED,
        )
        for entry, author in rows
    }


def _practice(
    entry: Entry, author: User | None, told: Mapping[str, Revision], known: Mapping[int, str]
) -> Record:
    facts = PracticeFacts.from_json(max(told.values(), key=lambda one: one.id).facts)

    def words(name: str) -> Record:
        return short(
            {lang: mentioned.told(one.sections.get(name, ""), known) for lang, one in told.items()}
        )

    values = {
        "id": entry.key,
        "strategy": facts.strategy,
        "lang": Lang(entry.lang).tag,
        "author": policy.credited_to(entry, author),
        "written_by": entry.written_by,
        "visibility": entry.visibility,
        "dates": {"published": stamp(entry, entry.published_at)},
        "title": short({lang: one.title for lang, one in told.items()}),
        **{name: words(name) for name in SECTIONS},
        "grade": facts.grade,
        "grade_reason": short(facts.grade_reason),
        "reviewed_on": facts.reviewed_on,
        "review_by": facts.review_by,
        "notes": list(facts.notes),
        "related": list(facts.related),
        "source": [cited_as_record(cited) for cited in facts.sources],
    }
    return in_order(KIND, values)


def _draft(record: Record) -> PracticeDraft:
    first = record["lang"]
    tags = sorted(record["title"], key=lambda tag: tag != first)
    return PracticeDraft(
        texts=tuple(_text(record, tag) for tag in tags),
        facts=PracticeFacts(
            strategy=record["strategy"],
            grade=record["grade"],
            grade_reason=long(record.get("grade_reason")),
            reviewed_on=record.get("reviewed_on", ""),
            review_by=record.get("review_by", ""),
            notes=tuple(record.get("notes", ())),
            related=tuple(record.get("related", ())),
            sources=tuple(
                Cited(cited["ref"], cited.get("at", "")) for cited in record.get("source", ())
            ),
        ),
        signature=Signature(visibility=Visibility(record["visibility"])),
    )


def _text(record: Record, tag: str) -> TextDraft:
    told = {name: record.get(name, {}).get(tag, "") for name in SECTIONS}
    sections = {name: mentioned.by_id(words) for name, words in told.items() if words}
    return TextDraft(Lang.of_tag(tag) or Lang.EN, record["title"][tag], sections)


def post_practice(author: Viewer, record: Record) -> None:
    """Publish the page of a strategy that a file holds."""
    published = record.get("dates", {}).get("published")
    start_page(
        by=author,
        draft=_draft(record),
        origin=Origin(
            key=record["id"],
            written_by=record["written_by"],
            import_sha256=digest(record),
            published_at=datetime.fromisoformat(published).astimezone(UTC) if published else None,
        ),
    )


def revise(author: Viewer, record: Record) -> None:
    """Bring a page that nobody edited here to the state of the file; texts the file lacks stay."""
    entry = entries.by_key(record["id"])
    if entry is None:
        return
    draft = _draft(record)
    there = {text.lang: text for text in entry.texts}
    for text in draft.texts:
        if text.lang.value not in there:
            add_text(by=author, entry=entry, text=text)
            continue
        told = there[text.lang.value]
        if not same_words(entries.current(told), text) or facts_now(entry) != draft.facts:
            publish(by=author, entry=entry, text=told, draft=text, facts=draft.facts)
    entry.written_by = record["written_by"]
    entry.lang = (Lang.of_tag(record["lang"]) or Lang(entry.lang)).value
    db.session.flush()
    entry.import_sha256 = digest(practices([record["id"]])[record["id"]].record)
    db.session.flush()
