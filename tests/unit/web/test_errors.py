"""Error pages: what happened, what to do, with the request's id, whatever is broken."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, abort, request
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import ServiceUnavailable

from cop.core.errors import Conflict, DomainError, Forbidden, Gone, Invalid, NotFound, TooMany
from cop.core.i18n import current_lang
from cop.web import Hooks, errors

EN = {"Accept-Language": "en"}


@pytest.fixture
def failing(site: Flask) -> Callable[..., Any]:
    """Return a function that asks a page which raises this."""
    raised: list[Exception] = []

    def fail() -> str:
        raise raised[-1]

    site.add_url_rule("/fail", "fail", fail)
    site.add_url_rule("/", "discover.home", lambda: "home")

    def ask(error: Exception, **headers: str) -> Any:
        raised.append(error)
        return site.test_client().get("/fail", headers={**EN, **headers})

    return ask


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NotFound("the secret title"), 404),
        (Gone("the secret title"), 410),
        (Forbidden(), 403),
        (Conflict(), 409),
        (TooMany(90), 429),
        (Invalid("title", "Please give a title."), 422),
        (DomainError("internal words"), 400),
        (ServiceUnavailable(), 503),
        (ZeroDivisionError("the secret title"), 500),
    ],
)
def test_every_error_has_a_page_with_the_id_of_its_request(
    failing: Any, error: Exception, code: int
) -> None:
    response = failing(error)
    assert response.status_code == code
    assert response.headers["X-Request-ID"] in response.text
    assert "secret" not in response.text
    assert "internal" not in response.text
    assert response.headers["Cache-Control"] == "private, no-store"
    assert "Content-Security-Policy" in response.headers


def test_an_error_page_speaks_both_languages_and_leads_on(failing: Any) -> None:
    text = failing(NotFound()).text
    assert "<p lang='zh-Hans'>" in text
    assert "<a href='/'>Home page</a>" in text


def test_whatever_was_withdrawn_says_the_same_neutral_sentence(failing: Any) -> None:
    def said(error: Exception) -> str:
        return re.sub("<code>.*?</code>", "", failing(error).text)

    assert said(Gone("hidden by a moderator")) == said(Gone())


def test_too_many_tries_say_when_to_come_back(failing: Any) -> None:
    response = failing(TooMany(90))
    assert response.headers["Retry-After"] == "90"
    assert "wait 2 minutes" in response.text


def test_what_the_domain_refuses_is_said_in_its_own_words(failing: Any) -> None:
    assert "Please give a title." in failing(Invalid("title", "Please give a title.")).text


def test_a_program_is_told_in_json(failing: Any) -> None:
    response = failing(NotFound("the secret title"), Accept="application/json")
    assert response.status_code == 404
    assert response.content_type == "application/problem+json"
    problem = response.get_json(force=True)
    assert problem["status"] == 404
    assert problem["request_id"] == response.headers["X-Request-ID"]
    assert "secret" not in response.text
    html = failing(NotFound(), Accept="text/html,application/xhtml+xml,*/*;q=0.8")
    assert html.mimetype == "text/html"
    assert failing(NotFound(), Accept="*/*").mimetype == "text/html"


def test_a_wrong_method_names_the_right_ones(site: Flask) -> None:
    site.add_url_rule("/only", "only", lambda: "x", methods=["GET"])
    site.config["WTF_CSRF_ENABLED"] = False
    response = site.test_client().delete("/only")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert response.mimetype == "text/html"


def test_a_body_too_large_is_a_plain_413(site: Flask) -> None:
    site.config["MAX_CONTENT_LENGTH"] = 1000
    site.add_url_rule("/take", "take", lambda: request.form["a"], methods=["POST"])
    response = site.test_client().post("/take", data={"a": "x" * 5000}, headers=EN)
    assert response.status_code == 413
    assert "what you typed is still there" in response.text


def test_an_odd_code_still_has_a_page(failing: Any, site: Flask) -> None:
    site.add_url_rule("/tea", "tea", lambda: abort(418))
    response = site.test_client().get("/tea")
    assert response.status_code == 418
    assert response.headers["X-Request-ID"] in response.text


def test_a_redirect_is_not_an_error(site: Flask) -> None:
    site.add_url_rule("/folder/", "folder", lambda: "x")
    response = site.test_client().get("/folder")
    assert response.status_code == 308
    assert response.location.endswith("/folder/")


def test_an_absent_database_is_said_plainly_and_nothing_is_promised_saved(failing: Any) -> None:
    response = failing(OperationalError("SELECT secret", {}, Exception("secret is locked")))
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert "was not saved" in response.text
    assert "secret" not in response.text


def test_a_page_that_cannot_be_rendered_is_replaced_by_a_plain_one_in_both_languages(
    failing: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any, **_context: Any) -> str:
        raise OperationalError("SELECT 1", {}, Exception("away"))

    monkeypatch.setattr(errors, "render_template", broken)
    response = failing(ZeroDivisionError())
    assert response.status_code == 500
    assert 'lang="zh-Hans"' in response.text
    assert 'lang="en"' in response.text
    assert response.headers["X-Request-ID"] in response.text
    assert "style" not in response.text


def test_an_address_is_never_repeated_unescaped(site: Flask) -> None:
    response = site.test_client().get("/<script>alert(1)</script>?x=<script>")
    assert response.status_code == 404
    assert "<script>" not in response.text


def test_a_signed_in_person_is_told_too_when_the_database_is_away(make_site: Any) -> None:
    def away() -> None:
        raise OperationalError("SELECT secret", {}, Exception("away"))

    site = make_site(Hooks(account_lang=away, account_theme=away, account_timezone=away))
    site.add_url_rule("/page", "page", lambda: current_lang().value)
    response = site.test_client().get("/page")
    assert response.status_code == 503
    assert 'lang="zh-Hans"' in response.text
    assert 'lang="en"' in response.text
    assert response.headers["X-Request-ID"] in response.text
    assert "secret" not in response.text
