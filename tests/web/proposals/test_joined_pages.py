"""Two strategies with a page each become one: one page stays, the other leads there, and nothing of it is lost."""

from __future__ import annotations

import pytest

from cop.core.db import db
from cop.core.types import Lang
from cop.entries.draft import Origin, Signature, TextDraft
from cop.entries.models import Comment, Entry, Status, Visibility
from cop.people.viewer import SYSTEM
from cop.practices.draft import PracticeDraft, PracticeFacts
from cop.practices.joining import join_pages
from cop.practices.operations import start_page
from cop.proposals.models import Proposal
from tests.web.proposals.conftest import decide, propose


@pytest.fixture
def other(make):
    """Return the page of another strategy."""
    return started(make, "big-groups", "Big groups")


def started(make, key, title):
    strategy = make.term(key, name=title)
    texts = (TextDraft(Lang.EN, title, {"summary": f"All about {title}."}),)
    facts = PracticeFacts(strategy=strategy.key)
    draft = PracticeDraft(texts, facts, Signature(Visibility.PUBLIC))
    entry = start_page(by=SYSTEM, draft=draft, origin=Origin(written_by="editors"))
    db.session.commit()
    return entry


@pytest.fixture
def tend(curator, run_jobs):
    """Return the function that merges a term, or (without another) takes that back."""

    def tended(key, into=""):
        act = "merge" if into else "unmerge"
        data = {"into": into, "reason": "They are the same"}
        answer = curator.post(f"/terms/strategy/{key}/{act}", data=data)
        assert answer.status_code == 303, answer.text
        run_jobs()

    return tended


def leads_to(entry):
    return db.session.get(Entry, entry.id).merged_into_id


def state_of(number):
    return db.session.get(Proposal, number).state


def under(entry):
    return {one.body for one in db.session.query(Comment).filter_by(entry_id=entry.id)}


def test_the_other_page_stays_and_old_addresses_and_names_lead_there(
    desk, make, page, other, tend, curator
):
    note = make.note(title="Linking", context="[[Small groups]]")
    db.session.commit()
    tend("small-groups", "big-groups")
    assert leads_to(page) == other.id
    for address in ("/practices/small-groups", f"/practices/{page.id}", f"/entries/{page.id}"):
        shown = desk.get(address, follow_redirects=True)
        assert shown.request.path == "/practices/big-groups", address
        assert "All about Big groups." in shown.text
    shown = desk.get(f"/notes/{note.id}", follow_redirects=True).text
    assert '<a href="/practices/big-groups">Small groups</a>' in shown
    listed = desk.get("/practices/").text
    assert "/practices/small-groups" not in listed
    assert "Linking" in desk.get("/terms/strategy/big-groups/links").text


def test_its_history_stays_open_and_is_found_from_the_page_that_stays(
    desk, client, page, other, tend
):
    tend("small-groups", "big-groups")
    for reader in (desk, client):
        assert f"/entries/{page.id}/history" in reader.get(f"/entries/{other.id}/history").text
        history = reader.get(f"/entries/{page.id}/history?lang=en").text
        assert "joined with another one" in history
        revision = reader.get(f"/entries/{page.id}/revisions/1")
        assert "Begin with a small group." in revision.text


def test_comments_stand_under_the_page_that_stays_and_return_with_their_answers(
    make, page, other, tend
):
    said = make.comment(page, "Said on the small ones")
    make.comment(other, "Said on the big ones")
    db.session.commit()
    tend("small-groups", "big-groups")
    assert under(other) == {"Said on the small ones", "Said on the big ones"}
    make.comment(other, "An answer", answers=db.session.get(Comment, said.id))
    db.session.commit()
    tend("small-groups")
    assert under(page) == {"Said on the small ones", "An answer"}
    assert under(other) == {"Said on the big ones"}
    assert db.session.get(Entry, page.id).replies == 2


def test_taking_the_merging_back_parts_the_pages(desk, page, other, tend):
    tend("small-groups", "big-groups")
    tend("small-groups")
    assert leads_to(page) is None
    assert db.session.get(Entry, page.id).status == Status.PUBLISHED
    assert "Begin with a small group." in desk.get("/practices/small-groups").text
    assert "All about Big groups." in desk.get("/practices/big-groups").text


def test_proposals_are_kept_and_nothing_is_published_on_a_page_that_leads_elsewhere(
    desk, page, other, tend, curator
):
    number = propose(desk, page, how="Meet three times.")
    second = propose(desk, page, pitfalls="None.")
    tend("small-groups", "big-groups")
    assert "joined with another one" in desk.get(f"/proposals/{number}").text
    assert f"/proposals/{number}" in desk.get(f"/entries/{page.id}/proposals/").text
    answer = decide(curator, number)
    assert answer.status_code == 409
    assert "joined with another one meanwhile" in answer.text
    assert state_of(number) == "open"
    assert decide(curator, second, act="decline", reason="See big groups").status_code == 303
    tend("small-groups")
    assert decide(curator, number).status_code == 303
    assert "Meet three times." in desk.get("/practices/small-groups").text


def test_a_newer_merging_takes_all_along_and_parts_one_by_one(make, page, other, tend):
    third = started(make, "all-groups", "All groups")
    make.comment(page, "Small")
    make.comment(other, "Big")
    db.session.commit()
    tend("small-groups", "big-groups")
    tend("big-groups", "all-groups")
    assert (leads_to(page), leads_to(other), leads_to(third)) == (third.id, third.id, None)
    assert under(third) == {"Small", "Big"}
    tend("big-groups")
    assert (leads_to(page), leads_to(other), leads_to(third)) == (other.id, None, None)
    assert (under(third), under(other)) == (set(), {"Small", "Big"})
    tend("small-groups")
    assert (leads_to(page), under(page), under(other)) == (None, {"Small"}, {"Big"})


def test_where_only_the_merged_strategy_has_a_page_that_page_stays(make, desk, page, tend):
    make.term("new-name", name="New name")
    db.session.commit()
    tend("small-groups", "new-name")
    assert leads_to(page) is None
    assert "Begin with a small group." in desk.get("/practices/new-name").text


def test_pages_never_lead_in_a_circle_whatever_the_table_said(page, other, desk):
    for one, into in ((page, other), (other, page)):
        row = db.session.get(Entry, one.id)
        row.merged_into_id = into.id
    db.session.commit()
    join_pages([])
    db.session.commit()
    assert (leads_to(page), leads_to(other)) == (None, None)
    assert desk.get("/practices/small-groups").status_code == 200


def test_doing_it_again_changes_nothing(page, other, tend, make):
    tend("small-groups", "big-groups")
    version = db.session.get(Entry, other.id).version
    join_pages([])
    db.session.commit()
    assert db.session.get(Entry, other.id).version == version


def test_what_only_members_read_tells_visitors_nothing_after_it_was_joined(
    client, desk, make, page, other, tend
):
    row = db.session.get(Entry, page.id)
    row.visibility, row.audience, row.opened_to = "members", "members", "members"
    db.session.commit()
    tend("small-groups", "big-groups")
    assert f"/entries/{page.id}/history" not in client.get(f"/entries/{other.id}/history").text
    assert f"/entries/{page.id}/history" in desk.get(f"/entries/{other.id}/history").text
    assert client.get(f"/entries/{page.id}/history").status_code == 301
