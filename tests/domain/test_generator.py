"""Generated notes are what the operations would have made of the same drafts, in every table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import time_machine
from sqlalchemy import delete, select

from cop.core.db import db
from cop.entries import queries
from cop.entries.draft import Origin
from cop.entries.models import Entry, EntrySource, Revision, Tagging, Text
from cop.entries.operations import withdraw
from cop.events.models import Event
from cop.jobs.models import Job
from cop.notes.models import CaseNote, StrategyUse
from cop.notes.operations import post_note
from cop.notes.revising import revise_note
from cop.people.models import User
from tests.benchmarks import generator
from tests.benchmarks.bulk import Writer
from tests.benchmarks.composing import Composer, Note, Words

if TYPE_CHECKING:
    from cop.people.viewer import Viewer
    from tests.make import Make

_SEED = 7
#: Enough that every branch of the composer occurs: both languages, revisions, one note taken back.
_SAMPLE = 60


@pytest.fixture
def composer(starter: None) -> Composer:
    """Return a composer that knows the starter content's words."""
    generator.invented_organisations(3)
    return Composer(generator.known_words(), _SEED)


@pytest.fixture
def sample(composer: Composer) -> list[Note]:
    """Return notes of which one was withdrawn."""
    notes = [composer.note(number) for number in range(_SAMPLE)]
    taken_back = (composer.note(number) for number in range(_SAMPLE, 2000))
    return [*notes, next(n for n in taken_back if n.changes and n.changes[-1].text is None)]


def _by_operations(note: Note, author: Viewer) -> None:
    with time_machine.travel(note.at, tick=False):
        entry = post_note(by=author, draft=note.draft, origin=Origin(key=note.key))
    for change in note.changes:
        with time_machine.travel(change.at, tick=False):
            if change.text is None:
                withdraw(by=author, entry_id=entry.id)
                continue
            fresh = queries.get(author, entry.id)
            revise_note(
                by=author,
                entry_id=entry.id,
                base_id=queries.current(queries.text_for(fresh, change.text.lang)).id,
                draft=change.text,
                facts=note.draft.facts,
                signature=None,
            )


def _state(keys: list[str]) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of these entries, entries and texts named by key and language instead of by id."""
    db.session.expire_all()
    entries = {
        row.id: row.key
        for row in db.session.execute(select(Entry.id, Entry.key))
        if row.key in keys
    }
    texts = {
        row.id: (entries[row.entry_id], row.lang)
        for row in db.session.execute(select(Text.id, Text.entry_id, Text.lang))
        if row.entry_id in entries
    }
    found: dict[str, list[tuple[Any, ...]]] = {}
    owned = ((Entry, "id"), (Text, "entry_id"), (Revision, "text_id"), (CaseNote, "entry_id"))
    many = tuple((kind, "entry_id") for kind in (Tagging, StrategyUse, EntrySource, Event))
    for kind, owner in (*owned, *many):
        names: dict[int, Any] = texts if owner == "text_id" else entries
        table = kind.__table__
        rows = [
            (
                names[row[owner]],
                *(row[column.name] for column in table.columns if column.name not in ("id", owner)),
            )
            for row in db.session.execute(select(table)).mappings()
            if row[owner] in names
        ]
        found[table.name] = sorted(rows, key=repr)
    return found


def test_a_generated_note_leaves_what_posting_and_revising_it_leave(
    make: Make, sample: list[Note]
) -> None:
    authors = generator.invented_authors()
    for note in sample:
        user = db.session.get_one(User, authors[note.author])
        _by_operations(note, make.viewer(user))
    assert db.session.scalars(select(Job.id)).first() is not None
    keys = [note.key for note in sample]
    posted = _state(keys)
    db.session.execute(delete(Event).where(Event.entry_id.is_not(None)))
    db.session.execute(delete(Entry).where(Entry.key.in_(keys)))
    db.session.execute(delete(Job))
    Writer(authors).write(sample)
    written = _state(keys)
    assert len(written["entries"]) == len(sample)
    assert {name: len(rows) for name, rows in written.items()} == {
        name: len(rows) for name, rows in posted.items()
    }
    for name, rows in posted.items():
        assert written[name] == rows, name
    # The index is rebuilt afterwards, so no job is left behind.
    assert db.session.scalars(select(Job.id)).first() is None


_SCHEMES = ("strategy", "place", "sector", "audience", "motivation", "resource", "power", "phase")
#: Words of no database, for what concerns the composer alone.
_WORDS = Words({scheme: tuple(f"{scheme}-{n}" for n in range(20)) for scheme in _SCHEMES})


def test_the_same_number_and_seed_give_the_same_note() -> None:
    composer, again = Composer(_WORDS, _SEED), Composer(_WORDS, _SEED)
    assert [again.note(number) for number in (0, 5, 999)] == [
        composer.note(number) for number in (0, 5, 999)
    ]
    assert composer.note(5) != composer.note(6)
    assert Composer(_WORDS, _SEED + 1).note(5).draft != composer.note(5).draft


def test_generating_again_goes_on_where_the_last_run_ended(composer: Composer) -> None:
    assert generator.fill(12, seed=_SEED, say=str) == 12
    assert generator.fill(20, seed=_SEED, say=str) == 8
    assert generator.fill(20, seed=_SEED, say=str) == 0
    assert generator.generated_count(_SEED) == 20


def test_notes_are_as_long_and_as_mixed_as_real_ones() -> None:
    composer = Composer(_WORDS, _SEED)
    notes = [composer.note(number) for number in range(300)]
    lengths = sorted(
        sum(map(len, text.sections.values())) for note in notes for text in note.draft.texts
    )
    assert 400 <= lengths[len(lengths) // 2] <= 2500
    assert {len(note.draft.texts) for note in notes} == {1, 2}
    assert 10 <= sum(note.draft.signature.visibility.value == "members" for note in notes) <= 60
    assert {note.draft.facts.outcome for note in notes} == {
        "worked",
        "mixed",
        "failed",
        "too-early",
    }
    assert any(len(note.changes) >= 6 for note in notes)
