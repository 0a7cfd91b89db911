"""Curators edit pages and judge their evidence; nobody else does, and nobody's words vanish."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from cop.core import clock
from cop.core.db import db
from cop.core.types import Lang
from cop.entries import queries
from cop.entries.models import Draft
from cop.events.models import Event
from cop.people.viewer import SYSTEM
from cop.practices.models import Practice
from cop.practices.operations import facts_now


@pytest.fixture
def entry(make, start):
    return start(
        make.term("open-space"),
        sections={"how": "1. First.\n2. Second.", "pitfalls": "Beware of one."},
    )


@pytest.fixture
def desk(english, make):
    return make.signed_in(english, make.user(grants=["curator"], name="Invented Curator"))


def hidden(page, name):
    return re.search(rf'name="{name}"[^>]*value="([^"]*)"', page).group(1)


def opened(desk, entry):
    """Return the fields of an editor opened on the page."""
    page = desk.get(f"/practices/{entry.id}/edit?text=en")
    assert page.status_code == 200
    now = current(entry)
    return {
        "lang": "en",
        "title": now.title,
        **now.sections,
        "strategy": "open-space",
        "base": hidden(page.text, "base"),
        "act": "publish",
    }


def current(entry):
    return queries.current(queries.text_for(queries.get(SYSTEM, entry.id), Lang.EN))


def judging(desk, entry, **more):
    page = desk.get(f"/practices/{entry.id}/grade").text
    return {"grade": "emerging", "reason": "Two cases", "seen": hidden(page, "seen"), **more}


def test_a_curator_edits_a_page_and_the_history_says_so(desk, entry):
    fields = {**opened(desk, entry), "pitfalls": "Beware of two.", "note": "A second one"}
    answer = desk.post(f"/practices/{entry.id}/edit", data=fields, follow_redirects=True)
    assert answer.request.path == "/practices/open-space"
    assert "Beware of two." in answer.text
    assert "A second one" in desk.get(f"/entries/{entry.id}/history").text
    assert "Beware of" in desk.get(f"/entries/{entry.id}/diff").text


def test_the_order_in_which_a_list_shows_strategies_is_no_edit(desk, make, entry):
    for key in ("a-first", "b-second"):
        make.term(key)
    asked = {**opened(desk, entry), "related": ["b-second", "a-first"]}
    desk.post(f"/practices/{entry.id}/edit", data=asked)
    number = current(entry).number
    asked = {**opened(desk, entry), "related": ["a-first", "b-second"]}
    answer = desk.post(f"/practices/{entry.id}/edit", data=asked, follow_redirects=True)
    assert "Nothing was changed" in answer.text
    assert current(entry).number == number
    asked["related"] = ["a-first"]
    desk.post(f"/practices/{entry.id}/edit", data=asked)
    assert "b-second" not in str(current(entry).facts)


def test_two_who_edit_different_sections_are_merged(desk, app, make, entry):
    fields = opened(desk, entry)
    other = make.signed_in(app.test_client(), make.user(grants=["curator"]))
    other.post(
        f"/practices/{entry.id}/edit", data={**opened(other, entry), "dissent": "Some doubt."}
    )
    answer = desk.post(f"/practices/{entry.id}/edit", data={**fields, "pitfalls": "Beware of two."})
    assert answer.status_code == 303
    assert current(entry).sections["dissent"] == "Some doubt."
    assert current(entry).sections["pitfalls"] == "Beware of two."


def test_two_who_edit_the_same_passage_see_both_texts(desk, app, make, entry):
    fields = {**opened(desk, entry), "pitfalls": "Beware of mine."}
    other = make.signed_in(app.test_client(), make.user(grants=["curator"]))
    theirs = {**opened(other, entry), "pitfalls": "Beware of theirs."}
    assert other.post(f"/practices/{entry.id}/edit", data=theirs).status_code == 303
    answer = desk.post(f"/practices/{entry.id}/edit", data=fields)
    assert answer.status_code == 409
    assert "Beware of mine." in answer.text
    assert "theirs" in answer.text
    again = {**fields, "base": hidden(answer.text, "base")}
    assert desk.post(f"/practices/{entry.id}/edit", data=again).status_code == 303
    assert current(entry).sections["pitfalls"] == "Beware of mine."


def test_what_was_typed_survives_an_error_a_draft_and_the_preview(desk, entry):
    fields = {**opened(desk, entry), "summary": "", "pitfalls": "Typed and kept."}
    answer = desk.post(f"/practices/{entry.id}/edit", data=fields)
    assert answer.status_code == 422
    assert "Typed and kept." in answer.text
    shown = desk.post(f"/practices/{entry.id}/edit", data={**fields, "act": "preview"})
    assert '<div class="prose" lang="en"><p>Typed and kept.</p>' in shown.text
    desk.post(f"/practices/{entry.id}/edit", data={**fields, "act": "draft"})
    kept = db.session.query(Draft).one()
    page = desk.get(f"/drafts/{kept.id}", follow_redirects=True)
    assert page.request.path == f"/practices/{entry.id}/edit"
    assert "Typed and kept." in page.text


def test_a_page_is_told_in_the_other_language(desk, entry):
    page = desk.get(f"/practices/{entry.id}/translate/zh")
    assert "Beware of one." in page.text
    fields = {"lang": "zh", "title": "虚构的实践", "summary": "虚构的概要", "act": "publish"}
    answer = desk.post(f"/practices/{entry.id}/translate/zh", data=fields, follow_redirects=True)
    assert "虚构的概要" in answer.text


def test_members_neither_edit_nor_judge(app, make, entry):
    for user in (make.user(), make.user(grants=["trainer"]), make.user(grants=["admin"])):
        desk = make.signed_in(app.test_client(), user)
        for act in ("edit", "grade", "translate/zh"):
            assert desk.get(f"/practices/{entry.id}/{act}").status_code == 403
            assert desk.post(f"/practices/{entry.id}/{act}", data={"grade": "x"}).status_code == 403
        assert "/grade" not in desk.get("/practices/open-space").text


def test_a_grade_stands_on_the_page_with_its_reason_and_in_history_and_log(desk, app, make, entry):
    due = (clock.now() + timedelta(days=90)).date()
    fields = judging(desk, entry, reason="Two cases agree", review_by=due.isoformat())
    answer = desk.post(f"/practices/{entry.id}/grade", data=fields, follow_redirects=True)
    assert "Emerging" in answer.text
    assert "Two cases agree" in answer.text
    assert "Last reviewed" in answer.text
    assert "Next review by" in answer.text
    found = db.session.get(Practice, entry.id)
    assert (found.grade, found.review_by) == ("emerging", due)
    assert "Two cases agree" in desk.get(f"/entries/{entry.id}/history").text
    assert "First version" in desk.get(f"/entries/{entry.id}/diff").text
    office = make.signed_in(app.test_client(), make.user(grants=["moderator"]))
    assert "Two cases agree" in office.get("/moderation/log").text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"reason": ""}, "Say why"),
        ({"grade": "splendid"}, "Choose a grade"),
        ({"review_by": "2020-01-01"}, "This day is over"),
        ({"review_by": "soon"}, "Write a day"),
        ({"reason": "x" * 301}, "At most 300"),
    ],
)
def test_what_cannot_be_judged_so_is_said_and_nothing_is_lost(desk, entry, wrong, said):
    fields = judging(desk, entry, **wrong)
    answer = desk.post(f"/practices/{entry.id}/grade", data=fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert fields["reason"] in answer.text
    assert db.session.get(Practice, entry.id).grade == "stub"


def test_two_do_not_judge_past_each_other(desk, app, make, entry):
    mine = judging(desk, entry)
    other = make.signed_in(app.test_client(), make.user(grants=["curator"]))
    theirs = judging(other, entry, grade="contested", reason="They contradict")
    assert other.post(f"/practices/{entry.id}/grade", data=theirs).status_code == 303
    answer = desk.post(f"/practices/{entry.id}/grade", data=mine)
    assert answer.status_code == 422
    assert "Somebody judged this page" in answer.text
    again = {**mine, "seen": hidden(answer.text, "seen")}
    assert desk.post(f"/practices/{entry.id}/grade", data=again).status_code == 303


def test_a_judgement_is_dated_by_the_calendar_of_who_judges(app, make, entry, time_machine):
    time_machine.move_to(datetime(2027, 5, 31, 20, tzinfo=UTC), tick=False)
    curator = make.user(grants=["curator"])
    curator.timezone = "Asia/Shanghai"
    db.session.commit()
    desk = make.signed_in(app.test_client(), curator)
    over = desk.post(
        f"/practices/{entry.id}/grade", data=judging(desk, entry, review_by="2027-05-31")
    )
    assert over.status_code == 422
    desk.post(f"/practices/{entry.id}/grade", data=judging(desk, entry, review_by="2027-06-01"))
    assert facts_now(queries.get(SYSTEM, entry.id)).reviewed_on == "2027-06-01"


def test_a_judgement_sent_twice_is_made_once(desk, entry):
    fields = judging(desk, entry)
    for _time in range(2):
        assert desk.post(f"/practices/{entry.id}/grade", data=fields).status_code == 303
    assert db.session.query(Event).filter_by(verb="PracticeGraded").count() == 1


def test_an_edit_and_a_restored_text_keep_the_grade_of_today(desk, entry):
    before = opened(desk, entry)
    desk.post(f"/practices/{entry.id}/grade", data=judging(desk, entry))
    desk.post(f"/practices/{entry.id}/edit", data={**before, "pitfalls": "Beware of two."})
    assert facts_now(queries.get(SYSTEM, entry.id)).grade == "emerging"
    answer = desk.post(f"/entries/{entry.id}/revisions/1/restoration?text=en")
    assert answer.status_code == 303
    assert current(entry).sections["pitfalls"] == "Beware of one."
    assert facts_now(queries.get(SYSTEM, entry.id)).grade == "emerging"
