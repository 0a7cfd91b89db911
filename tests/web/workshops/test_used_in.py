"""Whatever a workshop is built on leads back to it, in both languages."""

from __future__ import annotations

import pytest

from cop.core.db import db
from cop.core.types import Lang
from cop.entries.draft import TextDraft
from cop.guides.draft import GuideDraft, GuideFacts
from cop.guides.operations import start_guide
from cop.people.viewer import SYSTEM
from tests.collecting import collection
from tests.web.proposals.conftest import page as practice

__all__ = ["practice"]


@pytest.fixture
def everything(make, practice):
    """Return an entry of each kind that a workshop can be built on."""
    text = TextDraft(Lang.EN, "Invented guide", {"summary": "For whom.", "body": "Ask first."})
    guide = start_guide(by=SYSTEM, draft=GuideDraft((text,), GuideFacts()))
    note = make.note()
    made = [note, practice, guide, make.discussion(), collection(make, note)]
    db.session.commit()
    return made


def test_what_a_workshop_is_built_on_shows_it_back(client, hold, everything):
    entry = hold(*everything, title="An invented workshop on all of it")
    for lang, said in (("en", "Used in workshops"), ("zh", "用到它的工作坊")):
        shown = client.get(f"/workshops/{entry.id}?lang={lang}", follow_redirects=True).text
        assert shown.count("Because it failed.") == len(everything)
        for one in everything:
            path = {"practice": "practices", "note": "notes"}.get(one.kind, f"{one.kind}s")
            answer = client.get(f"/{path}/{one.id}?lang={lang}", follow_redirects=True)
            assert answer.status_code == 200, one.kind
            assert said in answer.text, one.kind
            assert "An invented workshop on all of it" in answer.text, one.kind
