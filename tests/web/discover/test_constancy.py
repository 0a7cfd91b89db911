"""What a page costs does not depend on how much there is."""

from __future__ import annotations

import gzip
from itertools import count

import pytest
from sqlalchemy import delete

from cop.core.db import db
from cop.core.types import Lang
from cop.entries import drafts, operations, queries
from cop.jobs.models import Job
from cop.notes.draft import NoteFacts
from cop.notes.revising import revise_note
from cop.people.viewer import SYSTEM
from tests.counting import BUDGETS, assert_all_constant, assert_constant_queries


@pytest.fixture
def me(make):
    return make.user(handle="reader", grants=["moderator", "admin"])


@pytest.fixture
def desk(client, make, me):
    return make.signed_in(client, me)


@pytest.fixture
def grow(make):
    """Return the function that adds notes, each by somebody else, with a place, an organisation and two strategies."""
    make.term("meetings")
    make.term("letters")
    make.term("ningbo", scheme="place")
    make.term("health", scheme="sector")
    numbers = count()

    def more(number: int, **changes):
        made = []
        for _ in range(number):
            one = next(numbers)
            values = {
                "strategies": ["meetings", "letters"],
                "place": "ningbo",
                "terms": {"sectors": ("health",)},
                "organisation_name": f"Invented Aid {one}",
                "texts": (make.text(Lang.EN), make.text(Lang.ZH)),
                "started": "2019",
                **changes,
            }
            made.append(make.note(**values))
        db.session.commit()
        return made

    return more


LISTS = [
    ("home", "/"),
    ("notes", "/notes/"),
    ("notes, filtered", "/notes/?strategy=meetings&sector=health&place=ningbo"),
    ("notes, filtered", "/notes/?outcome=worked&evidence=own-experience&text=en&since=2018"),
    ("term", "/terms/strategy/meetings"),
    ("term", "/terms/place/ningbo"),
    ("organisations", "/organisations/"),
]


def test_lists_ask_as_much_for_one_row_as_for_twenty(desk, app, grow):
    readers = (desk, app.test_client())
    assert_all_constant(
        [(reader, url, budget) for reader in readers for budget, url in LISTS], grow=grow
    )


def test_the_page_of_an_organisation(desk, grow):
    def more(number: int) -> None:
        grow(number, organisation_name="One Aid")

    def url() -> str:
        from cop.people.organisations import find

        found = find("One Aid")
        return f"/organisations/{found.id}-one-aid"

    assert_constant_queries(desk, url, grow=more, budget="organisation")


def test_the_page_of_a_note_with_others_near_it(desk, grow):
    (note,) = grow(1)
    path = desk.get(f"/notes/{note.id}").headers["Location"]
    grow(3)
    assert_constant_queries(desk, path, grow=grow, budget="note")


def test_the_page_of_a_note_with_comments(desk, app, grow, make):
    (note,) = grow(1)
    first = make.comment(note)
    path = desk.get(f"/notes/{note.id}").headers["Location"]

    def more(number: int) -> None:
        for _ in range(number):
            make.comment(note, answers=make.comment(note, answers=first))
            make.comment(note)

    around = f"{path}?comment={first.id}"
    assert_all_constant(
        [(reader, url, "note") for reader in (desk, app.test_client()) for url in (path, around)],
        grow=more,
    )


def test_lists_of_discussions_and_the_page_of_one(desk, app, make):
    space = make.space("a-space")
    term = make.term()
    note = make.note()
    asked = make.discussion(space=space, terms=[term], notes=[note])
    accepted = make.comment(asked)
    db.session.commit()
    desk.post(f"/comments/{accepted.id}/acceptance")

    def more(number: int) -> None:
        for _ in range(number):
            other = make.discussion(space=space, terms=[term], notes=[note])
            make.comment(other)
            make.comment(asked, answers=make.comment(asked))

    page = desk.get(f"/discussions/{asked.id}").headers["Location"]
    assert_all_constant(
        [
            (reader, url, budget)
            for reader in (desk, app.test_client())
            for url, budget in (
                ("/discussions/", "discussions"),
                ("/discussions/?show=unanswered", "discussions"),
                (f"/spaces/{space.id}-a-space", "discussions"),
                (page, "discussion"),
            )
        ],
        grow=more,
    )


def test_the_page_of_a_note_with_many_terms(desk, grow, make):
    grow(1)
    keys = [make.term(scheme="sector").key for _ in range(20)]
    made = []

    def more(number: int) -> None:
        made[:] = grow(1, terms={"sectors": tuple(keys[:number])})

    def url() -> str:
        return desk.get(f"/notes/{made[0].id}").headers["Location"]

    assert_constant_queries(desk, url, grow=more, budget="note")


def test_results_of_a_search(desk, grow, index):
    def more(number: int) -> None:
        # With three results nobody is asked whether she meant something else.
        grow(number + 2)
        index()
        db.session.execute(delete(Job))
        db.session.commit()

    searches = (
        "invented",
        "%22invented+note%22",
        "invented&outcome=worked&place=ningbo",
        "meetings+with+an+invented+lesson&sort=newest",
        "invented+strategy:meetings&text=en",
        "invented&exact=1&period=2015-2019",
    )
    asked = [(desk, f"/search?q={one}", "search") for one in searches]
    # A word that stands nowhere is compared with those that do.
    asked.append((desk, "/search?q=invented+xylophones", "search, a strange word"))
    assert_all_constant(asked, grow=more)


def test_the_history_of_a_note(desk, make, grow):
    author = make.member()
    (note,) = grow(1, by=author)

    def more(number: int) -> None:
        for _ in range(number):
            loaded = queries.get(SYSTEM, note.id)
            now = queries.current(queries.text_for(loaded, Lang.EN))
            revise_note(
                by=author,
                entry_id=note.id,
                base_id=now.id,
                draft=make.text(Lang.EN),
                facts=NoteFacts.from_json(queries.latest_facts(loaded).facts),
                signature=None,
            )
        db.session.commit()

    asked = [("history", "history"), ("diff", "diff?from=1&to=2")]
    assert_all_constant(
        [(desk, f"/entries/{note.id}/{page}", budget) for budget, page in asked], grow=more
    )


def test_the_list_of_drafts(desk, make, me):
    def more(number: int) -> None:
        for _ in range(number):
            drafts.save_draft(
                by=make.viewer(me), kind="note", lang="en", data={"title": ["A"]}, draft_id=None
            )

    assert_constant_queries(desk, "/drafts/", grow=more, budget="drafts")


def test_the_list_of_hidden_entries(app, desk, make, me, grow):
    def more(number: int) -> None:
        for note in grow(number):
            operations.hide(by=make.viewer(me), entry_id=note.id, reason="A name")

    with app.test_request_context():
        from flask import url_for

        url = url_for("admin.hidden")
    assert_constant_queries(desk, url, grow=more, budget="hidden")


def test_the_page_of_a_person(desk, make, grow):
    author = make.user(handle="writer")

    def more(number: int) -> None:
        grow(number, by=author)

    assert_constant_queries(desk, "/people/writer", grow=more, budget="profile")


def test_pages_stay_light(desk, grow, index):
    grow(20)
    index()
    for budget, path in (
        ("home", "/"),
        ("notes", "/notes/"),
        ("search", "/search?q=invented"),
        ("editor", "/notes/new"),
    ):
        body = gzip.compress(desk.get(path).data)
        assert len(body) <= BUDGETS["kilobytes"][budget] * 1024, path
