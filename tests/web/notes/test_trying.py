"""“We tried this too”: the short form, the way to the whole one, and what stands on both pages."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from cop.core.db import db
from cop.entries import operations
from cop.entries.models import Draft, Entry
from tests.counting import assert_constant_queries
from tests.web.notes.conftest import hidden


@pytest.fixture
def original(make):
    """Return somebody's note that others try."""
    note = make.note(title="An invented first time", strategies=[make.term("open-space")])
    db.session.commit()
    return note


@pytest.fixture
def answers(original, typed):
    """Return what somebody answers in the short form."""
    return {
        **typed,
        "title": "Ours, elsewhere",
        "what_we_did": "Fewer people.",
        "original": original.key,
        "relation": "contradicts",
        "short": "1",
    }


def main(page: str) -> str:
    return page.partition("<main")[2].partition("</main")[0]


def test_a_visitor_signs_in_and_comes_back_to_the_form(client, make, original):
    page = client.get(f"/entries/{original.id}", follow_redirects=True).text
    assert f"/entries/{original.id}/tried/new" in page
    asked = client.get(f"/entries/{original.id}/tried/new")
    assert asked.status_code in (302, 303)
    assert "tried%2Fnew" in asked.headers["Location"] or "tried/new" in asked.headers["Location"]


def test_the_form_takes_title_and_strategies_from_the_original(desk, original):
    page = desk.get(f"/entries/{original.id}/tried/new").text
    assert 'value="An invented first time"' in page
    assert re.search(r'value="open-space" selected', page)
    assert hidden(page, "original") == original.key
    for name in ("relation", "place", "what_we_did", "what_happened", "outcome", "what_we_learned"):
        assert f'name="{name}"' in page, name
    assert 'name="context"' not in page


def test_what_was_tried_stands_on_both_pages(client, desk, original, answers):
    answer = desk.post("/notes/", data=answers)
    assert answer.status_code == 303
    tried = main(desk.get(answer.headers["Location"]).text)
    assert "Tried after" in tried
    assert "An invented first time" in tried
    assert "Went differently" in tried
    page = main(client.get(f"/entries/{original.id}", follow_redirects=True).text)
    assert "1 adaptation<" in page
    assert "for 1 it went differently" in page
    assert "Ours, elsewhere" in page
    assert "People came, the office did not answer." in page
    assert "Tried after: " in main(client.get("/notes/").text)


@pytest.mark.parametrize("field", ["relation", "what_happened", "outcome_reason"])
def test_what_is_missing_is_asked_for_in_the_short_form_with_the_rest_kept(desk, answers, field):
    del answers[field]
    answer = desk.post("/notes/", data=answers)
    assert answer.status_code == 422
    page = main(answer.text)
    assert f'id="{field}-err"' in page
    assert 'name="context"' not in page
    assert "Fewer people." in page
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 1


def test_more_opens_the_whole_form_with_everything_kept(desk, original, answers):
    answer = desk.post("/notes/", data={**answers, "act": "more"})
    page = main(answer.text)
    assert 'name="context"' in page
    assert "Fewer people." in page
    assert 'value="Ours, elsewhere"' in page
    assert re.search(r'value="contradicts" checked', page)
    assert "An invented first time" in page
    assert hidden(page, "form_key") == answers["form_key"]
    assert hidden(page, "original") == original.key


def test_a_draft_of_the_short_form_is_taken_up_as_the_short_form(desk, answers):
    assert desk.post("/notes/", data={**answers, "act": "draft"}).status_code == 303
    draft = db.session.scalars(select(Draft)).one()
    page = main(desk.get(f"/notes/new?draft={draft.id}").text)
    assert "Fewer people." in page
    assert 'name="context"' not in page
    assert re.search(r'value="contradicts" checked', page)


def test_the_preview_stays_in_the_short_form(desk, answers):
    page = main(desk.post("/notes/", data={**answers, "act": "preview"}).text)
    assert "<strong>everybody</strong>" in page
    assert 'name="context"' not in page


def test_a_form_sent_twice_tries_once(desk, answers):
    first, second = (desk.post("/notes/", data=answers) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 2


def test_an_original_closed_meanwhile_loses_nothing_and_lets_the_note_stand_alone(
    desk, make, original, answers
):
    operations.hide(by=make.member("moderator"), entry_id=original.id, reason="Invented reason")
    answer = desk.post("/notes/", data=answers)
    assert answer.status_code == 422
    page = main(answer.text)
    assert "not open to you (any more)" in page
    assert "Fewer people." in page
    assert "An invented first time" not in page
    alone = desk.post("/notes/", data={**answers, "relation": ""})
    assert alone.status_code == 303
    assert "Tried after" not in main(desk.get(alone.headers["Location"]).text)


def test_what_is_not_there_cannot_be_tried(desk, make, client):
    writer = make.member()
    theirs = make.note(by=writer)
    operations.withdraw(by=writer, entry_id=theirs.id)
    talk = make.discussion()
    for number, status in ((999_999, 404), (theirs.id, 410), (talk.id, 404)):
        assert desk.get(f"/entries/{number}/tried/new").status_code == status
        assert desk.get(f"/entries/{number}/tried").status_code == status


def test_a_neutral_sentence_stands_for_an_original_that_is_not_open(client, make):
    secret = make.note(visibility="members", title="An invented secret")
    tried = make.note(after=secret)
    page = main(client.get(f"/notes/{tried.id}?lang=en", follow_redirects=True).text)
    assert "Something that is not open here (any more)" in page
    assert "An invented secret" not in page + client.get("/notes/").text
    assert client.get(f"/entries/{secret.id}/tried").status_code == 404


def test_the_editor_changes_and_ends_the_relation(desk, make, author, original):
    note = make.note(by=author, after=original, relation="repeats")
    page = main(desk.get(f"/notes/{note.id}/edit").text)
    assert re.search(r'value="repeats" checked', page)
    names = ("base", "facts_base", "original", "draft_page")
    data = {name: hidden(page, name) for name in names}
    data |= {"lang": "en", "title": "Ours", "outcome": "worked", "outcome_reason": "So it was."}
    data |= {"strategies": "open-space", "what_happened": "It.", "what_we_learned": "That."}
    data |= {"visibility": "public", "name_mask": "shown", "evidence": "own-experience"}
    sent = desk.post(f"/notes/{note.id}/edit", data={**data, "relation": ""})
    assert sent.status_code == 303
    assert "Tried after" not in main(desk.get(sent.headers["Location"]).text)


def test_a_note_told_already_is_linked_from_the_original(desk, make, author, original):
    note = make.note(by=author, title="Told long ago")
    page = main(desk.get(f"/entries/{original.id}/tried/new").text)
    assert "Told long ago" in page
    editor = main(desk.get(f"/entries/{original.id}/tried/by/{note.id}").text)
    assert "An invented first time" in editor
    assert hidden(editor, "original") == original.key
    strangers = make.note()
    assert desk.get(f"/entries/{original.id}/tried/by/{strangers.id}").status_code == 403


def test_the_author_of_an_unnamed_note_goes_on_unnamed_unless_she_says_more(desk, make, author):
    mine = make.note(by=author, name_mask="unnamed")
    page = desk.get(f"/entries/{mine.id}/tried/new").text
    assert re.search(r'name="name_mask" value="unnamed" checked', page)


def test_all_that_was_tried_is_listed_by_relation(client, make, original):
    for number in range(25):
        make.note(after=original, relation="repeats", title=f"Same {number}")
    make.note(after=original, relation="contradicts", title="Quite otherwise")
    page = main(client.get(f"/entries/{original.id}/tried?lang=en").text)
    assert "26 adaptations" in page
    assert "25 did the same" in page
    assert "Quite otherwise" in page
    assert 'rel="next"' in page
    only = main(client.get(f"/entries/{original.id}/tried?how=contradicts").text)
    assert "Quite otherwise" in only
    assert "Same 24" not in only
    assert main(client.get(f"/entries/{original.id}/tried?how=nonsense").text)


def test_both_pages_ask_as_much_for_twenty_as_for_one(desk, make, original):
    def grow(number):
        for _ in range(number):
            make.note(after=original, relation="adapts")
            make.note(after=original, relation="contradicts")
        db.session.commit()

    address = f"/notes/{original.id}-an-invented-first-time"
    assert_constant_queries(desk, address, grow=grow, budget="note, tried")
    assert_constant_queries(desk, f"/entries/{original.id}/tried", grow=grow, budget="tried")


def test_what_was_tried_after_a_note_of_a_circle_stays_in_it_unless_one_chooses(
    app, make, client, author
):
    circle = make.circle(by=author)
    inside = make.note(by=make.viewer(author), circle=circle, title="Of the circle")
    desk = make.signed_in(client, author)
    page = desk.get(f"/entries/{inside.id}/tried/new").text
    assert re.search(rf'name="visibility" value="circle-{circle.id}" checked', page)
    opened = make.note(by=make.viewer(author), after=inside, title="For everybody")
    db.session.commit()
    stranger = make.signed_in(app.test_client(), make.user())
    assert stranger.get(f"/entries/{inside.id}/tried/new").status_code == 404
    assert "Of the circle" not in stranger.get(f"/notes/{opened.id}", follow_redirects=True).text
    assert "Of the circle" not in stranger.get("/notes/").text
