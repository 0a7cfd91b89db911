"""Lists of notes, narrowed: the right ones in the right order, read through an index however many there are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from cop.core.db import db, is_sqlite
from cop.core.types import Lang
from cop.entries import queries
from cop.notes import narrowing
from cop.notes.narrowing import NoteFilter, index
from cop.people.viewer import VISITOR

if TYPE_CHECKING:
    from cop.terms.models import Term
    from tests.make import Make

_BEGIN = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture
def terms(make: Make) -> dict[str, Term]:
    return {
        "often": make.term("often"),
        "seldom": make.term("seldom"),
        "sector": make.term("schools", scheme="sector"),
        "city": make.term("city", scheme="place"),
        "street": make.term("street", scheme="place", broader="city"),
    }


@pytest.fixture
def notes(make: Make, terms: dict[str, Term]) -> list[int]:
    """Make twelve notes, a day apart: all with one strategy, every fourth with another and in the street."""
    made = []
    for number in range(12):
        rare = number % 4 == 0
        strategies = [terms["often"], terms["seldom"]] if rare else [terms["often"]]
        entry = make.note(
            strategies=strategies,
            place=terms["street"] if rare else "",
            outcome="failed" if number % 2 else "worked",
            evidence="interview" if number % 3 == 0 else "own-experience",
            started=str(2000 + number),
            ended=f"{2001 + number}-05" if number % 2 else "",
            lang=Lang.ZH if number < 3 else Lang.EN,
            terms={"sectors": ("schools",)} if number in (0, 1) else {},
            published_at=_BEGIN + timedelta(days=number),
        )
        made.append(entry.id)
    return made


def _found(narrow: NoteFilter) -> list[int]:
    return [row.id for row in queries.page(index(VISITOR, narrow), older=None, newer=None).items]


@pytest.fixture(params=["few", "many"])
def ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Read lists both ways: what matches is fetched and sorted, or the newest are walked."""
    if request.param == "many":
        monkeypatch.setattr(narrowing, "FEW", 0)
    return str(request.param)


@pytest.mark.parametrize(
    ("narrow", "wanted"),
    [
        (NoteFilter(strategy=("often",)), range(12)),
        (NoteFilter(strategy=("seldom",)), (0, 4, 8)),
        (NoteFilter(strategy=("seldom", "often")), range(12)),
        (NoteFilter(strategy=("nothing",)), ()),
        (NoteFilter(sector=("schools",)), (0, 1)),
        (NoteFilter(place=("city",)), (0, 4, 8)),
        (NoteFilter(outcome=("failed",)), range(1, 12, 2)),
        (NoteFilter(evidence=("interview",)), (0, 3, 6, 9)),
        (NoteFilter(text=("zh",)), (0, 1, 2)),
        (NoteFilter(text=("xx",)), ()),
        (NoteFilter(until="2002"), (0, 1, 2)),
        (NoteFilter(since="2010"), (0, 2, 4, 6, 8, 9, 10, 11)),
        (NoteFilter(since="2008", until="2009"), (0, 2, 4, 6, 7, 8, 9)),
        (NoteFilter(strategy=("seldom",), sector=("schools",)), (0,)),
        (NoteFilter(strategy=("seldom",), outcome=("worked",), place=("street",)), (0, 4, 8)),
        (NoteFilter(strategy=("seldom",), outcome=("failed",)), ()),
    ],
    ids=repr,
)
def test_a_list_holds_what_its_filters_say_newest_first(
    notes: list[int], ways: str, narrow: NoteFilter, wanted: Any
) -> None:
    assert _found(narrow) == [notes[number] for number in sorted(wanted, reverse=True)]


def test_pages_of_a_narrowed_list_follow_each_other(notes: list[int], ways: str) -> None:
    seen: list[int] = []
    older: str | None = None
    while True:
        narrow = index(VISITOR, NoteFilter(strategy=("often",)))
        page = queries.page(narrow, older=older, newer=None, size=5)
        seen += [row.id for row in page.items]
        if page.older is None:
            break
        older = page.older
    assert seen == notes[::-1]


def test_what_a_visitor_may_not_read_is_in_no_narrowed_list(
    make: Make, terms: dict[str, Term], ways: str
) -> None:
    make.note(strategies=[terms["seldom"]], visibility="members")
    assert _found(NoteFilter(strategy=("seldom",))) == []


@pytest.fixture
def plans(db_session: Any) -> Callable[[Callable[[], object]], list[str]]:
    """Return the function that tells how SQLite reads what is asked meanwhile."""
    connection = db.session.connection()
    if not is_sqlite(connection):
        pytest.skip("PostgreSQL plans by what tables hold, and here they hold next to nothing")

    def explained(ask: Callable[[], object]) -> list[str]:
        sent: list[tuple[str, Any]] = []

        def note(_c: Any, _cursor: Any, statement: str, values: Any, *_more: Any) -> None:
            sent.append((statement, values))

        event.listen(connection, "before_cursor_execute", note)
        try:
            ask()
        finally:
            event.remove(connection, "before_cursor_execute", note)
        return [
            str(row[3])
            for statement, values in sent
            for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]

    return explained


@pytest.mark.parametrize(
    "narrow",
    [
        NoteFilter(),
        NoteFilter(strategy=("often",)),
        NoteFilter(strategy=("often",), sector=("schools",), place=("city",), outcome=("worked",)),
        NoteFilter(evidence=("interview",), text=("zh",)),
        NoteFilter(since="2005", until="2009"),
    ],
    ids=repr,
)
def test_no_list_reads_a_whole_table(
    notes: list[int], plans: Any, ways: str, narrow: NoteFilter
) -> None:
    middle = queries.page(index(VISITOR, NoteFilter()), older=None, newer=None, size=6).older
    # The vocabulary is read once and kept; that is not the list's.
    _found(narrow)
    for older in (None, middle):
        steps = plans(
            lambda older=older: queries.page(index(VISITOR, narrow), older=older, newer=None)
        )
        tables = ("entries", "taggings", "case_notes", "texts")
        scans = [
            step for step in steps if step.startswith("SCAN") and any(t in step for t in tables)
        ]
        # A walk over an index in the order of the list is what a list is.
        assert all("USING" in step and "INDEX" in step for step in scans), scans
        assert ways == "few" or not [step for step in steps if "FOR ORDER BY" in step], steps


def test_the_newest_of_all_kinds_are_read_in_order(notes: list[int], plans: Any) -> None:
    steps = plans(lambda: queries.page(queries.recent(VISITOR), older=None, newer=None))
    assert not [step for step in steps if "FOR ORDER BY" in step], steps
