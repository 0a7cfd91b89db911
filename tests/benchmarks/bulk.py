"""Writing composed notes by the thousand: the rows the operations would have left, without running them.

`tests/benchmarks/test_generator.py` holds this to the operations, table by table.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from functools import cache
from typing import Any

from sqlalchemy import Table, insert, select

from cop import markup
from cop.core.db import db
from cop.core.text import excerpt, slugify
from cop.entries import policy
from cop.entries.draft import TextDraft
from cop.entries.events import EntryPublished, EntryRevised, EntryWithdrawn
from cop.entries.models import Entry, EntrySource, Revision, Status, Tagging, Text
from cop.entries.telling import _SUMMARY_LENGTH, digest, plain
from cop.events.models import Event
from cop.notes.draft import REASON, TERM_FIELDS
from cop.notes.models import CaseNote, Durability, StrategyUse
from cop.notes.operations import KIND
from cop.people.models import Organisation
from cop.terms.models import Source, Term
from tests.benchmarks.composing import Change, Note

Row = dict[str, Any]


class Writer:
    """Writes notes whose terms, organisations and sources are in the database."""

    def __init__(self, authors: Sequence[int]) -> None:
        """Take the ids of the authors, and look up what notes may name."""
        self._authors = authors
        self._terms = _ids(Term)
        self._organisations = _ids(Organisation)
        self._sources = _ids(Source)

    def write(self, notes: Sequence[Note]) -> None:
        """Insert the notes with everything that belongs to them; the caller commits."""
        entry_ids = _inserted(Entry, [self._entry(note) for note in notes])
        numbered = list(zip(entry_ids, notes, strict=True))
        self._texts(numbered)
        rows: dict[type[Any], list[Row]] = {
            kind: [] for kind in (CaseNote, Tagging, StrategyUse, EntrySource, Event)
        }
        for entry_id, note in numbered:
            rows[CaseNote].append(self._case_note(entry_id, note))
            rows[Tagging] += self._taggings(entry_id, note)
            rows[StrategyUse] += self._uses(entry_id, note)
            rows[EntrySource] += self._cited(entry_id, note)
            rows[Event] += self._events(entry_id, note)
        rows[Event].sort(key=lambda row: row["at"])
        for kind, made in rows.items():
            if made:
                db.session.execute(insert(_table(kind)), made)

    def _entry(self, note: Note) -> Row:
        signature = note.draft.signature
        status = Status.WITHDRAWN if _withdrawn(note) else Status.PUBLISHED
        return {
            "kind": KIND,
            "key": note.key,
            "author_id": self._authors[note.author],
            "status": status.value,
            "visibility": signature.visibility.value,
            "audience": policy.audience_of(status, signature.visibility),
            "opened_to": signature.visibility.value,
            "name_mask": signature.name_mask.value,
            "written_by": "member",
            "reviewed_by_organisations": True,
            "lang": note.draft.lang.value,
            "version": 1 + len(note.changes),
            "created_at": note.at,
            "published_at": note.at,
            "active_at": note.changes[-1].at if note.changes else note.at,
        }

    def _texts(self, numbered: Sequence[tuple[int, Note]]) -> None:
        told = [
            (entry_id, note, [text, *_later(note, text)])
            for entry_id, note in numbered
            for text in note.draft.texts
        ]
        text_ids = _inserted(Text, [_text(entry_id, states) for entry_id, _, states in told])
        revisions = []
        for text_id, (_, note, states) in zip(text_ids, told, strict=True):
            moments = [note.at, *(change.at for change in _told(note, states[0]))]
            facts = note.draft.facts.to_json()
            revisions += [
                {
                    **_revision(state),
                    "text_id": text_id,
                    "number": number,
                    "facts": facts,
                    "sha256": digest(state.title, state.sections, facts),
                    "editor_id": self._authors[note.author],
                    "created_at": at,
                }
                for number, (state, at) in enumerate(zip(states, moments, strict=True), 1)
            ]
        db.session.execute(insert(_table(Revision)), revisions)

    def _case_note(self, entry_id: int, note: Note) -> Row:
        facts = note.draft.facts
        return {
            "entry_id": entry_id,
            "outcome": facts.outcome,
            "evidence": facts.evidence,
            "organisation_id": self._organisations.get(facts.organisation),
            "described_as": dict(facts.described_as) or None,
            "project": facts.project or None,
            "place_id": self._terms[facts.place] if facts.place else None,
            "started": facts.started or None,
            "ended": facts.ended or None,
            "period_exact": facts.period_exact,
            "period_text": dict(facts.period_text) or None,
        }

    def _taggings(self, entry_id: int, note: Note) -> list[Row]:
        facts = note.draft.facts
        others = [key for name in TERM_FIELDS for key in facts.terms.get(name, ())]
        return [
            {"entry_id": entry_id, "term_id": self._terms[key], "position": position}
            for position, key in enumerate(dict.fromkeys([*facts.strategies, *others]))
        ]

    def _uses(self, entry_id: int, note: Note) -> list[Row]:
        uses = note.draft.facts.uses
        return [
            {
                "entry_id": entry_id,
                "term_id": self._terms[key],
                "position": position,
                "outcome": uses[key].outcome if key in uses else None,
                "effects": None,
                "side_effects": None,
                "durability": uses[key].durability if key in uses else Durability.UNKNOWN.value,
            }
            for position, key in enumerate(note.draft.facts.strategies)
        ]

    def _cited(self, entry_id: int, note: Note) -> list[Row]:
        return [
            {
                "entry_id": entry_id,
                "source_id": self._sources[cited.key],
                "at": cited.at,
                "position": position,
            }
            for position, cited in enumerate(note.draft.facts.sources)
        ]

    def _events(self, entry_id: int, note: Note) -> list[Row]:
        happened: list[tuple[Any, Any]] = [(note.at, EntryPublished(entry_id, KIND))]
        numbers = {text.lang: 1 for text in note.draft.texts}
        for change in note.changes:
            if change.text is None:
                happened.append((change.at, EntryWithdrawn(entry_id)))
                continue
            lang = change.text.lang
            numbers[lang] += 1
            happened.append((change.at, EntryRevised(entry_id, lang.value, numbers[lang])))
        return [self._event(at, event, self._authors[note.author]) for at, event in happened]

    @staticmethod
    def _event(at: Any, event: Any, actor_id: int) -> Row:
        data = asdict(event)
        entry_id = data.pop("entry_id")
        return {
            "at": at,
            "verb": type(event).__name__,
            "actor_id": actor_id,
            "entry_id": entry_id,
            "data": data,
        }


def _table(model: type[Any]) -> Table:
    found: Table = model.__table__
    return found


def _inserted(model: type[Any], rows: Sequence[Row]) -> list[int]:
    table = _table(model)
    statement = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return list(db.session.scalars(statement, list(rows)))


def _ids(model: type[Any]) -> dict[str, int]:
    return {row.key: row.id for row in db.session.execute(select(model.key, model.id))}


def _withdrawn(note: Note) -> bool:
    return any(change.text is None for change in note.changes)


def _told(note: Note, text: TextDraft) -> Iterable[Change]:
    """Yield the changes of one telling."""
    return (change for change in note.changes if change.text and change.text.lang == text.lang)


def _later(note: Note, text: TextDraft) -> list[TextDraft]:
    return [change.text for change in _told(note, text) if change.text is not None]


def _text(entry_id: int, states: Sequence[TextDraft]) -> Row:
    last = states[-1]
    return {
        "entry_id": entry_id,
        "lang": last.lang.value,
        "title": last.title,
        "slug": slugify(last.title),
        "summary": excerpt(_rendered(last.sections[REASON]).text, _SUMMARY_LENGTH),
        "number": len(states),
        "plain": plain(
            KIND, {key: _rendered(source).html for key, source in last.sections.items()}
        ),
    }


def _revision(state: TextDraft) -> Row:
    return {
        "title": state.title,
        "sections": dict(state.sections),
        "html": {key: _rendered(source).html for key, source in state.sections.items()},
        "html_version": markup.VERSION,
        "note": "",
    }


@cache
def _rendered(source: str) -> markup.Rendered:
    """Render a text once; the same few thousand occur in all notes."""
    return markup.render(source)
