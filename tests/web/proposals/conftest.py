"""What the tests of proposals share: a page with sections, its readers, and a proposal for it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from cop.core.db import db
from cop.core.types import Lang
from cop.entries import queries as entries
from cop.entries.draft import Origin, Signature, TextDraft
from cop.entries.models import Visibility
from cop.people.viewer import SYSTEM, VISITOR
from cop.practices.draft import PracticeDraft, PracticeFacts
from cop.practices.operations import start_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

SECTIONS = {
    "summary": "Begin with a small group.",
    "how": "Find three people.\n\nMeet them twice.\n\nWrite down what they agree.",
    "pitfalls": "The group may close itself.",
}


@pytest.fixture
def page(make: Any) -> Any:
    """Return a published practice page in English."""
    strategy = make.term("small-groups", name="Small groups")
    entry = start_page(
        by=SYSTEM,
        draft=PracticeDraft(
            (TextDraft(Lang.EN, "Small groups", SECTIONS),),
            PracticeFacts(strategy=strategy.key),
            Signature(Visibility.PUBLIC),
        ),
        origin=Origin(written_by="editors"),
    )
    db.session.commit()
    return entry


@pytest.fixture
def enter(app: Any, make: Any) -> Callable[..., FlaskClient]:
    """Return the function that gives somebody a browser in English."""

    def entered(user: Any) -> FlaskClient:
        browser: FlaskClient = make.signed_in(app.test_client(), user)
        browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        return browser

    return entered


@pytest.fixture
def proposer(make: Any) -> Any:
    """Return a member who proposes."""
    return make.user(name="Invented Proposer")


@pytest.fixture
def desk(enter: Any, proposer: Any) -> FlaskClient:
    """Return the proposer's browser."""
    found: FlaskClient = enter(proposer)
    return found


@pytest.fixture
def curator(make: Any, enter: Any) -> FlaskClient:
    """Return a curator's browser."""
    found: FlaskClient = enter(make.user(name="Invented Curator", grants=["curator"]))
    return found


def fields_of(browser: FlaskClient, address: str) -> dict[str, str]:
    """Return what the form of a page would send untouched."""
    text = browser.get(address).text
    form = max(re.findall(r"<form.*?</form>", text, re.DOTALL), key=len)
    fields = dict(re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', form))
    fields |= {
        name: value.removeprefix("\n").removeprefix("\r\n")
        for name, value in re.findall(
            r'<textarea[^>]*?name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL
        )
    }
    chosen = re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"[^>]*?checked', form)
    return {**{key: value for key, value in fields.items() if key != "act"}, **dict(chosen)}


def propose(desk: FlaskClient, entry: Any, **changes: str) -> int:
    """Propose an edit through the form; return the number of the proposal."""
    fields = fields_of(desk, f"/entries/{entry.id}/proposals/new?text=en")
    sent = {**fields, "note": "From our own year with it.", **changes}
    answer = desk.post(f"/entries/{entry.id}/proposals/", data=sent)
    assert answer.status_code == 303, answer.text
    return int(answer.location.rsplit("/", 1)[1])


def decide(curator: FlaskClient, number: int, act: str = "accept", **changes: str) -> Any:
    """Decide about a proposal through the form of its page."""
    fields = fields_of(curator, f"/proposals/{number}")
    return curator.post(f"/proposals/{number}/decision", data={**fields, "act": act, **changes})


def published(entry: Any) -> Any:
    """Return what stands on the page."""
    db.session.expire_all()
    return entries.current(entries.text_for(entries.get(VISITOR, entry.id), Lang.EN))
