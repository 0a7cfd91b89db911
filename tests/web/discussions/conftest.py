"""What the tests of pages of discussions share."""

from __future__ import annotations

from typing import Any

import pytest

from cop.core.db import db
from tests.indexing import _no_waiting_for_the_worker, index

__all__ = ["_no_waiting_for_the_worker", "index"]


@pytest.fixture
def asker(make: Any) -> Any:
    """Return somebody who asks."""
    return make.user(handle="asker", name="Invented Asker")


@pytest.fixture
def desk(app: Any, make: Any, asker: Any) -> Any:
    """Return the asker's browser."""
    return make.signed_in(app.test_client(), asker)


@pytest.fixture
def members_desk(app: Any, make: Any) -> Any:
    """Return another member's browser."""
    return make.signed_in(app.test_client(), make.user(name="Invented Member"))


@pytest.fixture
def moderators_desk(app: Any, make: Any) -> Any:
    """Return a moderator's browser."""
    return make.signed_in(app.test_client(), make.user(grants=["moderator"]))


@pytest.fixture
def visitor(client: Any) -> Any:
    """Return the browser of somebody who is not signed in, and reads English."""
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def space(make: Any) -> Any:
    """Return a space."""
    made = make.space("working-together")
    db.session.commit()
    return made


@pytest.fixture
def question(make: Any, asker: Any, space: Any) -> Any:
    """Return a question of the asker's."""
    made = make.discussion(by=asker, title="Who signs when nobody will?", space=space)
    db.session.commit()
    return made


@pytest.fixture
def other(make: Any, space: Any) -> Any:
    """Return another one, of somebody else, that asks nearly the same."""
    made = make.discussion(by=make.user(name="Invented Second"), title="Who may sign?", space=space)
    db.session.commit()
    return made
