"""Collections as records, and records as what the operations take."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import select

from cop.collections.draft import PURPOSE, CollectionDraft, CollectionFacts
from cop.collections.operations import KIND, add_text, facts_now, make_collection
from cop.collections.revising import revise_collection
from cop.core.db import db
from cop.core.types import Lang, Texts
from cop.entries import policy, queries as entries
from cop.entries.draft import Origin, Signature, TextDraft
from cop.entries.models import Entry, NameMask, Revision, Status, Visibility
from cop.exchange import mentioned
from cop.exchange.reading import digest
from cop.exchange.shapes import Record
from cop.exchange.states import State, in_order, long, published_of, short, stamp, weighed
from cop.people.models import User
from cop.people.viewer import Viewer


def collections(keys: Sequence[str]) -> dict[str, State]:
    """Return the states of collections, with all they hold; who may see which is for the caller to ask."""
    rows = db.session.execute(
        select(Entry, User)
        .outerjoin(User, User.id == Entry.author_id)
        .where(Entry.key.in_(keys), Entry.kind == KIND)
    ).all()
    told = published_of([entry.id for entry, _author in rows])
    words = (one.sections.get(PURPOSE, "") for texts in told.values() for one in texts.values())
    known = mentioned.handles_in(words)
    return {
        entry.key: State(
            _record(entry, author, told[entry.id], known),
            entry.import_sha256,
            entry.status == Status.PUBLISHED,
        )
        for entry, author in rows
    }


def _record(
    entry: Entry, author: User | None, told: Mapping[str, Revision], known: Mapping[int, str]
) -> Record:
    facts = CollectionFacts.from_json(max(told.values(), key=lambda one: one.id).facts)
    purposes = {lang: one.sections.get(PURPOSE, "") for lang, one in told.items()}
    unnamed = entry.name_mask == NameMask.UNNAMED
    values = {
        "id": entry.key,
        "lang": Lang(entry.lang).tag,
        "author": policy.credited_to(entry, author),
        "written_by": "editors" if entry.written_by == "editors" else None,
        "visibility": entry.visibility,
        "masks": {"name": "unnamed"} if unnamed else None,
        "dates": {"published": stamp(entry, entry.published_at)},
        "significance": weighed(told),
        "title": short({lang: one.title for lang, one in told.items()}),
        PURPOSE: short({lang: mentioned.told(text, known) for lang, text in purposes.items()}),
        "entries": [
            {"key": key, "why": short(facts.reasons.get(key, {}))} for key in facts.entries
        ],
    }
    return in_order(KIND, values)


def _draft(record: Record) -> CollectionDraft:
    first = record["lang"]
    masked = record.get("masks", {}).get("name") == "unnamed"
    held = record.get("entries", ())
    return CollectionDraft(
        texts=tuple(
            _text(record, tag) for tag in sorted(record["title"], key=lambda tag: tag != first)
        ),
        facts=CollectionFacts(
            tuple(one["key"] for one in held), {one["key"]: long(one["why"]) for one in held}
        ),
        signature=Signature(
            visibility=Visibility(record["visibility"]),
            name_mask=NameMask.UNNAMED if masked else NameMask.SHOWN,
        ),
    )


def _text(record: Record, tag: str) -> TextDraft:
    purpose = mentioned.by_id(record[PURPOSE][tag])
    return TextDraft(Lang.of_tag(tag) or Lang.EN, record["title"][tag], {PURPOSE: purpose})


def post_collection(author: Viewer, record: Record) -> None:
    """Publish a collection that a file holds."""
    published = record.get("dates", {}).get("published")
    make_collection(
        by=author,
        draft=_draft(record),
        origin=Origin(
            key=record["id"],
            written_by=record.get("written_by", "member"),
            import_sha256=digest(record),
            published_at=datetime.fromisoformat(published).astimezone(UTC) if published else None,
        ),
    )


def revise(author: Viewer, record: Record) -> None:
    """Bring a collection that nobody edited here to the state of the file; texts the file lacks stay."""
    entry = entries.by_key(record["id"])
    if entry is None:
        return
    draft = _draft(record)
    told = {text.lang.value for text in draft.texts}
    facts = _with_untold(draft.facts, facts_now(entry), told)
    there = {text.lang: text for text in entry.texts}
    for text in draft.texts:
        if text.lang.value in there:
            revise_collection(
                by=author,
                entry_id=entry.id,
                base_id=entries.current(there[text.lang.value]).id,
                draft=text,
                facts=facts,
                signature=draft.signature,
            )
        else:
            add_text(by=author, entry=entry, text=text, facts=facts)
    db.session.flush()
    entry.import_sha256 = digest(collections([record["id"]])[record["id"]].record)


def _with_untold(facts: CollectionFacts, now: CollectionFacts, told: set[str]) -> CollectionFacts:
    """Return what a file says a collection holds, with the reasons in languages it does not tell it in."""

    def reason(key: str) -> Texts:
        kept = {lang: said for lang, said in now.reasons.get(key, {}).items() if lang not in told}
        return {**kept, **facts.reasons.get(key, {})}

    return CollectionFacts(facts.entries, {key: reason(key) for key in facts.entries})
