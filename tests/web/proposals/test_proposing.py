"""Proposing an edit: the page stays as it is, nothing typed is lost, and only who may see it sees it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.entries import operations as entries
from cop.entries.models import Draft
from cop.proposals.models import Proposal
from tests.counting import counted
from tests.web.proposals.conftest import SECTIONS, fields_of, propose, published


def test_a_member_proposes_and_the_page_stays_as_it_is(desk, page):
    number = propose(desk, page, pitfalls="The group may close itself, or tire.")
    assert published(page).sections == SECTIONS
    shown = desk.get(f"/proposals/{number}").text
    assert ", or tire" in shown
    assert "From our own year with it." in shown


def test_one_section_is_proposed_alone_and_the_rest_stays(desk, page):
    address = f"/entries/{page.id}/proposals/new?text=en&section=pitfalls"
    fields = fields_of(desk, address)
    assert "how" not in fields
    sent = {**fields, "pitfalls": "It may tire.", "note": "Seen twice."}
    desk.post(f"/entries/{page.id}/proposals/", data=sent)
    made = db.session.scalars(select(Proposal)).one()
    assert made.sections == {**SECTIONS, "pitfalls": "It may tire."}
    assert made.section == "pitfalls"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"note": ""}, "Say in a line why"),
        ({}, "Nothing differs"),
        ({"title": "", "how": "x"}, "A page needs a title"),
        ({"how": "x", "significance": "enormous"}, "Choose how much it changes"),
        ({"how": "x" * 40_001}, "too long"),
    ],
)
def test_what_cannot_be_taken_is_said_and_kept(desk, page, changes, said):
    fields = fields_of(desk, f"/entries/{page.id}/proposals/new?text=en")
    sent = {**fields, "note": "A reason that was typed", **changes}
    answer = desk.post(f"/entries/{page.id}/proposals/", data=sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert sent["note"] in answer.text
    assert db.session.scalars(select(Proposal)).all() == []


def test_the_same_form_sent_twice_makes_one_proposal(desk, page):
    fields = fields_of(desk, f"/entries/{page.id}/proposals/new?text=en")
    sent = {**fields, "how": "Shorter.", "note": "Why not."}
    first = desk.post(f"/entries/{page.id}/proposals/", data=sent)
    again = desk.post(f"/entries/{page.id}/proposals/", data=sent)
    assert first.location == again.location
    assert len(db.session.scalars(select(Proposal)).all()) == 1


def test_a_visitor_signs_in_first_and_loses_nothing(client, page):
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    assert client.get(f"/entries/{page.id}/proposals/new").status_code == 303
    answer = client.post(f"/entries/{page.id}/proposals/", data={"how": "Typed at length"})
    assert answer.status_code in (400, 401)
    assert "Typed at length" in answer.text


def test_a_draft_is_kept_and_taken_up_again(desk, page):
    fields = fields_of(desk, f"/entries/{page.id}/proposals/new?text=en")
    desk.post(f"/entries/{page.id}/proposals/", data={**fields, "how": "Half a", "act": "draft"})
    draft = db.session.scalars(select(Draft)).one()
    assert "Half a" in desk.get(f"/entries/{page.id}/proposals/new?draft={draft.id}").text


def test_a_draft_leads_back_to_what_it_was_begun_for(desk, page, make):
    fields = fields_of(desk, f"/entries/{page.id}/proposals/new?text=en")
    desk.post(f"/entries/{page.id}/proposals/", data={**fields, "how": "Half a", "act": "draft"})
    make.term("open-space", name="Open space")
    begun = fields_of(desk, "/proposals/new/practice?strategy=open-space")
    desk.post("/proposals/new/practice", data={**begun, "summary": "Half b", "act": "draft"})
    for draft in db.session.scalars(select(Draft)).all():
        opened = desk.get(f"/drafts/{draft.id}", follow_redirects=True)
        assert opened.status_code == 200
        assert ("Half a" in opened.text) == (draft.entry_id == page.id)
    sent = {**fields_of(desk, opened.request.full_path), "note": "Now whole"}
    assert desk.post("/proposals/new/practice", data=sent).status_code == 303
    assert db.session.scalars(select(Proposal)).one().facts == {"strategy": "open-space"}


def test_a_proposal_is_changed_and_taken_back_by_who_made_it(desk, page):
    number = propose(desk, page, how="First words")
    fields = fields_of(desk, f"/proposals/{number}/edit")
    desk.post(f"/proposals/{number}/edit", data={**fields, "how": "Second words"})
    assert "Second words" in desk.get(f"/proposals/{number}").text
    desk.post(f"/proposals/{number}/withdrawal")
    db.session.expire_all()
    assert db.session.get_one(Proposal, number).state == "withdrawn"
    late = desk.post(f"/proposals/{number}/edit", data={**fields, "how": "Too late"})
    assert late.status_code == 409
    assert "Too late" in late.text


def test_nobody_else_changes_it_or_takes_it_back(desk, page, enter, make):
    number = propose(desk, page, how="Mine")
    other = enter(make.user())
    assert other.get(f"/proposals/{number}/edit").status_code == 404
    assert other.post(f"/proposals/{number}/withdrawal").status_code == 403


def test_members_see_proposals_and_visitors_do_not(desk, page, enter, make, client):
    number = propose(desk, page, how="Marker words")
    member = enter(make.user())
    assert "Marker words" in member.get(f"/proposals/{number}").text
    assert str(number) in member.get(f"/entries/{page.id}/proposals/").text
    assert client.get(f"/proposals/{number}").status_code == 303
    assert "Marker words" not in client.get("/practices/small-groups").text


def test_what_somebody_new_proposes_is_for_her_and_the_curators(page, enter, make, curator):
    new = enter(make.user(newcomer=True))
    number = propose(new, page, how="Marker words")
    assert enter(make.user()).get(f"/proposals/{number}").status_code == 404
    assert curator.get(f"/proposals/{number}").status_code == 200
    assert new.get(f"/proposals/{number}").status_code == 200


def test_a_page_that_is_hidden_hides_its_proposals(desk, page, make):
    number = propose(desk, page, how="Marker words")
    entries.hide(by=make.member("moderator"), entry_id=page.id, reason="A name")
    db.session.commit()
    assert desk.get(f"/proposals/{number}").status_code == 404


@pytest.mark.parametrize("made", ["note", "discussion"])
def test_what_its_author_keeps_takes_no_proposals(desk, make, made):
    entry = make.note() if made == "note" else make.discussion()
    assert desk.get(f"/entries/{entry.id}/proposals/new").status_code == 404


def test_a_page_that_is_not_there_yet_is_proposed_and_published_by_a_curator(desk, make, curator):
    make.term("open-space", name="Open space")
    fields = fields_of(desk, "/proposals/new/practice?strategy=open-space")
    assert fields["title"] == "Open space"
    asked = desk.get("/proposals/new/practice?strategy=open-space").text
    assert "One step a line" in asked
    sent = {**fields, "summary": "A meeting without an agenda.", "note": "Ten years of them"}
    number = int(desk.post("/proposals/new/practice", data=sent).location.rsplit("/", 1)[1])
    asked = fields_of(curator, f"/proposals/{number}")
    curator.post(f"/proposals/{number}/decision", data={**asked, "act": "accept"})
    shown = curator.get("/practices/open-space").text
    assert "A meeting without an agenda." in shown


@pytest.mark.parametrize("address", ["practice?strategy=nothing", "note", "nothing"])
def test_a_page_about_nothing_is_not_found(desk, address):
    assert desk.get(f"/proposals/new/{address}").status_code == 404


def test_the_list_of_a_page_costs_the_same_however_many_there_are(desk, page, enter, make):
    propose(desk, page, how="Words 0")
    with counted() as few:
        desk.get(f"/entries/{page.id}/proposals/")
    for number in range(1, 6):
        propose(enter(make.user()), page, how=f"Words {number}")
    with counted() as many:
        desk.get(f"/entries/{page.id}/proposals/")
    assert len(many) <= len(few)
