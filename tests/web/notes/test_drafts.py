"""Drafts: kept while somebody writes, found on another device, read by nobody else, gone once published."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from cop.core.db import db
from cop.entries import drafts as operations
from cop.entries.models import Draft, Entry


def count(model=Draft) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def saved(desk, fields) -> str:
    answer = desk.post("/notes/drafts", data=fields, headers={"Accept": "application/json"})
    assert answer.status_code == 200, answer.text
    return answer.json["fields"]["draft"]


def test_typing_on_updates_one_draft(desk, typed):
    first = saved(desk, {**typed, "title": "One"})
    second = saved(desk, {**typed, "title": "One two", "draft": first})
    assert first == second
    assert count() == 1
    assert count(Entry) == 0


def test_a_draft_is_found_on_another_device(desk, typed, app, make, author):
    number = saved(desk, {**typed, "title": "Begun on the phone", "sectors": []})
    other = make.signed_in(app.test_client(), author)
    assert "Begun on the phone" in other.get("/drafts/").text
    editor = other.get(f"/drafts/{number}", follow_redirects=True).text
    assert 'value="Begun on the phone"' in editor
    assert typed["what_happened"] in editor
    assert re.search(r'<option value="open-space" selected', editor)
    assert re.search(rf'name="draft"[^>]*value="{number}"', editor)


def test_half_written_and_wrong_drafts_are_kept_as_they_are(desk, typed):
    number = saved(desk, {"title": "", "outcome": "splendid", "started": "soon", "lang": "xx"})
    assert desk.get(f"/drafts/{number}", follow_redirects=True).status_code == 200
    assert desk.get("/drafts/").status_code == 200


def test_control_characters_are_no_reason_to_lose_a_draft(desk, typed):
    number = saved(desk, {**typed, "title": "A\x00title", "what_happened": "a\x00b"})
    assert desk.get(f"/drafts/{number}", follow_redirects=True).status_code == 200


def test_nobody_else_reads_changes_or_deletes_a_draft(desk, typed, app, make):
    number = saved(desk, {**typed, "title": "Mine alone"})
    for grants in ([], ["moderator"], ["admin"]):
        other = make.signed_in(app.test_client(), make.user(grants=grants))
        assert "Mine alone" not in other.get("/drafts/").text
        for path in (f"/drafts/{number}", f"/notes/new?draft={number}"):
            assert other.get(path).status_code == 404
        assert other.post(f"/drafts/{number}/deletion").status_code == 404
        saved(other, {**typed, "title": "Overwritten?", "draft": number})
    draft = db.session.get(Draft, int(number))
    assert draft.data["title"] == ["Mine alone"]
    assert app.test_client().get("/drafts/").status_code == 303


def test_publishing_deletes_the_draft(desk, typed):
    number = saved(desk, typed)
    assert desk.post("/notes/", data={**typed, "draft": number}).status_code == 303
    assert count() == 0


def test_a_note_that_was_refused_keeps_its_draft(desk, typed):
    number = saved(desk, typed)
    assert desk.post("/notes/", data={**typed, "title": "", "draft": number}).status_code == 422
    assert count() == 1


def test_without_script_a_button_saves_the_draft(desk, typed):
    answer = desk.post("/notes/", data={**typed, "title": "", "act": "draft"})
    assert answer.status_code == 303
    assert count() == 1
    assert count(Entry) == 0
    page = desk.get(answer.headers["Location"])
    assert "The draft is saved." in page.text
    assert "Without a title" in page.text


def test_a_draft_can_be_deleted(desk, typed):
    number = saved(desk, typed)
    assert desk.post(f"/drafts/{number}/deletion").status_code == 303
    assert count() == 0
    assert desk.post(f"/drafts/{number}/deletion").status_code == 404


def test_there_is_a_limit_and_the_form_says_which_one(desk, typed, monkeypatch):
    monkeypatch.setattr(operations, "LIMIT", 2)
    for key in ("a", "b"):
        saved(desk, {**typed, "form_key": key})
    answer = desk.post("/notes/", data={**typed, "act": "draft"})
    assert answer.status_code == 422
    assert "please delete one first" in answer.text
    assert typed["what_happened"] in answer.text
    answer = desk.post("/notes/drafts", data=typed, headers={"Accept": "application/json"})
    assert answer.status_code == 422
    assert count() == 2


def test_changes_of_a_note_are_a_draft_of_their_own(desk, typed):
    location = desk.post("/notes/", data=typed).headers["Location"]
    note = int(re.search(r"/notes/(\d+)", location).group(1))
    page = desk.get(f"/notes/{note}/edit").text
    base = re.search(r'name="base"[^>]*value="(\d+)"', page).group(1)
    changed = {**typed, "title": "Changed later", "entry": str(note), "base": base}
    number = saved(desk, changed)
    editor = desk.get(f"/drafts/{number}", follow_redirects=True)
    assert editor.request.path == f"/notes/{note}/edit"
    assert 'value="Changed later"' in editor.text
    assert "Changed later" not in desk.get(location).text
    answer = desk.post(f"/notes/{note}/edit", data={**changed, "draft": number})
    assert answer.status_code == 303
    assert count() == 0


def test_a_draft_of_another_note_does_not_fill_this_notes_editor(desk, typed, make, author):
    one, two = make.note(by=author), make.note(by=author)
    number = saved(desk, {**typed, "title": "Of the first", "entry": str(one.id)})
    answer = desk.get(f"/notes/{two.id}/edit?draft={number}")
    assert answer.status_code == 404


def test_a_draft_to_tell_a_note_in_the_other_language_leads_back_there(desk, typed, make, author):
    note = make.note(by=author)
    number = saved(desk, {**typed, "title": "标题", "lang": "zh", "entry": str(note.id)})
    editor = desk.get(f"/drafts/{number}", follow_redirects=True)
    assert editor.request.path == f"/notes/{note.id}/translate/zh"
    assert 'value="标题"' in editor.text


@pytest.mark.parametrize("entry", ["-1", "99999999999999999999", "12345"])
def test_a_draft_of_a_note_that_does_not_exist_is_no_page(desk, typed, entry):
    answer = desk.post("/notes/drafts", data={**typed, "entry": entry})
    assert answer.status_code == 404


def test_somebody_signed_out_while_writing_is_told_so_by_the_script(client, typed):
    headers = {"Accept": "application/json", "Accept-Language": "en"}
    answer = client.post("/notes/drafts", data=typed, headers=headers)
    assert answer.status_code == 401
    assert "signed out" in answer.json["message"]


def test_a_draft_of_a_telling_whose_language_was_added_meanwhile_is_an_edit(
    desk, typed, make, author
):
    note = make.note(by=author, outcome="failed")
    told = {"title": "标题", "what_happened": "经过", "lang": "zh", "entry": str(note.id)}
    number = saved(desk, told)
    words = {"outcome_reason": "理由", "what_we_learned": "教训", "what_happened": "别的"}
    desk.post(f"/notes/{note.id}/translate/zh", data={**words, "title": "别的", "act": "publish"})
    editor = desk.get(f"/drafts/{number}", follow_redirects=True)
    assert editor.request.path == f"/notes/{note.id}/edit"
    assert 'value="标题"' in editor.text
    assert re.search(r'name="outcome" value="failed" checked', editor.text)
    assert re.search(rf'name="draft"[^>]*value="{number}"', editor.text)


def opened(desk, number) -> dict[str, str]:
    """Open a draft on a device; return the hidden fields of its page."""
    page = desk.get(f"/drafts/{number}", follow_redirects=True).text
    names = ("draft", "draft_seen", "draft_page")
    return {name: re.search(rf'name="{name}"[^>]*value="([^"]+)"', page).group(1) for name in names}


def test_a_draft_changed_on_two_devices_is_kept_twice(desk, typed, app, make, author):
    number = saved(desk, typed)
    phone = make.signed_in(app.test_client(), author)
    here, there = opened(desk, number), opened(phone, number)
    assert saved(phone, {**typed, **there, "title": "Written on the phone"}) == number
    mine = {**typed, **here, "title": "Written at the desk"}
    answer = desk.post("/notes/drafts", data=mine, headers={"Accept": "application/json"}).json
    assert "kept as a second draft" in answer["message"]
    assert answer["fields"]["draft"] != number
    page = desk.get("/drafts/").text
    assert "Written on the phone" in page
    assert "Written at the desk" in page
    mine |= answer["fields"]
    assert saved(desk, {**mine, "title": "Written on"}) == answer["fields"]["draft"]
    assert count() == 2


def test_without_script_a_draft_changed_elsewhere_is_kept_twice_too(desk, typed, app, make, author):
    number = saved(desk, typed)
    phone = make.signed_in(app.test_client(), author)
    here, there = opened(desk, number), opened(phone, number)
    saved(phone, {**typed, **there, "title": "Written on the phone"})
    answer = desk.post("/notes/", data={**typed, **here, "act": "draft"}, follow_redirects=True)
    assert "kept as a second draft" in answer.text
    assert count() == 2


def test_a_page_that_missed_the_answer_to_its_own_saving_goes_on_in_one_draft(desk, typed):
    number = saved(desk, typed)
    fields = {**typed, **opened(desk, number)}
    for title in ("One", "Two", "Three"):
        assert saved(desk, {**fields, "title": title}) == number
    assert count() == 1


def test_publishing_leaves_what_another_device_wrote_into_the_draft_since(
    desk, typed, app, make, author
):
    number = saved(desk, typed)
    phone = make.signed_in(app.test_client(), author)
    here, there = opened(desk, number), opened(phone, number)
    saved(phone, {**typed, **there, "title": "Written on the phone"})
    assert desk.post("/notes/", data={**typed, **here}).status_code == 303
    assert "Written on the phone" in desk.get("/drafts/").text


def test_who_comes_back_to_write_is_told_of_the_note_she_began(desk, typed):
    assert "You have an unfinished note" not in desk.get("/notes/new").text
    number = saved(desk, {**typed, "title": "Begun before the line broke"})
    page = desk.get("/notes/new").text
    assert re.search(rf'href="/drafts/{number}"[^>]*>Begun before the line broke<', page)
    assert "You have an unfinished note" not in desk.get(f"/notes/new?draft={number}").text
