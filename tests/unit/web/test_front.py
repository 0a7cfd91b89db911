"""Kept pages before the framework: the same answers, for plain visitors alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from cop.web import Hooks, cache
from cop.web.cache import public_page


class Site:
    """A site that counts how often the framework was asked."""

    def __init__(self, make_site: Callable[..., Flask]) -> None:
        self.version = "1"
        self.away = False
        self.asked = 0
        self.looked = 0
        self.app = make_site(Hooks(site_version=self.site_version))
        self.app.before_request_funcs.setdefault(None, []).insert(0, self.count)
        self.app.add_url_rule("/page", "page", public_page("older")(lambda: "文" * 1000))
        self.client = self.app.test_client(use_cookies=False)

    def site_version(self) -> str:
        self.looked += 1
        if self.away:
            message = "the database is away"
            raise RuntimeError(message)
        return self.version

    def count(self) -> None:
        self.asked += 1

    def get(self, path: str = "/page", **headers: str) -> Any:
        return self.client.get(path, headers={k.replace("_", "-"): v for k, v in headers.items()})


@pytest.fixture
def site(make_site: Callable[..., Flask]) -> Site:  # type: ignore[override]
    return Site(make_site)


def test_the_same_question_again_does_not_reach_the_framework(site: Site) -> None:
    first, second = site.get(Accept_Encoding="gzip"), site.get(Accept_Encoding="gzip")
    assert site.asked == 1
    assert second.data == first.data
    assert {k: v for k, v in first.headers.items() if k != "X-Request-ID"} == {
        k: v for k, v in second.headers.items() if k != "X-Request-ID"
    }
    assert first.headers["X-Request-ID"] != second.headers["X-Request-ID"]
    assert cache.pages(site.app).hits == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept_Encoding": "gzip"},
        {"Accept_Language": "en"},
        {"Cookie": "lang=en"},
        {"Cookie": "theme=dark"},
        {"Cookie": "session=somebody"},
        {"Cookie": "remember_token=somebody"},
        {"Authorization": "Bearer invented"},
        {"If_None_Match": '"another"'},
        {"Host": "other.example.org"},
    ],
    ids=str,
)
def test_a_question_asked_otherwise_is_the_frameworks(site: Site, headers: dict[str, str]) -> None:
    site.get()
    site.get(**headers)
    assert site.asked == 2


def test_a_signed_in_person_is_never_answered_from_the_front(site: Site) -> None:
    for _ in range(3):
        site.get(Cookie="session=somebody")
    assert site.asked == 3


def test_other_methods_and_other_addresses_are_the_frameworks(site: Site) -> None:
    site.get()
    assert site.client.head("/page").status_code == 200
    assert site.client.post("/page").status_code == 405
    assert site.get("/page?older=2").status_code == 200
    assert site.asked == 4


def test_a_change_reaches_the_framework_at_once(site: Site) -> None:
    site.get()
    site.version = "2"
    site.looked = 0
    site.get()
    assert site.asked == 2
    assert site.looked == 1
    site.get()
    assert site.asked == 2


def test_an_absent_database_is_the_frameworks_to_explain(site: Site) -> None:
    site.get()
    site.app.config["PROPAGATE_EXCEPTIONS"] = False
    site.away = True
    assert site.get().status_code == 500
    assert site.asked == 2


def test_a_page_that_sets_a_cookie_sets_it_every_time(site: Site) -> None:
    for _ in range(3):
        assert "lang=en" in site.get("/page?lang=en").headers["Set-Cookie"]
    assert site.asked == 3


def test_made_up_ways_of_asking_do_not_fill_the_memory(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cop.web.front._MOST", 5)
    for number in range(20):
        site.get(Accept_Language=f"en;q=0.{number}")
    site.get(Accept_Language="x" * 600)
    assert len(site.app.wsgi_app._known) == 5  # type: ignore[attr-defined]
