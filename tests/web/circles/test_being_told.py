"""Who is told what about circles: those in them of what is new, hosts of requests, who asked of the answer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from cop.core import clock
from cop.core.db import db
from cop.people.models import JoinRequest


def subjects(sent: list[Any], address: str) -> list[str]:
    return [str(mail["Subject"]) for mail in sent if address in str(mail["To"])]


def test_who_is_in_a_circle_is_told_of_what_is_new_there_until_she_says_otherwise(
    make, desk, run_jobs, sent, index
):
    host, member = make.user(), make.user(email="member@example.org")
    circle = make.circle(by=host, members=[member], name="Invented trainers")
    make.note(by=host, circle=circle, title="First in it")
    run_jobs()
    client = desk(member)
    notices = client.get("/notices/").text
    assert "First in it" in notices
    assert "You are in the circle “Invented trainers”." in notices
    assert subjects(sent, "member@") == ["First in it"]
    watch = f"/circles/{circle.id}/watch"
    page = client.get(watch).text
    assert "because you are in it" in page
    assert client.post(watch, data={"level": "mute"}).status_code == 303
    make.note(by=host, circle=circle, title="Second in it")
    run_jobs()
    assert "Second in it" not in client.get("/notices/").text
    client.post(watch, data={"level": "everything"})
    third = make.note(by=host, circle=circle, title="Third in it")
    make.comment(third, "Said in it", by=host)
    run_jobs()
    assert "Said in it" in client.get("/notices/").text


def test_the_list_of_what_is_watched_has_the_circles_one_is_in(make, desk):
    member, other = make.user(), make.user()
    host = make.user()
    circle = make.circle(by=host, members=[member], seen="hidden", name="Invented trainers")
    make.circle(by=host, members=[other], seen="hidden", name="Another circle")
    client = desk(member)
    page = client.get("/account/watching").text
    assert "Invented trainers" in page
    assert "You are told of what is new because you are in it." in page
    assert "Another circle" not in page
    assert f'href="/circles/{circle.id}/watch"' in page
    assert client.post(f"/circles/{circle.id}/watch", data={"level": "mute"}).status_code == 303
    page = client.get("/account/watching").text
    assert page.count("Invented trainers") == 1
    assert "because you are in it" not in page


def test_only_who_is_in_it_chooses_what_to_hear_of_a_circle(make, desk):
    circle = make.circle()
    client = desk(make.user())
    assert client.get(f"/circles/{circle.id}/watch").status_code == 404
    assert client.post(f"/circles/{circle.id}/watch", data={"level": "new"}).status_code == 404


def test_hosts_are_told_who_asks_and_who_asked_that_she_is_in(make, desk, run_jobs, sent, index):
    host = make.user(email="host@example.org")
    asker = make.user(name="Invented Asker", email="asker@example.org")
    circle = make.circle(by=host, joining="request", name="Invented trainers")
    desk(asker).post(f"/circles/{circle.id}/requests/", data={"words": "Please"})
    run_jobs()
    assert subjects(sent, "host@") == [
        "Invented Asker asks to be let into the circle “Invented trainers”."
    ]
    (mail,) = (one for one in sent if "host@" in str(one["To"]))
    for part in ("plain", "html"):
        assert "Please" in mail.get_body((part,)).get_content()
    (asked,) = db.session.query(JoinRequest)
    desk(host).post(f"/circles/{circle.id}/requests/{asked.id}", data={"answer": "yes"})
    run_jobs()
    assert subjects(sent, "asker@") == ["You are in the circle “Invented trainers” now."]


def test_the_list_says_where_one_has_asked_and_to_nobody_else(make, desk):
    circle = make.circle(joining="request", name="Invented trainers")
    client = desk(make.user())
    assert "You have asked" not in client.get("/circles/").text
    client.post(f"/circles/{circle.id}/requests/", data={"words": "Please"})
    assert "You have asked" in client.get("/circles/").text
    assert "You have asked" not in desk(make.user()).get("/circles/").text


def test_a_request_that_was_taken_back_is_told_to_nobody(make, desk, run_jobs, sent, index):
    circle = make.circle(by=make.user(email="host@example.org"), joining="request")
    client = desk(make.user())
    client.post(f"/circles/{circle.id}/requests/", data={"words": "Please"})
    client.post(f"/circles/{circle.id}/requests/own/end")
    run_jobs()
    assert subjects(sent, "host@") == []


def test_a_saved_search_tells_of_what_is_new_in_ones_own_circle_and_nobody_else(
    make, desk, run_jobs, sent, index, time_machine
):
    host, member, outsider = make.user(), make.user(), make.user()
    circle = make.circle(by=host, members=[member])
    for user in (member, outsider):
        client = desk(user)
        client.post(f"/circles/{circle.id}/watch", data={"level": "mute"})
        client.post("/search/watch?q=kitemarker", data={"level": "new"})
    make.note(by=host, circle=circle, title="A kitemarker")
    run_jobs()
    time_machine.move_to(clock.now() + timedelta(minutes=2))
    run_jobs()
    assert "You watch the search" in desk(member).get("/notices/").text
    assert "A kitemarker" not in desk(outsider).get("/notices/").text
