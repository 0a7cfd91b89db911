"""What the index knows of who wrote something: only names that stand under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cop.discover.indexing import engine
from cop.entries.models import NameMask
from cop.events.record import record
from cop.people.events import AccountClosed
from cop.search.engine import Query

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.make import Make


def found_by() -> dict[str, int]:
    answer = engine().search(
        Query(), labels=frozenset({"public", "members"}), prefer_lang="en", limit=10
    )
    return dict(answer.facets["by"])


def test_a_name_that_stands_under_a_note_finds_it_and_an_unnamed_author_does_not(
    make: Make, index: Callable[[], int]
) -> None:
    author = make.member()
    make.note(by=author)
    make.note(by=author, name_mask=NameMask.UNNAMED)
    index()
    assert found_by() == {f"user:{author.id}": 1}


def test_nothing_is_found_by_the_name_of_somebody_who_left(
    make: Make, index: Callable[[], int], run_jobs: Callable[[], None]
) -> None:
    leaving, staying = make.user(), make.user()
    make.note(by=leaving)
    make.note(by=staying)
    index()
    assert len(found_by()) == 2
    leaving.email = None
    record(AccountClosed(user_id=leaving.id), actor_id=leaving.id)
    run_jobs()
    assert found_by() == {f"user:{staying.id}": 1}
