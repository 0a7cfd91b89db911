"""What curators make of suggested terms, what comes of that for what was written, and who is told."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.core.types import Lang
from cop.entries.models import Entry, NameMask
from cop.notes.models import StrategyUse
from cop.terms.models import Suggestion, Term
from cop.terms.vocabulary import vocabulary
from tests.counting import counted
from tests.web.notifications.conftest import post
from tests.web.notifications.test_mails import text_of
from tests.web.suggestions.conftest import suggest, typed, worded

__all__ = ["post"]


@pytest.fixture
def note(make, asker, terms):
    """Return a published note of the asker's."""
    made = make.note(by=make.viewer(asker), title="Who led", strategies=[terms])
    db.session.commit()
    return made


def strategies(note):
    carried = select(Term.key).join(StrategyUse, StrategyUse.term_id == Term.id)
    carried = carried.where(StrategyUse.entry_id == note.id).order_by(StrategyUse.position)
    return tuple(db.session.scalars(carried))


def decide(desk, number, **more):
    return desk.post(f"/terms/suggestions/{number}/decision", data=worded(**more))


def test_a_term_is_taken_into_the_list_as_the_curator_words_it(asking, desk):
    number = suggest(asking)
    assert decide(desk, number, broader="open-space", other_en="Taking turns").status_code == 303
    term = vocabulary().by_key["rotating-chair"]
    assert term.name["en"] == "Rotating chair"
    assert [vocabulary().by_id[one].key for one in term.broader] == ["open-space"]
    assert "Rotating chair" in asking.get(f"/terms/suggestions/{number}").text
    history = asking.get("/terms/strategy/rotating-chair/history").text
    assert "as a member suggested" in history
    assert "Invented Curator" in history
    assert "None of the strategies" not in history


def test_what_asked_for_it_carries_it_where_its_author_agreed(asking, desk, note):
    number = suggest(asking, entry=str(note.id))
    decide(desk, number)
    assert strategies(note) == ("open-space", "rotating-chair")
    assert "Term added: “Rotating chair”" in asking.get(f"/entries/{note.id}/history").text


def test_what_its_author_did_not_agree_to_stays_and_is_offered(asking, desk, note):
    number = suggest(asking, entry=str(note.id), tags_entry="")
    decide(desk, number)
    assert strategies(note) == ("open-space",)
    assert "Add the term to it" in asking.get(f"/terms/suggestions/{number}").text
    assert "Add the term to it" not in desk.get(f"/terms/suggestions/{number}").text
    for _time in range(2):
        assert asking.post(f"/terms/suggestions/{number}/tagging").status_code == 303
    assert strategies(note) == ("open-space", "rotating-chair")


def test_an_unnamed_note_is_never_tagged_by_itself(asking, desk, make, asker, terms):
    unnamed = make.note(
        by=make.viewer(asker), title="Who led", strategies=[terms], name_mask=NameMask.UNNAMED
    )
    db.session.commit()
    number = suggest(asking, entry=str(unnamed.id))
    decide(desk, number)
    assert strategies(unnamed) == ("open-space",)
    assert "Who led" not in desk.get(f"/terms/suggestions/{number}").text


def test_what_was_published_of_the_draft_carries_the_term(asking, desk, asker):
    draft = {"lang": "en", "title": "Half written", "act": "suggest:strategy"}
    asked = asking.post("/notes/", data=draft)
    draft_id = asked.location.rsplit("=", 1)[1]
    asking.post("/terms/suggest", data=typed(draft=draft_id))
    sent = {
        "lang": "en",
        "title": "Now whole",
        "outcome": "worked",
        "outcome_reason": "Seen.",
        "what_happened": "They took turns.",
        "what_we_learned": "It holds.",
        "strategies": "open-space",
        "evidence": "own-experience",
        "visibility": "public",
        "name_mask": "shown",
        "organisation_mask": "described",
        "draft": draft_id,
        "act": "publish",
    }
    answer = asking.post("/notes/", data=sent)
    assert answer.status_code == 303, answer.text
    row = db.session.scalars(select(Suggestion)).one()
    assert row.entry_id is not None
    decide(desk, row.id)
    assert strategies(db.session.get(Entry, row.entry_id)) == ("open-space", "rotating-chair")


def test_one_that_says_the_same_is_named_and_offered(asking, desk, note, make):
    make.term("rotation", name="Rotation", zh="轮换")
    db.session.commit()
    number = suggest(asking, entry=str(note.id))
    assert decide(desk, number, act="same", same="rotation").status_code == 303
    shown = asking.get(f"/terms/suggestions/{number}").text
    assert "There is one already" in shown
    assert "/terms/strategy/rotation" in shown
    asking.post(f"/terms/suggestions/{number}/tagging")
    assert strategies(note) == ("open-space", "rotation")


def test_declining_says_why(asking, desk):
    number = suggest(asking)
    assert "Say why" in decide(desk, number, act="decline").text
    decide(desk, number, act="decline", reason="It is an invented habit.")
    assert "It is an invented habit." in asking.get(f"/terms/suggestions/{number}").text


def test_what_no_term_can_be_called_is_said_with_everything_kept(asking, desk):
    number = suggest(asking)
    answer = decide(desk, number, name_zh="", reason="Kept words")
    assert answer.status_code == 422
    assert "A term has a name in both languages." in answer.text
    assert "Kept words" in answer.text


def test_it_is_decided_once(asking, desk):
    number = suggest(asking)
    decide(desk, number, act="decline", reason="No.")
    again = desk.post(
        f"/terms/suggestions/{number}/decision",
        data={**worded(), "reason": "A fine word"},
        follow_redirects=True,
    ).text
    assert "has been decided meanwhile" in again
    assert "A fine word</textarea>" in again
    assert "rotating-chair" not in vocabulary().by_key


def test_members_decide_nothing(asking):
    number = suggest(asking)
    assert decide(asking, number).status_code == 403


@pytest.mark.parametrize(
    ("lang", "said"), [(Lang.EN, "has a term that says the same"), (Lang.ZH, "开放空间")]
)
def test_who_suggested_it_is_told_by_mail_in_her_language(
    enter, desk, make, run_jobs, post, lang, said
):
    user = make.user(name="Invented Reader", lang=lang)
    number = suggest(enter(user))
    decide(desk, number, act="same", same="open-space")
    run_jobs()
    (mail,) = post
    assert user.email in mail["To"]
    assert said in text_of(mail)
    assert f"/terms/suggestions/{number}" in text_of(mail)


def test_the_queue_asks_the_database_as_often_for_many_as_for_one(desk, enter, make):
    def some(count):
        for number in range(count):
            person = enter(make.user())
            suggest(person, name_en=f"Invented habit {number} {person}", form_key=f"k{number}")
        db.session.commit()

    some(1)
    desk.get("/moderation/pages")
    with counted() as first:
        desk.get("/moderation/pages")
    some(8)
    with counted() as many:
        desk.get("/moderation/pages")
    assert len(many) == len(first)
