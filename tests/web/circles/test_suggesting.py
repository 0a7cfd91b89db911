"""Titles of a circle are offered to who is in it, and leave no trace with anybody else."""

from __future__ import annotations

from typing import Any

import pytest

from cop.core.db import db
from cop.people.models import Membership
from tests.counting import counted
from tests.indexing import _no_waiting_for_the_worker, index

__all__ = ["_no_waiting_for_the_worker", "index"]


def offered(client: Any, text: str) -> str:
    answer = client.get("/search/suggest", query_string={"q": text})
    assert answer.status_code == 200
    return str(answer.text)


@pytest.fixture
def group(make):
    host, member = make.user(), make.user(handle="inside")
    circle = make.circle(by=host, members=[member], name="Invented trainers")
    make.note(by=host, circle=circle, title="Qwyzz herons by the canal")
    make.discussion(by=host, circle=circle, title="Qwyzz asked in it")
    db.session.commit()
    return circle, member


def test_who_is_in_a_circle_is_offered_its_titles_and_nobody_else(make, desk, group, client):
    circle, member = group
    inside = desk(member)
    assert "Qwyzz herons by the canal" in offered(inside, "qwyzz h")
    assert "Qwyzz asked in it" in offered(inside, "qwyzz")
    for other in (client, desk(make.user()), desk(make.user(grants=["moderator", "admin"]))):
        assert "wyzz" not in offered(other, "qwyzz").replace("qwyzz", "")
    db.session.query(Membership).filter_by(circle_id=circle.id, user_id=member.id).delete()
    db.session.commit()
    assert "herons" not in offered(inside, "qwyzz h")


def test_what_is_hidden_in_it_is_offered_no_more(make, desk, group):
    circle, member = group
    note = make.note(by=member, circle=circle, title="Qwyzz soon hidden")
    inside = desk(member)
    assert "Qwyzz soon hidden" in offered(inside, "qwyzz s")
    note.status, note.audience = "hidden", f"hosts:{circle.id}"
    db.session.commit()
    assert "Qwyzz soon hidden" not in offered(inside, "qwyzz s")


def test_it_costs_who_is_in_none_nothing_and_the_others_one_question(make, desk, group):
    _circle, member = group
    inside, outside = desk(member), desk(make.user())
    for client in (inside, outside):
        offered(client, "qwyzz")
    with counted() as within:
        offered(inside, "qwyzz h")
    with counted() as without:
        offered(outside, "qwyzz h")
    assert len(without) < len(within) <= len(without) + 2
