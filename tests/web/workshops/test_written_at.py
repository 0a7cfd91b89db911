"""A note begun on the page of participants says in its editor where it is written, and counts in what came of it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.entries.models import Draft, Entry, Link, LinkKind
from cop.workshops import outcomes
from tests.web.workshops.conftest import typed

LINE = 'The workshop “<span lang="en">An invented workshop</span>”'


@pytest.fixture
def entry(hold):
    """Return a workshop."""
    return hold()


@pytest.fixture
def sent(make, entry):
    """Return what she types into the editor she opened from that page."""
    make.term("open-space")
    return {
        "lang": "en",
        "title": "What I tried at home",
        "outcome": "mixed",
        "outcome_reason": "People came.",
        "strategies": ["open-space"],
        "what_happened": "We invited everybody.",
        "what_we_learned": "Ask first.",
        "organisation_mask": "described",
        "evidence": "own-experience",
        "visibility": "public",
        "name_mask": "shown",
        "form_key": "one-opened-form",
        "occasion": str(entry.id),
        "at_occasion": "y",
        "act": "publish",
    }


def named(entry) -> list[str]:
    """Return the titles of the notes that a workshop names."""
    rows = db.session.scalars(
        select(Link.target_id).where(Link.entry_id == entry.id, Link.kind == LinkKind.CAME_OF.value)
    ).all()
    return [db.session.get_one(Entry, one).key for one in rows]


def test_the_editor_names_the_workshop_and_its_page_names_the_note(desk, entry, sent):
    page = desk.get(f"/workshops/{entry.id}/participants/").text
    assert f"/notes/new?workshop={entry.id}" in page
    editor = desk.get(f"/notes/new?workshop={entry.id}").text
    assert LINE in editor
    fields = typed(editor)
    assert fields["occasion"] == [str(entry.id)]
    assert fields["at_occasion"] == ["y"]
    assert desk.post("/notes/", data=sent).status_code == 303
    assert "What I tried at home" in desk.get(f"/workshops/{entry.id}", follow_redirects=True).text
    assert len(named(entry)) == 1


def test_sent_twice_it_stands_there_once(desk, entry, sent):
    desk.post("/notes/", data=sent)
    desk.post("/notes/", data=sent)
    assert len(named(entry)) == 1


def test_the_line_can_be_taken_off_and_stays_so_through_an_error(desk, entry, sent):
    del sent["at_occasion"]
    answer = desk.post("/notes/", data={**sent, "title": ""})
    assert answer.status_code == 422
    assert LINE in answer.text
    assert "at_occasion" not in typed(answer.text)
    assert desk.post("/notes/", data=sent).status_code == 303
    assert named(entry) == []


def test_it_survives_an_error_and_a_draft(desk, entry, sent):
    answer = desk.post("/notes/", data={**sent, "title": ""})
    assert typed(answer.text)["at_occasion"] == ["y"]
    assert desk.post("/notes/", data={**sent, "act": "draft"}).status_code == 303
    draft = db.session.scalars(select(Draft)).one()
    opened = desk.get(f"/notes/new?draft={draft.id}").text
    assert LINE in opened
    assert typed(opened)["at_occasion"] == ["y"]
    taken_off = {name: value for name, value in sent.items() if name != "at_occasion"}
    again = {**taken_off, "draft": str(draft.id), "act": "draft"}
    assert desk.post("/notes/", data=again).status_code == 303
    kept = db.session.scalars(select(Draft).order_by(Draft.id.desc())).first()
    reopened = desk.get(f"/notes/new?draft={kept.id}").text
    assert LINE in reopened
    assert "at_occasion" not in typed(reopened)


@pytest.mark.parametrize("number", ["own", "999999", "x", "-1", ""])
def test_who_takes_no_part_finds_no_line_and_names_nothing(app, make, entry, sent, number):
    stranger = make.signed_in(app.test_client(), make.user())
    stranger.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    asked = str(entry.id) if number == "own" else number
    assert "Written at" not in stranger.get(f"/notes/new?workshop={asked}").text
    answer = stranger.post("/notes/", data={**sent, "occasion": asked})
    assert answer.status_code == 303
    assert named(entry) == []


def test_a_workshop_that_names_as_many_as_it_can_stops_no_note(
    desk, entry, sent, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(outcomes, "MOST", 0)
    answer = desk.post("/notes/", data=sent, follow_redirects=True)
    assert answer.status_code == 200
    assert "What I tried at home" in answer.text
    assert "cannot name your note" in answer.text
    assert named(entry) == []


def test_an_edit_asks_nothing_about_it(desk, sent):
    there = desk.post("/notes/", data=sent).location
    number = re.search(r"/notes/(\d+)", there)[1]
    assert "Written at" not in desk.get(f"/notes/{number}/edit").text
