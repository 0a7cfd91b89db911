"""Participants have a page, a circle, and trainers who read the drafts they share, and nothing else of theirs."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from sqlalchemy import select

from cop.core import clock
from cop.core.db import db
from cop.core.types import Lang
from cop.entries import queries
from cop.entries.draft import TextDraft
from cop.entries.drafts import save_draft
from cop.entries.models import Draft, Entry, NameMask
from cop.handouts.models import Printed
from cop.people import tokens
from cop.people.models import Membership
from cop.people.viewer import SYSTEM
from cop.workshops.draft import Material
from cop.workshops.operations import facts_now, publish
from cop.workshops.participant_models import DraftRemark, DraftShare
from cop.workshops.session_models import SignUp, SignUpState
from tests.counting import assert_constant_queries
from tests.enclosures import add_files
from tests.web.workshops.dating import give


@pytest.fixture
def participant(make):
    """Return the account of somebody who takes part."""
    return make.user(name="Participanta Invented")


@pytest.fixture
def theirs(app, make, participant):
    """Return the browser of who takes part."""
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return make.signed_in(client, participant)


def seat(session, user=None, **more) -> SignUp:
    now = clock.now()
    row = SignUp(
        session_id=session.id,
        user_id=user.id if user else None,
        state=more.pop("state", SignUpState.GOING.value),
        queued_at=now,
        changed_at=now,
        **more,
    )
    db.session.add(row)
    db.session.commit()
    return row


@pytest.fixture
def session(hold, make, participant):
    """Return a coming date with a participant."""
    made = give(hold(make.note(title="A note to read")), days=5)
    seat(made, participant)
    return made


@pytest.fixture
def draft(make, participant):
    """Return a draft of the participant's."""
    made = save_draft(
        by=make.viewer(participant),
        kind="note",
        lang="en",
        data={"title": ["My first try"], "what_happened": ["We asked **twice**."]},
        draft_id=None,
    )
    db.session.commit()
    return made


def page(session, rest: str = "") -> str:
    return f"/workshops/{session.entry_id}/participants/{rest}"


def test_the_page_is_there_for_who_has_a_seat_and_the_trainers_alone(
    app, make, desk, theirs, session
):
    for client in (desk, theirs):
        shown = client.get(page(session)).text
        assert "A note to read" in shown
        assert "Swap roles." in shown
    waiting = make.user()
    seat(session, waiting, state=SignUpState.WAITING.value)
    for user in (waiting, make.user()):
        other = make.signed_in(app.test_client(), user)
        assert other.get(page(session)).status_code == 404
        assert (
            "/participants/"
            not in other.get(f"/workshops/{session.entry_id}", follow_redirects=True).text
        )
    assert app.test_client().get(page(session)).status_code in (302, 303)


def test_who_signed_up_by_name_reads_material_and_exercises_by_her_own_link(app, session):
    token = tokens.fresh()
    seat(session, name="Without Account", token_hash=tokens.digest(token))
    visitor = app.test_client()
    visitor.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    shown = visitor.get(page(session, token))
    assert "A note to read" in shown.text
    assert "Your drafts" not in shown.text
    for paper in ("sheet", "booklet", "booklet/pdf"):
        address = re.search(rf'href="(/workshops/{session.entry_id}-[^"]*/{paper})"', shown.text)[1]
        assert visitor.get(address).status_code == 200
    assert shown.headers["Cache-Control"] == "no-store"
    assert "Participanta" not in shown.text
    assert visitor.get(page(session, "an-invented-token")).status_code == 404


def test_participants_take_files_and_papers_along_as_far_as_they_may_read(
    app, desk, theirs, session, make
):
    entry = queries.get(SYSTEM, session.entry_id)
    add_files(entry)
    closed = make.note(title="For members alone", visibility="members")
    told = queries.text_for(entry, Lang.EN)
    now = queries.current(told)
    facts = facts_now(entry)
    publish(
        by=SYSTEM,
        entry=entry,
        text=told,
        draft=TextDraft(Lang.EN, now.title, now.sections),
        facts=replace(facts, materials=(*facts.materials, Material(closed.key))),
    )
    db.session.commit()
    token = tokens.fresh()
    seat(session, name="Without Account", token_hash=tokens.digest(token))
    visitor = app.test_client()
    visitor.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    shown = visitor.get(page(session, token)).text
    assert "talk.wav" in shown
    assert "For members alone" not in shown
    booklet = re.search(r'href="(/workshops/[^"]*/booklet)"', shown)[1]
    assert "For members alone" not in visitor.get(booklet).text
    assert "For members alone" in theirs.get(page(session)).text


def test_a_booklet_that_was_made_is_offered_with_its_pages(theirs, session):
    assert "Have the booklet made as a PDF" in theirs.get(page(session)).text
    made = Printed(
        entry_id=session.entry_id,
        words="invented",
        text="en",
        reach="everybody",
        asked_at=clock.now(),
        ready_at=clock.now(),
        pages=12,
    )
    db.session.add(made)
    db.session.commit()
    shown = theirs.get(page(session)).text
    assert "12 pages" in shown
    address = re.search(r'href="(/workshops/[^"]*/booklet\.pdf)"', shown)[1]
    # What it holds is not so any more: it leads to where it is made anew.
    assert theirs.get(address).headers["Location"].endswith("/booklet/pdf")


def test_one_step_opens_the_circle_and_each_comes_in_by_her_own_click(
    desk, theirs, session, participant, run_jobs, app, make
):
    for _twice in range(2):
        assert desk.post(page(session, "circle")).status_code == 303
    run_jobs()
    assert db.session.scalars(select(Membership.user_id)).all() != [participant.id]
    assert theirs.get("/notices/").text.count("The workshop has a circle now.") == 1
    assert "Come in" in theirs.get(page(session)).text
    for _twice in range(2):
        theirs.post(page(session, "circle/own"))
    shown = theirs.get(page(session)).text
    assert "Write a case note in the circle" in shown
    circle_id = db.session.scalars(select(Membership.circle_id)).first()
    assert f"/notes/new?circle={circle_id}" in shown
    assert f'value="circle-{circle_id}" checked' in " ".join(
        theirs.get(f"/notes/new?circle={circle_id}").text.split()
    ).replace(" required", "")
    stranger = make.signed_in(app.test_client(), make.user())
    assert stranger.post(page(session, "circle/own")).status_code == 404
    assert stranger.post(page(session, "circle")).status_code == 403


def test_notes_of_the_circle_stand_on_the_page_for_those_in_it(
    app, desk, theirs, session, make, participant
):
    desk.post(page(session, "circle"))
    theirs.post(page(session, "circle/own"))
    circle_id = db.session.scalars(select(Membership.circle_id)).first()
    circle = type("C", (), {"id": circle_id})
    make.note(by=participant, circle=circle, title="Written among ourselves")
    assert "Written among ourselves" in theirs.get(page(session)).text
    late = make.user()
    seat(session, late)
    outside = make.signed_in(app.test_client(), late)
    assert "Written among ourselves" not in outside.get(page(session)).text


def test_a_draft_is_hers_alone_until_she_shares_it_and_again_afterwards(
    desk, theirs, session, draft, run_jobs
):
    here = page(session, f"drafts/{draft.id}")
    assert desk.get(here).status_code == 404
    assert theirs.post(here).status_code == 303
    run_jobs()
    assert "Participanta Invented lets you read a draft." in desk.get("/notices/").text
    shown = desk.get(here).text
    assert "We asked <strong>twice</strong>." in shown
    assert "My first try" in desk.get(page(session)).text
    theirs.post(f"{here}/end")
    assert desk.get(here).status_code == 404
    assert "My first try" not in desk.get(page(session)).text
    assert db.session.get(Draft, draft.id) is not None


def test_a_draft_of_changes_to_her_own_note_is_shared_and_of_somebody_elses_not(
    desk, make, theirs, session, draft, participant
):
    draft.entry_id = make.note().id
    db.session.commit()
    here = page(session, f"drafts/{draft.id}")
    theirs.post(here)
    assert desk.get(here).status_code == 404
    assert f"drafts/{draft.id}" not in theirs.get(page(session)).text
    draft.entry_id = make.note(by=participant).id
    db.session.commit()
    assert theirs.post(here).status_code == 303
    assert desk.get(here).status_code == 200


def test_nobody_shares_or_reads_a_draft_of_somebody_else(
    app, make, desk, theirs, session, draft, participant
):
    fellow = make.user()
    seat(session, fellow)
    client = make.signed_in(app.test_client(), fellow)
    here = page(session, f"drafts/{draft.id}")
    assert client.post(here).status_code == 404
    theirs.post(here)
    assert client.get(here).status_code == 404
    assert client.post(f"{here}/remarks", data={"body": "I read it"}).status_code == 404
    assert client.post(f"{here}/publication").status_code == 404
    stranger = make.user()
    alone = save_draft(
        by=make.viewer(stranger), kind="note", lang="en", data={"title": ["X"]}, draft_id=None
    )
    db.session.commit()
    outside = make.signed_in(app.test_client(), stranger)
    assert outside.post(page(session, f"drafts/{alone.id}")).status_code == 404
    assert db.session.query(DraftShare).count() == 1


def test_the_trainer_remarks_in_place_and_asks_to_publish_which_she_does_herself(
    desk, theirs, session, draft, run_jobs
):
    here = page(session, f"drafts/{draft.id}")
    theirs.post(here)
    for _twice in range(2):
        desk.post(f"{here}/remarks", data={"body": "How often?", "section": "what_happened"})
    assert db.session.query(DraftRemark).count() == 1
    empty = desk.post(f"{here}/remarks", data={"body": " "})
    assert empty.status_code == 422
    for _twice in range(2):
        desk.post(f"{here}/publication")
    run_jobs()
    told = theirs.get("/notices/").text
    assert "said something about a shared draft" in told
    assert told.count("asks you to publish your draft") == 1
    shown = theirs.get(here).text
    assert "How often?" in shown
    assert f"/notes/new?draft={draft.id}" in shown
    assert desk.get(f"/notes/new?draft={draft.id}").status_code == 404
    assert theirs.post(f"{here}/publication").status_code == 403
    theirs.post(f"{here}/remarks", data={"body": "Twice a week."})
    assert "Twice a week." in desk.get(here).text


def test_what_was_shared_goes_with_the_draft(theirs, desk, session, draft):
    here = page(session, f"drafts/{draft.id}")
    theirs.post(here)
    desk.post(f"{here}/remarks", data={"body": "A remark"})
    db.session.delete(db.session.get(Draft, draft.id))
    db.session.commit()
    assert desk.get(here).status_code == 404
    assert db.session.query(DraftShare).count() == 0
    assert db.session.query(DraftRemark).count() == 0


def test_the_page_asks_the_same_however_much_is_shared(desk, make, session):
    def grow(number: int) -> None:
        for _one in range(number):
            user = make.user()
            seat(session, user)
            made = save_draft(
                by=make.viewer(user), kind="note", lang="en", data={"title": ["T"]}, draft_id=None
            )
            db.session.add(
                DraftShare(draft_id=made.id, entry_id=session.entry_id, shared_at=clock.now())
            )
        db.session.commit()

    assert_constant_queries(desk, page(session), grow=grow)


def test_a_participant_says_herself_that_a_note_of_hers_came_of_the_workshop(
    app, desk, theirs, make, hold, participant
):
    past = give(hold(), days=-3)
    seat(past, participant)
    note = make.note(by=participant, title="I tried it at home")
    foreign = make.note(title="By somebody else")
    assert "I tried it at home" in theirs.get(page(past)).text
    for _twice in range(2):
        theirs.post(page(past, f"notes/{note.id}"))
    here = f"/workshops/{past.entry_id}-an-invented-workshop"
    assert "I tried it at home" in app.test_client().get(here).text
    assert theirs.post(page(past, f"notes/{foreign.id}")).status_code == 404
    outside = make.signed_in(app.test_client(), make.user())
    assert outside.post(page(past, f"notes/{note.id}")).status_code == 404
    theirs.post(page(past, f"notes/{note.id}/end"))
    assert "I tried it at home" not in desk.get(here).text


def test_who_leads_an_unnamed_workshop_stays_unnamed_beside_a_draft(
    desk, theirs, session, draft, run_jobs
):
    db.session.get(Entry, session.entry_id).name_mask = NameMask.UNNAMED.value
    db.session.commit()
    here = page(session, f"drafts/{draft.id}")
    theirs.post(here)
    desk.post(f"{here}/remarks", data={"body": "How often?"})
    run_jobs()
    shown = theirs.get(here).text
    assert "How often?" in shown
    assert "Invented Trainer" not in shown
    assert "Invented Trainer" not in theirs.get("/notices/").text


def test_trainers_read_a_draft_while_its_author_takes_part_and_she_can_end_it_later(
    desk, theirs, session, draft
):
    here, date = page(session, f"drafts/{draft.id}"), f"/workshops/{session.entry_id}/dates/1"
    theirs.post(here)
    theirs.post(f"{date}/withdrawal")
    assert desk.get(here).status_code == 404
    assert "My first try" not in desk.get(page(session)).text
    theirs.post(f"{date}/sign-up")
    assert "My first try" in desk.get(page(session)).text
    theirs.post(f"{date}/withdrawal")
    ended = theirs.post(f"{here}/end", follow_redirects=True)
    assert ended.status_code == 200
    assert "The trainers cannot read this draft any more." in ended.text
    theirs.post(f"{date}/sign-up")
    assert desk.get(here).status_code == 404
