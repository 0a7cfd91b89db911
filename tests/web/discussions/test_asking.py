"""Asking: the form, what it refuses, drafts, similar discussions, and editing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from cop.core.db import db
from cop.discussions.models import Discussion
from cop.entries.models import Draft, Entry
from tests.collecting import collection
from tests.web.guides.conftest import write
from tests.web.workshops.conftest import hold, trainer

__all__ = ["hold", "trainer", "write"]


@pytest.fixture
def typed(make: Any, space: Any) -> dict[str, Any]:
    """Return what somebody typed into the form: all that is required, nothing else."""
    make.term("open-space")
    return {
        "lang": "en",
        "title": "Who signs when nobody will?",
        "body": "The office **waits**.",
        "form": "question",
        "space": space.key,
        "terms": ["open-space"],
        "visibility": "public",
        "name_mask": "shown",
        "form_key": "one-opened-form",
        "act": "publish",
    }


def discussions() -> int:
    return db.session.scalar(select(func.count()).select_from(Discussion)) or 0


def test_a_member_asks_and_everybody_reads_it(desk, visitor, typed, space):
    answer = desk.post("/discussions/", data=typed)
    assert answer.status_code == 303
    page = visitor.get(answer.headers["Location"]).text
    assert "<strong>waits</strong>" in page
    assert "Open space" in page
    assert "No reply yet" in page
    assert "Invented Asker" in page
    for path in ("/discussions/", "/discussions/?show=unanswered", f"/spaces/{space.id}"):
        assert typed["title"] in visitor.get(path, follow_redirects=True).text, path
    assert typed["title"] in visitor.get("/").text


def test_a_question_that_waits_is_not_announced_as_published(app, make, typed):
    own = make.signed_in(app.test_client(), make.user(newcomer=True))
    page = own.post("/discussions/", data=typed, follow_redirects=True).text
    assert "It is sent. It is looked at first" in page
    assert "It is published" not in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"title": ""}, "Give it a title"),
        ({"title": "x" * 161}, "This title is too long"),
        ({"body": " "}, "Tell what it is about"),
        ({"body": "x" * 40_001}, "This is too long"),
        ({"space": "nowhere"}, "Choose the space it belongs to."),
        ({"form": "poll"}, "Choose whether you ask"),
        ({"terms": ["no-term"]}, "is not in the term list"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_typed_is_lost(desk, typed, changed, sentence):
    answer = desk.post("/discussions/", data={**typed, **changed})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert (changed.get("title") or typed["title"]) in answer.text or "title" in changed
    assert discussions() == 0


def test_everything_that_is_missing_is_said_at_once(desk, typed):
    answer = desk.post("/discussions/", data={**typed, "title": "", "body": ""})
    assert answer.status_code == 422
    assert "Give it a title" in answer.text
    assert "Tell what it is about" in answer.text


def test_a_form_sent_twice_makes_one_discussion_and_loses_no_words(desk, typed):
    first, second = (desk.post("/discussions/", data=typed) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert discussions() == 1
    third = desk.post("/discussions/", data={**typed, "body": "Something more."})
    assert third.status_code == 409
    assert "Something more." in third.text
    assert "This is published already." in third.text


def test_a_preview_shows_what_was_discussed_already_and_publishes_nothing(
    make, desk, typed, space, index
):
    make.discussion(title="Who signs when the leader will not?", space=space)
    make.discussion(title="Signs nobody reads", space=space, visibility="members")
    index()
    page = desk.post("/discussions/", data={**typed, "act": "preview"})
    assert page.status_code == 200
    assert "<strong>waits</strong>" in page.text
    assert "Who signs when the leader will not?" in page.text
    assert discussions() == 2


def test_similar_discussions_come_while_typing_and_only_those_one_may_read(
    make, desk, visitor, space, index
):
    make.discussion(title="A quagga in the reserve", space=space)
    make.discussion(title="Another quagga", space=space, visibility="members")
    hidden = make.discussion(title="A hidden quagga", space=space)
    index()
    hidden.status, hidden.audience = "hidden", "moderators"
    assert "A quagga in the reserve" in desk.get("/discussions/similar?title=quagga").text
    assert "Another quagga" in desk.get("/discussions/similar?title=quagga").text
    found = visitor.get("/discussions/similar?title=quagga").text
    assert "A quagga in the reserve" in found
    assert "Another quagga" not in found
    assert "A hidden quagga" not in found
    assert visitor.get("/discussions/similar?title=zzz").text.strip() == ""
    assert visitor.get("/discussions/similar").text.strip() == ""


def test_the_words_of_a_search_become_the_title(desk, space):
    page = desk.get("/discussions/new?title=%E8%B0%81%E7%AD%BE%E5%AD%97").text
    assert 'value="谁签字"' in page


def test_a_draft_is_kept_and_taken_up_again(desk, typed):
    said = desk.post("/discussions/drafts", data={**typed, "title": "Half a question"}).json
    assert "Draft saved" in said["message"]
    draft = db.session.scalars(select(Draft)).one()
    assert "Half a question" in desk.get("/drafts/").text
    answer = desk.get(f"/drafts/{draft.id}", follow_redirects=True)
    assert "Half a question" in answer.text
    desk.post("/discussions/", data={**typed, "draft": said["fields"]["draft"]})
    assert db.session.scalars(select(Draft)).all() == []


def test_a_discussion_about_a_note_shows_on_both(make, desk, visitor, typed):
    note = make.note(title="A note to talk about")
    form = desk.get(f"/discussions/new?about={note.id}").text
    assert "A note to talk about" in form
    answer = desk.post("/discussions/", data={**typed, "about": str(note.id)})
    assert "A note to talk about" in visitor.get(answer.headers["Location"]).text
    page = visitor.get(f"/notes/{note.id}", follow_redirects=True).text
    assert typed["title"] in page


@pytest.mark.parametrize("kind", ["workshop", "guide", "collection"])
def test_so_does_one_about_anything_else(make, desk, visitor, typed, hold, write, kind):
    made = {
        "workshop": lambda: hold(title="Something to talk about"),
        "guide": lambda: write("Something to talk about"),
        "collection": lambda: collection(make, make.note(), title="Something to talk about"),
    }
    entry = made[kind]()
    db.session.commit()
    address = f"/{kind}s/{entry.id}"
    page = visitor.get(address, follow_redirects=True).text
    assert f'href="/discussions/new?about={entry.id}"' in page
    assert "Something to talk about" in desk.get(f"/discussions/new?about={entry.id}").text
    answer = desk.post("/discussions/", data={**typed, "about": str(entry.id)})
    assert "Something to talk about" in visitor.get(answer.headers["Location"]).text
    assert typed["title"] in visitor.get(address, follow_redirects=True).text


def test_a_note_one_may_not_read_cannot_be_talked_about(make, members_desk, typed):
    note = make.note(title="A hidden note")
    note.status, note.audience = "hidden", "moderators"
    assert members_desk.get(f"/discussions/new?about={note.id}").status_code in (404, 410)
    answer = members_desk.post("/discussions/", data={**typed, "about": str(note.id)})
    assert answer.status_code in (404, 410)


def test_links_to_what_a_reader_may_not_open_are_not_there(make, visitor, members_desk, space):
    note = make.note(title="A members’ note", visibility="members")
    asked = make.discussion(title="About it", notes=[note], space=space)
    closed = make.discussion(
        title="For members only", notes=[note], space=space, visibility="members"
    )
    open_note = make.note(title="An open note")
    make.discussion(title="Closed about an open one", notes=[open_note], visibility="members")
    assert (
        "A members’ note" not in visitor.get(f"/discussions/{asked.id}", follow_redirects=True).text
    )
    assert (
        "A members’ note"
        in members_desk.get(f"/discussions/{closed.id}", follow_redirects=True).text
    )
    page = visitor.get(f"/notes/{open_note.id}", follow_redirects=True).text
    assert "Closed about an open one" not in page


def test_its_author_edits_it_and_the_history_tells(desk, visitor, question, typed):
    form = desk.get(f"/discussions/{question.id}/edit").text
    base = re.search(r'name="base"[^>]*value="(\d+)"', form).group(1)
    fields = {**typed, "title": "Who signs now?", "base": base, "entry": str(question.id)}
    del fields["form_key"]
    answer = desk.post(f"/discussions/{question.id}/edit", data=fields)
    assert answer.status_code == 303
    assert "Who signs now?" in visitor.get(answer.headers["Location"]).text
    history = visitor.get(f"/entries/{question.id}/history").text
    assert 'href="/discussions/"' in history
    diff = visitor.get(f"/entries/{question.id}/diff").text
    assert "Open space" in diff


def test_two_edits_of_one_passage_lose_no_words(desk, question, typed):
    form = desk.get(f"/discussions/{question.id}/edit").text
    base = re.search(r'name="base"[^>]*value="(\d+)"', form).group(1)
    path = f"/discussions/{question.id}/edit"
    desk.post(path, data={**typed, "base": base, "body": "On the phone."})
    answer = desk.post(path, data={**typed, "base": base, "body": "On the desk."})
    assert answer.status_code == 409
    assert "On the desk." in answer.text
    assert "phone" in answer.text
    again = re.search(r'name="base"[^>]*value="(\d+)"', answer.text).group(1)
    assert desk.post(path, data={**typed, "base": again, "body": "On the desk."}).status_code == 303


def test_it_is_told_in_the_other_language(desk, visitor, question):
    page = desk.get(f"/entries/{question.id}/translate/zh", follow_redirects=True).text
    assert "Who signs when nobody will?" in page
    answer = desk.post(
        f"/discussions/{question.id}/translate/zh",
        data={"title": "没人签字怎么办？", "body": "街道在等。", "act": "publish"},
    )
    assert answer.status_code == 303
    page = visitor.get(f"/discussions/{question.id}?text=zh", follow_redirects=True).text
    assert '<h1 lang="zh-Hans">没人签字怎么办？' in page
    again = desk.post(
        f"/discussions/{question.id}/translate/zh",
        data={"title": "再来一次", "body": "再写。", "act": "publish"},
    )
    assert again.status_code == 422
    assert "再来一次" in again.text


def test_withdrawn_and_hidden_discussions_are_gone_for_others(
    desk, moderators_desk, visitor, question, typed
):
    desk.post(f"/entries/{question.id}/withdrawal")
    assert visitor.get(f"/discussions/{question.id}").status_code == 410
    assert (
        "You have withdrawn this."
        in desk.get(f"/discussions/{question.id}", follow_redirects=True).text
    )
    late = desk.post(f"/discussions/{question.id}/edit", data={**typed, "body": "Late words."})
    assert late.status_code == 409
    assert "Late words." in late.text
    for path in ("/discussions/", "/discussions/?show=unanswered", "/"):
        assert "Who signs" not in visitor.get(path).text
    desk.post(f"/entries/{question.id}/return")
    moderators_desk.post(f"/entries/{question.id}/hiding", data={"reason": "It names somebody"})
    assert visitor.get(f"/discussions/{question.id}").status_code == 410
    assert (
        "It names somebody" in desk.get(f"/discussions/{question.id}", follow_redirects=True).text
    )


def test_an_unnamed_asker_is_named_nowhere(make, desk, visitor, moderators_desk, space, asker):
    asked = make.discussion(by=asker, name_mask="unnamed", space=space)
    make.comment(asked, "My own reply", by=asker)
    for reader in (visitor, moderators_desk):
        for path in (f"/discussions/{asked.id}", "/discussions/", f"/spaces/{space.id}"):
            page = reader.get(path, follow_redirects=True).text
            assert "Invented Asker" not in page
            assert "/people/asker" not in page


def test_an_entry_of_another_kind_is_no_discussion(make, visitor):
    note = make.note()
    assert visitor.get(f"/discussions/{note.id}").status_code == 404
    assert visitor.get("/spaces/999").status_code == 404
    assert db.session.get(Entry, note.id).kind == "note"
