"""Closing a circle, opening it again, emptying it; its file; and closing an account that is its host's."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import timedelta

import pytest

from cop.circles import closing, exported_images, exporting
from cop.core import clock
from cop.core.db import db
from cop.people import leaving
from cop.people.models import Circle, CircleExport, Membership

MARKER = "Qwyzzcircle"


@pytest.fixture
def group(make):
    """Return a host, a member and a circle of theirs in which something is written."""
    host, member = make.user(name="Invented Host"), make.user(name="Invented Member")
    circle = make.circle(by=host, members=[member], name=f"{MARKER} group", seen="hidden")
    return host, member, circle


def test_closed_nobody_reads_it_but_her_own_and_a_host_opens_it_again(make, desk, group):
    host, member, circle = group
    mine = make.note(by=member, circle=circle, title=f"{MARKER} mine")
    theirs = make.note(by=host, circle=circle, title=f"{MARKER} theirs")
    hosting, inside = desk(host), desk(member)
    assert inside.post(f"/circles/{circle.id}/closing").status_code == 403
    closed = hosting.post(f"/circles/{circle.id}/closing")
    assert closed.status_code == 303
    assert "This circle is closed." in hosting.get(closed.location).text
    assert inside.get(closed.location).status_code == 404
    assert inside.get(f"/notes/{theirs.id}", follow_redirects=True).status_code == 404
    assert inside.get(f"/notes/{mine.id}", follow_redirects=True).status_code == 200
    for path in ("/", "/notes/", "/circles/"):
        assert f"{MARKER} theirs" not in inside.get(path).text
    assert f"{MARKER} group" not in inside.get("/circles/").text
    assert hosting.get(f"/circles/{circle.id}").status_code == 404
    assert hosting.post(f"/circles/{circle.id}/reopening").status_code == 303
    assert inside.get(f"/notes/{theirs.id}", follow_redirects=True).status_code == 200


def test_after_a_while_what_is_left_of_it_is_gone_and_its_number_never_comes_again(
    make, desk, group
):
    host, member, circle = group
    note = make.note(by=member, circle=circle)
    closing.close(by=make.viewer(host), circle_id=circle.id)
    number = circle.id
    assert closing.empty_old(clock.now() + timedelta(days=29)) == 0
    assert closing.empty_old(clock.now() + timedelta(days=31)) == 1
    assert db.session.get(Circle, number).name == ""
    assert db.session.query(Membership).count() == 0
    assert desk(host).get(f"/circles/{number}/closed").status_code == 404
    assert make.circle().id != number
    assert desk(member).get(f"/notes/{note.id}", follow_redirects=True).status_code == 200


def test_hosts_take_everything_along_in_one_file_and_nobody_else(
    make, desk, group, run_jobs, index
):
    host, member, circle = group
    unnamed = make.note(by=member, circle=circle, title="Unnamed in it", name_mask="unnamed")
    asked = make.discussion(by=host, circle=circle, title="Asked in it")
    make.comment(asked, f"{MARKER} said", by=member)
    hidden = make.note(by=member, circle=circle, title="Hidden in it")
    hidden.status, hidden.audience = "hidden", f"hosts:{circle.id}"
    outside = make.note(by=member, title="Not of it")
    keys = unnamed.key, asked.key, hidden.key, outside.key
    hosting = desk(host)
    for _ in range(2):
        assert hosting.post(f"/circles/{circle.id}/exports/").status_code == 303
    assert "It is being made" in hosting.get(f"/circles/{circle.id}/closing").text
    run_jobs()
    (row,) = db.session.query(CircleExport)
    url = f"/circles/{circle.id}/exports/{row.id}"
    assert url in hosting.get(f"/circles/{circle.id}/closing").text
    answer = hosting.get(url)
    assert answer.headers["Cache-Control"] == "private, no-store"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as packed:
        names = set(packed.namelist())
        assert names == {
            "circle.json",
            "members.json",
            f"notes/{keys[0]}.json",
            f"discussions/{keys[1]}.json",
        }
        note = packed.read(f"notes/{keys[0]}.json").decode()
        assert "Invented Member" not in note
        told = json.loads(packed.read(f"discussions/{keys[1]}.json"))
        assert told["comments"][0]["body"] == f"{MARKER} said"
        assert [one["role"] for one in json.loads(packed.read("members.json"))] == [
            "host",
            "member",
        ]
    for user in (make.user(grants=["admin"]), member):
        assert desk(user).get(url).status_code in (403, 404)
    exporting.forget_old(clock.now() + timedelta(days=8))
    db.session.commit()
    assert hosting.get(url).status_code == 404


def test_a_long_file_is_made_in_parts_and_goes_on_after_a_kill(
    make, desk, group, run_jobs, monkeypatch
):
    host, _member, circle = group
    monkeypatch.setattr(exporting, "_PART", 2)
    for _ in range(5):
        make.note(by=host, circle=circle)
    row = exporting.ask(by=make.viewer(host), circle_id=circle.id)
    number = row.id
    exporting.make([{"export_id": number}])
    assert (row.done, row.total, row.ready_at) == (2, 5, None)
    assert "2 of 5" in desk(host).get(f"/circles/{circle.id}/closing").text
    run_jobs()
    made = exporting.content(make.viewer(host), circle.id, number)
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        assert len([name for name in packed.namelist() if name.startswith("notes/")]) == 5


def test_who_closes_her_account_hands_her_circles_over_first(make, group):
    host, member, circle = group
    assert leaving.only_host_of(host.id) == [f"{MARKER} group"]
    assert leaving.only_host_of(member.id) == []
    db.session.get(Membership, (circle.id, member.id)).role = "host"
    db.session.flush()
    assert leaving.only_host_of(host.id) == []
    alone = make.circle(by=host)
    assert leaving.only_host_of(host.id) == []
    leaving.leave_all(host.id)
    assert alone.closed_at is not None
    assert circle.closed_at is None
    assert [row.user_id for row in db.session.query(Membership)] == [member.id]


def test_that_an_administrator_came_in_those_in_it_see(make, desk, group):
    _host, member, circle = group
    admin = make.user(grants=["admin"], name="Invented Keeper")
    circle.joining, circle.seen = "open", "members"
    desk(admin).post(f"/circles/{circle.id}/members/")
    page = desk(member).get(f"/circles/{circle.id}", follow_redirects=True).text
    assert "Invented Keeper" in page
    assert "Looks after the site" in page


def test_the_images_of_a_circle_come_along_each_once_and_as_far_as_there_is_room(
    make, group, run_jobs, monkeypatch, index
):
    host, member, circle = group
    asked = make.discussion(by=host, circle=circle, title="Asked in it")
    picture = make.image(by=member, alt="An invented yard")
    said = make.comment(asked, "Look", by=member, images=[picture])
    removed = make.comment(asked, "Gone", by=member, images=[make.image(by=member)])
    removed.status = "removed"
    db.session.commit()

    def told(name: str) -> tuple[dict[str, bytes], list[dict[str, object]]]:
        row = exporting.ask(by=make.viewer(host), circle_id=circle.id)
        number = row.id
        run_jobs()
        made = exporting.content(make.viewer(host), circle.id, number)
        with zipfile.ZipFile(io.BytesIO(made)) as packed:
            files = {one: packed.read(one) for one in packed.namelist() if "images/" in one}
            comments = json.loads(packed.read(name))["comments"]
        return files, next(one for one in comments if one["number"] == said.id)["images"]

    files, shown = told(f"discussions/{asked.key}.json")
    assert [one["shows"] for one in shown] == [{"en": "An invented yard"}]
    assert set(files) == {shown[0]["file"]}
    assert b"An invented yard" in files[str(shown[0]["file"])]
    monkeypatch.setattr(exported_images, "LIMIT", 3)
    files, shown = told(f"discussions/{asked.key}.json")
    assert files == {}
    assert shown == [{"file": None, "shows": {"en": "An invented yard"}}]
