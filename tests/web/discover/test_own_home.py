"""The front page of who is signed in: what is new since the last visit, what is watched, what waits for her."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cop.core import clock
from cop.core.db import db
from cop.core.types import Lang
from cop.entries import drafts
from cop.entries.models import Status
from cop.notifications.models import Level
from cop.notifications.operations import Watched, watch
from cop.people.models import User
from tests.counting import counted

DIVIDER = "Before your last visit"


@pytest.fixture
def reader(make):
    return make.user(name="Invented Reader")


@pytest.fixture
def home(app, make, reader):
    """Return a function that opens her front page; a later call is a later look."""
    browser = make.signed_in(app.test_client(), reader)
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"

    def look(address: str = "/", **more) -> str:
        answer = browser.get(address, **more)
        assert answer.status_code == 200
        return answer.text

    return look


@pytest.fixture
def later(time_machine):
    """Return a function that lets this much time pass."""
    return lambda passed: time_machine.move_to(clock.now() + passed)


def test_a_first_visit_shows_the_latest_and_nothing_as_new(make, home):
    make.note(title="An old note")
    page = home()
    assert "Latest" in page
    assert "An old note" in page
    assert DIVIDER not in page


def test_what_came_since_the_last_visit_stands_apart_and_is_counted(make, home, later):
    make.note(title="An old note")
    home()
    later(timedelta(days=2))
    make.note(title="A new note")
    make.discussion(title="A new question")
    later(timedelta(hours=1))
    page = home()
    assert "Case notes: 1 · Discussions: 1" in page
    assert page.index("A new note") < page.index(DIVIDER) < page.index("An old note")


def test_a_visit_goes_on_while_she_looks_again_within_the_hour(make, home, later):
    home()
    later(timedelta(days=3))
    make.note(title="A new note")
    home()
    for _ in range(5):
        later(timedelta(minutes=40))
        assert "Case notes: 1" in home()
    later(timedelta(hours=2))
    assert "Nothing new yet" in home()


def test_what_a_browser_fetches_ahead_is_no_visit(home, reader):
    home(headers={"Sec-Purpose": "prefetch"})
    assert db.session.get_one(User, reader.id).seen_at is None
    home()
    db.session.expire_all()
    assert db.session.get_one(User, reader.id).seen_at is not None


def test_reading_again_soon_writes_nothing(home):
    home()
    with counted() as asked:
        home()
    assert not [one for one in asked if one.startswith("UPDATE")]


def test_her_own_posts_are_not_counted_as_new(make, home, reader, later):
    home()
    later(timedelta(days=1))
    make.note(by=reader)
    assert "Nothing new yet" in home()


@pytest.mark.parametrize("away", ["members only of a held note", "hidden"])
def test_what_she_may_not_read_is_neither_shown_nor_counted(make, home, later, away):
    home()
    later(timedelta(days=1))
    if away == "hidden":
        note = make.note(title="Marker note")
        note.status, note.audience = Status.HIDDEN.value, "moderators"
        db.session.commit()
    else:
        make.note(by=make.newcomer(), title="Marker note")
    page = home()
    assert "Marker note" not in page
    assert "Nothing new yet" in page


def test_the_tab_of_what_did_not_work_shows_only_that(make, home):
    make.note(title="It worked", outcome="worked")
    make.note(title="It did not", outcome="failed")
    page = home("/?show=failed")
    assert "It did not" in page
    assert "It worked" not in page


def test_the_tab_of_what_she_watches_shows_what_came_there(make, home, reader, run_jobs):
    strategy = make.term("open-space")
    watch(by=make.viewer(reader), what=Watched("term", strategy.id), level=Level.EVERYTHING)
    make.note(title="Not watched")
    make.note(title="Carries the term", strategies=[strategy])
    db.session.commit()
    run_jobs()
    page = home("/?show=watching")
    assert "Carries the term" in page
    assert "Not watched" not in page


def test_nothing_watched_says_how_to_begin(home):
    assert "Nothing from what you watch yet" in home("/?show=watching")


def test_a_tab_that_is_none_shows_everything(make, home):
    make.note(title="Any note")
    assert "Any note" in home("/?show=whatever")


def test_drafts_and_questions_she_could_answer_stand_beside(make, home, reader):
    strategy = make.term("open-space")
    make.note(by=reader, strategies=[strategy])
    make.discussion(title="Who has done an open space?", terms=[strategy])
    make.discussion(title="Something else entirely")
    data = {"title": ["My half-written note"]}
    drafts.save_draft(
        by=make.viewer(reader), kind="note", lang=Lang.EN.value, data=data, draft_id=None
    )
    db.session.commit()
    page = home()
    rail = page[page.index("<aside") :]
    assert "My half-written note" in rail
    assert "Who has done an open space?" in rail
    assert "Something else entirely" not in rail


def test_more_of_everything_is_paged_by_key(make, home):
    for number in range(10):
        make.note(title=f"Note {number}")
    assert "Show earlier" in home()


def test_the_front_page_costs_the_same_however_much_came(make, home, later):
    home()
    later(timedelta(days=1))
    make.note()
    with counted() as few:
        home()
    for _ in range(7):
        make.note()
    with counted() as many:
        home()
    assert len(many) <= len(few)
