"""The search without an index, while one is being made: the words as they were typed, in the texts themselves."""

import re
from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from cop.core.db import db
from cop.discover.understanding import Understood
from cop.entries import queries
from cop.entries.models import Entry, NameMask, Text
from cop.notes import narrowing
from cop.notes.models import CaseNote
from cop.notes.narrowing import NoteFilter
from cop.people.viewer import Viewer

#: Each word is looked for in every text, so nobody may ask for a page of them.
_MOST_WORDS = 8
#: Filters that notes alone have.
_OF_NOTES = tuple(
    field.name for field in fields(NoteFilter) if field.name not in ("since", "until")
)


def entries_holding(viewer: Viewer, understood: Understood, size: int) -> Sequence[Entry]:
    """Return the newest entries the viewer may list whose text, in one language, holds every word and phrase."""
    statement = _narrowed(viewer, understood)
    query = understood.query
    options = [[option.text for option in either] for either in query.either]
    said = [[one] for one in (*query.words, *query.phrases, *query.prefixes)] + options
    for ways in said[:_MOST_WORDS]:
        statement = statement.where(Entry.id.in_(_telling_of(ways)))
    for one in query.exclusions[:_MOST_WORDS]:
        statement = statement.where(Entry.id.not_in(_telling_of([one])))
    newest = (Entry.published_at.desc(), Entry.id.desc())
    return db.session.scalars(statement.order_by(*newest).limit(size)).all()


def _narrowed(viewer: Viewer, understood: Understood) -> Select[Entry]:
    """Return what the filters leave; several periods are taken from the first to the last."""
    given = understood.filters
    chosen: dict[str, Any] = {name: given.get(name, ()) for name in _OF_NOTES}
    years = sorted(year for span in given.get("period", ()) for year in span.split("-"))
    if years:
        chosen |= {"since": years[0], "until": years[-1]}
    notes_only = any(chosen.values())
    statement = (
        narrowing.index(viewer, NoteFilter(**chosen)) if notes_only else queries.recent(viewer)
    )
    if given.get("kind"):
        statement = statement.where(Entry.kind.in_(given["kind"]))
    return statement.where(_signed(given["by"])) if given.get("by") else statement


def _signed(values: Sequence[str]) -> ColumnElement[bool]:
    """Return the criterion that one of these people or organisations is named."""
    people, organisations = (
        [
            int(value.removeprefix(kind))
            for value in values
            if re.fullmatch(f"{kind}[0-9]{{1,9}}", value)
        ]
        for kind in ("user:", "org:")
    )
    named = select(CaseNote.entry_id).where(CaseNote.organisation_id.in_(organisations))
    own = and_(Entry.author_id.in_(people), Entry.name_mask == NameMask.SHOWN)
    return or_(own, Entry.id.in_(named))


def _telling_of(ways: Sequence[str]) -> Select[int]:
    holds = [
        column.icontains(one, autoescape=True)
        for one in ways
        for column in (Text.title, Text.plain)
    ]
    return select(Text.entry_id).where(or_(*holds))
