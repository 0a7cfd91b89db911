"""Suggesting a term: near ones are shown first, nothing being written is lost, and only curators read it."""

from __future__ import annotations

from re import search

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.entries.models import Draft
from cop.terms.models import Suggestion
from tests.web.suggestions.conftest import suggest, typed


def test_a_member_suggests_a_term_and_finds_it_among_her_own(asking):
    number = suggest(asking)
    assert "Taking turns" in asking.get("/terms/suggestions/").text
    shown = asking.get(f"/terms/suggestions/{number}").text
    assert "The chair goes round" in shown
    assert "Waiting" in shown


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"name_zh": "", "name_en": ""}, "at least one of the two languages"),
        ({"definition": ""}, "Say in a sentence what is meant"),
        ({"why": ""}, "what you miss it for"),
        ({"scheme": "outcome"}, "Choose the list"),
        ({"name_en": "x" * 161}, "This name is too long"),
    ],
)
def test_what_is_lacking_is_said_with_everything_kept(asking, more, said):
    answer = asking.post("/terms/suggest", data=typed(**more))
    assert answer.status_code == 422
    assert said in answer.text
    assert typed(**more)["why"] in answer.text
    assert db.session.scalars(select(Suggestion)).all() == []


@pytest.mark.parametrize(
    "names",
    [
        {"name_en": "Open-Space"},
        {"name_en": "Open spaces"},
        {"name_zh": "开放空間", "name_en": ""},
        {"name_zh": "", "name_en": "kai fang kong jian"},
    ],
)
def test_a_term_of_nearly_the_same_name_is_shown_once_before_it_is_sent(asking, names):
    sent = typed(**names)
    answer = asking.post("/terms/suggest", data=sent)
    assert answer.status_code == 200
    assert "Is it one of these?" in answer.text
    assert "/terms/strategy/open-space" in answer.text
    assert db.session.scalars(select(Suggestion)).all() == []
    assert asking.post("/terms/suggest", data={**sent, "looked": "open-space"}).status_code == 303


def test_the_same_form_sent_twice_makes_one_suggestion(asking):
    assert suggest(asking) == suggest(asking)


def test_the_same_form_with_other_words_loses_none_of_them(asking):
    suggest(asking)
    sent = typed(definition="Somebody else leads each year.")
    answer = asking.post("/terms/suggest", data=sent)
    assert answer.status_code == 409
    assert "in other words" in answer.text
    assert "Somebody else leads each year." in answer.text
    key = search(r'name="form_key"[^>]*value="([^"]+)"', answer.text)[1]
    assert asking.post("/terms/suggest", data={**sent, "form_key": key}).status_code == 303
    assert len(db.session.scalars(select(Suggestion)).all()) == 2


@pytest.mark.parametrize("number", [0, 2**31, 2**63, 2**70])
def test_what_was_never_suggested_cannot_be_taken_back(asking, number):
    assert asking.post(f"/terms/suggestions/{number}/withdrawal").status_code == 404


def test_what_is_being_written_is_kept_while_a_missing_term_is_suggested(asking):
    note = {"lang": "en", "title": "A note that is half written", "act": "suggest:strategy"}
    answer = asking.post("/notes/", data=note)
    assert answer.status_code == 303
    draft = db.session.scalars(select(Draft)).one()
    assert answer.location == f"/terms/suggest?scheme=strategy&draft={draft.id}"
    assert "Go on writing" in asking.get(answer.location).text
    sent = asking.post("/terms/suggest", data=typed(draft=str(draft.id)))
    assert sent.location == f"/drafts/{draft.id}"
    back = asking.get(sent.location, follow_redirects=True).text
    assert "A note that is half written" in back
    assert db.session.scalars(select(Suggestion.draft_id)).one() == draft.id


def test_a_near_term_is_taken_into_what_is_being_written(asking):
    asking.post("/notes/", data={"lang": "en", "title": "Half written", "act": "suggest:strategy"})
    draft = db.session.scalars(select(Draft)).one()
    sent = typed(draft=str(draft.id), name_en="Open spaces", act="take:open-space")
    answer = asking.post("/terms/suggest", data=sent)
    assert answer.location == f"/drafts/{draft.id}"
    editor = asking.get(answer.location, follow_redirects=True).text
    assert 'value="open-space" selected' in editor
    assert "Half written" in editor


def test_nobody_suggests_for_what_is_not_hers(asking, make):
    note = make.note(title="Somebody's note")
    db.session.commit()
    assert asking.get(f"/terms/suggest?entry={note.id}").status_code == 403
    asking.post("/terms/suggest", data=typed(draft="77"))
    assert db.session.scalars(select(Suggestion.draft_id)).one() is None


def test_only_who_suggested_it_and_curators_read_it(asking, desk, enter, make):
    number = suggest(asking)
    other = enter(make.user(name="Invented Other"))
    assert other.get(f"/terms/suggestions/{number}").status_code == 404
    assert other.post(f"/terms/suggestions/{number}/withdrawal").status_code == 404
    assert "Taking turns" not in other.get("/terms/suggestions/").text
    assert desk.get(f"/terms/suggestions/{number}").status_code == 200


def test_it_is_taken_back_and_waits_no_more(asking, desk):
    number = suggest(asking)
    assert "Taking turns" in desk.get("/moderation/pages").text
    assert asking.post(f"/terms/suggestions/{number}/withdrawal").status_code == 303
    assert "Taking turns" not in desk.get("/moderation/pages").text
    assert "Taken back" in asking.get(f"/terms/suggestions/{number}").text
