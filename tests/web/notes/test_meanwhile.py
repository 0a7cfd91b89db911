"""A note that was closed, or told in the other language, while somebody typed: no words are lost."""

from __future__ import annotations

import re

import pytest

from cop.core.types import Lang
from tests.web.notes.conftest import hidden, published, revisions


@pytest.fixture
def told():
    return {
        "title": "一次虚构的开放空间",
        "outcome_reason": "居民来了，办事处没有回应。",
        "what_happened": "我们请了所有人。",
        "what_we_learned": "先问办事处。",
        "act": "publish",
    }


def test_a_telling_sent_twice_leads_to_the_note(desk, note, told):
    desk.post(f"/notes/{note}/translate/zh", data=told)
    answer = desk.post(f"/notes/{note}/translate/zh", data=told)
    assert answer.status_code == 303
    page = desk.get(answer.headers["Location"])
    assert page.status_code == 200
    assert told["title"] in page.text
    assert revisions() == 2


def test_a_telling_sent_again_with_other_words_goes_on_as_an_edit(desk, typed, note, told):
    desk.post(f"/notes/{note}/translate/zh", data=told)
    answer = desk.post(f"/notes/{note}/translate/zh", data={**told, "title": "另一个标题"})
    assert answer.status_code == 409
    assert f'action="/notes/{note}/edit"' in answer.text
    assert 'value="另一个标题"' in answer.text
    assert re.search(r'name="outcome" value="mixed" checked', answer.text)
    fields = {**typed, **told, "title": "另一个标题", "lang": "zh", "organisation": "Invented Aid"}
    fields |= {name: hidden(answer.text, name) for name in ("base", "facts_base")}
    assert desk.post(f"/notes/{note}/edit", data=fields).status_code == 303
    assert published(note, Lang.ZH).title == "另一个标题"
    assert published(note).title == typed["title"]


@pytest.fixture(params=["withdrawn", "hidden"])
def closed(request, desk, make, app, note):
    """Take the note away while its author has the editor open; return the sentence she reads."""
    if request.param == "withdrawn":
        desk.post(f"/entries/{note}/withdrawal")
        return "You have withdrawn this. What you typed is below"
    moderator = make.signed_in(app.test_client(), make.user(grants=["moderator"]))
    moderator.post(f"/entries/{note}/hiding", data={"reason": "Names a resident"})
    return "A moderator has hidden this, so"


def test_a_note_closed_while_its_author_edits_it_loses_nothing_typed(desk, opened, note, closed):
    answer = desk.post(f"/notes/{note}/edit", data={**opened, "context": "Typed meanwhile"})
    assert answer.status_code == 409
    assert closed in answer.text
    assert "Typed meanwhile" in answer.text
    assert revisions() == 1


def test_the_draft_of_a_closed_note_is_kept_and_opens(desk, opened, note, closed):
    changed = {**opened, "context": "Typed meanwhile"}
    saved = desk.post("/notes/drafts", data=changed, headers={"Accept": "application/json"})
    assert saved.status_code == 200
    draft = saved.json["fields"]["draft"]
    kept = desk.post(f"/notes/{note}/edit", data={**changed, "draft": draft, "act": "draft"})
    assert kept.status_code == 303
    page = desk.get(f"/drafts/{draft}", follow_redirects=True)
    assert page.status_code == 200
    assert closed in page.text
    assert "Typed meanwhile" in page.text
    assert desk.get(f"/notes/{note}/edit").status_code == 403


def test_a_telling_of_a_closed_note_loses_nothing_typed(desk, note, told, closed):
    answer = desk.post(f"/notes/{note}/translate/zh", data=told)
    assert answer.status_code == 409
    assert closed in answer.text
    assert told["what_happened"] in answer.text
    assert revisions() == 1
