"""What can be done to the vocabulary: put sources, schemes and terms, and relate terms. No commit.

Everything comes in batches, because a vocabulary comes in files: a batch costs a fixed number of
queries and one event. Putting what is there already makes it what the draft says.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from sqlalchemy import delete, func, select

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Forbidden, NotFound
from cop.core.i18n import _l
from cop.core.text import sort_key
from cop.core.types import Lang
from cop.events.record import record
from cop.people.viewer import Grant, Viewer
from cop.terms import vocabulary
from cop.terms.draft import SchemeDraft, SourceDraft, TermDraft
from cop.terms.events import VocabularyChanged
from cop.terms.labels import labels_of
from cop.terms.models import Label, Relation, RelationKind, Scheme, Source, Term, TermSource

#: Marks a term whose relations have not been written yet; an import that finds it goes on there.
UNFINISHED = "unfinished"
_SORT_LENGTH = 200


def require_keeper(by: Viewer) -> None:
    """Raise Forbidden unless the actor keeps the vocabulary: a curator, an administrator, the system."""
    if not (by.system or by.has(Grant.CURATOR, Grant.ADMIN)):
        raise Forbidden(_l("Only curators may change the term list."))


def put_sources(
    *, by: Viewer, drafts: Sequence[SourceDraft], digests: Mapping[str, str] | None = None
) -> list[Source]:
    """Make each source what its draft says; `digests` are the imported states by key."""
    require_keeper(by)
    there = _rows(Source, [draft.key for draft in drafts])
    last = _last(Source)
    rows = []
    for draft in drafts:
        row = there.get(draft.key)
        if row is None:
            last += 1
            row = Source(key=draft.key, position=last)
            db.session.add(row)
        row.short, row.citation, row.about = dict(draft.short), draft.citation, dict(draft.about)
        row.import_sha256 = (digests or {}).get(draft.key, row.import_sha256)
        rows.append(row)
    _changed(by, (draft.key for draft in drafts))
    return rows


def put_schemes(
    *, by: Viewer, drafts: Sequence[SchemeDraft], digests: Mapping[str, str] | None = None
) -> list[Scheme]:
    """Make each scheme what its draft says; its terms stay as they are."""
    require_keeper(by)
    there = _rows(Scheme, [draft.key for draft in drafts])
    last = _last(Scheme)
    rows = []
    for draft in drafts:
        row = there.get(draft.key)
        if row is None:
            last += 1
            row = Scheme(key=draft.key, position=last)
            db.session.add(row)
        row.title, row.description = dict(draft.title), dict(draft.description)
        row.import_sha256 = (digests or {}).get(draft.key, row.import_sha256)
        rows.append(row)
    _changed(by, (draft.key for draft in drafts))
    return rows


def put_terms(*, by: Viewer, drafts: Sequence[TermDraft]) -> list[Term]:
    """Make names, definition and labels of each term what its draft says.

    Relations and sources follow with `relate_terms`, when all the terms they name are there; until
    then a term counts as unfinished. Raises NotFound for a scheme that does not exist.
    """
    require_keeper(by)
    schemes = _rows(Scheme, [draft.scheme for draft in drafts])
    there = _rows(Term, [draft.key for draft in drafts])
    last = _last(Term)
    rows = []
    for draft in drafts:
        scheme = schemes.get(draft.scheme)
        if scheme is None:
            raise NotFound(_l("There is no term list “%(key)s”.", key=draft.scheme))
        row = there.get(draft.key)
        if row is None:
            last += 1
            row = Term(key=draft.key, position=last, created_at=clock.now())
            db.session.add(row)
        row.scheme_id, row.import_sha256 = scheme.id, UNFINISHED
        _fill(row, draft)
        rows.append(row)
    db.session.flush()
    _write_labels(rows, drafts)
    _changed(by, (draft.key for draft in drafts))
    return rows


def _fill(row: Term, draft: TermDraft) -> None:
    row.name, row.definition = dict(draft.name), dict(draft.definition)
    row.extra = dict(draft.extra) | ({"pinyin": draft.pinyin} if draft.pinyin else {})
    zh, en = draft.name.get(Lang.ZH, ""), draft.name.get(Lang.EN, "")
    row.sort_zh = sort_key(zh or en)[:_SORT_LENGTH]
    row.sort_en = sort_key(en or zh)[:_SORT_LENGTH]


def _write_labels(rows: Sequence[Term], drafts: Sequence[TermDraft]) -> None:
    db.session.execute(delete(Label).where(Label.term_id.in_([row.id for row in rows])))
    for row, draft in zip(rows, drafts, strict=True):
        for label in labels_of(draft):
            label.term_id = row.id
            db.session.add(label)
    db.session.flush()


def relate_terms(
    *, by: Viewer, drafts: Sequence[TermDraft], digests: Mapping[str, str] | None = None
) -> None:
    """Make relations, sources and merging of each term what its draft says, and count it finished.

    Raises NotFound for a term or a source that does not exist.
    """
    require_keeper(by)
    named = {key for draft in drafts for key in (*draft.broader, *draft.related, draft.merged_into)}
    terms = _rows(Term, {draft.key for draft in drafts} | named - {""})
    sources = _rows(Source, {key for draft in drafts for key, _at in draft.sources})
    ids = [_found(terms, draft.key).id for draft in drafts]
    db.session.execute(delete(Relation).where(Relation.term_id.in_(ids)))
    db.session.execute(delete(TermSource).where(TermSource.term_id.in_(ids)))
    for draft in drafts:
        row = _found(terms, draft.key)
        row.merged_into_id = _found(terms, draft.merged_into).id if draft.merged_into else None
        row.import_sha256 = (digests or {}).get(draft.key)
        for kind, keys in (
            (RelationKind.BROADER, draft.broader),
            (RelationKind.RELATED, draft.related),
        ):
            for key in dict.fromkeys(keys):
                other = _found(terms, key)
                db.session.add(Relation(term_id=row.id, kind=kind.value, other_id=other.id))
        for position, (key, at) in enumerate(draft.sources):
            source = _found(sources, key)
            db.session.add(
                TermSource(term_id=row.id, source_id=source.id, at=at, position=position)
            )
    db.session.flush()
    _changed(by, (draft.key for draft in drafts))


def put_term(*, by: Viewer, draft: TermDraft) -> Term:
    """Make one term, with its relations and sources, what its draft says."""
    (row,) = put_terms(by=by, drafts=[draft])
    relate_terms(by=by, drafts=[draft])
    return row


Row = TypeVar("Row", Source, Scheme, Term)


def _rows(model: type[Row], keys: Iterable[str]) -> dict[str, Row]:
    """Return the rows of these keys, ready to be changed."""
    found = db.session.scalars(select(model).where(model.key.in_(sorted(set(keys)))))
    return {row.key: row for row in found}


def _found(rows: Mapping[str, Row], key: str) -> Row:
    try:
        return rows[key]
    except KeyError:
        raise NotFound(_l("There is no “%(key)s” in the term list.", key=key)) from None


def _last(model: type[Row]) -> int:
    """Return the highest position taken."""
    return db.session.scalar(select(func.max(model.position))) or 0


def _changed(by: Viewer, keys: Iterable[str]) -> None:
    db.session.flush()
    vocabulary.forget()
    record(VocabularyChanged(keys=tuple(keys), stamp=secrets.token_hex(8)), actor_id=by.id)
    db.session.flush()
