"""What the tests of practice pages share: a page, and readers of several kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cop.core.db import db
from cop.core.types import Lang
from cop.entries.draft import Cited, Origin, Signature, TextDraft
from cop.entries.models import Visibility
from cop.people.viewer import SYSTEM
from cop.practices.draft import PracticeDraft, PracticeFacts
from cop.practices.operations import start_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from cop.entries.models import Entry


@pytest.fixture
def english(client: Any) -> Any:
    """Return a visitor's browser that reads English."""
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def start(make: Any) -> Callable[..., Entry]:
    """Return the function that publishes a practice page as the system does."""

    def started(strategy: Any, *, visibility: str = "public", **more: Any) -> Entry:
        sections = {"summary": "An invented summary.", **more.pop("sections", {})}
        entry = start_page(
            by=more.pop("by", SYSTEM),
            draft=PracticeDraft(
                (TextDraft(Lang.EN, more.pop("title", "An invented practice"), sections),),
                PracticeFacts(
                    strategy=strategy.key,
                    sources=tuple(Cited(*one) for one in more.pop("sources", ())),
                    **more,
                ),
                Signature(Visibility(visibility)),
            ),
            origin=Origin(written_by="editors"),
        )
        db.session.commit()
        return entry

    return started
