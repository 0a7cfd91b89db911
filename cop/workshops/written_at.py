"""Notes written at a workshop: their editor names it, and they stand in what came of it without a second act."""

from flask import url_for

from cop.core.errors import DomainError
from cop.core.i18n import current_lang
from cop.core.types import Lang
from cop.entries import queries as entries
from cop.entries.models import Entry
from cop.notes.occasions import Occasion
from cop.people.viewer import Viewer
from cop.workshops import outcomes, participants


def find(viewer: Viewer, number: int) -> Occasion | None:
    """Return the workshop of this id for who takes part in it; for others there is none."""
    try:
        entry = participants.require_part(viewer, number)
    except DomainError:
        return None
    text = entries.text_for(entry, current_lang())
    href = url_for("workshops.show", entry_id=entry.id, slug=text.slug)
    return Occasion(entry.id, text.title, Lang(text.lang), href)


def tell(by: Viewer, number: int, note: Entry) -> bool:
    """Let the workshop name a note of one who takes part; return whether it does: it may be full, or gone by now."""
    try:
        outcomes.name_own_note(by=by, entry_id=number, note_id=note.id)
    except DomainError:
        return False
    return True
