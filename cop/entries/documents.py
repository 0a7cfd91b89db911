"""What the search index holds of entries: one document an entry and language, read from the present state."""

from collections.abc import Collection, Iterator, Sequence

from markupsafe import Markup
from sqlalchemy import and_, select
from sqlalchemy.orm import defer

from cop import markup
from cop.core.db import db
from cop.core.types import Lang
from cop.entries.kinds import KINDS, IndexFacts
from cop.entries.models import Entry, Revision, Status, Text
from cop.entries.policy import audience_of
from cop.search.engine import Document, EntryDocuments
from cop.search.text import pinyin_forms

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
    made: list[EntryDocuments] = []
    for entry_id in entry_ids:
        entry = found.get(entry_id)
        told = texts.get(entry_id, []) if entry is not None else []
        documents = [
            _document(entry, text, body, facts.get(entry_id, IndexFacts()))
            for text, body in told
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


def passages_of(wanted: Sequence[tuple[int, str]]) -> dict[tuple[int, str], str]:
    """Return the whole plain text (title, then body) of entries in the languages given."""
    texts = _texts(
        sorted({entry_id for entry_id, _lang in wanted}), langs={lang for _entry, lang in wanted}
    )
    asked = set(wanted)
    return {
        (entry_id, text.lang): f"{text.title}\n{body}"
        for entry_id, told in texts.items()
        for text, body in told
        if (entry_id, text.lang) in asked
    }


def _texts(
    ids: Sequence[int], *, langs: Collection[str] = tuple(Lang)
) -> dict[int, list[tuple[Text, str]]]:
    rows = db.session.execute(
        select(Text, Revision)
        .join(Revision, and_(Revision.text_id == Text.id, Revision.number == Text.number))
        .where(Text.entry_id.in_(ids), Text.lang.in_(list(langs)))
        .options(defer(Revision.facts))
        .order_by(Text.id)
    )
    told: dict[int, list[tuple[Text, str]]] = {}
    for text, revision in rows:
        told.setdefault(text.entry_id, []).append((text, plain(revision)))
    return told


def plain(revision: Revision) -> str:
    """Return the words of a revision without markup, one section a line."""
    if revision.html_version == markup.VERSION:
        return "\n".join(Markup(html).striptags() for html in revision.html.values())  # noqa: S704  only to strip it
    return "\n".join(markup.render(source).text for source in revision.sections.values())


def _document(entry: Entry, text: Text, body: str, facts: IndexFacts) -> Document:
    return Document(
        entry_id=entry.id,
        lang=text.lang,
        kind=entry.kind,
        title=text.title,
        body=body,
        tags_text="\n".join([*facts.words, *(pinyin_forms(spelt) for spelt in facts.pinyin)]),
        labels=frozenset({audience_of(entry.status, entry.visibility)}),
        terms=facts.terms,
        place_path=facts.place_path,
        outcome=facts.outcome,
        evidence=facts.evidence,
        published_at=entry.published_at,
        active_at=entry.active_at,
        version=entry.version,
    )
