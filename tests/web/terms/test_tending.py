"""Curators tend the vocabulary: edit, relate, merge, take back; and everybody reads what was done and why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cop.core import clock
from cop.core.db import db
from cop.events.models import Event
from cop.terms.vocabulary import vocabulary
from tests.web.notes.conftest import hidden


@pytest.fixture
def desk(client, make):
    """Return a curator's browser."""
    return make.signed_in(client, make.user(name="Invented Curator", grants=["curator"]))


@pytest.fixture
def term(make):
    """Return a term that a note carries, beside another."""
    made = make.term("meetings", name="Meetings", zh="会议")
    make.term("forums", name="Forums", zh="论坛")
    make.note(title="A note of meetings", strategies=[made])
    db.session.commit()
    return made


def typed(desk, **more):
    """Return the form of the term as it stands, with something changed."""
    base = hidden(desk.get("/terms/strategy/meetings/edit").text, "base")
    return {
        "name_zh": "会议",
        "name_en": "Meetings",
        "definition_zh": "虚构的定义",
        "definition_en": "An invented definition",
        "base": base,
        "reason": "An invented reason",
        **more,
    }


def test_names_and_definition_are_changed_and_the_history_says_who_and_why(desk, term, client):
    data = typed(desk, name_en="Gatherings", other_en="Meetings\nGet-togethers", other_zh="开会")
    assert desk.post("/terms/strategy/meetings/edit", data=data).status_code == 303
    page = desk.get("/terms/strategy/meetings").text
    assert "Gatherings" in page
    assert "Get-togethers" in page
    assert "A note of meetings" in page
    said = desk.get("/terms/strategy/meetings/history").text
    assert "Invented Curator" in said
    assert "An invented reason" in said
    assert "<del>Meetings</del>" in said


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"name_zh": ""}, "A term has a name in both languages."),
        ({"reason": "", "name_en": "Other"}, "Give a reason"),
        ({"broader": "meetings"}, "Choose other terms"),
        ({"related": "nowhere"}, "Choose other terms"),
        ({"other_zh": "\n".join(map(str, range(60)))}, "At most 40 other names"),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_with_everything_kept(desk, term, more, said):
    answer = desk.post("/terms/strategy/meetings/edit", data=typed(desk, **more))
    assert answer.status_code == 422
    assert said in answer.text
    assert vocabulary().by_key["meetings"].name["en"] == "Meetings"


def test_no_term_is_broader_than_itself_by_a_detour(desk, term, make):
    make.term("small", broader="meetings")
    make.term("smaller", broader="small")
    answer = desk.post("/terms/strategy/meetings/edit", data=typed(desk, broader="smaller"))
    assert answer.status_code == 422
    assert "is itself narrower than this term" in answer.text


def test_two_curators_do_not_write_over_each_other(desk, term):
    first, second = typed(desk, name_en="One"), typed(desk, name_en="Two")
    assert desk.post("/terms/strategy/meetings/edit", data=first).status_code == 303
    answer = desk.post("/terms/strategy/meetings/edit", data=second)
    assert answer.status_code == 409
    assert "One" in answer.text
    assert 'value="Two"' in answer.text
    again = {**second, "base": hidden(answer.text, "base")}
    assert desk.post("/terms/strategy/meetings/edit", data=again).status_code == 303
    assert vocabulary().by_key["meetings"].name["en"] == "Two"


def test_a_merged_term_leads_to_the_other_everywhere_and_can_be_taken_back(desk, term):
    data = {"into": "forums", "reason": "The same thing"}
    assert desk.post("/terms/strategy/meetings/merge", data=data).status_code == 303
    for path in ("/terms/strategy/meetings", "/practices/meetings"):
        assert desk.get(path).headers["Location"].endswith("/forums")
    assert "A note of meetings" in desk.get("/terms/strategy/forums").text
    assert "A note of meetings" in desk.get("/notes/?strategy=forums").text
    said = desk.get("/terms/strategy/forums/history").text
    assert "/terms/strategy/meetings/unmerge" in said
    assert "was merged into this" in said
    assert "The same thing" in said
    back = desk.post("/terms/strategy/meetings/unmerge", data={"reason": "They differ"})
    assert back.status_code == 303
    assert "A note of meetings" in desk.get("/terms/strategy/meetings").text
    assert "A note of meetings" not in desk.get("/notes/?strategy=forums").text
    assert "They differ" in desk.get("/terms/strategy/meetings/history").text


def test_a_merging_older_than_a_day_stays(desk, term):
    desk.post("/terms/strategy/meetings/merge", data={"into": "forums", "reason": "The same"})
    for event in db.session.query(Event).filter_by(verb="TermMerged"):
        event.at = clock.now() - timedelta(hours=25)
    db.session.flush()
    assert "/terms/strategy/meetings/unmerge" not in desk.get("/terms/strategy/forums/history").text
    answer = desk.post("/terms/strategy/meetings/unmerge", data={"reason": "They differ"})
    assert answer.status_code == 422
    assert "within a day" in answer.text


@pytest.mark.parametrize("into", ["meetings", "nowhere", ""])
def test_a_term_is_merged_only_into_another_that_is_there(desk, term, into):
    answer = desk.post("/terms/strategy/meetings/merge", data={"into": into, "reason": "So"})
    assert answer.status_code == 422


def test_two_terms_are_not_merged_into_each_other(desk, term):
    desk.post("/terms/strategy/meetings/merge", data={"into": "forums", "reason": "The same"})
    answer = desk.post("/terms/strategy/forums/merge", data={"into": "meetings", "reason": "So"})
    assert answer.status_code == 422
    assert "was merged itself" in answer.text


def test_only_curators_tend_the_vocabulary(client, make, term):
    member = make.signed_in(client, make.user())
    page = member.get("/terms/strategy/meetings").text
    assert "/terms/strategy/meetings/edit" not in page
    for act in ("edit", "merge", "unmerge"):
        assert member.get(f"/terms/strategy/meetings/{act}").status_code == 403
        assert member.post(f"/terms/strategy/meetings/{act}").status_code == 403
    assert member.get("/terms/strategy/meetings/history").status_code == 200
