"""Whoever is out of a circle: her own entries stay hers, and what others say on them is said without her."""

from __future__ import annotations

import pytest

from cop.circles import closing, entering, operations as circles
from cop.core.db import db
from cop.core.errors import Invalid
from cop.discussions import judging
from cop.events.models import Event

MARKER = "Qwyzzcircle"


@pytest.fixture
def group(make):
    """Return a host, a member and their circle."""
    host, member = make.user(), make.user(name="Invented Member")
    return host, member, make.circle(by=host, members=[member])


def take_out(make, host, member, circle):
    circles.remove(
        by=make.viewer(host), circle_id=circle.id, user_id=member.id, reason="Invented reason"
    )


def page_of(client, entry):
    answer = client.get(f"/{entry.kind}s/{entry.id}", follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("kind", ["note", "discussion"])
def test_she_reads_what_she_said_there_and_nothing_that_others_say(
    make, desk, group, run_jobs, index, kind
):
    host, member, circle = group
    hers = getattr(make, kind)(by=member, circle=circle, title="Her own")
    first = make.comment(hers, f"{MARKER} before", by=host)
    make.comment(hers, "What she answered", by=member, answers=first)
    take_out(make, host, member, circle)
    later = make.comment(hers, f"{MARKER} after", by=host)
    run_jobs()
    outside = desk(member)
    page = page_of(outside, hers)
    assert "What she answered" in page
    assert MARKER not in page
    assert 'id="body"' not in page
    assert "Invented Host" not in page
    for comment in (first, later):
        for path in ("", "/history"):
            assert outside.get(f"/comments/{comment.id}{path}").status_code == 404
    assert MARKER not in outside.get("/notices/").text
    assert f"{MARKER} after" in page_of(desk(host), hers)


def test_she_adds_nothing_there_any_more_and_can_take_back_what_she_said(make, desk, group):
    host, member, circle = group
    hers = make.note(by=member, circle=circle)
    said = make.comment(hers, "What she said", by=member)
    take_out(make, host, member, circle)
    with pytest.raises(Invalid):
        make.comment(hers, "One more", by=make.viewer(member))
    outside = desk(member)
    outside.post(f"/comments/{said.id}/edit", data={"body": "One more", "lang": "en"})
    db.session.refresh(said)
    assert said.body == "What she said"
    assert outside.post(f"/comments/{said.id}/deletion").status_code == 303


def test_an_accepted_answer_is_not_read_by_who_asked_and_is_out(make, desk, group):
    host, member, circle = group
    asked = make.discussion(by=member, circle=circle, form="question")
    answer = make.comment(asked, f"{MARKER} answer", by=host)
    take_out(make, host, member, circle)
    judging.accept(by=make.viewer(host), comment_id=answer.id)
    assert MARKER not in page_of(desk(member), asked)
    assert MARKER in page_of(desk(host), asked)


def test_a_link_pressed_twice_at_once_is_used_once(make):
    host, comer = make.user(), make.user()
    circle = make.circle(by=host)
    made, token = entering.invite(
        by=make.viewer(host), circle_id=circle.id, note="", uses=5, days=3
    )
    # Both requests began before she was in.
    at_the_door = make.viewer(comer)
    for _press in range(2):
        entering.accept(by=at_the_door, token=token)
    db.session.refresh(made)
    assert made.uses_left == 4


def test_a_circle_closed_twice_is_closed_and_its_host_reads_that(make, desk, group):
    host, member, circle = group
    hosting = desk(host)
    answers = [hosting.post(f"/circles/{circle.id}/closing") for _press in range(2)]
    assert [(one.status_code, one.location) for one in answers] == [
        (303, f"/circles/{circle.id}/closed")
    ] * 2
    assert desk(member).post(f"/circles/{circle.id}/closing").status_code == 404
    # The second press at the very moment of the first.
    assert closing.close(by=make.viewer(host), circle_id=circle.id).closed_at == circle.closed_at
    assert db.session.query(Event).where(Event.verb == "CircleClosed").count() == 1
