"""The worker looks now and then whether addresses answer, a few at a time, and tells once who names one that broke."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from cop.core import clock
from cop.core.db import db
from cop.core.types import Lang
from cop.entries import operations as entries
from cop.entries.draft import Signature, TextDraft
from cop.entries.models import Visibility
from cop.events.models import Event
from cop.jobs.models import Job
from cop.outside import looking
from cop.outside.models import Address
from cop.outside.naming import LOOK_JOB, is_address, states
from cop.people.viewer import SYSTEM
from cop.workshops.draft import Outside, WorkshopDraft, WorkshopFacts
from cop.workshops.operations import publish_workshop

if TYPE_CHECKING:
    from collections.abc import Callable

    from cop.entries.models import Entry


@pytest.fixture
def hold(make) -> Callable[..., Entry]:
    """Return the function that publishes a workshop which names these addresses."""

    def held(*urls: str, title: str = "") -> Entry:
        links = tuple(Outside(str(at), url, title) for at, url in enumerate(urls))
        entry = publish_workshop(
            by=make.viewer(make.user(grants=["trainer"])),
            draft=WorkshopDraft(
                (TextDraft(Lang.EN, "An invented workshop", {}),),
                WorkshopFacts(links=links),
                Signature(Visibility.PUBLIC),
            ),
        )
        db.session.commit()
        return entry

    return held


@pytest.fixture
def later(monkeypatch, db_session) -> Callable[[timedelta], None]:
    """Return the function that lets time pass and the worker look."""
    begun = clock.now()
    passed = [timedelta()]
    monkeypatch.setattr(clock, "now", lambda: begun + passed[0])

    def go(time: timedelta = timedelta()) -> None:
        passed[0] += time
        looking.look_at_addresses([{}])
        db.session.commit()

    return go


def broke() -> list[int]:
    return list(db.session.scalars(select(Event.entry_id).where(Event.verb == "AddressBroke")))


def test_an_address_is_reached_and_its_title_kept_once(hold, later, server) -> None:
    url = server.url("/page")
    hold(url)
    later()
    state = states([url])[url]
    assert state.title == "An invented & 页面"
    assert state.reached_at == clock.now()
    asked = len(server.asked)
    later(timedelta(days=6))
    assert len(server.asked) == asked
    later(timedelta(days=3))
    assert len(server.asked) > asked


def test_one_hiccup_is_not_told_and_what_is_broken_is_told_once(hold, later, server) -> None:
    url = server.url("/page")
    first, second = hold(url), hold(url)
    later()
    server.gone.add("/page")
    later(timedelta(days=9))
    assert states([url])[url].failing_since is None
    began = clock.now()
    later(timedelta(hours=2))
    assert states([url])[url].failing_since == began
    assert broke() == []
    later(timedelta(hours=7))
    later(timedelta(days=1, hours=1))
    assert sorted(broke()) == [first.id, second.id]
    later(timedelta(days=1, hours=1))
    assert len(broke()) == 2
    server.gone.discard("/page")
    later(timedelta(days=1, hours=1))
    assert states([url])[url].failing_since is None
    server.gone.add("/page")
    for _look in range(4):
        later(timedelta(days=9))
    assert len(broke()) == 4


def test_one_host_is_asked_once_a_minute(hold, later, server) -> None:
    hold(server.url("/a"), server.url("/b"))
    later()
    assert {path for _method, path, _headers in server.asked} == {"/a"}
    db.session.expire_all()
    waiting = db.session.scalars(select(Job).where(Job.key == LOOK_JOB)).one()
    assert waiting.run_at == clock.now() + timedelta(minutes=1)
    later(timedelta(minutes=1))
    assert {path for _method, path, _headers in server.asked} == {"/a", "/b"}


def test_nothing_is_asked_that_nobody_shows_or_that_is_inside(
    hold, later, server, monkeypatch, app
) -> None:
    hold("http://10.0.0.1/")
    later()
    row = db.session.scalars(select(Address)).one()
    assert row.failures == 0
    assert row.reached_at is None
    assert row.next_look_at is not None
    assert row.next_look_at > clock.now() + timedelta(days=20)
    withdrawn = hold(server.url("/page"))
    entries.withdraw(by=SYSTEM, entry_id=withdrawn.id)
    later(timedelta(days=1))
    hold(server.url("/page"))
    monkeypatch.setitem(app.extensions, "cop.outside.looking", None)
    later(timedelta(days=1))
    assert server.asked == []


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://example.org/a?b=c#d", True),
        ("http://例子.中国/路径", True),
        ("javascript:alert(1)", False),
        ("//example.org", False),
        ("https://", False),
        ("https://who:what@example.org", False),
        ("https://example.org:99999/", False),
        ("https://exa mple.org/", False),
        (f"https://example.org/{'a' * 2000}", False),
    ],
)
def test_what_is_an_address(url: str, *, is_one: bool) -> None:
    assert is_address(url) is is_one
