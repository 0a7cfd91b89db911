"""Two wishes at the same moment make one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cop.core.db import db, writing
from cop.people import passwords
from cop.people.models import Takeout
from tests.at_once import committing, together
from tests.make import PASSWORD, Make
from tests.web.takeout.conftest import PAGE

if TYPE_CHECKING:
    from pathlib import Path


def test_asked_for_at_the_same_moment_on_two_devices_one_is_made(tmp_path: Path, migrated: str):
    with committing(tmp_path / "at-once", migrated) as app:
        with app.app_context(), writing():
            make = Make()
            user = make.user()
            user.password_hash = passwords.hashed(PASSWORD)
            devices = [make.signed_in(app.test_client(), user) for _ in range(2)]
            db.session.commit()
            db.session.remove()
        asked = {"current": PASSWORD, "act": "make"}
        acts = [lambda one=one: one.post(PAGE, data=asked).status_code for one in devices]
        assert together(*acts) == [303, 303]
        with app.app_context():
            assert db.session.query(Takeout).count() == 1
            db.session.remove()
