"""Saved searches: what is new and answers one is told to its owner, and to nobody who may not read it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from cop.core import clock
from cop.core.db import db
from cop.discover.matching import asked_of_address
from cop.entries import operations
from cop.jobs.queue import NotNow
from cop.notifications import searching
from cop.notifications.models import Notice, Watch
from cop.notifications.searches import address_of
from tests.web.notifications.conftest import bell, notices


@pytest.fixture
def later(run_jobs, time_machine):
    """Return the function that does all jobs of the next two minutes."""

    def work() -> None:
        run_jobs()
        time_machine.move_to(clock.now() + timedelta(minutes=2))
        run_jobs()

    return work


def save(desk, query: str, level: str = "new") -> None:
    assert desk.post(f"/search/watch?{query}", data={"level": level}).status_code == 303


def test_a_saved_search_tells_of_a_new_note_it_finds(make, desk, index, later):
    save(desk, "q=lanterns&page=3&sort=newest")
    make.note(title="Paper lanterns by the river")
    make.note(title="Something else")
    later()
    page = notices(desk)
    assert page.count("<article") == 1
    assert "Paper lanterns by the river" in page
    assert "You watch the search “lanterns”." in page
    assert bell(desk) == "1"
    save(desk, "q=lanterns", "mute")
    make.note(title="More lanterns")
    later()
    assert "More lanterns" not in notices(desk)


def test_a_search_is_told_of_what_was_there_before_by_its_page_and_not_by_a_notice(
    make, desk, index, later
):
    make.note(title="Old lanterns")
    later()
    save(desk, "q=lanterns")
    make.comment(make.note(title="Nothing of the kind"))
    later()
    assert "Old lanterns" not in notices(desk)


def test_filters_take_part_and_are_said_in_words(make, desk, index, later):
    make.term("meetings", name="Meetings")
    save(desk, "strategy=meetings&q=lanterns")
    make.note(title="Lanterns", strategies=["meetings"])
    make.note(title="Lanterns without", strategies=[make.term()])
    later()
    page = notices(desk)
    assert page.count("<article") == 1
    assert "You watch the search “lanterns, Meetings”." in page
    listed = desk.get("/account/watching").text
    assert 'href="/search?q=lanterns&amp;strategy=meetings"' in listed


def test_many_who_saved_the_same_ask_the_index_once(make, app, index, later, monkeypatch):
    asked = []
    finder, ready = searching._finder[0]

    def counting(viewer, address, entry_ids):
        asked.append((address, len(entry_ids)))
        return finder(viewer, address, entry_ids)

    monkeypatch.setattr(searching, "_finder", [(counting, ready)])
    for _ in range(4):
        save(make.signed_in(app.test_client(), make.user()), "q=lanterns")
    for _ in range(3):
        make.note(title="Lanterns")
    later()
    assert asked == [("q=lanterns", 3)]
    assert db.session.query(Notice).filter_by(because="search").count() == 12


def test_nothing_is_told_of_what_is_hidden_before_it_was_looked_at(
    make, desk, index, run_jobs, time_machine
):
    save(desk, "q=lanterns")
    made = make.note(title="Lanterns")
    run_jobs()
    operations.hide(by=make.member("moderator"), entry_id=made.id, reason="Why")
    time_machine.move_to(clock.now() + timedelta(minutes=2))
    run_jobs()
    assert "Nothing yet" in notices(desk)


def test_a_search_that_asks_nothing_cannot_be_watched(desk):
    for query in ("", "q=", "page=2", "exact=1"):
        assert desk.post(f"/search/watch?{query}", data={"level": "new"}).status_code == 404


def test_the_page_of_results_leads_to_watching_them(make, desk, index):
    make.note(title="Lanterns")
    index()
    page = desk.get("/search?q=lanterns&kind=note&page=1").text
    found = re.search(r'href="(/search/watch\?[^"]+)"', page)
    assert found
    asked = desk.get(found[1].replace("&amp;", "&"))
    assert asked.status_code == 200
    assert ">lanterns</a>" in asked.text
    assert "/search/watch" not in desk.get("/search").text


def test_equal_searches_have_one_address():
    given = [("sort", "newest"), ("q", " a b "), ("outcome", "failed"), ("page", "2"), ("kind", "")]
    assert address_of(given) == address_of(reversed(given)) == "outcome=failed&q=a+b"


def test_there_is_an_end_to_how_many_searches_one_person_saves(desk, monkeypatch):
    from cop.notifications import operations as watching

    monkeypatch.setattr(watching, "MOST_SEARCHES", 2)
    save(desk, "q=one")
    save(desk, "q=two")
    save(desk, "q=two", "mute")
    answer = desk.post("/search/watch?q=three", data={"level": "new"})
    assert answer.status_code == 422
    assert re.search("You watch very many", answer.text)


def test_an_address_holds_no_nul_which_postgresql_would_not_take(desk):
    assert address_of([("q", "lan\0terns"), ("kind", "\0")]) == "q=lanterns"
    fields = {"kind": "search", "level": "new", "address": "q=lan%00terns"}
    assert desk.post("/account/watching/again", data=fields).status_code == 303
    assert db.session.query(Watch.address).scalar() == "q=lanterns"
    assert asked_of_address("q=lan%00terns").text == "lanterns"


def test_one_search_that_cannot_be_asked_keeps_no_other_from_its_answer(
    make, desk, index, later, monkeypatch
):
    finder, ready = searching._finder[0]

    def failing(viewer, address, entry_ids):
        if address == "q=bad":
            raise ValueError("A string literal cannot contain NUL (0x00) characters.")
        return finder(viewer, address, entry_ids)

    monkeypatch.setattr(searching, "_finder", [(failing, ready)])
    save(desk, "q=bad")
    save(desk, "q=lanterns")
    make.note(title="Lanterns")
    later()
    assert bell(desk) == "1"


def test_an_index_that_cannot_answer_yet_puts_all_searches_off(
    make, desk, index, later, monkeypatch
):
    finder, ready = searching._finder[0]
    asked = []

    def once_away(viewer, address, entry_ids):
        asked.append(address)
        if len(asked) == 1:
            raise NotNow(20, "the index is away")
        return finder(viewer, address, entry_ids)

    monkeypatch.setattr(searching, "_finder", [(once_away, ready)])
    save(desk, "q=lanterns")
    make.note(title="Lanterns")
    later()
    assert bell(desk) == ""
    later()
    assert bell(desk) == "1"


def test_of_a_place_and_one_inside_it_a_saved_search_means_the_one_inside(make, desk, index, later):
    make.term("ningbo", scheme="place", name="Ningbo")
    make.term("haishu", scheme="place", broader="ningbo")
    make.term("yinzhou", scheme="place", broader="ningbo")
    save(desk, "place=ningbo&place=haishu")
    make.note(title="Inside", place="haishu")
    make.note(title="Beside", place="yinzhou")
    later()
    page = notices(desk)
    assert "Inside" in page
    assert "Beside" not in page
