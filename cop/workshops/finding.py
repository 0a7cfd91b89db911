"""Finding what a workshop can be built on, by words of its title or text."""

from sqlalchemy import or_, select

from cop.core.db import db
from cop.entries import queries as entries
from cop.entries.models import Entry, Text
from cop.people.viewer import Viewer
from cop.workshops.checking import LINKED

#: So many are offered at once, and so many words are looked for.
_MOST, _MOST_WORDS = 12, 8


def linkable(viewer: Viewer, typed: str) -> list[Entry]:
    """Return the newest entries the viewer may list that hold all the words; those with one in the title first."""
    words = typed.replace("\0", "").split()[:_MOST_WORDS]
    if not words:
        return []
    statement = entries.recent(viewer).where(Entry.kind.in_(LINKED)).limit(_MOST)
    titled, told = statement, statement
    for word in words:
        in_title = Text.title.icontains(word, autoescape=True)
        somewhere = or_(in_title, Text.plain.icontains(word, autoescape=True))
        titled = titled.where(Entry.id.in_(select(Text.entry_id).where(in_title)))
        told = told.where(Entry.id.in_(select(Text.entry_id).where(somewhere)))
    found = list(db.session.scalars(titled))
    if len(found) < _MOST:
        known = {entry.id for entry in found}
        found += [entry for entry in db.session.scalars(told) if entry.id not in known]
    return found[:_MOST]
