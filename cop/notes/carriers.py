"""What notes say to the pages of terms and people: which of them carry a term, which are somebody's."""

from collections.abc import Sequence
from typing import Any

from flask import url_for

from cop.entries import queries
from cop.entries.cards import Card, cards
from cop.notes.narrowing import carrying, of_person
from cop.people.viewer import Viewer
from cop.terms.carriers import Carried
from cop.terms.vocabulary import TermView

#: Schemes that the list of notes has a filter for.
_FILTERED = frozenset({"strategy", "sector", "place", "outcome", "evidence"})


def notes_carrying(viewer: Viewer, term: TermView, older: str | None, newer: str | None) -> Carried:
    """Return a page of the notes that carry a term."""
    page = queries.page(carrying(viewer, term.id, term.scheme, term.key), older=older, newer=newer)
    chosen: dict[str, Any] = {term.scheme: term.key}
    more = url_for("notes.index", **chosen) if term.scheme in _FILTERED else ""
    return Carried(cards(viewer, page.items), older=page.older, newer=page.newer, more=more)


def contributions(viewer: Viewer, user_id: int) -> Sequence[Card]:
    """Return the newest entries under a person's own name; unnamed ones are nobody's."""
    page = queries.page(of_person(viewer, user_id), older=None, newer=None)
    return cards(viewer, page.items)
