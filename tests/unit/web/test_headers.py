"""Headers, compression and static files."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask import Flask, g, request, session
from flask_wtf.csrf import generate_csrf

from cop.web import Hooks
from cop.web.headers import etag_of, keeps_typed_text
from cop.web.static import static_url

LONG = "一段很长的话。" * 400


@pytest.fixture
def pages(site: Flask) -> Any:
    site.add_url_rule("/long", "long", lambda: LONG, methods=["GET", "POST"])
    site.add_url_rule("/short", "short", lambda: "short")
    site.add_url_rule("/form", "form", lambda: LONG + generate_csrf(), methods=["GET"])
    site.add_url_rule("/image", "image", lambda: (b"x" * 5000, {"Content-Type": "image/png"}))
    site.add_url_rule("/editor", "editor", keeps_typed_text(lambda: LONG + generate_csrf()))
    site.add_url_rule("/own", "own", lambda: ("x", {"Cache-Control": "public, max-age=60"}))
    site.config["WTF_CSRF_ENABLED"] = False
    return site.test_client()


def test_nothing_inline_and_nothing_foreign_is_allowed(pages: Any) -> None:
    headers = pages.get("/short").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "*" not in policy
    for part in (
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ):
        assert part in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "geolocation=()" in headers["Permissions-Policy"]


@pytest.mark.parametrize("path", ["/short", "/nowhere", "/static/css/app.css"])
def test_every_kind_of_answer_carries_them(pages: Any, path: str) -> None:
    assert "Content-Security-Policy" in pages.get(path).headers


@pytest.mark.parametrize("secure", [True, False])
def test_only_a_site_on_tls_demands_tls(make_site: Any, secure: bool) -> None:
    response = make_site(Hooks(secure=secure)).test_client().get("/nowhere")
    assert ("Strict-Transport-Security" in response.headers) is secure


def test_each_request_has_an_id_of_its_own_that_the_log_knows(site: Flask) -> None:
    seen = []
    site.add_url_rule(
        "/log", "log", lambda: seen.append(structlog.contextvars.get_contextvars()) or ""
    )
    client = site.test_client()
    ids = [
        client.get("/log", headers={"X-Request-ID": "chosen-by-a-stranger"}).headers["X-Request-ID"]
        for _ in "ab"
    ]
    assert [bound["request_id"] for bound in seen] == ids
    assert len(set(ids)) == 2
    assert "chosen-by-a-stranger" not in ids


@pytest.mark.parametrize(
    ("given", "taken"),
    [("abc-123456", True), ("x", False), ("<script>", False), ("a" * 100, False)],
)
def test_a_trusted_proxys_id_is_taken_if_it_looks_like_one(
    make_site: Any, given: str, taken: bool
) -> None:
    client = make_site(Hooks(trusted_proxy=True)).test_client()
    response = client.get("/nowhere", headers={"X-Request-ID": given})
    assert (response.headers["X-Request-ID"] == given) is taken


def test_a_visitors_page_is_asked_for_each_time(pages: Any) -> None:
    headers = pages.get("/short").headers
    assert headers["Cache-Control"] == "no-cache"
    assert {part.strip() for part in headers["Vary"].split(",")} >= {
        "Cookie",
        "Accept-Language",
        "Accept-Encoding",
    }


def test_a_page_with_a_form_or_a_session_is_kept_nowhere(pages: Any) -> None:
    assert pages.get("/form").headers["Cache-Control"] == "private, no-store"
    assert pages.get("/short").headers["Cache-Control"] == "private, no-store"


def test_a_page_with_a_long_form_is_kept_by_its_readers_browser(pages: Any) -> None:
    assert pages.get("/editor").headers["Cache-Control"] == "private, no-cache"


def test_what_a_view_says_about_keeping_stands(pages: Any) -> None:
    assert pages.get("/own").headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("path", ["/%00", "/short%00", "/short/%00/x"])
def test_a_null_byte_in_the_address_is_a_plain_404(pages: Any, path: str) -> None:
    assert pages.get(path).status_code == 404


def test_a_null_byte_in_the_query_is_a_plain_400(pages: Any) -> None:
    assert pages.get("/short?q=%00").status_code == 400


def test_tags_tell_their_parts_apart() -> None:
    assert etag_of("ab", "c") != etag_of("a", "bc")
    assert etag_of("ab", 1) == etag_of("ab", 1)


# Compression

ACCEPT = {"Accept-Encoding": "gzip, br"}


def packed(response: Any) -> bool:
    return bool(response.headers.get("Content-Encoding") == "gzip")


def test_long_text_is_compressed_for_those_who_accept_it(pages: Any) -> None:
    response = pages.get("/long", headers=ACCEPT)
    assert packed(response)
    assert gzip.decompress(response.data).decode() == LONG
    assert len(response.data) == int(response.headers["Content-Length"]) < len(LONG)


@pytest.mark.parametrize(
    ("path", "accept"),
    [("/long", ""), ("/long", "gzip;q=0"), ("/long", "br"), ("/short", "gzip"), ("/image", "gzip")],
)
def test_the_rest_is_sent_as_it_is(pages: Any, path: str, accept: str) -> None:
    response = pages.get(path, headers={"Accept-Encoding": accept})
    assert not packed(response)


def test_a_secret_is_never_compressed_beside_what_a_stranger_chose(pages: Any) -> None:
    assert packed(pages.get("/form", headers=ACCEPT))
    assert not packed(pages.get("/form?q=guess", headers=ACCEPT))
    assert packed(pages.get("/long?q=guess", headers=ACCEPT))


def test_the_answer_to_a_posted_form_with_a_token_is_not_compressed(
    pages: Any, site: Flask
) -> None:
    def again() -> str:
        return LONG + request.form["q"] + generate_csrf()

    # A second site, as views cannot be added after the first request.
    site._got_first_request = False
    site.add_url_rule("/again", "again", again, methods=["POST"])
    assert not packed(pages.post("/again", data={"q": "guess"}, headers=ACCEPT))
    assert packed(pages.post("/long", headers=ACCEPT))


def test_the_answer_to_a_form_sent_with_its_token_is_compressed_unless_its_address_may_be_guessed_with(
    pages: Any, site: Flask
) -> None:
    def again() -> str:
        g.csrf_valid = True  # as the guard notes it before the view
        return LONG + request.form["q"] + generate_csrf()

    site._got_first_request = False
    site.add_url_rule("/again", "again", again, methods=["POST"])
    assert packed(pages.post("/again", data={"q": "typed"}, headers=ACCEPT))
    assert not packed(pages.post("/again?q=guess", data={"q": "typed"}, headers=ACCEPT))


# Static files


def test_static_addresses_change_with_the_content_and_are_kept_for_ever(site: Flask) -> None:
    with site.test_request_context("/"):
        url = static_url("css/app.css")
    client = site.test_client()
    response = client.get(url)
    assert "immutable" in response.headers["Cache-Control"]
    assert response.headers["Content-Type"] == "text/css; charset=utf-8"
    assert response.text == "body{}" * 500


def test_a_change_of_any_file_gives_all_files_new_addresses(make_site: Any, tmp_path: Path) -> None:
    def address() -> str:
        with make_site_once().test_request_context("/"):
            return static_url("css/app.css")

    sites = []

    def make_site_once() -> Flask:
        if not sites:
            sites.append(make_site())
        return sites[0]

    before = address()
    assert address() == before
    (tmp_path / "static" / "small.txt").write_text("other")
    sites[0].extensions["cop.web.static"].forget()
    assert address() != before


def test_without_the_present_version_a_file_is_asked_for_each_time(site: Flask) -> None:
    client = site.test_client()
    for path in ("/static/css/app.css", "/static/0123456789/css/app.css"):
        response = client.get(path)
        assert response.status_code == 200
        assert response.headers["Cache-Control"] == "no-cache"


def test_a_style_sheet_written_in_parts_is_sent_as_one(make_site: Any, tmp_path: Path) -> None:
    parts = tmp_path / "static" / "css" / "paper.css"
    parts.mkdir()
    (parts / "20-b.css").write_text("/* what b is,\n   and why */\nb{}\n")
    (parts / "10-a.css").write_text("a{} /* as it was */\n")
    client = make_site().test_client()
    assert client.get("/static/css/paper.css").text == "a{} b{}\n"
    assert client.get("/static/css/paper.css/10-a.css").status_code == 404


def test_static_text_is_packed_once_and_has_a_tag(site: Flask) -> None:
    client = site.test_client()
    response = client.get("/static/css/app.css", headers=ACCEPT)
    assert packed(response)
    assert gzip.decompress(response.data) == b"body{}" * 500
    tag = response.headers["ETag"]
    again = client.get("/static/css/app.css", headers={**ACCEPT, "If-None-Match": tag})
    assert again.status_code == 304
    assert again.data == b""


@pytest.mark.parametrize(
    "path",
    [
        "/static/../site.db",
        "/static/%2e%2e/site.db",
        "/static//etc/passwd",
        "/static/none.css",
        "/static/css",
    ],
)
def test_only_files_of_the_folder_are_served(site: Flask, path: str) -> None:
    assert site.test_client().get(path).status_code in (404, 308)


def test_a_static_file_sets_no_cookie_even_for_the_signed_in(site: Flask) -> None:
    site.add_url_rule("/in", "in", lambda: session.update(user=1) or "")
    client = site.test_client()
    client.get("/in")
    response = client.get("/static/css/app.css")
    assert "Set-Cookie" not in response.headers
    assert response.headers["Vary"] == "Accept-Encoding"
