"""Reading entries: every one is fetched through what the viewer may read."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import BindParameter, Integer, Select, String, bindparam, false, select
from sqlalchemy.orm import joinedload, selectinload

from cop.core.db import db, rows
from cop.core.errors import Gone, Moved, NotFound
from cop.core.keyset import read_page
from cop.core.page import Cursor, Page
from cop.core.types import Lang, Texts
from cop.entries import policy
from cop.entries.kinds import KINDS
from cop.entries.models import (
    COMMENT_DRAFT,
    Draft,
    Entry,
    EntrySource,
    Link,
    LinkKind,
    Revision,
    Status,
    Text,
    Visibility,
)
from cop.entries.reasons import said
from cop.events.models import Event
from cop.people.viewer import Grant, Viewer
from cop.terms.models import Source

#: Rows a page of a list holds.
PAGE_SIZE = 20
#: Largest id that a 32-bit integer column holds; larger numbers in URLs name nothing.
MAX_ID = 2**31 - 1
#: What `policy.listed` says, for statements that are built once; asked with `lists_of(viewer)`.
LISTED = Entry.audience.in_(bindparam("listed", expanding=True))


def lists_of(viewer: Viewer) -> dict[str, Any]:
    """Return what `LISTED` asks for, for this viewer."""
    return {"listed": sorted(policy.listed_labels(viewer))}


# Built once: the page of every entry begins with it, and building it costs as much as asking it. The tellings
# come in the same statement; asked for by themselves they cost twice as much as all the rest of it.
_ENTRY = (
    select(Entry)
    .where(Entry.id == bindparam("entry_id"))
    .options(joinedload(Entry.author), joinedload(Entry.texts))
    .execution_options(populate_existing=True)
)
# Here the tellings are read after the row is locked, else they could be those of before whoever else held it.
_ENTRY_TO_CHANGE = (
    select(Entry)
    .where(Entry.id == bindparam("entry_id"))
    .options(joinedload(Entry.author), selectinload(Entry.texts))
    .execution_options(populate_existing=True)
    .with_for_update(of=Entry)
)


def get(
    viewer: Viewer, entry_id: int, kind: str | None = None, *, to_change: bool = False
) -> Entry:
    """Return the entry, with author and texts, if the viewer may read it.

    Else raise NotFound, so that existence is not revealed. With `to_change`, whoever else changes it
    waits until this transaction ends, so that two who act at once see each other's work.

    Raises Gone where the viewer could read it once and it was withdrawn, hidden or deleted, and Moved where
    it was joined with another entry that she may read.
    """
    if not 0 < entry_id <= MAX_ID:
        raise NotFound
    statement = _ENTRY_TO_CHANGE if to_change else _ENTRY
    entry = db.session.scalars(statement, {"entry_id": entry_id}).unique().one_or_none()
    if entry is None or (kind is not None and entry.kind != kind):
        raise NotFound
    if viewer.system or policy.may_read(viewer, entry):
        return entry
    if entry.merged_into_id is not None:
        raise Moved(get(viewer, entry.merged_into_id).id)
    if _could_read_once(viewer, entry):
        raise Gone
    raise NotFound


def get_with_joined(viewer: Viewer, entry_id: int) -> Entry:
    """Return the entry as `get` does, or a page that leads to another one now, if she read it before that.

    Such a page stays what its history and its proposals are about.
    """
    try:
        return get(viewer, entry_id)
    except Moved:
        statement = _ENTRY.where(policy.joined(viewer))
        entry = db.session.scalars(statement, {"entry_id": entry_id}).unique().one_or_none()
        if entry is None or not KINDS[entry.kind].kept_by_curators:
            raise
        return entry


def joined_with(viewer: Viewer, entry: Entry) -> list[Entry]:
    """Return the pages that lead to this one now, with their texts."""
    if not KINDS[entry.kind].kept_by_curators:
        return []
    statement = (
        select(Entry)
        .where(Entry.merged_into_id == entry.id, policy.joined(viewer))
        .options(selectinload(Entry.texts))
        .order_by(Entry.id)
    )
    return list(db.session.scalars(statement))


def _could_read_once(viewer: Viewer, entry: Entry) -> bool:
    """Tell whether the entry stood open to this viewer before it was taken away."""
    if entry.status not in (Status.WITHDRAWN, Status.HIDDEN, Status.DELETED):
        return False
    if entry.opened_to == Visibility.PUBLIC:
        return True
    if entry.opened_to == Visibility.CIRCLE:
        return entry.circle_id in viewer.circles
    return entry.opened_to == Visibility.MEMBERS and viewer.is_member


def by_key(key: str) -> Entry | None:
    """Return the entry with this import key, whoever asks (imports, and a form sent twice by its own author)."""
    return db.session.scalar(
        select(Entry).where(Entry.key == key).options(selectinload(Entry.texts))
    )


def text_for(entry: Entry, lang: Lang | None) -> Text:
    """Return the telling in this language, or in the one the entry was written in, or any."""
    by_lang = {text.lang: text for text in entry.texts}
    return by_lang.get(str(lang)) or by_lang.get(entry.lang) or entry.texts[0]


def current(text: Text) -> Revision:
    """Return the published revision of a text."""
    return revision_of(text, text.number)


_REVISION = (
    select(Revision)
    .where(Revision.text_id == bindparam("text_id"), Revision.number == bindparam("number"))
    .options(joinedload(Revision.editor))
)


def revision_of(text: Text, number: int) -> Revision:
    """Return a revision of a text by number with its editor, or raise NotFound."""
    asked = {"text_id": text.id, "number": number}
    revision = db.session.scalar(_REVISION, asked) if 0 < number <= MAX_ID else None
    if revision is None:
        raise NotFound
    return revision


def revision_by_id(entry: Entry, revision_id: int) -> tuple[Text, Revision]:
    """Return a revision of any text of the entry with that text, or raise NotFound."""
    revision = db.session.get(Revision, revision_id) if 0 < revision_id <= MAX_ID else None
    text = next(
        (text for text in entry.texts if revision is not None and text.id == revision.text_id), None
    )
    if revision is None or text is None:
        raise NotFound
    return text, revision


def latest_facts(entry: Entry) -> Revision:
    """Return the newest revision of any text: it holds the facts as they are now, because every change makes one."""
    statement = (
        select(Revision)
        .where(Revision.text_id.in_([text.id for text in entry.texts]))
        .order_by(Revision.id.desc())
        .limit(1)
    )
    return db.session.scalars(statement).one()


def history(text: Text, *, before: int | None = None, size: int = PAGE_SIZE) -> Page[Revision]:
    """Return revisions of a text, newest first, without their words; `before` is the number to go on from."""
    statement = (
        select(Revision)
        .where(Revision.text_id == text.id)
        .options(joinedload(Revision.editor))
        .order_by(Revision.number.desc())
        .limit(size + 1)
    )
    if before is not None:
        statement = statement.where(Revision.number < min(max(before, 0), MAX_ID))
    rows = list(db.session.scalars(statement))
    older = str(rows[size - 1].number) if len(rows) > size else None
    return Page(rows[:size], older=older)


def recent(viewer: Viewer, *, kind: str | None = None) -> Select[Entry]:
    """Return the statement of published entries the viewer may read; order and limit come from `page`."""
    return _recent(policy.listed_labels(viewer), kind)


# Kept, since most lists begin with it and many people read the same.
@lru_cache(maxsize=256)
def _recent(labels: frozenset[str], kind: str | None) -> Select[Entry]:
    statement = select(Entry).where(Entry.audience.in_(sorted(labels)))
    return statement if kind is None else statement.where(Entry.kind == kind)


def page(
    statement: Select[Entry], *, older: str | None, newer: str | None, size: int = PAGE_SIZE
) -> Page[Entry]:
    """Return one page of a statement on entries, newest first, by key; a made-up key shows the first page."""
    return read_page(
        statement,
        Entry.published_at,
        Entry.id,
        older=older,
        newer=newer,
        size=size,
        read=lambda asked: list(db.session.scalars(asked)),
        place=lambda entry: Cursor(entry.published_at, entry.id),
    )


# Built once: every list asks it. Authors come along, since nearly every list names them.
_IN_ORDER = (
    select(Entry)
    .where(Entry.id.in_(bindparam("ids", expanding=True)), LISTED)
    .options(joinedload(Entry.author))
)


def in_order(viewer: Viewer, entry_ids: Sequence[int]) -> list[Entry]:
    """Return those of the entries the viewer may read and that are published, in the order of the ids.

    Their authors are loaded.
    """
    if not entry_ids:
        return []
    asked = {"ids": list(entry_ids), **lists_of(viewer)}
    found = {entry.id: entry for entry in db.session.scalars(_IN_ORDER, asked)}
    return [found[entry_id] for entry_id in entry_ids if entry_id in found]


_ENTRY_ID: BindParameter[int] = bindparam("entry_id", type_=Integer)
_LINK_KIND: BindParameter[str] = bindparam("link_kind", type_=String)
_LINKED = (
    select(Entry)
    .join(Link, Link.target_id == Entry.id)
    .where(Link.entry_id == _ENTRY_ID, Link.kind == _LINK_KIND, LISTED)
    .order_by(Link.position)
)
_SOURCES = (
    select(Source.key, Source.short, Source.citation, Source.about, EntrySource.at)
    .join(Source, Source.id == EntrySource.source_id)
    .where(EntrySource.entry_id == _ENTRY_ID)
    .order_by(EntrySource.position)
)


def linked(viewer: Viewer, entry: Entry, kind: LinkKind) -> list[Entry]:
    """Return the entries this one links in this way, in its order, as far as the viewer meets them in lists."""
    asked = {"entry_id": entry.id, "link_kind": kind.value, **lists_of(viewer)}
    return list(db.session.scalars(_LINKED, asked))


def about(viewer: Viewer, entry: Entry) -> list[Entry]:
    """Return the entries this one is about, as far as the viewer meets them in lists."""
    return linked(viewer, entry, LinkKind.ABOUT)


class Cited(NamedTuple):
    """A source an entry rests on, and the place in it."""

    key: str
    short: Texts
    citation: str
    about: Texts
    at: str


def sources(entry: Entry) -> list[Cited]:
    """Return what an entry rests on, in its order."""
    return [Cited(*row) for row in rows(_SOURCES, {"entry_id": entry.id})]


def own(viewer: Viewer) -> Select[Entry]:
    """Return the statement of everything the viewer published, whatever became of it, unnamed or not."""
    mine = Entry.author_id == viewer.id if viewer.id is not None else false()
    return select(Entry).where(mine)


@dataclass(frozen=True)
class Hidden:
    """A hidden entry in the list of moderators: what, since when, and the reason of who hid it."""

    entry: Entry
    reason: str


def hidden(viewer: Viewer, *, older: str | None = None, size: int = PAGE_SIZE) -> Page[Hidden]:
    """Return hidden entries with their reasons, newest first; nothing for those who may not see hidden things."""
    if not viewer.has(Grant.MODERATOR, Grant.ADMIN):
        return Page([])
    statement = (
        select(Entry)
        .where(Entry.status == Status.HIDDEN, policy.readable(viewer))
        .options(joinedload(Entry.author), selectinload(Entry.texts))
    )
    found = page(statement, older=older, newer=None, size=size)
    reasons = reasons_of([entry.id for entry in found.items], "EntryHidden")
    rows = [Hidden(entry, reasons.get(entry.id, "")) for entry in found.items]
    return Page(rows, older=found.older, newer=None)


def reasons_of(entry_ids: Sequence[int], verb: str) -> dict[int, str]:
    """Return the reason given in the latest event of this verb for each entry."""
    rows = db.session.execute(
        select(Event.entry_id, Event.data)
        .where(Event.entry_id.in_(list(entry_ids)), Event.verb == verb)
        .order_by(Event.id)
    )
    return {
        entry_id: said(data.get("ready", ""), data.get("reason", ""))
        for entry_id, data in rows
        if entry_id is not None
    }


def drafts(viewer: Viewer, most: int = 100, *, of_comments: bool | None = False) -> list[Draft]:
    """Return the viewer's drafts of entries, or else those of comments, the one last worked on first; None: of both."""
    if viewer.id is None:
        return []
    statement = (
        select(Draft)
        .where(Draft.author_id == viewer.id)
        .order_by(Draft.updated_at.desc(), Draft.id.desc())
    )
    if of_comments is not None:
        wanted = Draft.kind == COMMENT_DRAFT if of_comments else Draft.kind != COMMENT_DRAFT
        statement = statement.where(wanted)
    return list(db.session.scalars(statement.limit(most)))


def has_draft(viewer: Viewer, draft_id: int) -> bool:
    """Tell whether this is one of the viewer's drafts."""
    found = db.session.get(Draft, draft_id) if 0 < draft_id <= MAX_ID else None
    return found is not None and found.author_id == viewer.id


def draft(viewer: Viewer, draft_id: int) -> Draft:
    """Return one of the viewer's own drafts, or raise NotFound."""
    found = db.session.get(Draft, draft_id) if 0 < draft_id <= MAX_ID else None
    if found is None or viewer.id is None or found.author_id != viewer.id:
        raise NotFound
    return found
