"""Curators put pages first for a while: with a reason, a day and a trace, and only what a reader may find."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cop.core import clock
from cop.core.db import db
from cop.core.types import Lang
from cop.entries import operations as entries
from cop.entries.draft import Origin, Signature, TextDraft
from cop.entries.models import Visibility
from cop.people.viewer import SYSTEM
from cop.practices.draft import PracticeDraft, PracticeFacts
from cop.practices.operations import start_page
from tests.counting import counted


@pytest.fixture
def start(make):
    """Return the function that publishes a page."""

    def started(title="Small groups", visibility=Visibility.PUBLIC):
        entry = start_page(
            by=SYSTEM,
            draft=PracticeDraft(
                (TextDraft(Lang.EN, title, {"summary": "An invented summary."}),),
                PracticeFacts(strategy=make.term().key),
                Signature(visibility),
            ),
            origin=Origin(written_by="editors"),
        )
        db.session.commit()
        return entry

    return started


@pytest.fixture
def desk(app, make):
    """Return a curator's browser in English."""
    browser = make.signed_in(
        app.test_client(), make.user(name="Invented Curator", grants=["curator"])
    )
    browser.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return browser


def day(number):
    return (clock.now().date() + timedelta(days=number)).isoformat()


def put(desk, page, **more):
    data = {"reason_en": "Many ask about it now.", "until": day(7), "act": "put"}
    return desk.post(f"/entries/{page.id}/featuring/", data={**data, **more})


def front(browser, lang="en"):
    """Return what stands first on the front page, or nothing."""
    page = browser.get(f"/?lang={lang}").text
    return page.split("Worth reading now")[1].split("</ul>")[0] if "Worth reading" in page else ""


def test_a_page_stands_first_with_its_reason_for_visitors_and_members(desk, client, start, make):
    page = start()
    assert put(desk, page).status_code == 303
    member = make.signed_in(make_client(client), make.user())
    for browser in (client, member):
        assert "Small groups" in front(browser)
        assert "Many ask about it now." in front(browser)


def make_client(client):
    return client.application.test_client()


def test_it_stands_there_until_its_day(desk, client, start, monkeypatch):
    page = start()
    put(desk, page, until=day(2))
    later = clock.now() + timedelta(days=2)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert "Small groups" in front(client)
    monkeypatch.setattr(clock, "now", lambda: later + timedelta(days=1))
    assert "Small groups" not in front(client, "en&x=1")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"reason_en": ""}, "Say in a line why"),
        ({"until": "soon"}, "Write a day"),
        ({"until": "2001-01-01"}, "This day is over"),
        ({"until": "2099-01-01"}, "A year is the longest"),
        ({"reason_en": "x" * 161}, "At most 160 characters"),
    ],
)
def test_what_cannot_be_is_said_with_everything_kept(desk, client, start, more, said):
    answer = put(desk, start(), reason_zh="" if "reason_en" in more else "保留", **more)
    assert answer.status_code == 422
    assert said in answer.text
    assert front(client) == ""


def test_three_stand_first_and_a_fourth_waits(desk, client, start):
    for number in range(3):
        put(desk, start(f"Page {number}"))
    fourth = start("Page 3")
    assert "take one of them away" in put(desk, fourth).text
    assert "Page 3" not in front(client)


def test_a_hidden_page_leaves_its_place_to_another(desk, client, start, make):
    pages = [start(f"Page {number}") for number in range(3)]
    for page in pages:
        put(desk, page)
    entries.hide(by=make.member("moderator"), entry_id=pages[0].id, reason="An invented reason")
    db.session.commit()
    assert put(desk, start("Page 3")).status_code == 303
    assert "Page 3" in front(client)


def test_it_stands_there_however_much_is_changed_about_others(desk, client, start):
    page, other = start("Page one"), start("Page two")
    put(desk, page)
    for number in range(45):
        put(desk, other, reason_en=f"Invented reason {number}")
    assert "Page one" in front(client)
    assert "Invented reason 44" in front(client)
    assert "Invented reason 43" not in front(client)
    desk.post(f"/entries/{page.id}/featuring/", data={"act": "end"})
    assert "Page one" not in front(client)


def test_it_is_taken_from_there_and_who_did_what_is_told(desk, client, start, make, app):
    page = start()
    put(desk, page)
    assert "Invented Curator put it there" in desk.get(f"/entries/{page.id}/featuring/").text
    assert desk.post(f"/entries/{page.id}/featuring/", data={"act": "end"}).status_code == 303
    assert front(client) == ""
    moderator = make.signed_in(app.test_client(), make.user(grants=["moderator"]))
    log = moderator.get("/moderation/log?lang=en").text
    assert "put on the front page" in log
    assert "taken from the front page" in log
    assert "Many ask about it now." in log


def test_a_hidden_page_and_one_for_members_are_not_told_to_visitors(desk, client, start, make):
    page, inner = start("For all"), start("For members", Visibility.MEMBERS)
    put(desk, page)
    put(desk, inner)
    assert "For members" not in front(client)
    assert "For members" in front(desk)
    entries.hide(by=make.member("moderator"), entry_id=page.id, reason="An invented reason")
    db.session.commit()
    assert front(client) == ""


def test_only_curators_put_pages_first_and_only_pages_they_keep(desk, app, make, start):
    page, note = start(), make.note()
    db.session.commit()
    member = make.signed_in(app.test_client(), make.user())
    assert put(member, page).status_code == 403
    assert put(desk, note).status_code == 403


def test_the_front_page_asks_as_often_for_three_as_for_one(desk, client, start):
    put(desk, start("Page one"))
    client.get("/")
    with counted() as one:
        client.get("/?lang=en")
    for number in range(2):
        put(desk, start(f"Page {number}"))
    client.get("/")
    with counted() as three:
        client.get("/?lang=en")
    assert len(three) == len(one)
