"""Curators begin pages themselves: on a site with one curator nobody else could."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.entries.models import Entry
from cop.proposals.models import Proposal
from tests.web.proposals.conftest import fields_of

STRATEGY = "/proposals/new/practice?strategy=open-space"


@pytest.fixture
def typed(make, curator):
    """Return what a curator typed into the form of a page that is not there yet."""
    make.term("open-space", name="Open space")
    fields = fields_of(curator, STRATEGY)
    return {**fields, "summary": "A meeting without an agenda.", "note": "Ten years of them"}


def begun():
    return db.session.scalars(select(Entry).where(Entry.kind == "practice")).all()


def test_a_curator_publishes_a_page_that_was_not_there_yet(curator, typed):
    assert "Write this page" in curator.get("/practices/open-space").text
    answer = curator.post("/proposals/new/practice", data={**typed, "act": "begin"})
    shown = curator.get(answer.location, follow_redirects=True)
    assert shown.request.path == "/practices/open-space"
    assert "A meeting without an agenda." in shown.text
    assert db.session.scalars(select(Proposal)).one().state == "accepted"


def test_the_same_form_sent_twice_begins_one_page(curator, typed):
    first = curator.post("/proposals/new/practice", data={**typed, "act": "begin"})
    again = curator.post("/proposals/new/practice", data={**typed, "act": "begin"})
    assert first.location == again.location
    assert len(begun()) == 1


def test_a_guide_is_begun_the_same_way(curator):
    fields = fields_of(curator, "/proposals/new/guide")
    told = {"title": "How to register", "summary": "For groups.", "body": "Ask by phone."}
    sent = {**fields, **told, "note": "Asked often", "act": "begin"}
    shown = curator.get(curator.post("/proposals/new/guide", data=sent).location)
    shown = curator.get(shown.location) if shown.status_code in (301, 302) else shown
    assert "Ask by phone." in shown.text
    assert "Invented Curator" in shown.text


def test_what_lacks_is_said_and_nothing_is_published(curator, typed):
    answer = curator.post("/proposals/new/practice", data={**typed, "summary": "", "act": "begin"})
    assert answer.status_code == 422
    assert "Ten years of them" in answer.text
    assert begun() == []


def test_a_curator_who_proposed_first_may_publish_it_later(curator, typed):
    number = int(curator.post("/proposals/new/practice", data=typed).location.rsplit("/", 1)[1])
    asked = fields_of(curator, f"/proposals/{number}")
    refused = curator.post(
        f"/proposals/{number}/decision", data={**asked, "act": "decline", "reason": "No"}
    )
    assert "Take your own proposal back" in refused.text
    assert begun() == []
    curator.post(f"/proposals/{number}/decision", data={**asked, "act": "accept"})
    assert "A meeting without an agenda." in curator.get("/practices/open-space").text


def test_for_a_member_it_stays_a_proposal(desk, make):
    make.term("open-space", name="Open space")
    shown = desk.get(STRATEGY).text
    assert 'value="begin"' not in shown
    fields = fields_of(desk, STRATEGY)
    sent = {**fields, "summary": "Mine.", "note": "Why not", "act": "begin"}
    answer = desk.post("/proposals/new/practice", data=sent)
    assert answer.location.startswith("/proposals/")
    assert begun() == []
