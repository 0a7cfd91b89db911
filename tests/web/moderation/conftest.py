"""What the tests of moderation share: somebody who wrote, somebody who reads, two who decide."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.entries.models import Case
from tests.indexing import _no_waiting_for_the_worker, index

__all__ = ["_no_waiting_for_the_worker", "index"]


@pytest.fixture
def author(make: Any) -> Any:
    """Return who wrote what is flagged."""
    return make.user(handle="author", name="Invented Author")


@pytest.fixture
def note(make: Any, author: Any) -> Any:
    """Return a public note."""
    return make.note(by=author, title="An invented title")


@pytest.fixture
def desk(app: Any, make: Any) -> Any:
    """Return the browser of a member who reads English."""
    return make.signed_in(app.test_client(), make.user(handle="reader", name="Invented Reader"))


@pytest.fixture
def office(app: Any, make: Any) -> Any:
    """Return the browser of a moderator."""
    user = make.user(handle="keeper", name="Invented Keeper", grants=["moderator"])
    return make.signed_in(app.test_client(), user)


@pytest.fixture
def other_office(app: Any, make: Any) -> Any:
    """Return the browser of another moderator."""
    user = make.user(handle="second", name="Invented Second", grants=["moderator"])
    return make.signed_in(app.test_client(), user)


def flag(desk: Any, path: str, **more: str) -> Any:
    """Flag something by its form."""
    answer = desk.post(f"{path}/flags/", data={"reason": "rude", "words": "", **more})
    assert answer.status_code == 303, answer.text
    return answer


def only_case() -> Case:
    """Return the one case there is."""
    return db.session.scalars(select(Case)).one()


def decide(office: Any, case: Case, **fields: str) -> Any:
    """Decide a case by its form."""
    data = {"number": str(case.number), "item": "keep", **fields}
    return office.post(f"/moderation/{case.id}/decision", data=data)
