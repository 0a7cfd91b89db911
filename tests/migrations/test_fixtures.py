"""The fixtures keep their word: what a test commits is gone for the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from cop.core.db import db
from cop.people.models import User

if TYPE_CHECKING:
    from flask import Flask

    from tests.make import Make


@pytest.mark.parametrize("_time", ["first", "second"])
def test_what_one_test_commits_is_not_there_for_the_next(make: Make, _time: str) -> None:
    assert db.session.scalar(select(func.count()).select_from(User)) == 0
    make.user()
    db.session.commit()
    assert db.session.scalar(select(func.count()).select_from(User)) == 1


def test_a_rollback_undoes_only_what_was_not_committed(make: Make) -> None:
    make.user()
    db.session.commit()
    make.user()
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(User)) == 1


def test_a_session_of_another_context_sees_what_was_committed(
    app: Flask, make: Make, db_session: Any
) -> None:
    make.user()
    db.session.commit()
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(User)) == 1
