"""Pages that a note contradicts wait for a curator until she judges them again."""

from __future__ import annotations

import pytest

from cop.core.db import db
from cop.core.page import Cursor
from cop.people.viewer import SYSTEM
from cop.practices.contesting import oldest
from cop.terms import queries, tending
from tests.counting import counted


@pytest.fixture
def desk(client, make):
    """Return a curator's browser in English."""
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return make.signed_in(client, make.user(name="Invented Curator", grants=["curator"]))


@pytest.fixture
def strategy(make):
    """Return a strategy."""
    return make.term("small-groups", name="Small groups")


def queue(desk):
    return desk.get("/moderation/pages?sort=contested").text


def judge(desk, page, reason="Two notes now say the opposite."):
    fields = {"grade": "contested", "reason": reason, "review_by": "", "seen": "stub||"}
    return desk.post(f"/practices/{page.id}/grade", data=fields)


def test_a_contradiction_of_a_page_or_of_a_note_on_it_waits_until_it_is_judged(
    desk, make, start, strategy
):
    page = start(strategy, title="Small groups")
    note = make.note(title="It held", strategies=[strategy])
    db.session.commit()
    assert "Look and decide" not in queue(desk)
    make.note(title="It broke", strategies=[strategy], after=note, relation="contradicts")
    db.session.commit()
    assert "Small groups" in queue(desk)
    shown = desk.get(f"/practices/{page.id}/grade").text
    assert "It broke" in shown
    assert "It held" not in shown
    assert judge(desk, page).status_code == 303
    assert "Look and decide" not in queue(desk)
    make.note(title="It broke again", strategies=[strategy], after=page, relation="contradicts")
    db.session.commit()
    assert "Small groups" in queue(desk)
    assert "It broke again" in desk.get(f"/practices/{page.id}/grade").text


def test_what_only_adapts_contests_nothing(desk, make, start, strategy):
    page = start(strategy)
    make.note(title="It held", strategies=[strategy], after=page, relation="adapts")
    db.session.commit()
    assert "Look and decide" not in queue(desk)


def test_a_contradiction_in_a_closed_circle_does_not_exist_here(desk, make, start, strategy):
    page = start(strategy)
    host = make.user()
    circle = make.circle(by=host)
    make.note(
        by=make.viewer(host),
        strategies=[strategy],
        after=page,
        relation="contradicts",
        circle=circle,
    )
    db.session.commit()
    assert "Look and decide" not in queue(desk)
    assert "went differently" not in desk.get(f"/practices/{page.id}/grade").text


def test_a_page_of_a_merged_strategy_is_contested_by_notes_on_the_other(desk, make, start):
    old, new = make.term("old-groups", name="Old"), make.term("new-groups", name="New")
    start(old, title="An old page")
    note = make.note(title="It held", strategies=[new])
    make.note(title="It broke", strategies=[new], after=note, relation="contradicts")
    db.session.commit()
    assert "An old page" not in queue(desk)
    tending.merge_term(by=SYSTEM, term=queries.get("old-groups"), into="new-groups", reason="Same")
    db.session.commit()
    assert "An old page" in queue(desk)


def test_contested_pages_are_paged_by_how_long_they_wait(make, start):
    viewer = make.member("curator")
    pages = []
    for number in range(3):
        page = start(make.term(), title=f"Page {number}")
        pages.append(page.id)
        make.note(strategies=[make.term()], after=page, relation="contradicts")
    db.session.commit()
    with counted() as asked:
        first = oldest(viewer, None, 2)
    page_id, since = first[-1]
    assert len(asked) <= 2  # the vocabulary, and what is asked
    rest = oldest(viewer, Cursor(since, page_id), 9)
    assert [one for one, _since in first + rest] == sorted(pages)
    assert len(rest) == 1


def test_the_queue_asks_as_often_for_many_contested_pages_as_for_one(desk, make, start):
    def some(count):
        for _number in range(count):
            page = start(make.term())
            make.note(strategies=[make.term()], after=page, relation="contradicts")
        db.session.commit()

    some(1)
    queue(desk)
    with counted() as one:
        queue(desk)
    some(5)
    with counted() as many:
        queue(desk)
    assert len(many) == len(one)
