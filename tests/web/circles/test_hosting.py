"""What is reported or waits in a circle its hosts decide; moderators see only what is passed on to them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cop.core import clock
from cop.core.db import db
from cop.entries.models import Case, Entry
from cop.moderation import deciding, flagging
from cop.moderation.deciding import Verdict

MARKER = "Qwyzzcircle"


@pytest.fixture
def group(make):
    """Return a host, a member and a circle of theirs."""
    host, member = make.user(name="Invented Host"), make.user(name="Invented Member")
    return host, member, make.circle(by=host, members=[member])


def report(client, entry, **more):
    return client.post(
        f"/entries/{entry.id}/flags/", data={"reason": "rude", "words": f"{MARKER} words", **more}
    )


def test_a_report_goes_to_the_hosts_and_moderators_learn_nothing(make, desk, group):
    host, member, circle = group
    note = make.note(by=make.user(), title="Not of it")
    asked = make.discussion(by=member, circle=circle, title=f"{MARKER} title")
    another = make.user()
    moderator = desk(make.user(grants=["moderator"]))
    hosting = desk(host)
    assert report(hosting, asked).status_code == 303
    helper = desk(member)
    assert report(helper, note).status_code == 303
    queue = moderator.get("/moderation/").text
    assert "Not of it" in queue
    assert MARKER not in queue.replace(f"{MARKER} words", "")
    (case,) = db.session.query(Case).filter_by(entry_id=asked.id)
    assert moderator.get(f"/moderation/{case.id}").status_code == 404
    assert desk(another).get("/moderation/").status_code == 404


def test_a_host_finds_it_in_her_queue_and_hides_it_for_a_reason(make, desk, group):
    host, member, circle = group
    note = make.note(by=member, circle=circle, title=f"{MARKER} title")
    third = make.user()
    client = desk(third)
    client.post(f"/circles/{circle.id}/members/")
    assert report(client, note).status_code == 303
    assert "The hosts look at it" in client.get("/").text
    hosting = desk(host)
    queue = hosting.get("/moderation/")
    assert f"{MARKER} title" in queue.text
    assert "Limited and suspended" not in queue.text
    for path in ("/moderation/log", "/moderation/people", "/admin/hidden"):
        assert hosting.get(path).status_code == 404, path
    (case,) = db.session.query(Case)
    page = hosting.get(f"/moderation/{case.id}").text
    assert 'value="warn"' in page
    assert 'value="suspend"' not in page
    decided = hosting.post(
        f"/moderation/{case.id}/decision",
        data={"number": "1", "item": "hide", "reason": f"{MARKER} why", "person": ""},
    )
    assert decided.status_code == 303
    assert f"{MARKER} why" in hosting.get(f"/notes/{note.id}", follow_redirects=True).text
    assert client.get(f"/notes/{note.id}", follow_redirects=True).status_code == 410
    for user in (make.user(), make.user(grants=["moderator", "admin"])):
        outside = desk(user)
        assert outside.get(f"/notes/{note.id}", follow_redirects=True).status_code == 404
    for path in ("/moderation/log", f"/moderation/log?entry={note.id}", "/admin/hidden"):
        log = outside.get(path)
        assert MARKER not in log.text
        assert f"Entry {note.id}" not in log.text


def test_nobody_who_is_no_host_decides_there(make, desk, group):
    host, member, circle = group
    note = make.note(by=host, circle=circle)
    flagging.flag(by=make.viewer(member), entry_id=note.id, reason="rude", words="")
    (case,) = db.session.query(Case)
    inside = make.user(grants=["moderator"])
    desk(inside).post(f"/circles/{circle.id}/members/")
    for user in (member, inside, make.user(grants=["admin"])):
        client = desk(user)
        answer = client.post(
            f"/moderation/{case.id}/decision", data={"number": "1", "item": "hide", "reason": "x"}
        )
        assert answer.status_code == 404
        assert client.post(f"/entries/{note.id}/hiding", data={"reason": "x"}).status_code >= 400
    assert db.session.get(Entry, note.id).status == "published"


@pytest.mark.parametrize("of_comment", [False, True])
def test_what_is_passed_on_moderators_read_and_decide_and_nothing_else(
    make, desk, group, of_comment
):
    host, member, circle = group
    note = make.note(
        by=host, circle=circle, title=f"{MARKER} title", what_happened=f"{MARKER} happening"
    )
    make.comment(note, f"{MARKER} other comment", by=host)
    said = make.comment(note, "Passed-on words", by=host)
    path = f"/comments/{said.id}/flags/" if of_comment else f"/entries/{note.id}/flags/"
    client = desk(member)
    assert "The moderators of the site" in client.get(path).text
    sent = client.post(path, data={"reason": "unsafe", "words": "", "to": "moderators"})
    assert sent.status_code == 303
    (case,) = db.session.query(Case)
    assert case.passed_on
    assert desk(host).get(f"/moderation/{case.id}").status_code == 404
    moderator = desk(make.user(grants=["moderator"]))
    page = moderator.get(f"/moderation/{case.id}").text
    assert ("Passed-on words" in page) == of_comment
    assert (f"{MARKER} happening" in page) != of_comment
    assert f"{MARKER} other comment" not in page
    assert circle.name not in page
    assert moderator.get(f"/notes/{note.id}", follow_redirects=True).status_code == 404
    assert moderator.get(f"/comments/{said.id}", follow_redirects=True).status_code == 404
    item = "remove" if of_comment else "hide"
    decided = moderator.post(
        f"/moderation/{case.id}/decision", data={"number": "1", "item": item, "reason": "Unsafe"}
    )
    assert decided.status_code == 303
    assert moderator.get(f"/moderation/{case.id}").status_code == 404
    assert MARKER not in moderator.get("/moderation/").text
    reader = desk(member)
    if of_comment:
        page = reader.get(f"/notes/{note.id}", follow_redirects=True).text
        assert "Passed-on words" not in page
        assert f"{MARKER} other comment" in page
    else:
        assert reader.get(f"/notes/{note.id}", follow_redirects=True).status_code == 410


def test_keeping_what_was_passed_on_leaves_the_report_to_the_hosts_open(make, group):
    host, member, circle = group
    note = make.note(by=member, circle=circle)
    for pass_on, by in ((False, host), (True, host)):
        flagging.flag(
            by=make.viewer(by), entry_id=note.id, reason="rude", words="", pass_on=pass_on
        )
    passed = db.session.query(Case).filter_by(passed_on=True).one()
    keep = Verdict("keep", words="Fine")
    deciding.decide(by=make.member("moderator"), case_id=passed.id, number=1, verdict=keep)
    left = db.session.query(Case).filter_by(passed_on=False).one()
    assert passed.decided_at is not None
    assert left.decided_at is None


def test_what_somebody_limited_writes_in_a_circle_waits_for_its_hosts(make, desk, group):
    host, member, circle = group
    member.limited_until = clock.now() + timedelta(days=3)
    note = make.note(by=member, circle=circle, title=f"{MARKER} title")
    assert note.audience == f"hosts:{circle.id}"
    (case,) = db.session.query(Case)
    assert desk(make.user(grants=["moderator"])).get(f"/moderation/{case.id}").status_code == 404
    hosting = desk(host)
    queue = hosting.get("/moderation/").text
    assert f"{MARKER} title" in queue
    assert "it stays in the circle" in queue
    answer = hosting.post(
        f"/moderation/{case.id}/decision", data={"number": "1", "item": "approve", "ready": "fits"}
    )
    assert answer.status_code == 303
    assert db.session.get(Entry, note.id).audience == f"circle:{circle.id}"
