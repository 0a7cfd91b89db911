"""What contradicts a practice page since a curator last judged it: told from the notes, never stored."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select, tuple_, union_all
from sqlalchemy.orm import aliased

from cop.core.db import db
from cop.core.keyset import place_of
from cop.core.page import Cursor
from cop.entries import policy
from cop.entries.models import Entry, Link, LinkKind
from cop.events.models import Event
from cop.notes.events import NoteTriedAfter
from cop.notes.models import StrategyUse
from cop.people.viewer import Viewer
from cop.practices.events import PracticeGraded
from cop.practices.models import Practice
from cop.terms.vocabulary import vocabulary

#: So many notes are shown beside the form that judges a page.
SHOWN = 20
_Note, _Target, _Page = aliased(Entry), aliased(Entry), aliased(Entry)


def contested(viewer: Viewer) -> Select[Any]:
    """Return the statement of (page, since when): pages that a note contradicts which came after the last judgement.

    It contradicts the page itself, or a note that carries its strategy; only what this viewer finds in lists counts.
    """
    found = _contradictions(viewer).subquery()
    since = func.min(found.c.at)
    return (
        select(found.c.page_id, since.label("since"))
        .join(_Page, _Page.id == found.c.page_id)
        .where(_Page.audience.in_(policy.listed_labels(viewer)), found.c.at > _judged(_Page))
        .group_by(found.c.page_id)
    )


def oldest(viewer: Viewer, after: Cursor | None, most: int) -> list[tuple[int, Any]]:
    """Return (page, since when) of contested pages, those that wait longest first, after a place."""
    found = contested(viewer).subquery()
    statement = select(found.c.page_id, found.c.since)
    if after is not None:
        statement = statement.where(tuple_(found.c.since, found.c.page_id) > place_of(after))
    statement = statement.order_by(found.c.since, found.c.page_id).limit(most)
    return [(page_id, since) for page_id, since in db.session.execute(statement)]


def new_contradictions(viewer: Viewer, page: Entry) -> Sequence[Entry]:
    """Return the notes that contradict a page since it was last judged, the newest first, so many as are shown."""
    found = _contradictions(viewer).subquery()
    statement = (
        select(found.c.note_id, func.max(found.c.at))
        .join(_Page, _Page.id == found.c.page_id)
        .where(found.c.page_id == page.id, found.c.at > _judged(_Page))
        .group_by(found.c.note_id)
        .order_by(func.max(found.c.at).desc(), found.c.note_id)
        .limit(SHOWN)
    )
    ids = [note_id for note_id, _at in db.session.execute(statement)]
    notes = {one.id: one for one in db.session.scalars(select(Entry).where(Entry.id.in_(ids)))}
    return [notes[one] for one in ids]


def _judged(page: Any) -> ColumnElement[Any]:
    """Return when a page was judged last, or published where nobody has judged it yet."""
    judged = (
        select(func.max(Event.at))
        .where(Event.entry_id == page.id, Event.verb == PracticeGraded.__name__)
        .correlate(page)
        .scalar_subquery()
    )
    return func.coalesce(judged, page.published_at)


def _contradictions(viewer: Viewer) -> Any:
    """Return the statement of (page, contradicting note, since when), of pages themselves and of notes on them."""
    labels = policy.listed_labels(viewer)
    said = (
        select(func.max(Event.at))
        .where(Event.entry_id == _Note.id, Event.verb == NoteTriedAfter.__name__)
        .correlate(_Note)
        .scalar_subquery()
    )
    at = func.coalesce(said, _Note.published_at).label("at")
    note = _Note.id.label("note_id")
    linked = (Link.kind == LinkKind.CONTRADICTS.value, _Note.audience.in_(labels))
    of_pages = (
        select(Practice.entry_id.label("page_id"), note, at)
        .join(Link, Link.target_id == Practice.entry_id)
        .join(_Note, _Note.id == Link.entry_id)
        .where(*linked)
    )
    of_notes = (
        select(Practice.entry_id.label("page_id"), note, at)
        .join(StrategyUse, _living(StrategyUse.term_id) == _living(Practice.term_id))
        .join(Link, Link.target_id == StrategyUse.entry_id)
        .join(_Target, _Target.id == Link.target_id)
        .join(_Note, _Note.id == Link.entry_id)
        .where(*linked, _Target.audience.in_(labels))
    )
    return union_all(of_pages, of_notes)


def _living(term_id: Any) -> Any:
    """Return a strategy's id, of a merged one that of the term it was merged into."""
    words = vocabulary()
    merged = {
        one.id: words.resolved(one).id
        for one in words.by_id.values()
        if one.merged_into is not None and one.scheme == "strategy"
    }
    return case(merged, value=term_id, else_=term_id) if merged else term_id
