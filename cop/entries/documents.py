"""What the search index holds of entries: one document an entry and language, read from the present state."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import bindparam, or_, select

from cop.core.db import db, rows
from cop.entries.kinds import KINDS, IndexFacts
from cop.entries.models import Entry, NameMask, Status, Text
from cop.entries.policy import audience_of
from cop.entries.spoken import words_of
from cop.people.models import User
from cop.search.engine import Document, EntryDocuments
from cop.search.text import pinyin_forms

#: Characters of comments that are indexed with an entry: some two hundred printed pages.
EXTRA_LIMIT = 400_000
#: Entries read at a time when the whole index is filled.
BATCH = 200


def documents_of(entry_ids: Sequence[int]) -> list[EntryDocuments]:
    """Return the documents of each entry with its version; none for what is not published, so it leaves the index."""
    found = {
        entry.id: entry
        for entry in db.session.scalars(select(Entry).where(Entry.id.in_(list(entry_ids))))
    }
    published = [entry for entry in found.values() if entry.status == Status.PUBLISHED]
    facts: dict[int, IndexFacts] = {}
    for kind in {entry.kind for entry in published}:
        facts |= KINDS[kind].index_facts([entry.id for entry in published if entry.kind == kind])
    texts = _texts([entry.id for entry in published])
    named = _named({entry.author_id for entry in published if entry.author_id is not None})
    said = words_of([entry.id for entry in published])
    made: list[EntryDocuments] = []
    for entry_id in entry_ids:
        entry = found.get(entry_id)
        told = texts.get(entry_id, []) if entry is not None else []
        documents = [
            _document(
                entry,
                text,
                facts.get(entry_id, IndexFacts()),
                named,
                _said_in(text, told, said.get(entry_id, ())),
            )
            for text in told
            if entry
        ]
        made.append((entry_id, entry.version if entry else 1, documents))
    return made


def all_documents() -> Iterator[EntryDocuments]:
    """Yield the documents of every published entry, by ascending id."""
    last = 0
    while True:
        statement = (
            select(Entry.id)
            .where(Entry.id > last, Entry.status == Status.PUBLISHED)
            .order_by(Entry.id)
            .limit(BATCH)
        )
        ids = list(db.session.scalars(statement))
        if not ids:
            db.session.rollback()
            return
        documents = documents_of(ids)
        # Each batch is a transaction of its own: filling an index takes minutes and must hold nobody up.
        db.session.rollback()
        yield from documents
        last = ids[-1]


# Built once: every search asks it.
_TEXTS = select(Text.entry_id, Text.lang, Text.title, Text.plain).where(
    Text.entry_id.in_(bindparam("ids", expanding=True)),
    Text.lang.in_(bindparam("langs", expanding=True)),
)


def passages_of(wanted: Sequence[tuple[int, str]]) -> dict[tuple[int, str], str]:
    """Return the whole plain text (title, then body) of entries in the languages given, in one query."""
    asked = set(wanted)
    if not asked:
        return {}
    ids = sorted({entry_id for entry_id, _lang in asked})
    langs = sorted({lang for _id, lang in asked})
    return {
        (entry_id, lang): f"{title}\n{plain}"
        for entry_id, lang, title, plain in rows(_TEXTS, {"ids": ids, "langs": langs})
        if (entry_id, lang) in asked
    }


def _texts(ids: Sequence[int]) -> dict[int, list[tuple[str, str, str]]]:
    found = db.session.execute(
        select(Text.entry_id, Text.lang, Text.title, Text.plain)
        .where(Text.entry_id.in_(ids))
        .order_by(Text.id)
    )
    told: dict[int, list[tuple[str, str, str]]] = {}
    for entry_id, lang, title, plain in found:
        told.setdefault(entry_id, []).append((lang, title, plain))
    return told


def _named(author_ids: Collection[int]) -> set[int]:
    """Return those of the authors whose name stands under what they wrote."""
    kept = or_(User.system, User.email.is_not(None))
    return set(db.session.scalars(select(User.id).where(User.id.in_(author_ids), kept)))


def _facets(entry: Entry, facts: IndexFacts, named: Collection[int]) -> dict[str, frozenset[str]]:
    """Return what search may narrow by; an author only where the byline names one."""
    shown = entry.name_mask == NameMask.SHOWN and entry.author_id in named
    author = {f"user:{entry.author_id}"} if shown else set()
    return {**facts.facets, "by": facts.facets.get("by", frozenset()) | author}


def _said_in(
    text: tuple[str, str, str],
    told: Sequence[tuple[str, str, str]],
    said: Sequence[tuple[str, str]],
) -> str:
    """Return the comments that are found with a text: those in its language, and those in one nobody told it in."""
    langs = {lang for lang, _title, _body in told} - {text[0]}
    return "\n".join(words for lang, words in said if lang not in langs)[:EXTRA_LIMIT]


def _document(
    entry: Entry,
    text: tuple[str, str, str],
    facts: IndexFacts,
    named: Collection[int],
    extra: str,
) -> Document:
    lang, title, body = text
    return Document(
        entry_id=entry.id,
        lang=lang,
        kind=entry.kind,
        title=title,
        body=body,
        tags_text="\n".join([*facts.words, *(pinyin_forms(spelt) for spelt in facts.pinyin)]),
        extra=extra,
        labels=frozenset({audience_of(entry.status, entry.visibility, entry.circle_id)}),
        facets=_facets(entry, facts, named),
        discussed=entry.replies,
        published_at=entry.published_at,
        active_at=entry.active_at,
        version=entry.version,
    )
