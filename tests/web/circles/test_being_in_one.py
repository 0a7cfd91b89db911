"""Making circles, coming into them, writing in them, leaving: what people in and outside of them see."""

from __future__ import annotations

import re

import pytest

from cop.core.db import db
from cop.entries import wiki
from cop.entries.titles import name_of
from cop.people.models import Circle, JoinRequest, Membership

MARKER = "Qwyzzcircle"


FIELDS = {
    "name": "Invented circle of trainers",
    "purpose": "To compare invented notes.",
    "joining": "invitation",
    "seen": "hidden",
    "form_key": "once",
}


def note_fields(make, circle_id, **more):
    return {
        "lang": "en",
        "title": f"{MARKER} title",
        "outcome": "mixed",
        "outcome_reason": f"{MARKER} reason",
        "strategies": [make.term().key],
        "what_happened": f"{MARKER} happening",
        "what_we_learned": f"{MARKER} lesson",
        "visibility": f"circle-{circle_id}",
        "name_mask": "shown",
        "form_key": "a-note",
        "act": "publish",
        **more,
    }


def link_in(page: str) -> str:
    return re.search(r"/circles/invitations/[\w-]+", page).group()


def test_who_makes_a_circle_is_its_host_and_two_sendings_make_one(make, desk):
    host = make.user()
    client = desk(host)
    first = client.post("/circles/", data=FIELDS)
    again = client.post("/circles/", data=FIELDS)
    assert first.status_code == again.status_code == 303
    assert first.location == again.location
    page = client.get(first.location).text
    assert "Invented circle of trainers" in page
    assert "1 member" in page
    assert db.session.query(Circle).count() == 1


def test_what_a_circle_lacks_is_said_beside_it_and_nothing_typed_is_lost(make, desk):
    answer = desk(make.user()).post("/circles/", data={**FIELDS, "name": ""})
    assert answer.status_code == 422
    assert "Please give the circle a name." in answer.text
    assert "To compare invented notes." in answer.text


def test_newcomers_read_why_they_cannot_make_one_yet(make, desk):
    client = desk(make.user(newcomer=True))
    assert "as soon as something of yours was let through" in client.get("/circles/new").text
    assert client.post("/circles/", data=FIELDS).status_code == 403
    assert db.session.query(Circle).count() == 0


def test_visitors_are_asked_to_sign_in_whatever_there_is(client, make):
    circle = make.circle(name=MARKER)
    for path in ("/circles/", f"/circles/{circle.id}", f"/circles/{circle.id + 9}"):
        answer = client.get(path, follow_redirects=True)
        assert MARKER not in answer.text
        assert answer.request.path == "/login"


def test_a_hidden_circle_does_not_exist_for_others(make, desk):
    circle = make.circle(name=MARKER, seen="hidden")
    client = desk(make.user(grants=["admin", "moderator"]))
    assert MARKER not in client.get("/circles/").text
    for path in ("", "/members/", "/requests/", "/invitations/", "/edit", "/leave"):
        answer = client.get(f"/circles/{circle.id}{path}")
        assert answer.status_code == 404, path
        assert MARKER not in answer.text
    for path in ("/members/", "/requests/", "/requests/own/end", "/hosts/own"):
        assert client.post(f"/circles/{circle.id}{path}").status_code == 404, path


def test_of_a_circle_that_others_may_know_of_they_read_what_it_is_for_and_its_hosts(make, desk):
    host = make.user(name="Invented Host")
    circle = make.circle(by=host, members=[make.user(name="Invented Insider")], purpose="For us")
    page = desk(make.user()).get(f"/circles/{circle.id}", follow_redirects=True).text
    assert "For us" in page
    assert "Invented Host" in page
    assert "Invented Insider" not in page
    assert "2 members" not in page


def test_one_comes_into_an_open_circle_at_once_and_those_in_it_see_that(make, desk):
    host, other = make.user(), make.user(name="Invented Arrival")
    circle = make.circle(by=host)
    client = desk(other)
    for _ in range(2):
        assert client.post(f"/circles/{circle.id}/members/").status_code == 303
    assert db.session.query(Membership).count() == 2
    assert "Invented Arrival" in desk(host).get(f"/circles/{circle.id}", follow_redirects=True).text


@pytest.mark.parametrize("joining", ["request", "invitation"])
def test_nobody_simply_comes_into_a_circle_that_is_not_open(make, desk, joining):
    circle = make.circle(joining=joining)
    assert desk(make.user()).post(f"/circles/{circle.id}/members/").status_code == 403
    assert db.session.query(Membership).count() == 1


def test_a_host_answers_whoever_asks(make, desk):
    host, asker, other = make.user(), make.user(name="Invented Asker"), make.user(name="Refused")
    circle = make.circle(by=host, joining="request")
    for user in (asker, other):
        asked = desk(user).post(f"/circles/{circle.id}/requests/", data={"words": "Let me in"})
        assert asked.status_code == 303
    hosting = desk(host)
    page = hosting.get(f"/circles/{circle.id}/requests/").text
    assert "Invented Asker" in page
    assert "Let me in" in page
    yes, no = db.session.query(JoinRequest).order_by(JoinRequest.id)
    ids = yes.id, no.id
    for number, answer in zip(ids, ("yes", "no"), strict=True):
        url = f"/circles/{circle.id}/requests/{number}"
        for _ in range(2):
            assert hosting.post(url, data={"answer": answer}).status_code == 303
    assert db.session.get(Membership, (circle.id, asker.id)) is not None
    assert db.session.get(Membership, (circle.id, other.id)) is None
    assert desk(other).post(f"/circles/{circle.id}/requests/", data={}).status_code == 403


def test_only_hosts_answer_invite_and_change(make, desk):
    member, asker = make.user(), make.user()
    circle = make.circle(members=[member], joining="request")
    desk(asker).post(f"/circles/{circle.id}/requests/", data={"words": MARKER})
    (asked,) = db.session.query(JoinRequest)
    client = desk(member)
    for path in ("/requests/", "/invitations/", "/edit", f"/members/{member.id}/removal"):
        answer = client.get(f"/circles/{circle.id}{path}")
        assert answer.status_code == 403, path
        assert MARKER not in answer.text
    url = f"/circles/{circle.id}/requests/{asked.id}"
    assert client.post(url, data={"answer": "yes"}).status_code == 403
    role = f"/circles/{circle.id}/members/{member.id}/role"
    assert client.post(role, data={"role": "host"}).status_code == 403


def test_a_link_lets_as_many_in_as_it_says_and_then_says_that_it_is_used_up(make, desk):
    host, first, second = make.user(), make.user(), make.user()
    circle = make.circle(by=host, joining="invitation", seen="hidden", name=MARKER)
    hosting = desk(host)
    made = hosting.post(
        f"/circles/{circle.id}/invitations/", data={"uses": 1, "days": 7, "form_key": "k"}
    )
    link = link_in(hosting.get(made.location).text)
    assert "/circles/invitations/" not in hosting.get(made.location).text
    for user, status in ((first, 303), (second, 410)):
        client = desk(user)
        looked = client.get(link)
        assert looked.status_code == (200 if status == 303 else 410)
        answer = client.post(link)
        assert answer.status_code == status
    assert "does not work (any more)" in answer.text
    assert MARKER not in answer.text
    again = desk(first).get(link)
    assert again.location.startswith(f"/circles/{circle.id}-")
    assert db.session.get(Membership, (circle.id, second.id)) is None


def test_a_link_that_was_taken_back_lets_nobody_in(make, desk):
    host = make.user()
    circle = make.circle(by=host, seen="hidden", name=MARKER)
    hosting = desk(host)
    made = hosting.post(f"/circles/{circle.id}/invitations/", data={"uses": 5, "days": 7})
    link = link_in(hosting.get(made.location).text)
    revoke = re.search(
        rf"/circles/{circle.id}/invitations/\d+/revoke", hosting.get(made.location).text
    )
    assert hosting.post(revoke.group()).status_code == 303
    answer = desk(make.user()).post(link)
    assert answer.status_code == 410
    assert "No longer available" in answer.text
    assert "was taken back" in answer.text
    assert MARKER not in answer.text


def test_what_is_written_in_a_circle_only_those_in_it_read(make, desk):
    host, member, outsider = make.user(), make.user(), make.user()
    circle = make.circle(by=host, members=[member])
    writing = desk(member)
    assert f'value="circle-{circle.id}"' in writing.get("/notes/new").text
    assert f'value="circle-{circle.id}"' not in desk(outsider).get("/notes/new").text
    posted = writing.post("/notes/", data=note_fields(make, circle.id))
    assert posted.status_code == 303
    for user in (host, member):
        assert f"{MARKER} lesson" in desk(user).get(posted.location).text
        for path in (f"/circles/{circle.id}", "/notes/", "/"):
            assert f"{MARKER} title" in desk(user).get(path, follow_redirects=True).text, path
    client = desk(outsider)
    assert client.get(posted.location).status_code == 404
    for path in ("/notes/", "/", f"/circles/{circle.id}"):
        assert MARKER not in client.get(path, follow_redirects=True).text


def test_nobody_writes_into_a_circle_she_is_not_in(make, desk):
    circle = make.circle()
    answer = desk(make.user()).post("/notes/", data=note_fields(make, circle.id))
    assert answer.status_code == 422
    assert f"{MARKER} lesson" in answer.text
    assert "Please choose one of the options offered." in answer.text


def test_who_left_reads_nothing_more_but_her_own(make, desk):
    host, member = make.user(), make.user()
    circle = make.circle(by=host, members=[member])
    make.note(by=host, circle=circle, title=f"{MARKER} theirs")
    mine = make.note(by=member, circle=circle, title="Her own")
    client = desk(member)
    assert client.post(f"/circles/{circle.id}/leave").status_code == 303
    assert client.get(f"/notes/{mine.id}", follow_redirects=True).status_code == 200
    for path in ("/", "/notes/", f"/circles/{circle.id}"):
        assert f"{MARKER} theirs" not in client.get(path, follow_redirects=True).text
    assert "Her own" in desk(host).get("/notes/").text


def test_the_last_host_hands_over_before_she_goes(make, desk):
    host, member = make.user(), make.user()
    circle = make.circle(by=host, members=[member])
    client = desk(host)
    answer = client.post(f"/circles/{circle.id}/leave")
    assert answer.status_code == 422
    assert "You are the only host." in answer.text
    client.post(f"/circles/{circle.id}/members/{host.id}/role", data={"role": "member"})
    assert db.session.get(Membership, (circle.id, host.id)).role == "host"
    client.post(f"/circles/{circle.id}/members/{member.id}/role", data={"role": "host"})
    assert client.post(f"/circles/{circle.id}/leave").status_code == 303


def test_whom_a_host_takes_out_reads_why_and_does_not_simply_come_back(make, desk):
    host, member = make.user(), make.user()
    circle = make.circle(by=host, members=[member])
    hosting = desk(host)
    url = f"/circles/{circle.id}/members/{member.id}/removal"
    assert hosting.post(url, data={"reason": ""}).status_code == 422
    assert hosting.post(url, data={"reason": "Invented reason"}).status_code == 303
    client = desk(member)
    assert client.post(f"/circles/{circle.id}/members/").status_code == 403
    told = client.get("/account/moderation").text
    assert "A host took you out of a circle." in told
    assert "Invented reason" in told


def test_two_hosts_who_change_a_circle_at_once_see_each_others_change(make, desk):
    host = make.user()
    circle = make.circle(by=host)
    client = desk(host)
    fields = {**FIELDS, "base": "1"}
    assert client.post(f"/circles/{circle.id}/edit", data=fields).status_code == 303
    answer = client.post(f"/circles/{circle.id}/edit", data={**fields, "name": "Mine"})
    assert answer.status_code == 409
    assert 'value="Mine"' in answer.text


def test_opened_to_others_a_note_takes_nothing_along_that_was_said_in_the_circle(make, desk):
    host, member, outsider = make.user(), make.user(), make.user()
    circle = make.circle(by=host, members=[member])
    writing = desk(member)
    posted = writing.post("/notes/", data=note_fields(make, circle.id))
    number = int(re.search(r"/notes/(\d+)", posted.location).group(1))
    edit = f"/notes/{number}/edit"
    base = re.search(r'name="base"[^>]*value="(\d+)"', writing.get(edit).text).group(1)
    again = note_fields(make, circle.id, base=base, facts_base=base)
    again.pop("visibility")
    strategies = re.findall(r'<option value="([\w-]+)" selected', writing.get(edit).text)
    again |= {"strategies": strategies, "what_happened": "Said anew", "title": "Named anew"}
    assert writing.post(edit, data=again).status_code == 303
    assert desk(outsider).get(f"/notes/{number}", follow_redirects=True).status_code == 404
    hosting = desk(host)
    hosting.post(f"/entries/{number}/comments/", data={"body": f"{MARKER} comment"})
    base = re.search(r'name="base"[^>]*value="(\d+)"', writing.get(edit).text).group(1)
    opened = {**again, "base": base, "facts_base": base, "visibility": "members"}
    assert writing.post(edit, data=opened).status_code == 303
    client = desk(outsider)
    page = client.get(f"/notes/{number}", follow_redirects=True).text
    assert f"{MARKER} lesson" in page
    assert f"{MARKER} comment" not in page
    history = client.get(f"/entries/{number}/revisions/1").text
    assert f"{MARKER} happening" not in history
    names = {name_of(note_fields(make, circle.id)["title"]): False, "named anew": True}
    found = wiki.leading(make.viewer(outsider), names).found
    assert {name: name in found for name in names} == names
    assert f"{MARKER} comment" in hosting.get(f"/notes/{number}", follow_redirects=True).text
    back = {**opened, "visibility": f"circle-{circle.id}"}
    back["base"] = re.search(r'name="base"[^>]*value="(\d+)"', writing.get(edit).text).group(1)
    refused = writing.post(edit, data=back)
    assert refused.status_code == 422
    assert "Others than the circle can read this already" in refused.text


def test_where_no_host_can_sign_in_a_member_takes_over(make, desk):
    host, member = make.user(), make.user()
    circle = make.circle(by=host, members=[member])
    client = desk(member)
    assert client.post(f"/circles/{circle.id}/hosts/own").status_code == 403
    host.status = "suspended"
    db.session.commit()
    assert "None of the hosts" in client.get(f"/circles/{circle.id}", follow_redirects=True).text
    assert client.post(f"/circles/{circle.id}/hosts/own").status_code == 303
    assert db.session.get(Membership, (circle.id, member.id)).role == "host"
