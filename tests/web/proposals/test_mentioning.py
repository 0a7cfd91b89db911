"""Mentions in proposals: kept by id, shown by name, so that nobody reads a number and no name goes stale."""

from __future__ import annotations

import re

import pytest

from cop.core.db import db
from cop.proposals.models import Proposal, Remark
from tests.web.proposals.conftest import SECTIONS, decide, fields_of, propose, published


@pytest.fixture
def friend(make):
    return make.user(name="Invented Friend")


def called(friend) -> str:
    return f"@[{friend.name}](person:{friend.id})"


def test_what_is_proposed_is_kept_by_id_and_compared_by_name(desk, page, curator, friend):
    number = propose(desk, page, pitfalls=f"Ask {called(friend)} first.")
    assert db.session.get_one(Proposal, number).sections["pitfalls"] == (
        f"Ask @[](person:{friend.id}) first."
    )
    friend.name = "Another Name"
    db.session.commit()
    for browser in (desk, curator):
        shown = re.sub("<[^>]+>", "", browser.get(f"/proposals/{number}").text)
        assert "Ask @Another Name first." in shown
        assert "@[]" not in shown
    edited = fields_of(desk, f"/proposals/{number}/edit")["pitfalls"]
    assert edited == f"Ask @[Another Name](person:{friend.id}) first."


def test_accepted_as_it_is_it_is_not_said_to_be_amended(desk, page, curator, friend):
    number = propose(desk, page, pitfalls=f"Ask {called(friend)} first.")
    assert decide(curator, number).status_code == 303
    assert published(page).sections["pitfalls"] == f"Ask @[](person:{friend.id}) first."
    db.session.expire_all()
    assert db.session.get_one(Proposal, number).state == "accepted"


def test_a_page_that_mentions_somebody_is_proposed_with_her_name_in_the_form(
    desk, page, curator, friend
):
    decide(curator, propose(desk, page, pitfalls=f"Ask {called(friend)} first."))
    fields = fields_of(desk, f"/entries/{page.id}/proposals/new?text=en")
    assert fields["pitfalls"] == f"Ask {called(friend)} first."
    sent = {**fields, "note": "Nothing new"}
    answer = desk.post(f"/entries/{page.id}/proposals/", data=sent)
    assert "Nothing differs" in answer.text
    looked = desk.post(f"/entries/{page.id}/proposals/", data={**sent, "act": "preview"}).text
    assert f'href="/people/{friend.handle}">@Invented Friend</a>' in looked


def test_a_remark_mentions_by_id_too(desk, page, friend):
    number = propose(desk, page, pitfalls="It may tire.")
    form = {**fields_of(desk, f"/proposals/{number}"), "body": f"{called(friend)} saw it."}
    assert desk.post(f"/proposals/{number}/remarks", data=form).status_code == 303
    said = db.session.query(Remark).one()
    assert said.body == f"@[](person:{friend.id}) saw it."
    assert (
        f'href="/people/{friend.handle}">@Invented Friend</a>'
        in desk.get(f"/proposals/{number}").text
    )


def test_who_cannot_be_mentioned_stands_as_text_and_ids_are_not_taken_on_trust(desk, page):
    number = propose(desk, page, pitfalls="Ask @[Nobody](person:999999) first.")
    kept = db.session.get_one(Proposal, number).sections
    assert kept == {**SECTIONS, "pitfalls": "Ask @Nobody first."}


def test_without_script_it_is_asked_whom_a_name_means(desk, page, friend):
    fields = fields_of(desk, f"/entries/{page.id}/proposals/new?text=en")
    sent = {**fields, "pitfalls": f"Ask @{friend.handle} first.", "note": "Known to all"}
    answer = desk.post(f"/entries/{page.id}/proposals/", data=sent)
    assert "Whom do you mention?" in answer.text
    chosen = {"mention_typed": friend.handle, "mention_meant": called(friend)}
    again = desk.post(
        f"/entries/{page.id}/proposals/", data={**sent, **chosen, "mentions_asked": "1"}
    )
    assert again.status_code == 303
    made = db.session.query(Proposal).one()
    assert made.sections["pitfalls"] == f"Ask @[](person:{friend.id}) first."


def test_a_new_page_is_proposed_and_begun_with_its_mentions(desk, page, make, curator, friend):
    make.term("open-space", name="Open space")
    begun = fields_of(desk, "/proposals/new/practice?strategy=open-space")
    words = {"title": "Open space", "summary": f"As {called(friend)} does it.", "note": "Asked for"}
    made = desk.post("/proposals/new/practice", data={**begun, **words})
    number = int(made.location.rsplit("/", 1)[1])
    assert "@[]" not in curator.get(f"/proposals/{number}").text
    assert decide(curator, number).status_code == 303
    db.session.expire_all()
    proposal = db.session.get_one(Proposal, number)
    assert proposal.state == "accepted"
    assert "@Invented Friend</a>" in desk.get("/practices/open-space").text
