"""Guides on the pages of terms."""

from dataclasses import replace

from cop.entries.cards import headings
from cop.guides.queries import carrying
from cop.people.viewer import Viewer
from cop.terms.carriers import Carried, Carriers
from cop.terms.vocabulary import TermView


def with_guides(carriers: Carriers) -> Carriers:
    """Return what tells the page of a term what carries it, and which guides do."""

    def told(viewer: Viewer, term: TermView, older: str | None, newer: str | None) -> Carried:
        carried = carriers(viewer, term, older, newer)
        return replace(carried, guides=headings(carrying(viewer, [term.key])))

    return told
