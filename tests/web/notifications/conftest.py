"""What these tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cop.core.db import db
from tests.indexing import _no_waiting_for_the_worker, index
from tests.mails import sent as post

if TYPE_CHECKING:
    from flask.testing import FlaskClient

__all__ = ["_no_waiting_for_the_worker", "index", "post"]


@pytest.fixture
def author(make: Any) -> Any:
    """Return somebody who writes."""
    return make.user(handle="author", name="Invented Author")


@pytest.fixture
def reader(make: Any) -> Any:
    """Return somebody who watches."""
    return make.user(handle="reader", name="Invented Reader")


@pytest.fixture
def desk(app: Any, make: Any, reader: Any) -> FlaskClient:
    """Return the reader's browser."""
    return make.signed_in(app.test_client(), reader)


@pytest.fixture
def authors_desk(app: Any, make: Any, author: Any) -> FlaskClient:
    """Return the author's browser."""
    return make.signed_in(app.test_client(), author)


@pytest.fixture
def note(make: Any, author: Any) -> Any:
    """Return a note of the author's."""
    made = make.note(by=author, title="An invented title")
    db.session.commit()
    return made


def watch(desk: FlaskClient, path: str, level: str = "everything") -> None:
    """Press the button that watches."""
    assert desk.post(f"{path}/watch", data={"level": level}).status_code == 303


def notices(desk: FlaskClient) -> str:
    """Return what the page of notices says."""
    answer = desk.get("/notices/")
    assert answer.status_code == 200
    return answer.text.partition("<main")[2]


def bell(desk: FlaskClient) -> str:
    """Return the number at the bell."""
    return str(desk.get("/notices/count").get_json()["text"])
