"""Reading suggested terms: one, a person's own, what waits; all of them seen by who asked and by curators alone."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, func, or_, select, tuple_

from cop.core.db import db
from cop.core.errors import NotFound
from cop.core.keyset import place_of, read_page
from cop.core.page import Cursor, Page
from cop.entries import policy, queries as entries
from cop.entries.kinds import KINDS
from cop.entries.models import Entry
from cop.entries.policy import Act
from cop.people.viewer import Viewer
from cop.terms.models import Suggestion, SuggestionState
from cop.terms.tending import may_tend
from cop.terms.vocabulary import SchemeView, TermView, vocabulary

PAGE_SIZE = 20


def get(viewer: Viewer, suggestion_id: int, *, to_change: bool = False) -> Suggestion:
    """Return a suggestion of the viewer's own, a curator any; else raise NotFound."""
    if not 0 < suggestion_id <= entries.MAX_ID:
        raise NotFound
    statement = select(Suggestion).where(Suggestion.id == suggestion_id, _seen(viewer))
    if to_change:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound
    return found


def _seen(viewer: Viewer) -> ColumnElement[bool]:
    mine = Suggestion.author_id == (viewer.id or 0)
    return or_(mine, Suggestion.id > 0) if may_tend(viewer) else mine


def own(viewer: Viewer, *, older: str | None = None) -> Page[Suggestion]:
    """Return what the viewer suggested, the newest first."""
    return read_page(
        select(Suggestion).where(Suggestion.author_id == (viewer.id or 0)),
        Suggestion.opened_at,
        Suggestion.id,
        older=older,
        newer=None,
        size=PAGE_SIZE,
        read=lambda asked: list(db.session.scalars(asked)),
        place=lambda row: Cursor(row.opened_at, row.id),
    )


def waiting() -> Select[int]:
    """Return the statement that counts what waits."""
    return select(func.count(Suggestion.id)).where(Suggestion.state == SuggestionState.OPEN)


def oldest(after: Cursor | None, most: int) -> Sequence[Suggestion]:
    """Return what has waited longest, after a place."""
    statement = select(Suggestion).where(Suggestion.state == SuggestionState.OPEN)
    if after is not None:
        place = tuple_(Suggestion.opened_at, Suggestion.id)
        statement = statement.where(place > place_of(after))
    statement = statement.order_by(Suggestion.opened_at, Suggestion.id).limit(most)
    return db.session.scalars(statement).all()


def scheme_of(row: Suggestion) -> SchemeView:
    """Return the list a term was suggested for."""
    return next(one for one in vocabulary().schemes.values() if one.id == row.scheme_id)


def term_of(row: Suggestion) -> TermView | None:
    """Return the term that came of a suggestion, or that says the same, as it lives today."""
    words = vocabulary()
    term = words.by_id.get(row.term_id or 0)
    return words.resolved(term) if term is not None else None


def to_tag(viewer: Viewer, row: Suggestion) -> Entry | None:
    """Return what its asker wrote when she missed the term, where it could carry what came of it and does not."""
    term = term_of(row)
    if term is None or row.author_id != viewer.id or not row.entry_id:
        return None
    try:
        entry = entries.get(viewer, row.entry_id)
    except NotFound:
        return None
    carries = KINDS[entry.kind].carries
    if carries is None or not policy.may(viewer, Act.REVISE, entry) or carries(entry, term):
        return None
    return entry
