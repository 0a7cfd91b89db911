"""What the tests of guides share: a guide, and the browsers of its readers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cop.core.db import db
from cop.core.types import Lang
from cop.entries.draft import Origin, Signature, TextDraft
from cop.entries.models import Visibility
from cop.guides.draft import GuideDraft, GuideFacts
from cop.guides.operations import start_guide
from cop.people.viewer import SYSTEM
from tests.indexing import index
from tests.web.proposals.conftest import curator, desk, enter, proposer

if TYPE_CHECKING:
    from collections.abc import Callable

    from cop.entries.models import Entry

__all__ = ["curator", "desk", "enter", "index", "proposer"]

BODY = "## Before you begin\n\nAsk by phone.\n\n## At the counter\n\nBring two copies.\n\n### Copies\n\nColour."


@pytest.fixture
def english(client: Any) -> Any:
    """Return a visitor's browser that reads English."""
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def write(app: Any) -> Callable[..., Entry]:
    """Return the function that publishes a guide as the system does."""

    def written(
        title: str = "How to register",
        *,
        visibility: str = "public",
        terms: tuple[Any, ...] = (),
        **sections: str,
    ) -> Entry:
        told = {"summary": "For groups that want a licence.", "body": BODY, **sections}
        entry = start_guide(
            by=SYSTEM,
            draft=GuideDraft(
                (TextDraft(Lang.EN, title, told),),
                GuideFacts(terms=tuple(term.key for term in terms)),
                Signature(Visibility(visibility)),
            ),
            origin=Origin(written_by="editors"),
        )
        db.session.commit()
        return entry

    return written
