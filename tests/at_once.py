"""Requests at the same moment, over a database that really commits."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from cop.app import create_app
from cop.core.db import db
from cop.web.limits import limits
from tests.conftest import test_settings
from tests.databases import fresh_database

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask


@contextmanager
def committing(folder: Path, migrated: str) -> Iterator[Flask]:
    """Give an application whose commits are real, on a copy of a database that the migrations made."""
    with fresh_database(folder, like=migrated) as url:
        app = create_app(test_settings(folder, url))
        app.config.update(WTF_CSRF_ENABLED=False)
        yield app
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        limits(app).storage.close()


def together(*acts: Any) -> list[Any]:
    """Do all of it at the same moment, each in a thread, and return what came out."""
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Any) -> None:
        start.wait(60)
        try:
            results[place] = act()
        except Exception as error:  # noqa: BLE001  whatever it is, the test shows it
            results[place] = error

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results
