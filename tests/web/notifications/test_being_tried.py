"""Who is told that something was tried: its author and who watches it, never of what she may not read."""

from __future__ import annotations

import pytest

from cop.core.db import db
from cop.entries import operations
from cop.entries.holding import approve
from cop.entries.models import NameMask
from cop.notifications.models import NoticeSettings
from tests.domain.notes.test_adapting import revise
from tests.web.notifications.conftest import notices, watch


@pytest.fixture
def tried(make):
    """Return somebody who tries what others wrote."""
    return make.user(name="Invented Follower")


def test_the_author_is_told_by_whom_and_why(make, authors_desk, note, tried, run_jobs, post):
    made = make.note(by=tried, after=note, relation="contradicts", title="Not here")
    run_jobs()
    page = notices(authors_desk)
    assert "Not here" in page
    assert "New, by Invented Follower" in page
    assert "You wrote “An invented title”, and this was tried after it." in page
    assert f'href="/entries/{note.id}/watch"' in page
    assert [mail["Subject"] for mail in post] == ["Not here"]
    assert f"/notes/{made.id}-" in page


def test_who_watches_the_original_is_told(make, desk, note, tried, run_jobs):
    watch(desk, f"/entries/{note.id}")
    make.note(by=tried, after=note, title="Tried by others")
    run_jobs()
    page = notices(desk)
    assert "Tried by others" in page
    assert "You watch “An invented title”, and this was tried after it." in page


def test_an_unnamed_adaptation_names_nobody(make, authors_desk, note, tried, run_jobs, post):
    make.note(by=tried, after=note, name_mask=NameMask.UNNAMED, title="By nobody")
    run_jobs()
    page = notices(authors_desk)
    assert "New, by Unnamed practitioner" in page
    assert "Follower" not in page + "".join(str(mail) for mail in post)


def test_nobody_is_told_of_her_own_adaptation(make, author, authors_desk, note, run_jobs):
    make.note(by=author, after=note, relation="continues")
    run_jobs()
    assert "Nothing yet" in notices(authors_desk)


def test_who_muted_the_original_or_told_to_be_left_alone_is_not_told(
    make, author, authors_desk, note, tried, run_jobs
):
    watch(authors_desk, f"/entries/{note.id}", "mute")
    make.note(by=tried, after=note)
    run_jobs()
    assert "Nothing yet" in notices(authors_desk)
    watch(authors_desk, f"/entries/{note.id}", "none")
    db.session.add(NoticeSettings(user_id=author.id, own=False))
    make.note(by=tried, after=note)
    run_jobs()
    assert "Nothing yet" in notices(authors_desk)


def test_who_watches_what_she_may_not_read_any_more_hears_nothing(
    make, desk, note, tried, run_jobs
):
    watch(desk, f"/entries/{note.id}")
    make.note(by=tried, after=note, title="Open to all")
    operations.hide(by=make.member("moderator"), entry_id=note.id, reason="Invented reason")
    run_jobs()
    assert "Open to all" not in notices(desk)


def test_the_why_forgets_the_title_of_an_original_that_was_closed(
    make, desk, note, tried, run_jobs
):
    watch(desk, f"/entries/{note.id}")
    make.note(by=tried, after=note, title="Open to all")
    run_jobs()
    operations.hide(by=make.member("moderator"), entry_id=note.id, reason="Invented reason")
    db.session.commit()
    page = notices(desk)
    assert "Open to all" in page
    assert "An invented title" not in page


def test_a_note_linked_later_tells_the_author_once(make, authors_desk, note, tried, run_jobs, post):
    older = make.note(by=tried, title="Told long ago")
    run_jobs()
    assert "Told long ago" not in notices(authors_desk)
    viewer = make.viewer(tried)
    revise(viewer, older, after=note, relation="repeats")
    run_jobs()
    assert "Told long ago" in notices(authors_desk)
    revise(viewer, older, after=note, relation="adapts")
    run_jobs()
    assert notices(authors_desk).count("<article") == 1
    assert len(post) == 1


def test_what_waits_for_a_moderator_is_told_when_it_is_let_through(
    make, authors_desk, note, run_jobs
):
    waiting = make.note(by=make.newcomer(), after=note, title="From a newcomer")
    run_jobs()
    assert "From a newcomer" not in notices(authors_desk)
    approve(by=make.member("moderator"), entry_id=waiting.id, reason="Invented reason")
    run_jobs()
    assert "From a newcomer" in notices(authors_desk)
