"""What the tests of pages about people share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cop.core.db import db
from cop.people import passwords
from cop.web.limits import limits
from tests.make import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flask import Flask

    from cop.people.models import User


@pytest.fixture(autouse=True)
def _fresh_limits(app: Flask) -> None:
    """Begin each test with nothing tried: the counters lie outside its transaction."""
    limits(app).storage.reset()


@pytest.fixture
def person(make: Any) -> Callable[..., User]:
    """Return the function that makes an account that can sign in with `PASSWORD`."""

    def build(**more: Any) -> User:
        user = make.user(**more)
        user.password_hash = passwords.hashed(PASSWORD)
        db.session.flush()
        return user

    return build


@pytest.fixture
def english(client: Any) -> Any:
    """Return the client of somebody who reads English."""
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def with_csrf(app: Flask) -> Iterator[None]:
    """Check tokens as the real site does."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


@pytest.fixture
def li(person: Callable[..., User]) -> User:
    """Return an account that can sign in."""
    return person(handle="invented-li", name="Invented Li", email="li@example.org")
