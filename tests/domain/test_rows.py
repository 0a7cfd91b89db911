"""Reading columns without the price of objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from cop.core.db import db, rows
from cop.people.models import User

if TYPE_CHECKING:
    from flask import Flask

    from tests.make import Make

_NAMES = select(User.id, User.name, User.names).where(User.id == bindparam("user"))


def test_rows_are_what_the_session_would_give(app: Flask, make: Make) -> None:
    user = make.user()
    user.names = {"zh-Hans": "虚构", "en": "Invented"}
    with db.session.no_autoflush:
        assert rows(_NAMES, {"user": user.id})[0].names is None
    # What was changed and not yet written is seen, as everywhere else.
    found = rows(_NAMES, {"user": user.id})
    assert found == db.session.execute(_NAMES, {"user": user.id}).all()
    assert found[0].names == {"zh-Hans": "虚构", "en": "Invented"}
