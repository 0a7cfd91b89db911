"""What the tests of pages of notes share: an author at her desk, and a form that is filled in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from cop.core.db import db
from cop.core.types import Lang
from cop.entries import queries
from cop.entries.models import Revision
from cop.people.viewer import SYSTEM

if TYPE_CHECKING:
    from cop.people.models import User


@pytest.fixture
def author(make: Any) -> User:
    """Return somebody who writes, and reads English."""
    made: User = make.user(handle="author", name="Invented Author")
    return made


@pytest.fixture
def desk(client: Any, make: Any, author: User) -> Any:
    """Return the author's browser."""
    return make.signed_in(client, author)


@pytest.fixture
def typed(make: Any) -> dict[str, Any]:
    """Return what somebody typed into the form of a note: all that is required, nothing else."""
    make.term("open-space")
    return {
        "lang": "en",
        "title": "An invented open space",
        "outcome": "mixed",
        "outcome_reason": "People came, the office did not answer.",
        "strategies": ["open-space"],
        "what_happened": "We invited **everybody**.",
        "what_we_learned": "Ask the office first.",
        "organisation_mask": "named",
        "evidence": "own-experience",
        "visibility": "public",
        "name_mask": "shown",
        "form_key": "one-opened-form",
        "act": "publish",
    }


def hidden(page: str, name: str) -> str:
    """Return the value of a hidden field of a page."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found is not None, name
    return found.group(1)


def revisions() -> int:
    """Return how many revisions there are."""
    return db.session.scalar(select(func.count()).select_from(Revision))


@pytest.fixture
def note(desk: Any, typed: dict[str, Any]) -> int:
    """Return the id of a note the author published."""
    answer = desk.post("/notes/", data={**typed, "organisation": "Invented Aid"})
    return int(re.sub(r"\D*/notes/(\d+).*", r"\1", answer.headers["Location"]))


@pytest.fixture
def opened(desk: Any, typed: dict[str, Any], note: int) -> dict[str, Any]:
    """Return the fields of an editor opened on the note."""
    page = desk.get(f"/notes/{note}/edit").text
    fields = {**typed, "organisation": "Invented Aid", "entry": str(note)}
    del fields["form_key"]
    return {**fields, "base": hidden(page, "base"), "facts_base": hidden(page, "facts_base")}


def published(note: int, lang: Lang = Lang.EN) -> Revision:
    """Return what stands published."""
    return queries.current(queries.text_for(queries.get(SYSTEM, note), lang))
