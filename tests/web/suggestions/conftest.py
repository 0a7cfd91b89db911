"""What the tests of suggested terms share: a list with terms, somebody who misses one, and a curator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cop.core.db import db

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient


@pytest.fixture
def enter(app: Any, make: Any) -> Callable[..., FlaskClient]:
    """Return the function that gives somebody a browser in English."""

    def entered(user: Any) -> FlaskClient:
        browser: FlaskClient = make.signed_in(app.test_client(), user)
        browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        return browser

    return entered


@pytest.fixture
def terms(make: Any) -> Any:
    """Return a strategy that stands in the list, beside a sector."""
    made = make.term("open-space", name="Open space", zh="开放空间")
    make.term("elderly", scheme="sector", name="Elderly people", zh="老年人")
    db.session.commit()
    return made


@pytest.fixture
def asker(make: Any) -> Any:
    """Return a member who misses a term."""
    return make.user(name="Invented Asker")


@pytest.fixture
def asking(enter: Any, asker: Any, terms: Any) -> FlaskClient:
    """Return her browser."""
    found: FlaskClient = enter(asker)
    return found


@pytest.fixture
def desk(make: Any, enter: Any, terms: Any) -> FlaskClient:
    """Return a curator's browser."""
    found: FlaskClient = enter(make.user(name="Invented Curator", grants=["curator"]))
    return found


def typed(**more: str) -> dict[str, str]:
    """Return the form of a suggestion as somebody fills it in."""
    return {
        "scheme": "strategy",
        "name_zh": "虚构的轮值",
        "name_en": "Taking turns",
        "definition": "The chair goes round among those who meet.",
        "why": "None of the strategies says that the chair changes.",
        "tags_entry": "y",
        "form_key": "once-and-only",
        "act": "send",
        **more,
    }


def suggest(asking: FlaskClient, **more: str) -> int:
    """Suggest a term; return the number of the suggestion."""
    answer = asking.post("/terms/suggest", data=typed(**more))
    assert answer.status_code == 303, answer.text
    return int(answer.location.rsplit("/", 1)[1])


def worded(**more: str) -> dict[str, str]:
    """Return the form of a decision as a curator fills it in."""
    return {
        "name_zh": "轮流主持",
        "name_en": "Rotating chair",
        "definition_en": "Whoever meets leads in turn.",
        "reason": "",
        "act": "accept",
        **more,
    }
