"""What these tests share."""

from __future__ import annotations

from typing import Any

import pytest

from cop.core.db import db
from cop.core.types import Lang
from cop.entries import queries
from cop.entries.models import Entry, Revision
from cop.notes.draft import NoteFacts
from cop.notes.revising import revise_note
from cop.people.viewer import SYSTEM
from tests.indexing import _no_waiting_for_the_worker, index

__all__ = ["_no_waiting_for_the_worker", "index"]


def edited(make: Any, author: Any, entry: Entry, lang: Lang = Lang.EN, **sections: str) -> Revision:
    """Publish a new revision by the real operation and return it."""
    loaded = queries.get(SYSTEM, entry.id)
    now = queries.current(queries.text_for(loaded, lang))
    title = sections.pop("title", now.title)
    done = revise_note(
        by=make.viewer(author),
        entry_id=entry.id,
        base_id=now.id,
        draft=make.text(lang, title, **{**now.sections, **sections}),
        facts=NoteFacts.from_json(queries.latest_facts(loaded).facts),
        signature=None,
    )
    db.session.commit()
    return queries.current(done.text)


@pytest.fixture
def author(make: Any) -> Any:
    """Return somebody who writes."""
    return make.user(handle="author", name="Invented Author")


@pytest.fixture
def desk(app: Any, make: Any, author: Any) -> Any:
    """Return the author's browser."""
    return make.signed_in(app.test_client(), author)


@pytest.fixture
def moderators_desk(app: Any, make: Any) -> Any:
    """Return a moderator's browser."""
    return make.signed_in(app.test_client(), make.user(grants=["moderator"]))


@pytest.fixture
def members_desk(app: Any, make: Any) -> Any:
    """Return another member's browser."""
    return make.signed_in(app.test_client(), make.user())


@pytest.fixture
def visitor(client: Any) -> Any:
    """Return the browser of somebody who is not signed in, and reads English."""
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def note(make: Any, author: Any) -> Any:
    """Return a note of the author's."""
    made = make.note(by=author, title="An invented title")
    db.session.commit()
    return made
