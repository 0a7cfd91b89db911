"""A search waits a moment for a change that is being indexed, and no longer."""

from __future__ import annotations

import pytest

from cop.core import clock
from cop.core.db import db
from cop.discover import lately
from cop.discover.indexing import INDEX_JOB
from cop.discover.lately import changed_lately
from cop.jobs.queue import enqueue
from cop.people.viewer import VISITOR


@pytest.fixture
def looks(monkeypatch):
    """Return the list of how often a search looked again; on the third look the change has been indexed."""
    from sqlalchemy import delete

    from cop.jobs.models import Job

    seen: list[float] = []

    def nap(seconds: float) -> None:
        seen.append(seconds)
        if len(seen) == 3:
            db.session.execute(delete(Job))
            db.session.commit()

    monkeypatch.setattr(lately, "_PATIENCE", 3600)
    monkeypatch.setattr(lately.time, "sleep", nap)
    return seen


def queue(*entry_ids: int, **more) -> None:
    for entry_id in entry_ids:
        enqueue(db.session, INDEX_JOB, {"entry_id": entry_id}, **more)
    db.session.commit()


def test_a_search_looks_again_until_the_change_is_indexed(db_session, looks):
    queue(1)
    assert changed_lately(VISITOR).changed == frozenset()
    assert len(looks) == 3


def test_nobody_waits_for_an_import(db_session, looks):
    queue(*range(1, 30))
    assert len(changed_lately(VISITOR).changed) == 29
    assert looks == []


def test_nobody_waits_for_a_change_that_is_tried_again_later(db_session, looks):
    from datetime import timedelta

    queue(1, run_at=clock.now() + timedelta(minutes=1))
    assert changed_lately(VISITOR).changed == {1}
    assert looks == []


def test_what_a_reader_may_not_list_is_told_apart(make, looks):
    note, secret = make.note(), make.note(visibility="members")
    queue(*range(100, 130))
    assert changed_lately(VISITOR).closed == {secret.id, *range(100, 130)}
    assert changed_lately(make.member()).closed == set(range(100, 130))
    assert note.id in changed_lately(VISITOR).changed
