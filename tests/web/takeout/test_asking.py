"""Asking for a file of all that is one's own, waiting for it, fetching it, and what can go wrong."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cop.core import clock
from cop.core.db import db
from cop.people import account_operations, suspensions
from cop.people.models import AccountStatus
from cop.people.viewer import SYSTEM
from cop.storage import store
from cop.takeout import making, operations, queries
from tests.counting import assert_constant_queries
from tests.make import PASSWORD
from tests.web.takeout.conftest import PAGE, rows

MAKE = {"current": PASSWORD, "act": "make"}
FETCH = {"current": PASSWORD, "act": "fetch"}


def test_the_password_is_asked_for_before_anything_is_made(desk, mei):
    client = desk(mei)
    assert "Make the file" in client.get(PAGE).text
    for typed in ("", "not the password"):
        answer = client.post(PAGE, data={"current": typed, "act": "make"})
        assert answer.status_code == 422
    assert "This is not your present password." in answer.text
    assert rows() == []


def test_tries_of_the_password_are_counted(desk, mei):
    client = desk(mei)
    for _ in range(10):
        client.post(PAGE, data={"current": "not the password", "act": "make"})
    answer = client.post(PAGE, data=MAKE)
    assert answer.status_code == 429
    assert rows() == []


def test_a_mail_tells_when_it_is_ready_and_it_is_fetched_with_the_password(
    desk, mei, make, run_jobs, sent
):
    make.note(by=mei)
    client = desk(mei)
    assert client.post(PAGE, data=MAKE).status_code == 303
    assert "It is being made" in client.get(PAGE).text
    assert client.get(f"{PAGE}/state").json == {"making": True}
    run_jobs()
    assert client.get(f"{PAGE}/state").json == {"making": False}
    assert "Your file is ready." in client.get(PAGE).text
    (mail,) = sent
    assert mail["Subject"] == "The file of all that is yours is ready"
    assert mail["To"] == "mei@example.org"
    (row,) = rows()
    url = f"{PAGE}/{row.id}.zip"
    assert client.get(url).location == PAGE
    assert client.post(PAGE, data={**FETCH, "current": "wrong one"}).status_code == 422
    assert client.get(url).status_code == 303
    assert client.post(PAGE, data=FETCH).location == url
    answer = client.get(url)
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=invented-mei-")
    part = client.get(url, headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, answer.data[:4])


def test_it_waits_behind_the_bell_until_it_is_fetched(desk, mei, make, run_jobs):
    client, other = desk(mei), desk(make.user())
    client.post(PAGE, data=MAKE)
    assert client.get("/notices/count").json["text"] == ""
    run_jobs()
    assert client.get("/notices/count").json["text"] == "1"
    assert "It stands here until you fetch it." in client.get("/notices/").text
    assert other.get("/notices/count").json["text"] == ""
    assert "It stands here until you fetch it." not in other.get("/notices/").text
    client.post(PAGE, data=FETCH)
    assert client.get("/notices/count").json["text"] == ""


def test_the_page_asks_the_database_as_much_for_one_note_as_for_twenty(desk, mei, make, run_jobs):
    client = desk(mei)

    def more(number: int) -> None:
        for _ in range(number):
            make.note(by=mei)
        client.post(PAGE, data=MAKE)
        run_jobs()

    assert_constant_queries(client, PAGE, grow=more, budget="account")


def test_nobody_else_fetches_it_and_no_other_device(desk, mei, make, run_jobs, client):
    here, elsewhere = desk(mei), desk(mei)
    here.post(PAGE, data=MAKE)
    run_jobs()
    url = here.post(PAGE, data=FETCH).location
    assert here.get(url).status_code == 200
    assert elsewhere.get(url).location == PAGE
    for other in (make.user(), make.user(grants=["admin", "moderator"])):
        assert desk(other).get(url).status_code == 404
    assert "/login" in client.get(url).location
    here.post("/account/devices/end-others")
    assert "/login" in elsewhere.get(url).location


def test_after_ten_minutes_the_password_is_asked_for_again(desk, mei, run_jobs):
    client = desk(mei)
    client.post(PAGE, data=MAKE)
    run_jobs()
    url = client.post(PAGE, data=FETCH).location
    assert "Download once more" in client.get(PAGE).text
    (row,) = rows()
    row.open_until = clock.now() - timedelta(seconds=1)
    assert client.get(url).location == PAGE
    assert "Download once more" not in client.get(PAGE).text


def test_asked_for_twice_one_is_made_and_asked_for_again_the_new_takes_the_place_of_the_old(
    desk, mei, run_jobs, there
):
    client = desk(mei)
    client.post(PAGE, data=MAKE)
    client.post(PAGE, data=MAKE)
    assert len(rows()) == 1
    run_jobs()
    (first,) = [path.name for path in there.iterdir()]
    client.post(PAGE, data=MAKE)
    page = client.get(PAGE).text
    assert "Your file is ready." in page
    assert "It is being made" in page
    run_jobs()
    (second,) = [path.name for path in there.iterdir()]
    assert first != second
    assert len(rows()) == 1


def test_a_long_one_is_made_in_parts_and_goes_on_after_a_kill(desk, mei, make, monkeypatch, made):
    monkeypatch.setattr(making, "MOST", 2)
    for number in range(5):
        make.note(by=mei, title=f"Invented note {number}")
    db.session.commit()
    row = operations.ask(by=make.viewer(mei), current=PASSWORD)
    making.make([{"takeout_id": row.id}])
    assert (row.done, row.parts) == (2, 1)
    assert f"2 of {row.total} things" in desk(mei).get(PAGE).text
    # Killed after the part was kept and before that was committed: it is made again in its own place.
    row.parts, row.last_id, row.done, row.room = 0, 0, 0, 0
    file = made(mei)
    told = file.read("import/notes.yaml").decode()
    assert [told.count(f"Invented note {number}") for number in range(5)] == [1] * 5
    assert len([name for name in file.namelist() if name.startswith("read/notes-")]) == 5


def test_a_full_disk_is_said_and_loses_nothing(desk, mei, run_jobs, monkeypatch, there):
    client = desk(mei)
    client.post(PAGE, data=MAKE)
    run_jobs()
    monkeypatch.setattr(store, "RESERVE", 1 << 60)
    client.post(PAGE, data=MAKE)
    run_jobs()
    page = client.get(PAGE).text
    assert "The server has no room for it at the moment. Nothing of yours is lost." in page
    assert "Your file is ready." in page
    monkeypatch.undo()


def test_one_whose_job_was_lost_can_be_asked_for_again(desk, mei, run_jobs):
    client = desk(mei)
    client.post(PAGE, data=MAKE)
    (row,) = rows()
    lost = row.name
    row.moved_at = clock.now() - queries.LOST
    assert "Something went wrong while it was made." in client.get(PAGE).text
    client.post(PAGE, data=MAKE)
    assert [one.name != lost for one in rows()] == [True]
    run_jobs()
    assert "Your file is ready." in client.get(PAGE).text


def test_the_nightly_job_takes_old_ones_away_and_what_belongs_to_none(desk, mei, run_jobs, there):
    client = desk(mei)
    client.post(PAGE, data=MAKE)
    run_jobs()
    (there / f"{'0' * 32}.zip").write_bytes(b"left over")
    now = clock.now()
    operations.forget_old(now + timedelta(days=6))
    assert len(rows()) == 1
    assert len(list(there.iterdir())) == 1
    operations.forget_old(now + timedelta(days=8))
    assert rows() == []
    assert list(there.iterdir()) == []


def test_past_its_time_it_is_not_served_though_the_night_has_not_come(desk, mei, run_jobs):
    client = desk(mei)
    client.post(PAGE, data=MAKE)
    run_jobs()
    url = client.post(PAGE, data=FETCH).location
    (row,) = rows()
    row.ready_at = clock.now() - queries.KEPT - timedelta(minutes=1)
    assert client.get(url).status_code == 404
    assert "has had its time" in client.get(PAGE).text
    assert client.post(PAGE, data=FETCH).location == PAGE


def test_after_a_restore_the_file_is_gone_and_made_again(desk, mei, run_jobs, there):
    client = desk(mei)
    client.post(PAGE, data=MAKE)
    run_jobs()
    for path in there.iterdir():
        path.unlink()
    assert "it can be made again" in client.get(PAGE).text
    client.post(PAGE, data=MAKE)
    run_jobs()
    assert "Your file is ready." in client.get(PAGE).text


def test_closing_the_account_takes_it_away(desk, mei, make, run_jobs, there):
    client = desk(mei)
    assert PAGE in client.get("/account/close").text
    client.post(PAGE, data=MAKE)
    run_jobs()
    account_operations.close_account(by=make.viewer(mei), current=PASSWORD)
    run_jobs()
    assert rows() == []
    assert list(there.iterdir()) == []


@pytest.mark.parametrize("is_ready", [True, False])
def test_who_is_suspended_fetches_nothing_and_what_is_being_made_stops(
    desk, mei, run_jobs, is_ready, there, sent
):
    client = desk(mei)
    client.post(PAGE, data=MAKE)
    if is_ready:
        run_jobs()
    suspensions.suspend(by=SYSTEM, user_id=mei.id, reason="Invented reason.")
    run_jobs()
    assert "/login" in client.get(PAGE).location
    assert len(rows()) == is_ready
    mei.status = AccountStatus.ACTIVE.value
    db.session.flush()
    assert ("Your file is ready." in desk(mei).get(PAGE).text) == is_ready
