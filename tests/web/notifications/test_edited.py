"""Who watches a page that curators keep is told when it says something else, in one line that leads to its history."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.entries.models import Entry
from cop.notifications.models import Notice
from tests.web.notifications.conftest import notices, watch
from tests.web.proposals.conftest import (
    curator,
    decide,
    desk as proposers_desk,
    enter,
    fields_of,
    page,
    propose,
    proposer,
)

__all__ = ["curator", "enter", "page", "proposer", "proposers_desk"]

SAID = "This page says something else now."


@pytest.fixture
def accepted(proposers_desk, curator, page, run_jobs):
    """Return the function that proposes an edit, has it accepted, and lets it be told."""

    def accept(significance: str = "meaning", **words: str) -> None:
        number = propose(proposers_desk, page, significance=significance, **words)
        assert decide(curator, number).status_code == 303
        run_jobs()

    return accept


def test_a_watcher_hears_that_a_proposal_changed_the_meaning(desk, page, accepted, post):
    watch(desk, f"/entries/{page.id}")
    accepted(pitfalls="It closes itself.")
    said = notices(desk)
    assert said.count(SAID) == 1
    assert "You watch this." in said
    assert f'href="/entries/{page.id}/history"' in said
    mails = [mail.get_body(("plain",)).get_content() for mail in post]
    told = [words for words in mails if SAID in words]
    assert len(told) == 1
    assert "Hear no more of this" in told[0]


def test_what_was_corrected_or_made_clearer_is_told_to_nobody(desk, page, accepted):
    watch(desk, f"/entries/{page.id}")
    for weight in ("typo", "clarifies"):
        accepted(weight, pitfalls=f"It may close: {weight}.")
    assert "Nothing yet" in notices(desk)


def test_two_edits_are_one_line_until_she_looks(desk, page, accepted):
    watch(desk, f"/entries/{page.id}")
    accepted(pitfalls="It closes itself.")
    accepted(pitfalls="It opens again.")
    assert notices(desk).count(SAID) == 1
    assert db.session.scalar(select(Notice).where(Notice.read_at.is_(None)))
    desk.get(f"/entries/{page.id}/history")
    assert "unread" not in notices(desk)
    accepted(pitfalls="It closes once more.")
    assert notices(desk).count(SAID) == 1
    assert "unread" in notices(desk)


def test_who_did_it_and_whose_it_was_are_not_told_twice(proposers_desk, curator, page, accepted):
    for browser in (proposers_desk, curator):
        watch(browser, f"/entries/{page.id}")
    accepted(pitfalls="It closes itself.")
    assert SAID not in notices(curator)
    said = notices(proposers_desk)
    assert "A curator has accepted what you proposed" in said
    assert SAID not in said


def test_an_edit_of_a_curator_and_another_grade_are_told(desk, page, curator, run_jobs):
    watch(desk, f"/entries/{page.id}")
    form = fields_of(curator, f"/practices/{page.id}/edit?text=en")
    sent = {**form, "pitfalls": "It closes itself.", "significance": "meaning", "act": "publish"}
    assert curator.post(f"/practices/{page.id}/edit", data=sent).status_code == 303
    run_jobs()
    assert SAID in notices(desk)
    form = fields_of(curator, f"/practices/{page.id}/grade")
    sent = {**form, "grade": "contested", "reason": "Two notes speak against it."}
    assert curator.post(f"/practices/{page.id}/grade", data=sent).status_code == 303
    run_jobs()
    said = notices(desk)
    assert "A curator has judged this page anew. Reason: Two notes speak against it." in said


def test_who_began_a_page_hears_of_its_edits_and_who_commented_does_not(
    desk, proposers_desk, curator, enter, make, run_jobs
):
    make.term("open-space", name="Open space")
    fields = fields_of(proposers_desk, "/proposals/new/practice?strategy=open-space")
    sent = {**fields, "summary": "A meeting.", "note": "Ten years of them"}
    begun = proposers_desk.post("/proposals/new/practice", data=sent).location
    decide(curator, int(begun.rsplit("/", 1)[1]))
    entry = db.session.scalars(select(Entry).where(Entry.kind == "practice")).one()
    form = fields_of(desk, f"/entries/{entry.id}/comments/new")
    desk.post(f"/entries/{entry.id}/comments/", data={**form, "body": "A word."})
    number = propose(enter(make.user()), entry, summary="No meeting.", significance="meaning")
    decide(curator, number)
    run_jobs()
    assert SAID in notices(proposers_desk)
    assert SAID not in notices(desk)


@pytest.mark.parametrize("level", ["mentions", "mute"])
def test_who_wants_to_hear_less_hears_nothing(desk, page, accepted, level):
    watch(desk, f"/entries/{page.id}", level)
    accepted(pitfalls="It closes itself.")
    assert "Nothing yet" in notices(desk)


def test_who_watches_a_note_hears_nothing_of_its_edits(desk, note, authors_desk, run_jobs):
    watch(desk, f"/entries/{note.id}")
    form = fields_of(authors_desk, f"/notes/{note.id}/edit")
    sent = {**form, "title": "Another title", "significance": "meaning", "act": "publish"}
    authors_desk.post(f"/notes/{note.id}/edit", data=sent)
    run_jobs()
    assert SAID not in notices(desk)


def test_opening_a_proposal_reads_what_was_decided_about_it_alone(
    proposers_desk, curator, page, run_jobs
):
    numbers = [propose(proposers_desk, page, how=words) for words in ("One.", "Two.")]
    for number in numbers:
        decide(curator, number, "decline", reason="Not yet.")
    run_jobs()
    assert notices(proposers_desk).count("unread") == 2
    assert "1 unread" in proposers_desk.get(f"/proposals/{numbers[0]}").text
    assert notices(proposers_desk).count("unread") == 1
    assert "unread" not in proposers_desk.get(f"/proposals/{numbers[1]}").text
    assert "unread" not in notices(proposers_desk)


def test_opening_a_practice_page_reads_its_lines(desk, page, make, run_jobs):
    watch(desk, f"/entries/{page.id}")
    make.comment(page, "A word about it.")
    db.session.commit()
    run_jobs()
    assert "unread" in notices(desk)
    assert "1 unread" not in desk.get("/practices/small-groups").text
    assert "unread" not in notices(desk)
