"""What the ledger says of the starter content is what its file says, strategy by strategy."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pytest

from cop.entries import queries
from cop.people.viewer import VISITOR
from cop.practices.kept import ledgers_of
from cop.practices.ledger import LedgerFilter
from cop.terms.vocabulary import vocabulary
from tests.content import starter_file

#: Levels of the place list that are provinces.
PROVINCES = {"province", "municipality", "autonomous-region", "special-administrative-region"}


def _province(place: str | None, places: dict[str, Any]) -> str:
    while place and places[place].get("level") not in PROVINCES:
        place = next(iter(places[place].get("broader", [])), None)
    return place or ""


@pytest.fixture
def told() -> dict[str, list[dict[str, Any]]]:
    """Return what the file says: strategy → what each note on it tells."""
    schemes = {scheme["id"]: scheme["concepts"] for scheme in starter_file("taxonomy")["schemes"]}
    places = {place["id"]: place for place in schemes["place"]}
    found: dict[str, list[dict[str, Any]]] = {one["id"]: [] for one in schemes["strategy"]}
    for note in starter_file("notes")["notes"]:
        uses = {use["strategy"]: use for use in note.get("uses", [])}
        for strategy in note["strategies"]:
            use = uses.get(strategy, {})
            found[strategy].append(
                {
                    "id": note["id"],
                    "experience": note.get("project") or note["id"],
                    "outcome": use.get("outcome") or note["outcome"],
                    "durability": use.get("durability", "unknown"),
                    "organisation": note["organisation"].get("key"),
                    "province": _province(note.get("place"), places),
                    "evidence": note["evidence"],
                }
            )
    return found


def _outcomes(notes: list[dict[str, Any]]) -> dict[str, int]:
    by_experience = defaultdict(set)
    for note in notes:
        by_experience[note["experience"]].add(note["outcome"])
    counts: dict[str, int] = defaultdict(int)
    for outcomes in by_experience.values():
        counts[outcomes.pop() if len(outcomes) == 1 else "mixed"] += 1
    return counts


def _experiences(notes: list[dict[str, Any]]) -> int:
    return len({note["experience"] for note in notes})


@pytest.mark.usefixtures("starter")
def test_every_number_of_every_strategy_is_that_of_the_file(told):
    words = vocabulary()
    ledgers = ledgers_of(VISITOR, [words.by_key[key].id for key in told])
    assert len(ledgers) == 39
    for key, notes in told.items():
        ledger = ledgers[words.by_key[key].id]
        assert len(ledger.uses) == len(notes), key
        assert len(ledger.experiences) == _experiences(notes), key
        outcomes = {name: count.experiences for name, count in ledger.outcomes.items()}
        assert outcomes == _outcomes(notes), key
        organisations = {note["organisation"] for note in notes if note["organisation"]}
        assert len(ledger.organisations) == len(organisations), key
        assert ledger.unnamed == sum(not note["organisation"] for note in notes), key
        provinces = {note["province"] for note in notes if note["province"]}
        assert set(ledger.provinces) == provinces, key
        for kind, count in ledger.evidence.items():
            of_it = [note for note in notes if note["evidence"] == kind]
            assert (count.experiences, count.notes) == (_experiences(of_it), len(of_it)), key
        ended = [note for note in notes if note["durability"] == "ended-leader-change"]
        count = ledger.durabilities.get("ended-leader-change")
        assert (count.experiences if count else 0) == _experiences(ended), key
        assert set(ledger.sources) <= {"literature"}, key


@pytest.mark.usefixtures("starter")
def test_each_number_is_that_of_exactly_its_notes(told):
    words = vocabulary()
    for key, notes in told.items():
        ledger = ledgers_of(VISITOR, [words.by_key[key].id])[words.by_key[key].id]
        entries = {use.entry_id: use for use in ledger.uses}
        names = {entry.id: entry.key for entry in queries.in_order(VISITOR, list(entries))}
        assert set(names.values()) == {note["id"] for note in notes}
        for province in ledger.provinces:
            listed = {
                names[use.entry_id] for use in ledger.narrowed(LedgerFilter(province=province))
            }
            assert listed == {note["id"] for note in notes if note["province"] == province}
        named = ledger.narrowed(LedgerFilter(organisation="known"))
        assert {names[use.entry_id] for use in named} == {
            note["id"] for note in notes if note["organisation"]
        }
        unnamed = ledger.narrowed(LedgerFilter(organisation="untold"))
        assert len(named) + len(unnamed) == len(notes)
        for outcome, count in ledger.outcomes.items():
            uses = ledger.narrowed(LedgerFilter(outcome=outcome))
            assert len(uses) == count.notes
            assert len({use.experience for use in uses}) == count.experiences


@pytest.mark.usefixtures("starter")
def test_three_strategies_have_no_experience_yet(told):
    words = vocabulary()
    ledgers = ledgers_of(VISITOR, [words.by_key[key].id for key in told])
    empty = {key for key in told if not ledgers[words.by_key[key].id].experiences}
    assert empty == {"future-search", "appreciative-inquiry", "volunteer-recognition"}
