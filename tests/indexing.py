"""The search index of a test: empty at its start, because it lies outside the transaction."""

from __future__ import annotations

import contextvars
from typing import TYPE_CHECKING, Any

import pytest

from cop.core.db import db
from cop.discover import indexing, lately

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask


@pytest.fixture(autouse=True)
def _no_waiting_for_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let searches not wait for changes to reach the index: here nobody brings them."""
    monkeypatch.setattr(lately, "_PATIENCE", 0)


@pytest.fixture
def index(app: Flask, db_session: Any) -> Callable[[], int]:
    """Return the function that fills the index from the database as it is now."""

    def work() -> int:
        with app.app_context():
            return indexing.rebuild()

    def fill() -> int:
        db.session.commit()
        # In a context of its own, because filling lets go of every row it has read.
        return contextvars.Context().run(work)

    fill()
    return fill
