"""A value for every request, read beside the session."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import text

from cop.core import clock
from cop.core.db import db, writing
from cop.web.models import AnsweredForm
from cop.web.version import quick_value

COUNT = "SELECT count(*) FROM answered_forms"


def test_what_is_committed_is_seen_at_once(site: Flask) -> None:
    with site.app_context():
        assert quick_value(COUNT) == "0"
        db.session.add(AnsweredForm(key="a", url="", created_at=clock.now()))
        db.session.commit()
        assert quick_value(COUNT) == "1"


def test_a_request_that_writes_is_neither_seen_nor_waited_for(site: Flask) -> None:
    with site.app_context(), writing():
        db.session.execute(text("DELETE FROM answered_forms"))
        db.session.add(AnsweredForm(key="a", url="", created_at=clock.now()))
        db.session.flush()
        assert quick_value(COUNT) == "0"
        db.session.rollback()


def test_nothing_is_an_empty_text(site: Flask) -> None:
    with site.app_context():
        assert quick_value("SELECT max(key) FROM answered_forms") == ""
        assert quick_value("SELECT key FROM answered_forms") == ""
