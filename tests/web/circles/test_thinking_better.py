"""A host who did not let somebody in, or took her out, can think better of it."""

from __future__ import annotations

from typing import Any

import pytest

from cop.circles import operations as circles
from cop.core.db import db
from cop.people.models import JoinRequest


@pytest.fixture
def host(make):
    return make.user()


@pytest.fixture
def asker(make):
    return make.user(name="Invented Asker")


def requests_of(client: Any, circle: Any) -> str:
    answer = client.get(f"/circles/{circle.id}/requests/")
    assert answer.status_code == 200
    return answer.text.partition("<main")[2]


def only_row() -> JoinRequest:
    return db.session.query(JoinRequest).one()


def test_a_request_that_was_turned_down_waits_again_and_is_answered_anew(make, desk, host, asker):
    circle = make.circle(by=host, joining="request")
    theirs, hers = desk(host), desk(asker)
    hers.post(f"/circles/{circle.id}/requests/", data={"words": "Please"})
    address = f"/circles/{circle.id}/requests/{only_row().id}"
    said = theirs.post(address, data={"answer": "no"}, follow_redirects=True).text
    assert "The person is told." in said
    assert (
        "have decided about this before"
        in hers.get(f"/circles/{circle.id}", follow_redirects=True).text
    )
    page = requests_of(theirs, circle)
    assert "Not let in, or taken out" in page
    assert "Invented Asker" in page
    assert f'action="{address}/again"' in page
    assert "The request waits again." in theirs.post(f"{address}/again", follow_redirects=True).text
    assert (
        "You have asked the hosts." in hers.get(f"/circles/{circle.id}", follow_redirects=True).text
    )
    assert theirs.post(address, data={"answer": "yes"}).status_code == 303
    assert (
        "Nothing is written here yet"
        in hers.get(f"/circles/{circle.id}", follow_redirects=True).text
    )
    assert "taken out" not in requests_of(theirs, circle)


def test_who_was_taken_out_can_come_again(make, desk, host, asker):
    circle = make.circle(by=host, members=[asker], joining="open")
    circles.remove(by=make.viewer(host), circle_id=circle.id, user_id=asker.id, reason="Loud.")
    hers, theirs = desk(asker), desk(host)
    shut = hers.get(f"/circles/{circle.id}", follow_redirects=True).text
    assert "have decided about this before" in shut
    assert f'action="/circles/{circle.id}/members/"' not in shut
    address = f"/circles/{circle.id}/requests/{only_row().id}/again"
    assert "The person can come or ask again." in theirs.post(address, follow_redirects=True).text
    assert hers.post(f"/circles/{circle.id}/members/").status_code == 303
    assert (
        "Nothing is written here yet"
        in hers.get(f"/circles/{circle.id}", follow_redirects=True).text
    )


def test_pressed_twice_or_by_somebody_else_nothing_happens(make, desk, host, asker):
    member = make.user()
    circle = make.circle(by=host, members=[member], joining="request")
    desk(asker).post(f"/circles/{circle.id}/requests/", data={"words": "Please"})
    address = f"/circles/{circle.id}/requests/{only_row().id}"
    theirs = desk(host)
    assert "answered already" in theirs.post(f"{address}/again", follow_redirects=True).text
    theirs.post(address, data={"answer": "no"})
    assert desk(member).post(f"{address}/again").status_code == 403
    assert desk(make.user(grants=["admin"])).post(f"{address}/again").status_code == 404
    assert only_row().declined_at is not None
    theirs.post(f"{address}/again")
    assert "answered already" in theirs.post(f"{address}/again", follow_redirects=True).text
    assert theirs.post(f"/circles/{circle.id}/requests/{2**40}/again").status_code == 404
