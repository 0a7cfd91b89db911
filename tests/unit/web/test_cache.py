"""Kept pages: whom they serve, and what must never be kept."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
import time_machine
from flask import Flask, current_app, make_response, request, session
from flask_wtf.csrf import generate_csrf

from cop.core.i18n import current_lang
from cop.web import Hooks, cache
from cop.web.cache import KeptPage, Pages, public_page
from cop.web.negotiate import current_theme, switch_url


class Site:
    """A site whose page counts how often it was made."""

    def __init__(self, make_site: Callable[..., Flask], **more: Any) -> None:
        self.version = "1"
        self.made = 0
        self.app = make_site(Hooks(site_version=lambda: self.version), **more)
        self.app.add_url_rule("/plain", "plain", self.page)
        self.client = self.app.test_client()

        # Functions can be marked; methods cannot.
        self.app.add_url_rule("/page", "page", public_page("page", "kind")(partial(self.page)))
        self.app.add_url_rule("/note/<int:n>", "note", public_page()(partial(self.page)))

    def page(self, n: int = 0) -> str:
        self.made += 1
        return f"{n} {current_lang()} {current_theme()} {self.made} " + "文" * 1000


@pytest.fixture
def site(make_site: Callable[..., Flask]) -> Site:  # type: ignore[override]
    return Site(make_site)


def test_a_page_is_made_once_for_all_visitors(site: Site) -> None:
    first = site.client.get("/page")
    second = site.app.test_client().get("/page")
    assert first.data == second.data
    assert site.made == 1
    assert cache.pages(site.app).hits == 1


def test_a_kept_page_is_sent_like_a_fresh_one(site: Site) -> None:
    def shown(response: Any) -> dict[str, str]:
        return {k: v for k, v in response.headers.items() if k not in ("X-Request-ID", "Date")}

    for headers in ({}, {"Accept-Encoding": "gzip"}):
        cache.pages(site.app).clear()
        fresh, kept = (site.client.get("/page", headers=headers) for _ in "ab")
        assert shown(fresh) == shown(kept)
        assert fresh.data == kept.data


def test_every_kept_answer_has_its_own_request_id(site: Site) -> None:
    ids = {site.client.get("/page").headers["X-Request-ID"] for _ in range(3)}
    assert len(ids) == 3


def test_a_change_on_the_site_is_seen_at_once(site: Site) -> None:
    before = site.client.get("/page").text
    site.version = "2"
    assert site.client.get("/page").text != before
    assert len(cache.pages(site.app)) == 1


def test_pages_age_out_because_they_tell_how_long_ago(site: Site) -> None:
    with time_machine.travel("2026-11-18T09:00:00Z", tick=False) as clock:
        site.client.get("/page")
        clock.shift(cache.OLDEST - 1)
        site.client.get("/page")
        assert site.made == 1
        clock.shift(2)
        site.client.get("/page")
        assert site.made == 2


def test_languages_themes_addresses_and_hosts_have_pages_of_their_own(site: Site) -> None:
    client = site.client
    client.get("/note/1")
    client.get("/note/2")
    client.get("/note/1", headers={"Accept-Language": "en"})
    client.get("/note/1", headers={"Host": "other.example"})
    client.set_cookie("theme", "dark")
    client.get("/note/1")
    assert site.made == 5
    client.get("/note/1")
    assert site.made == 5


def test_different_browsers_of_one_language_share_a_page(site: Site) -> None:
    for tag in ("zh", "zh-CN,zh;q=0.9", "zh-SG", ""):
        site.client.get("/page", headers={"Accept-Language": tag})
    assert site.made == 1


def test_the_order_of_the_query_does_not_matter_but_its_values_do(site: Site) -> None:
    site.client.get("/page?kind=note&page=x")
    site.client.get("/page?page=x&kind=note")
    assert site.made == 1
    site.client.get("/page?page=y&kind=note")
    assert site.made == 2


def test_made_up_parameters_take_no_room(site: Site) -> None:
    for i in range(3):
        site.client.get(f"/page?junk={i}")
        site.client.get(f"/page?page={'x' * 200}{i}")
    assert len(cache.pages(site.app)) == 0


def test_a_view_that_is_not_marked_is_made_each_time(site: Site) -> None:
    site.client.get("/plain")
    site.client.get("/plain")
    assert site.made == 2


@pytest.mark.parametrize("cookie", ["session", "remember_token"])
def test_nobody_with_a_session_gets_or_leaves_a_kept_page(site: Site, cookie: str) -> None:
    site.client.get("/page")
    site.client.set_cookie(cookie, "anything")
    site.client.get("/page")
    site.client.get("/page")
    assert site.made == 3
    assert cache.pages(site.app).hits == 0


def test_a_request_that_names_an_authorisation_is_nobodys_visitor(site: Site) -> None:
    site.client.get("/page")
    site.client.get("/page", headers={"Authorization": "Bearer x"})
    assert site.made == 2


def with_token() -> str:
    return generate_csrf()


def with_session() -> str:
    session["seen"] = 1
    return "x"


def with_cookie() -> Any:
    response = make_response("x")
    response.set_cookie("a", "b")
    return response


def with_own_rule() -> Any:
    return "x", {"Cache-Control": "private"}


def missing() -> Any:
    return "x", 404


def streamed() -> Any:
    return current_app.response_class(part for part in ("a", "b"))


@pytest.mark.parametrize(
    "view", [with_token, with_session, with_cookie, with_own_rule, missing, streamed]
)
def test_what_is_not_the_same_for_all_is_never_kept(site: Site, view: Callable[[], Any]) -> None:
    site.app.add_url_rule("/odd", "odd", public_page()(view))
    site.app.test_client().get("/odd")
    assert len(cache.pages(site.app)) == 0


def test_a_post_is_never_answered_from_the_store(site: Site) -> None:
    def both() -> str:
        return request.method

    site.app.config["WTF_CSRF_ENABLED"] = False
    site.app.add_url_rule("/both", "both", public_page()(both), methods=["GET", "POST"])
    client = site.app.test_client()
    assert client.get("/both").text == "GET"
    assert client.post("/both").text == "POST"
    assert client.get("/both").text == "GET"


def test_a_head_request_is_served_without_a_body(site: Site) -> None:
    length = site.client.get("/page").headers["Content-Length"]
    head = site.client.head("/page")
    assert head.data == b""
    assert head.headers["Content-Length"] == length


def test_choosing_a_language_is_remembered_though_the_page_was_kept(site: Site) -> None:
    for _ in "ab":
        client = site.app.test_client()
        response = client.get("/page?lang=en")
        assert "lang=en" in response.headers["Set-Cookie"]
        assert response.headers["Cache-Control"].startswith("private")
        assert " en " in client.get("/page").text


def test_the_switch_of_a_kept_page_leads_back_to_its_own_query(site: Site) -> None:
    site.app.add_url_rule("/s", "s", public_page("page")(lambda: switch_url("en")))
    client = site.app.test_client()
    assert client.get("/s?page=a").text == "/s?page=a&lang=en"
    assert client.get("/s?page=b").text == "/s?page=b&lang=en"
    assert client.get("/s?page=a").text == "/s?page=a&lang=en"


def test_who_has_the_page_already_is_told_so(site: Site) -> None:
    for accept in ("", "gzip"):
        headers = {"Accept-Encoding": accept}
        tag = site.client.get("/page", headers=headers).headers["ETag"]
        response = site.client.get("/page", headers={**headers, "If-None-Match": tag})
        assert response.status_code == 304
        assert response.data == b""
        assert response.headers["ETag"] == tag
        assert "Content-Security-Policy" in response.headers
    site.version = "2"
    assert site.client.get("/page", headers={"If-None-Match": tag}).status_code == 200


def test_the_packed_page_is_kept_too(site: Site) -> None:
    site.client.get("/page")
    response = site.client.get("/page", headers={"Accept-Encoding": "gzip"})
    assert site.made == 1
    assert response.headers["Content-Encoding"] == "gzip"
    assert "文文" in gzip.decompress(response.data).decode()


def page_of(size: int) -> KeptPage:
    return KeptPage("1", 2e9, "tag", "text/html", b"x" * size, None, ())


def test_the_room_is_bounded_and_the_least_used_page_goes_first() -> None:
    pages = Pages(room=40_000)
    for name in "abcdefgh":
        pages.keep((name,), page_of(3_900))
        assert pages.used <= 40_000
    pages.find(("a",), "1")
    pages.keep(("i",), page_of(3_900))
    assert pages.find(("a",), "1") is not None
    assert pages.find(("b",), "1") is None


def test_a_page_too_large_for_the_room_is_not_kept() -> None:
    pages = Pages(room=40_000)
    pages.keep(("large",), page_of(20_000))
    assert len(pages) == 0
    none = Pages(room=0)
    none.keep(("any",), page_of(1))
    assert len(none) == 0
