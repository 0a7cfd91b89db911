"""What a process keeps of ledgers is what a fresh look would give, whatever happened since."""

from __future__ import annotations

from dataclasses import replace

import pytest

from cop.core.db import db
from cop.entries import operations, queries
from cop.entries.draft import Signature
from cop.entries.models import Visibility
from cop.notes.draft import NoteFacts, Use
from cop.notes.revising import revise_note
from cop.people.viewer import SYSTEM, VISITOR
from cop.practices import kept
from cop.practices.kept import KeptLedgers, ledger_of
from cop.practices.ledger import LedgerFilter
from cop.practices.table import page_of_notes
from tests.domain.notes.test_merged_terms import merge


@pytest.fixture
def strategy(make):
    return make.term("open-space")


@pytest.fixture
def same(make, strategy):
    """Return the function that asserts that what is kept equals a fresh look, for several readers."""
    readers = [VISITOR, make.member(), make.member("moderator")]

    def check(term=strategy):
        db.session.flush()
        for viewer in readers:
            fresh = KeptLedgers().ledgers(viewer, [term.id])[term.id]
            there = ledger_of(viewer, term.id)
            assert there.uses == fresh.uses
            counted = kept.kept_ledgers().counts(viewer, [term.id])[term.id]
            assert counted == len(fresh.experiences)
        return [len(ledger_of(viewer, term.id).uses) for viewer in readers]

    return check


def revised(entry, *, by, signature=None, **facts):
    loaded = queries.get(SYSTEM, entry.id)
    text = loaded.texts[0]
    now = queries.current(text)
    revise_note(
        by=by,
        entry_id=entry.id,
        base_id=now.id,
        draft=replace_text(now, text),
        facts=replace(NoteFacts.from_json(now.facts), **facts),
        signature=signature,
    )
    db.session.flush()


def replace_text(revision, text):
    from cop.core.types import Lang
    from cop.entries.draft import TextDraft

    return TextDraft(Lang(text.lang), revision.title, revision.sections)


def test_every_act_on_a_note_shows_at_once_and_only_to_its_readers(make, strategy, same):
    author, moderator = make.member(), make.member("moderator")
    assert same() == [0, 0, 0]
    note = make.note(by=author, strategies=[strategy], outcome="failed")
    assert same() == [1, 1, 1]
    make.note(by=author, strategies=[strategy], visibility="members")
    assert same() == [1, 2, 2]
    operations.hide(by=moderator, entry_id=note.id, reason="Invented")
    assert same() == [0, 1, 1]
    operations.unhide(by=moderator, entry_id=note.id, reason="Invented")
    assert same() == [1, 2, 2]
    operations.withdraw(by=author, entry_id=note.id)
    assert same() == [0, 1, 1]
    operations.give_back(by=author, entry_id=note.id)
    assert same() == [1, 2, 2]
    revised(note, by=author, signature=Signature(Visibility.MEMBERS))
    assert same() == [0, 2, 2]
    revised(note, by=author, signature=Signature(Visibility.PUBLIC))
    assert same() == [1, 2, 2]


def test_a_note_that_waits_counts_for_nobody(make, strategy, same):
    same()
    make.note(by=make.newcomer(), strategies=[strategy])
    assert same() == [0, 0, 0]


def test_what_a_note_says_anew_counts_anew(make, strategy, same):
    author = make.member()
    other = make.term("another")
    note = make.note(by=author, strategies=[strategy], outcome="worked")
    assert ledger_of(VISITOR, strategy.id).outcomes.keys() == {"worked"}
    revised(note, by=author, uses={strategy.key: Use(outcome="failed", durability="stopped")})
    assert same() == [1, 1, 1]
    ledger = ledger_of(VISITOR, strategy.id)
    assert ledger.outcomes.keys() == {"failed"}
    assert ledger.durabilities.keys() == {"stopped"}
    same(other)
    revised(note, by=author, strategies=(other.key,), uses={})
    assert same() == [0, 0, 0]
    assert same(other) == [1, 1, 1]


def test_a_merged_strategy_counts_with_what_it_was_merged_into_and_once(make, strategy, same):
    old = make.term("old-space")
    make.note(strategies=[strategy, old])
    make.note(strategies=[old])
    assert same() == [1, 1, 1]
    merge("old-space", "open-space")
    assert same() == [2, 2, 2]


def test_counts_stay_right_where_the_uses_themselves_were_let_go(make, strategy, same, monkeypatch):
    monkeypatch.setattr(kept, "MOST_USES", 2)
    others = [make.term() for _number in range(3)]
    for term in (strategy, *others):
        for _number in range(2):
            make.note(strategies=[term])
    kept_now = kept.kept_ledgers()
    assert set(kept_now.counts(VISITOR, [one.id for one in others]).values()) == {2}
    assert same() == [2, 2, 2]
    make.note(strategies=[others[0]])
    assert kept_now.counts(VISITOR, [others[0].id]) == {others[0].id: 3}
    assert same(others[0]) == [3, 3, 3]


def test_notes_of_a_project_are_one_experience_and_mixed_where_they_differ(make, strategy):
    author = make.member()
    for outcome in ("worked", "failed"):
        note = make.note(by=author, strategies=[strategy], outcome=outcome)
        revised(note, by=author, project="invented-project")
    make.note(by=author, strategies=[strategy], outcome="too-early")
    ledger = ledger_of(VISITOR, strategy.id)
    counts = {name: (one.experiences, one.notes) for name, one in ledger.outcomes.items()}
    assert counts == {"mixed": (1, 2), "too-early": (1, 1)}
    assert len(ledger.narrowed(LedgerFilter(outcome="mixed"))) == 2


def test_a_note_that_is_linked_later_counts_as_an_adaptation_at_once(make, strategy, same):
    author = make.member()
    original = make.note(strategies=[strategy])
    note = make.note(by=author, strategies=[strategy])
    assert ledger_of(VISITOR, strategy.id).adaptations.experiences == 0
    revised(note, by=author, original=original.key, relation="adapts")
    same()
    ledger = ledger_of(VISITOR, strategy.id)
    assert ledger.adaptations.experiences == 1
    assert [one.entry_id for one in ledger.narrowed(LedgerFilter(relation="adapts"))] == [note.id]


def test_a_ledger_asks_a_fixed_number_of_times(make, strategy):
    from tests.counting import counted

    asked = []
    for number in (1, 20):
        for _one in range(number):
            make.note(strategies=[strategy, make.term()])
        db.session.flush()
        with counted() as seen:
            KeptLedgers().ledgers(VISITOR, [strategy.id])
        asked.append(len(seen))
    assert asked[0] == asked[1]


def test_notes_behind_a_number_are_paged_both_ways(make, strategy):
    author = make.member()
    for _number in range(5):
        make.note(by=author, strategies=[strategy])
    uses = ledger_of(VISITOR, strategy.id).uses
    ids = [use.entry_id for use in uses]

    def shown(older=None, newer=None):
        page = page_of_notes(VISITOR, uses, older=older, newer=newer, size=2)
        return [card.id for card in page.cards], page.newer, page.older

    assert shown() == (ids[:2], None, ids[1])
    assert shown(older=ids[1]) == (ids[2:4], ids[2], ids[3])
    assert shown(older=ids[3]) == (ids[4:], ids[4], None)
    assert shown(newer=ids[2]) == (ids[:2], None, ids[1])
