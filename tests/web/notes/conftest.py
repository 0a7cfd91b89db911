"""What the tests of pages of notes share: an author at her desk, and a form that is filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

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
