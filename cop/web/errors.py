"""Errors at the edge: each becomes a page (or problem+json) that says what happened and what to do.

Every page carries the id of its request and both languages. It is made without the database if need be:
when the template cannot be rendered, a plain page takes its place.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import structlog
from flask import current_app, json, make_response, render_template, request, url_for
from flask_wtf.csrf import CSRFError
from markupsafe import Markup
from sqlalchemy.exc import InterfaceError, OperationalError, TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from cop.core.db import db
from cop.core.errors import (
    Conflict,
    DeadLink,
    DomainError,
    Forbidden,
    Gone,
    Invalid,
    NotFound,
    TooMany,
)
from cop.core.i18n import _, _l, _ln, current_lang, speaking
from cop.core.types import Lang
from cop.web.headers import NEVER_KEPT, request_id

if TYPE_CHECKING:
    from flask import Flask, Response

log = structlog.get_logger(__name__)

#: The page of this very code, else one for all.
TEMPLATES = ("errors/{code}.html", "errors/error.html")
#: Said of what was public once, whatever it was and why it is gone.
GONE = _l("What was here is no longer available.")

_CODES: dict[type[DomainError], int] = {
    Invalid: 422,
    NotFound: 404,
    Gone: 410,
    DeadLink: 410,
    Forbidden: 403,
    Conflict: 409,
    TooMany: 429,
}
#: Errors whose own sentence is for the reader; the others say the same whatever happened, so that a
#: sentence can reveal nothing.
_SPEAKS = (Invalid, Forbidden, DeadLink, Conflict)

_TITLES: dict[int, Any] = {
    400: _l("This request cannot be understood"),
    403: _l("This is not open to you"),
    404: _l("There is nothing here"),
    405: _l("This page cannot do that"),
    409: _l("Somebody else changed this meanwhile"),
    410: _l("No longer available"),
    413: _l("That is too large"),
    422: _l("Something needs correcting"),
    429: _l("Too many tries"),
    500: _l("Something went wrong on our side"),
    503: _l("The site is not ready at the moment"),
}
_MESSAGES: dict[int, Any] = {
    400: _l(
        "Part of the address or of what was sent is not valid. Please start from a page of this site."
    ),
    403: _l(
        "You may see this, but you may not do it. If you think you should, please write to the moderators."
    ),
    404: _l("The address may be mistyped, or the page is not open to you."),
    405: _l("Please go back and use the buttons of the page."),
    409: _l("Please go back, copy what you wrote, reload the page and add your changes again."),
    410: GONE,
    413: _l(
        "Please go back: what you typed is still there. Shorten it or divide it, then send it again."
    ),
    422: _l("Please go back and check what you entered."),
    429: _l("Please wait a little, then try again."),
    500: _l(
        "What you sent may not have been saved. Please go back and try again; "
        "if it happens again, tell us the number below."
    ),
    503: _l(
        "What you sent was not saved. Please go back, where your text still is, "
        "and try again in a minute."
    ),
}
_EXPIRED = (
    _l("This form has expired"),
    _l(
        "Your session ended since you opened the form, so nothing was saved. Please go back (what you "
        "typed is still there), copy longer texts, reload the page and send it again."
    ),
)
#: Where an error page leads: endpoint → link text, as far as the endpoint exists.
_WAYS: tuple[tuple[str, Any], ...] = (
    ("discover.home", _l("Home page")),
    ("discover.search", _l("Search")),
    ("notes.index", _l("All case notes")),
)
_BUSY_SECONDS = 30


@dataclass(frozen=True)
class Problem:
    """What an error page or problem+json says."""

    code: int
    title: Any
    message: Any
    headers: tuple[tuple[str, str], ...] = ()
    #: A sentence about this very case, where there is one; templates may say it instead of their own.
    reason: Any = ""
    retry_after: int = 0


def init_app(app: Flask) -> None:
    """Answer the errors of the domain, of HTTP and of an absent database."""
    app.register_error_handler(DomainError, answer_domain)
    app.register_error_handler(CSRFError, answer_expired)
    app.register_error_handler(HTTPException, answer_http)
    for kind in (OperationalError, InterfaceError, PoolTimeout):
        app.register_error_handler(kind, answer_absent_database)


def answer_domain(error: DomainError) -> Response:
    """Answer an error of the domain that no form has caught."""
    code = next((c for kind, c in _CODES.items() if isinstance(error, kind)), 400)
    if isinstance(error, TooMany):
        seconds = error.retry_after
        headers = (("Retry-After", str(seconds)),)
        return answer(Problem(code, _TITLES[code], _wait(seconds), headers, retry_after=seconds))
    reason = error.message if isinstance(error, _SPEAKS) else ""
    return answer(Problem(code, _TITLES[code], reason or _MESSAGES[code], reason=reason))


def answer_expired(_error: CSRFError) -> Response:
    """Answer a form without a good token."""
    return answer(Problem(400, *_EXPIRED, reason=_EXPIRED[1]))


def answer_http(error: HTTPException) -> Response:
    """Answer an HTTP error with our page, keeping its headers (Allow, Retry-After, WWW-Authenticate)."""
    if error.response is not None:
        return make_response(error.response)
    code = error.code or 500
    if code < 400:
        return make_response(error.get_response())
    headers = tuple((k, v) for k, v in error.get_headers() if k.lower() != "content-type")
    known = code if code in _TITLES else (500 if code >= 500 else 400)
    return answer(Problem(code, _TITLES[known], _MESSAGES[known], headers))


def answer_absent_database(error: Exception) -> Response:
    """Answer when the database is away or busy: nothing was saved, and a later try may succeed."""
    if current_app.config.get("PROPAGATE_EXCEPTIONS") or current_app.debug:
        raise error
    log.error("database.unavailable", exc_info=error)
    busy = (("Retry-After", str(_BUSY_SECONDS)),)
    return answer(Problem(503, _TITLES[503], _MESSAGES[503], busy))


def answer(problem: Problem) -> Response:
    """Make the page or problem+json of an error."""
    # Half-done changes must neither be saved nor get in the way of rendering.
    with suppress(Exception):
        db.session.rollback()
    response = _as_json(problem) if wants_json() else _as_page(problem)
    response.status_code = problem.code
    for name, value in problem.headers:
        response.headers[name] = value
    response.headers["Cache-Control"] = NEVER_KEPT
    return response


def wants_json() -> bool:
    """Tell whether the client is a program or script that asks for JSON."""
    if request.path.startswith("/api/"):
        return True
    accepts = request.accept_mimetypes
    best = accepts.best_match(["text/html", "application/json", "application/problem+json"])
    return bool(accepts) and best != "text/html" and best is not None


def _wait(seconds: int) -> Any:
    minutes = -(-seconds // 60)
    if minutes <= 1:
        return _l("Please wait a minute, then try again.")
    return _ln(
        "Please wait %(num)d minute, then try again.",
        "Please wait %(num)d minutes, then try again.",
        minutes,
    )


def _as_json(problem: Problem) -> Response:
    body = {
        "type": "about:blank",
        "title": str(problem.title),
        "status": problem.code,
        "detail": str(problem.message),
        "request_id": request_id(),
    }
    return current_app.response_class(
        json.dumps(body, ensure_ascii=False), mimetype="application/problem+json"
    )


def _as_page(problem: Problem) -> Response:
    try:
        lang = current_lang()
        with speaking(lang.other):
            also = {
                "lang": lang.other,
                "title": str(problem.title),
                "message": str(problem.message),
            }
        page = render_template(
            [name.format(code=problem.code) for name in TEMPLATES],
            code=problem.code,
            title=problem.title,
            message=problem.message,
            reason=problem.reason,
            expired=problem.title is _EXPIRED[0],
            retry_after=problem.retry_after,
            also=also,
            request_id=request_id(),
            ways=_ways(),
        )
        return make_response(page)
    except Exception:
        log.exception("errors.page_failed")
        with suppress(Exception):
            db.session.rollback()
        return make_response(_plain(problem))


def _ways() -> list[tuple[str, str]]:
    return [
        (str(label), url_for(endpoint))
        for endpoint, label in _WAYS
        if endpoint in current_app.view_functions
    ]


def _plain(problem: Problem) -> str:
    """Return a page that needs no template, no account and no database."""
    titles, parts = [], []
    for lang in Lang:
        # Nothing outside this block may be translated: to ask whose language it is may be what failed.
        with speaking(lang):
            titles.append(str(problem.title))
            parts.append(
                Markup(
                    '<section lang="{}"><h1>{}</h1><p>{}</p><p><a href="{}/">{}</a></p></section>'
                ).format(
                    lang.value,
                    titles[-1],
                    str(problem.message),
                    request.root_path,
                    _("Home page"),
                )
            )
    return Markup(
        '<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>{}</title></head><body><main>{}<p><code>{} {}</code></p></main></body></html>"
    ).format(" / ".join(titles), Markup("").join(parts), problem.code, request_id())
