"""What the tests of pages of collections share."""

from __future__ import annotations

from typing import Any

import pytest

from cop.core.db import db
from cop.people.models import User
from tests.collecting import collection
from tests.indexing import _no_waiting_for_the_worker, index

__all__ = ["_no_waiting_for_the_worker", "index"]


@pytest.fixture
def trainer(make: Any) -> User:
    """Return a trainer."""
    return make.user(handle="trainer", name="Invented Trainer", grants=["trainer"])


@pytest.fixture
def desk(app: Any, make: Any, trainer: User) -> Any:
    """Return the trainer's browser."""
    return make.signed_in(app.test_client(), trainer)


@pytest.fixture
def curators_desk(app: Any, make: Any) -> Any:
    """Return a curator's browser."""
    return make.signed_in(app.test_client(), make.user(name="Invented Curator", grants=["curator"]))


@pytest.fixture
def members_desk(app: Any, make: Any) -> Any:
    """Return the browser of a member who is neither."""
    return make.signed_in(app.test_client(), make.user(name="Invented Member"))


@pytest.fixture
def visitor(client: Any) -> Any:
    """Return the browser of somebody who is not signed in, and reads English."""
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def notes(make: Any) -> list[Any]:
    """Return three public notes."""
    made = [make.note(title=f"Invented {name} note") for name in ("first", "second", "third")]
    db.session.commit()
    return made


@pytest.fixture
def first_month(make: Any, trainer: User, notes: list[Any]) -> Any:
    """Return a collection of the trainer's that holds the three."""
    made = collection(
        make, *notes, by=trainer, reasons=["It begins.", "It goes on.", "It ends well."]
    )
    db.session.commit()
    return made
