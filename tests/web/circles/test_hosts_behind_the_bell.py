"""What waits for hosts stands behind their bell; what they decide is not said to be a moderator's."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cop.core import clock
from cop.core.db import db
from cop.entries.models import Entry
from cop.events.models import Event
from cop.notifications.decisions import by_hosts
from cop.people.models import JoinRequest, User
from tests.indexing import _no_waiting_for_the_worker, index

__all__ = ["_no_waiting_for_the_worker", "index"]


def rings(client: Any) -> str:
    return str(client.get("/notices/count").json["text"])


@pytest.fixture
def circle(make):
    return make.circle(
        by=make.user(name="Invented Host", email="host@example.org"),
        members=[make.user(handle="inside")],
        joining="request",
        name="Invented trainers",
    )


@pytest.fixture
def host(desk, circle):
    return desk(db.session.query(User).filter_by(email="host@example.org").one())


def test_who_asks_waits_behind_the_bell_of_the_hosts_until_one_answers(make, desk, circle, host):
    assert rings(host) == ""
    for _ in range(2):
        desk(make.user()).post(f"/circles/{circle.id}/requests/", data={"words": "Please"})
    assert rings(host) == "2"
    page = host.get("/notices/").text
    assert "2 people ask to be let into this circle." in page
    assert f'href="/circles/{circle.id}/requests/"' in page
    assert "You are a host of this circle." in page
    assert "Nothing yet" not in page
    for row in db.session.query(JoinRequest).all():
        host.post(f"/circles/{circle.id}/requests/{row.id}", data={"answer": "no"})
    assert rings(host) == ""
    assert "ask to be let in" not in host.get("/notices/").text


def test_nobody_else_hears_that_somebody_asks(make, desk, circle):
    desk(make.user()).post(f"/circles/{circle.id}/requests/", data={"words": "Please"})
    inside = db.session.query(User).filter_by(handle="inside").one()
    others = [inside, make.user(), make.user(grants=["moderator", "admin"])]
    for client in map(desk, others):
        assert rings(client) == ""
        assert "Invented trainers" not in client.get("/notices/").text


def test_what_a_host_decides_is_said_to_be_a_hosts(make, desk, circle, host, run_jobs, index):
    inside = db.session.query(User).filter_by(handle="inside").one()
    note = make.note(by=inside, circle=circle, title="Invented inside")
    said = make.comment(note, "Too loud", by=inside)
    db.session.commit()
    assert host.post(f"/comments/{said.id}/removal", data={"reason": "Loud."}).status_code == 303
    assert host.post(f"/entries/{note.id}/locking", data={"reason": "Enough."}).status_code == 303
    run_jobs()
    member = desk(inside)
    notices = member.get("/notices/").text
    assert "A host of the circle has removed your comment. Reason: Loud." in notices
    assert "A host of the circle has locked this" in notices
    page = member.get(f"/notes/{note.id}", follow_redirects=True).text
    assert "Removed by a host of the circle." in page
    assert "A host of the circle has locked this." in page
    late = member.post(f"/entries/{note.id}/comments/", data={"act": "post", "body": "Late words"})
    assert "A host of the circle has locked this" in late.text
    assert "Late words" in late.text
    for text in (notices, page, late.text):
        assert "moderator" not in text.lower()
    account = member.get("/account/moderation").text
    assert "A host of the circle removed this comment." in account
    assert "A host of the circle locked this." in account
    assert "A moderator" not in account


def test_what_waits_for_a_host_and_an_image_a_host_removed_say_so(make, desk, circle, host):
    inside = db.session.query(User).filter_by(handle="inside").one()
    note = make.note(by=inside, circle=circle, title="Invented inside")
    image = make.image(by=inside)
    make.comment(note, "Look", by=inside, images=[image])
    inside.limited_until = clock.now() + timedelta(days=3)
    make.comment(note, "Some words", by=inside)
    db.session.commit()
    member = desk(inside)
    page = member.get(f"/notes/{note.id}", follow_redirects=True).text
    assert "This waits for a host of the circle." in page
    assert "only its author and the hosts see it" in page
    assert host.post(f"/images/{image.id}/removal", data={"reason": "Faces."}).status_code == 303
    page = member.get(f"/notes/{note.id}", follow_redirects=True).text
    assert "A host of the circle removed this image." in page
    held = make.note(by=inside, circle=circle, title="Held inside")
    assert "Waits for a host" in member.get("/drafts/").text
    page = member.get(f"/notes/{held.id}", follow_redirects=True).text
    assert "This waits for a host of the circle." in page


def test_what_a_moderator_decides_about_what_was_passed_on_is_said_to_be_a_moderators(make, circle):
    inside = db.session.query(User).filter_by(handle="inside").one()
    note = make.note(by=inside, circle=circle, title="Invented inside")
    moderator, former_host = make.user(grants=["moderator"]), make.user()
    db.session.commit()
    entry = db.session.get_one(Entry, note.id)
    events = {
        number: Event(id=number, verb="EntryHidden", actor_id=who.id, entry_id=entry.id, data={})
        for number, who in ((1, moderator), (2, former_host))
    }
    assert by_hosts(events, {entry.id: entry}) == {2}
