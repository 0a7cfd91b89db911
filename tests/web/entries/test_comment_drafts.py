"""Comments while they are written: kept, found again on any device, gone once they are published."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import delete, select

from cop.core.db import db
from cop.entries import drafts, saying
from cop.entries.models import Comment, Draft, Entry


def kept() -> list[Draft]:
    db.session.expire_all()
    return list(db.session.scalars(select(Draft).order_by(Draft.id)))


def write(desk: Any, entry: Entry, body: str, **fields: str) -> Any:
    """Do what the script does while somebody types."""
    sent = {"draft_page": "one-page", "body": body, **fields}
    return desk.post(f"/entries/{entry.id}/comments/drafts", data=sent)


def box(desk: Any, address: str) -> str:
    """Return what stands in the comment box of a page."""
    text = desk.get(address, follow_redirects=True).text
    found = re.search(r"<textarea[^>]*?name=\"body\"[^>]*>(.*?)</textarea>", text, re.DOTALL)
    return found[1].strip() if found else "(no box)"


def hidden(desk: Any, address: str) -> dict[str, str]:
    text = desk.get(address, follow_redirects=True).text
    form = re.search(r"<form[^>]*?/comments/.*?</form>", text, re.DOTALL)
    assert form
    fields = re.findall(r'<input[^>]*?type="hidden"[^>]*?>', form[0])
    pairs = [(re.search('name="([^"]+)"', f), re.search('value="([^"]*)"', f)) for f in fields]
    return {name[1]: value[1] if value else "" for name, value in pairs if name}


@pytest.fixture
def other_device(app: Any, make: Any, author: Any) -> Any:
    """Return another browser of the author's."""
    return make.signed_in(app.test_client(), author)


@pytest.fixture
def said(make: Any, note: Entry) -> Comment:
    made = make.comment(note, "What was said before")
    db.session.commit()
    return made


def test_what_was_typed_stands_in_the_form_again_on_another_device(desk, other_device, note):
    answer = write(desk, note, "Half a sen")
    assert answer.status_code == 200
    assert answer.json["fields"]["draft"] == str(kept()[0].id)
    assert box(other_device, f"/notes/{note.id}") == "Half a sen"
    assert box(other_device, f"/entries/{note.id}/comments/new") == "Half a sen"


def test_nobody_else_reads_it(desk, members_desk, visitor, note):
    write(desk, note, "Half a sen")
    draft = kept()[0]
    assert box(members_desk, f"/notes/{note.id}") == ""
    assert "Half a sen" not in visitor.get(f"/notes/{note.id}", follow_redirects=True).text
    for path in (f"/drafts/{draft.id}", f"/drafts/comments/{draft.id}"):
        assert members_desk.get(path).status_code == 404
    asked = f"/entries/{note.id}/comments/new?draft={draft.id}"
    assert members_desk.get(asked).status_code == 404


def test_an_answer_is_kept_apart_from_a_comment_and_from_other_answers(desk, note, said, make):
    write(desk, note, "To all")
    write(desk, note, "To one", answers=str(said.id))
    address = f"/entries/{note.id}/comments/new"
    assert box(desk, address) == "To all"
    assert box(desk, f"{address}?answer={said.id}") == "To one"
    other = make.comment(note, "Another")
    db.session.commit()
    assert box(desk, f"{address}?answer={other.id}") == ""
    quoting = box(desk, f"{address}?answer={said.id}&quote=1")
    assert quoting == "To one\n\n&gt; What was said before"


def test_published_it_is_gone_and_does_not_come_back_with_the_page(desk, note):
    first = write(desk, note, "A whole sentence.", form_key="k").json["fields"]
    sent = {"draft_page": "one-page", "form_key": "k", "body": "A whole sentence.", **first}
    answer = desk.post(f"/entries/{note.id}/comments/", data={**sent, "act": "post"})
    assert answer.status_code == 303
    assert kept() == []
    # The page the back button brings back still holds the words.
    write(desk, note, "A whole sentence.", form_key="k")
    assert kept() == []
    write(desk, note, "A whole sentence. And more.", form_key="k")
    assert len(kept()) == 1


def test_a_draft_saved_while_the_button_was_pressed_does_not_stay(desk, note):
    write(desk, note, "A whole sentence.", form_key="k")
    # The answer with the draft's number never arrived.
    sent = {"draft_page": "one-page", "form_key": "k", "body": "A whole sentence."}
    desk.post(f"/entries/{note.id}/comments/", data={**sent, "act": "post"})
    assert kept() == []


def test_what_another_device_wrote_meanwhile_stays(desk, other_device, note):
    first = write(desk, note, "Mine").json["fields"]
    second = hidden(other_device, f"/notes/{note.id}")
    write(other_device, note, "Mine, longer", **{**second, "draft_page": "other-page"})
    sent = {"draft_page": "one-page", "body": "Mine", **first, "act": "post"}
    assert desk.post(f"/entries/{note.id}/comments/", data=sent).status_code == 303
    assert [draft.data["body"] for draft in kept()] == [["Mine, longer"]]


def test_emptied_it_is_no_draft_any_more(desk, note):
    fields = write(desk, note, "Half").json["fields"]
    answer = write(desk, note, "  ", **fields)
    assert answer.json["fields"] == {"draft": "", "draft_seen": ""}
    assert kept() == []


def test_a_change_is_kept_with_the_number_it_starts_from(desk, note, make, author):
    mine = make.comment(note, "As it was", by=make.viewer(author))
    db.session.commit()
    fields = hidden(desk, f"/comments/{mine.id}/edit")
    assert fields["edits"] == str(mine.id)
    write(desk, note, "As it was", **{**fields, "draft_page": "p"})
    assert kept() == []
    write(desk, note, "As it should be", **{**fields, "draft_page": "p"})
    assert box(desk, f"/comments/{mine.id}/edit") == "As it should be"
    again = hidden(desk, f"/comments/{mine.id}/edit")
    assert again["base"] == "1"
    sent = {**again, "body": "As it should be", "act": "post"}
    assert desk.post(f"/comments/{mine.id}/edit", data=sent).status_code == 303
    assert kept() == []


def test_the_list_of_drafts_leads_back_to_it(desk, note, said):
    desk.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    write(desk, note, "Ask @[Friend](person:7) about it", answers=str(said.id))
    page = desk.get("/drafts/").text
    assert "An invented title" in page
    assert "Ask @Friend about it" in page
    draft = kept()[0]
    assert "Ask @[Friend]" in box(desk, f"/drafts/{draft.id}")
    assert hidden(desk, f"/drafts/{draft.id}")["answers"] == str(said.id)
    desk.post(f"/drafts/{draft.id}/deletion")
    assert kept() == []


def test_without_script_a_button_keeps_it(desk, note):
    address = f"/entries/{note.id}/comments/"
    answer = desk.post(address, data={"act": "draft", "body": "Later"})
    assert answer.status_code == 303
    assert box(desk, f"/notes/{note.id}") == "Later"
    long = "x" * (saying.KEPT_LIMIT + 1)
    refused = desk.post(address, data={"act": "draft", "body": long})
    assert refused.status_code == 422
    assert long in refused.text


def test_what_is_kept_is_bounded(desk, note, monkeypatch):
    assert write(desk, note, "x" * (saying.KEPT_LIMIT + 1)).status_code == 422
    monkeypatch.setattr(drafts, "LIMIT", 2)
    for page in "abc":
        answer = write(desk, note, f"From {page}", draft_page=page)
    assert answer.status_code == 422
    assert len(kept()) == 2


def test_where_nothing_can_be_said_any_more_the_words_are_still_there(
    desk, moderators_desk, members_desk, note
):
    members_desk.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    write(members_desk, note, "Words that must not be lost")
    moderators_desk.post(f"/entries/{note.id}/locking", data={"reason": "Enough."})
    draft = kept()[0]
    page = members_desk.get(f"/drafts/{draft.id}", follow_redirects=True).text
    assert "A moderator has locked this" in page
    assert "Words that must not be lost" in page
    moderators_desk.post(f"/entries/{note.id}/hiding", data={"reason": "A name."})
    for path in ("/drafts/", f"/drafts/comments/{draft.id}"):
        page = members_desk.get(path).text
        assert "Words that must not be lost" in page
        assert "An invented title" not in page


def test_with_its_entry_it_goes(desk, note):
    write(desk, note, "Half")
    db.session.execute(delete(Entry).where(Entry.id == note.id))
    db.session.commit()
    assert kept() == []


def test_a_session_that_ended_loses_nothing(client, note):
    answer = client.post(
        f"/entries/{note.id}/comments/", data={"act": "draft", "body": "Typed at length"}
    )
    assert answer.status_code == 401
    assert "Typed at length" in answer.text
    refused = client.post(f"/entries/{note.id}/comments/drafts", data={"body": "Typed"})
    assert refused.status_code in (400, 401, 303)
    assert kept() == []


def test_an_image_of_a_draft_is_shown_again(desk, note, make, author):
    image = make.image(by=make.viewer(author))
    db.session.commit()
    write(desk, note, "See", images=str(image.id), image_alts="An invented yard")
    assert "An invented yard" in desk.get(f"/notes/{note.id}", follow_redirects=True).text


def test_the_front_page_leads_back_to_what_one_was_saying(make, desk, note, said):
    assert write(desk, note, "An invented beginning").status_code == 200
    assert write(desk, note, "An invented reply", answers=str(said.id), draft_page="two").is_json
    page = desk.get("/").text
    assert "An invented beginning" in page
    assert "An invented reply" in page
    for draft in kept():
        assert f'href="/drafts/{draft.id}"' in page
