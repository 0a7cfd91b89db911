"""On the day and after: who came, what they thought without a name, and what came of it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from cop.core import clock
from cop.core.db import db
from cop.entries import operations
from cop.entries.models import Entry, Status
from cop.people import tokens
from cop.workshops import evaluating, following_up, outcomes, team
from cop.workshops.evaluating import Answers
from cop.workshops.running_models import Attendance, Evaluation, FollowUp
from cop.workshops.session_models import SignUp, SignUpState
from tests.counting import assert_all_constant
from tests.web.workshops.dating import give


@pytest.fixture
def entry(hold):
    """Return a workshop."""
    return hold()


@pytest.fixture
def past(entry):
    """Return a date of it that is over."""
    return give(entry, days=-10)


def sign_up(session, user=None, name="") -> SignUp:
    now = clock.now()
    row = SignUp(
        session_id=session.id,
        user_id=user.id if user else None,
        name=name,
        state=SignUpState.GOING.value,
        queued_at=now,
        changed_at=now,
    )
    db.session.add(row)
    db.session.commit()
    return row


def attending(session, user) -> SignUp:
    row = sign_up(session, user)
    db.session.add(Attendance(sign_up_id=row.id, session_id=session.id))
    db.session.commit()
    return row


def here(session, page: str) -> str:
    return f"/workshops/{session.entry_id}/dates/{session.number}/{page}"


def present(session) -> set[int]:
    db.session.expire_all()
    rows = select(Attendance.sign_up_id).where(
        Attendance.session_id == session.id, Attendance.present
    )
    return set(db.session.scalars(rows))


@pytest.fixture
def participant(make):
    """Return the account of somebody who comes."""
    return make.user(name="Participanta Invented")


@pytest.fixture
def theirs(app, make, participant):
    """Return the browser of who came."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return make.signed_in(client, participant)


def test_trainers_tick_who_came_and_she_is_asked(desk, theirs, past, participant, run_jobs):
    row, other = sign_up(past, participant), sign_up(past, name="Without Account")
    sheet = desk.get(here(past, "attendance")).text
    assert "Participanta Invented" in sheet
    assert "Without Account" in sheet
    assert theirs.get(here(past, "evaluation")).status_code == 404
    desk.post(here(past, "attendance"), data={"came": [row.id, other.id]})
    assert present(past) == {row.id, other.id}
    run_jobs()
    assert "Three questions, to be answered without your name" in theirs.get("/notices/").text
    assert theirs.get(here(past, "evaluation")).status_code == 200


def test_two_trainers_who_tick_at_once_lose_nothing(desk, past):
    first, second, third = (sign_up(past, name=f"Name {one}") for one in (1, 2, 3))
    desk.post(here(past, "attendance"), data={"came": [first.id]})
    # Both opened the sheet with the first ticked; one adds the second, the other takes the first off.
    desk.post(here(past, "attendance"), data={"shown": first.id, "came": [first.id, second.id]})
    desk.post(here(past, "attendance"), data={"shown": first.id, "came": [third.id]})
    assert present(past) == {second.id, third.id}
    desk.post(here(past, "attendance"), data={"came": ["999999", "x", "²"]})
    assert present(past) == {second.id, third.id}


def test_nobody_is_ticked_before_the_day_and_the_sheet_can_be_printed(desk, entry):
    session = give(entry, days=10)
    row = sign_up(session, name="Somebody")
    page = desk.get(here(session, "attendance")).text
    assert "Signature" in page
    assert 'name="came"' not in page
    desk.post(here(session, "attendance"), data={"came": row.id})
    assert present(session) == set()


def test_who_came_without_signing_up_is_put_on_the_sheet_once(desk, past):
    for _twice in range(2):
        desk.post(here(past, "attendance/names"), data={"names": "Walk In\n\nAnother One"})
    assert len(present(past)) == 2
    said = desk.post(here(past, "attendance/names"), data={"names": " \n"})
    assert said.status_code == 422


def test_names_are_there_for_trainers_alone(app, make, past, participant, entry, theirs):
    attending(past, participant)
    other = make.signed_in(app.test_client(), make.user())
    for client in (other, theirs):
        assert client.get(here(past, "attendance")).status_code == 403
        assert client.post(here(past, "attendance"), data={}).status_code == 403
        assert client.get(here(past, "follow-up")).status_code == 403
    assert "Participanta" not in other.get(f"/workshops/{entry.id}", follow_redirects=True).text
    assert other.get(here(past, "evaluation")).status_code == 404


def test_an_answer_is_kept_without_person_time_and_order_and_only_once(theirs, past, participant):
    attending(past, participant)
    fields = {"useful": "very", "will_try": "Ask first", "missing": "Tea"}
    assert theirs.post(here(past, "evaluation"), data=fields).status_code == 303
    again = theirs.post(here(past, "evaluation"), data=fields)
    assert again.status_code == 422
    assert "You have answered already" in again.text
    assert [column.name for column in Evaluation.__table__.columns] == [
        "id",
        "session_id",
        "useful",
        "will_try",
        "missing",
        "opened",
    ]
    assert db.session.query(Evaluation).count() == 1


def test_what_was_typed_survives_a_missing_choice(theirs, past, participant):
    attending(past, participant)
    said = theirs.post(here(past, "evaluation"), data={"will_try": "Ask the office first"})
    assert said.status_code == 422
    assert "Ask the office first" in said.text
    assert db.session.query(Evaluation).count() == 0


def test_a_tick_taken_away_and_put_back_lets_nobody_answer_twice(desk, theirs, past, participant):
    row = attending(past, participant)
    theirs.post(here(past, "evaluation"), data={"useful": "very"})
    desk.post(here(past, "attendance"), data={"shown": row.id})
    assert theirs.get(here(past, "evaluation")).status_code == 404
    desk.post(here(past, "attendance"), data={"came": row.id})
    assert theirs.post(here(past, "evaluation"), data={"useful": "not"}).status_code == 422
    assert db.session.query(Evaluation).count() == 1


def answered(make, session, *said: str) -> None:
    for words in said:
        user = make.user()
        attending(session, user)
        evaluating.answer(
            by=make.viewer(user),
            entry_id=session.entry_id,
            number=session.number,
            answers=Answers("very", words),
        )
        db.session.commit()


def test_trainers_read_answers_from_the_third_on_several_at_a_time(desk, make, past):
    answered(make, past, "First try", "Second try")
    page = desk.get(here(past, "evaluation")).text
    assert "First try" not in page
    assert "from the third on" in page
    answered(make, past, "Third try", "Fourth try")
    page = desk.get(here(past, "evaluation")).text
    assert "First try" in page
    assert "Third try" in page
    assert "Fourth try" not in page


def test_numbers_stand_on_the_page_only_if_the_trainers_say_so(desk, english, make, past, entry):
    answered(make, past, "One", "Two", "Three")
    page = f"/workshops/{entry.id}-an-invented-workshop"
    assert "How useful those who came found it" not in desk.get(page).text
    desk.post(here(past, "evaluation/numbers"), data={"shown": "1"})
    shown = desk.get(page).text
    assert re.search(r"Very useful: <b>3</b>", shown)
    assert "Two" not in shown
    desk.post(here(past, "evaluation/numbers"))
    assert "How useful those who came found it" not in desk.get(page).text


def test_the_trainers_are_told_on_the_day_and_what_they_say_completes_the_date(
    desk, make, entry, run_jobs, app, trainer
):
    colleague = make.user()
    team.invite(by=make.viewer(trainer), entry_id=entry.id, user=colleague)
    team.accept(by=make.viewer(colleague), entry_id=entry.id, named=True)
    past = give(entry, days=-100)
    coming = give(entry, days=-20)
    following_up.tell_due([])
    following_up.tell_due([])
    run_jobs()
    for client in (desk, make.signed_in(app.test_client(), colleague)):
        page = client.get("/notices/?lang=en").text
        assert page.count("It is time to say what came of this workshop.") == 1
    assert "Completed" not in desk.get(here(past, "").rstrip("/")).text
    said = desk.post(here(past, "follow-up"), data={"words": "Two offices answered.", "base": "1"})
    assert said.status_code == 303
    assert "Completed" in desk.get(here(past, "").rstrip("/")).text
    assert "Two offices answered." in desk.get(f"/workshops/{entry.id}-an-invented-workshop").text
    assert following_up.follow_up_of(coming) is None


def test_a_follow_up_is_neither_set_into_the_past_nor_before_the_date(desk, past, entry):
    yesterday = (clock.now() - timedelta(days=2)).date().isoformat()
    said = desk.post(here(past, "follow-up/day"), data={"day": yesterday})
    assert "This day has passed" in said.text
    coming = give(entry, days=30)
    early = (clock.now() + timedelta(days=5)).date().isoformat()
    assert (
        "Choose a day after the date itself"
        in desk.post(here(coming, "follow-up/day"), data={"day": early}).text
    )
    later = (clock.now() + timedelta(days=60)).date().isoformat()
    assert desk.post(here(coming, "follow-up/day"), data={"day": later}).status_code == 303
    assert later in desk.get(here(coming, "follow-up")).text


def test_two_who_answer_at_once_see_each_others_words(desk, past):
    desk.post(here(past, "follow-up"), data={"words": "First words", "base": "1"})
    said = desk.post(here(past, "follow-up"), data={"words": "Second words", "base": "1"})
    assert said.status_code == 409
    assert "Second words" in said.text
    assert db.session.get(FollowUp, past.id).words == "First words"


def test_another_mistake_does_not_let_words_be_replaced_unseen(desk, past):
    desk.post(here(past, "follow-up"), data={"words": "First words", "base": "1"})
    long = desk.post(here(past, "follow-up"), data={"words": "x" * 6000, "base": "1"})
    assert long.status_code == 422
    base = re.search(r'name="base"[^>]*value="(\d+)"', long.text)[1]
    said = desk.post(here(past, "follow-up"), data={"words": "Second words", "base": base})
    assert said.status_code == 409
    assert "First words" in said.text
    told = re.search(r'name="base"[^>]*value="(\d+)"', said.text)[1]
    desk.post(here(past, "follow-up"), data={"words": "Second words", "base": told})
    db.session.expire_all()
    assert db.session.get(FollowUp, past.id).words == "Second words"


def test_nothing_is_said_of_a_date_that_is_not_over(desk, entry):
    coming = give(entry, days=3)
    said = desk.post(here(coming, "follow-up"), data={"words": "Too early", "base": "1"})
    assert said.status_code == 422


def test_notes_that_came_of_it_stand_on_both_pages_as_far_as_a_reader_may_open_them(
    desk, english, app, make, past, entry, participant
):
    attending(past, participant)
    note = make.note(by=participant, title="A note after the workshop")
    silent = make.note(by=participant, title="An unnamed note", name_mask="unnamed")
    offered = desk.get(here(past, "follow-up")).text
    assert "A note after the workshop" in offered
    assert "An unnamed note" not in offered
    desk.post(here(past, f"follow-up/notes/{note.id}"))
    desk.post(here(past, f"follow-up/notes/{silent.id}"))
    page = f"/workshops/{entry.id}-an-invented-workshop"
    visitor = app.test_client()
    assert "A note after the workshop" in visitor.get(page).text
    assert "Participanta" not in visitor.get(f"/notes/{silent.id}", follow_redirects=True).text
    back = desk.get(f"/notes/{note.id}", follow_redirects=True).text
    assert "Came of a workshop" in back
    gone = db.session.get(Entry, note.id)
    gone.status, gone.audience = Status.WITHDRAWN.value, "nobody"
    entry = db.session.get(Entry, entry.id)
    entry.version += 1
    db.session.commit()
    assert "A note after the workshop" not in desk.get(page).text
    desk.post(here(past, f"follow-up/notes/{silent.id}/end"))
    assert "An unnamed note" not in desk.get(page).text


def test_what_was_tried_after_its_material_since_it_was_given_stands_there(
    desk, make, hold, participant
):
    original = make.note(title="The original note")
    entry = hold(original)
    give(entry, days=-10)
    make.note(by=participant, title="We tried it too", after=original)
    page = desk.get(f"/workshops/{entry.id}-an-invented-workshop").text
    assert "Tried since" in page
    assert "We tried it too" in page


def test_pages_ask_the_same_however_many_came_and_wrote(desk, make, past, entry, trainer):
    def grow(number: int) -> None:
        for _one in range(number):
            user = make.user()
            attending(past, user)
            answered(make, past, "Something")
            first, second = make.note(by=user), make.note(by=user)
            outcomes.name_note(by=make.viewer(trainer), entry_id=entry.id, note_id=first.id)
            assert second.id
        db.session.commit()

    pages = ("attendance", "evaluation", "follow-up")
    asked = [(desk, here(past, page), "") for page in pages]
    asked.append((desk, f"/workshops/{entry.id}-an-invented-workshop", ""))
    assert_all_constant(asked, grow=grow)


def test_who_came_without_an_account_answers_by_her_own_link(app, desk, past):
    token = tokens.fresh()
    row = sign_up(past, name="Without Account")
    row.token_hash = tokens.digest(token)
    db.session.commit()
    visitor = app.test_client()
    visitor.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    here = f"/workshops/places/{token}/evaluation"
    assert visitor.get(here).status_code == 404
    desk.post(here_of(past), data={"came": row.id})
    assert visitor.get(here).headers["Cache-Control"] == "no-store"
    assert (
        f'<a href="/workshops/places/{token}" rel="nofollow">Back to your place'
        in visitor.get(here).text
    )
    assert visitor.post(here, data={"useful": "quite"}).status_code == 303
    assert visitor.post(here, data={"useful": "quite"}).status_code == 422
    assert db.session.query(Evaluation).count() == 1
    assert visitor.get("/workshops/places/an-invented-token/evaluation").status_code == 404


def test_of_a_workshop_that_is_not_open_any_more_no_answer_is_taken_by_a_link(
    app, desk, past, make, trainer
):
    token = tokens.fresh()
    row = sign_up(past, name="Without Account")
    row.token_hash = tokens.digest(token)
    db.session.commit()
    desk.post(here_of(past), data={"came": row.id})
    operations.withdraw(by=make.viewer(trainer), entry_id=past.entry_id)
    db.session.commit()
    here = f"/workshops/places/{token}/evaluation"
    assert app.test_client().post(here, data={"useful": "quite"}).status_code == 404
    assert db.session.query(Evaluation).count() == 0


def here_of(session) -> str:
    return here(session, "attendance")


def test_ticks_of_numbers_that_nobody_has_change_nothing(desk, past, participant):
    came = attending(past, participant)
    for number in ("9" * 30, "9" * 5000, "-1", "x"):
        answer = desk.post(here(past, "attendance"), data={"came": number, "shown": number})
        assert answer.status_code == 303
    assert present(past) == {came.id}
