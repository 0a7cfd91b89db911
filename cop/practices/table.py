"""The notes of a ledger as rows: of the page, of the lists behind its numbers, and of the CSV."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from cop.core.db import db
from cop.core.i18n import current_lang, pick
from cop.entries import policy, queries as entries
from cop.entries.cards import Card, cards
from cop.entries.models import Entry, Text
from cop.notes.models import CaseNote, StrategyUse
from cop.notes.narrowing import with_merged
from cop.people.models import Organisation
from cop.people.viewer import Viewer
from cop.practices.ledger import Use
from cop.terms.vocabulary import vocabulary

COLUMNS = ("key", "title", "outcome", "organisation", "place", "started", "evidence")
#: What tells a spreadsheet that a file is UTF-8.
BYTE_ORDER_MARK = "\ufeff"
#: What a spreadsheet takes for the beginning of a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class NotePage:
    """A part of the notes behind a number, with the ids its neighbours begin after and before."""

    cards: Sequence[Card]
    older: int | None = None
    newer: int | None = None


def notes_of(viewer: Viewer, uses: Sequence[Use]) -> list[Card]:
    """Return the cards of uses in their order; the outcome is the use's own."""
    outcomes = {use.entry_id: use.outcome for use in uses}
    found = entries.in_order(viewer, [use.entry_id for use in uses])
    return [replace(card, outcome=outcomes[card.id]) for card in cards(viewer, found)]


def page_of_notes(
    viewer: Viewer,
    uses: Sequence[Use],
    *,
    older: int | None,
    newer: int | None,
    size: int = entries.PAGE_SIZE,
) -> NotePage:
    """Return a page of the notes: those after the note `older`, or those before `newer`; else the first."""
    # Looked through for the places of neighbours alone.
    ids = [use.entry_id for use in uses] if older or newer else []
    begin = 0
    if older in ids:
        begin = ids.index(older) + 1
    elif newer in ids:
        begin = max(0, ids.index(newer) - size)
    part = uses[begin : begin + size]
    return NotePage(
        cards=notes_of(viewer, part),
        older=part[-1].entry_id if begin + size < len(uses) else None,
        newer=part[0].entry_id if part and begin else None,
    )


def as_csv(viewer: Viewer, term_id: int) -> str:
    """Return the ledger of a strategy for this reader as CSV, one row a note, in one query.

    Titles and names are in her language where they are told in it. Organisations that are not named
    stay empty. A text that a spreadsheet would run as a formula begins with an apostrophe.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(_rows(viewer, term_id))
    return out.getvalue()


def _rows(viewer: Viewer, term_id: int) -> Iterator[tuple[str, ...]]:
    words, lang = vocabulary(), current_lang()
    best: dict[int, tuple[tuple[bool, ...], tuple[str, ...]]] = {}
    for (
        entry_id,
        key,
        first,
        told,
        title,
        use_term,
        own,
        outcome,
        name,
        place_id,
        started,
        kind,
    ) in db.session.execute(
        select(
            Entry.id,
            Entry.key,
            Entry.lang,
            Text.lang,
            Text.title,
            StrategyUse.term_id,
            StrategyUse.outcome,
            CaseNote.outcome,
            Organisation.name,
            CaseNote.place_id,
            CaseNote.started,
            CaseNote.evidence,
        )
        .join(CaseNote, CaseNote.entry_id == StrategyUse.entry_id)
        .join(Entry, Entry.id == StrategyUse.entry_id)
        .join(Text, Text.entry_id == Entry.id)
        .outerjoin(Organisation, Organisation.id == CaseNote.organisation_id)
        .where(StrategyUse.term_id.in_(with_merged([term_id])), policy.listed(viewer))
        .order_by(Entry.published_at.desc(), Entry.id.desc(), Text.id)
    ):
        rank = (use_term != term_id, told != lang, told != first)
        if entry_id in best and best[entry_id][0] <= rank:
            continue
        place = words.resolved(words.by_id[place_id]).key if place_id else ""
        row = (key, _cell(title), own or outcome, _cell(pick(name or {})[0]), place)
        best[entry_id] = (rank, (*row, started or "", kind))
    return (row for _rank, row in best.values())


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
