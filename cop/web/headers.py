"""Headers of every response: what the browser may load, what may be kept where, and the request's id."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import flask_babel
import structlog
from flask import abort, current_app, g, has_request_context, request

from cop.web.hooks import hooks

if TYPE_CHECKING:
    from flask import Flask, Response

P = ParamSpec("P")
R = TypeVar("R")

#: Everything from this site, nothing inline, nothing framed, no plugin, no form sent elsewhere.
CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

_ALWAYS = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("Referrer-Policy", "same-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    (
        "Permissions-Policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    ),
)
_HSTS = ("Strict-Transport-Security", "max-age=31536000")

#: What pages differ by, besides their address.
VARY = "Cookie, Accept-Language, Accept-Encoding"

#: A page nobody but its reader may keep, and a shared computer's back button may not show.
NEVER_KEPT = "private, no-store"
#: A page its reader's browser may keep (so that typed text survives the back button) but must ask for.
KEPT_BY_READER = "private, no-cache"
#: A visitor's page: kept by anybody, asked for each time, so that what is hidden vanishes at once.
ALWAYS_ASKED = "no-cache"

#: What this package (and Flask-WTF) notes in `g` while a request runs.
_OF_ONE_REQUEST = (
    "csrf_failed",
    "csrf_token",
    "csrf_valid",
    "keeps_typed_text",
    "lang",
    "page_key",
    "request_id",
)
_ID_FROM_PROXY = re.compile(r"[A-Za-z0-9._-]{6,64}")


def request_id() -> str:
    """Return the id of this request, as its log lines and its error page show it; "" outside one."""
    if not has_request_context():
        return ""
    found: str = g.get("request_id", "")
    return found


def carries_session() -> bool:
    """Tell whether the request came with a session cookie, valid or not: it may be somebody's own page."""
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies


def holds_secret() -> bool:
    """Tell whether a CSRF token was made in this request, so that the page contains a secret."""
    return bool(g.get("csrf_token"))


def brought_token() -> bool:
    """Tell whether the request is unsafe and came with the good CSRF token of its session."""
    return bool(g.get("csrf_valid"))


def keeps_typed_text(view: Callable[P, R]) -> Callable[P, R]:
    """Mark a page with a long form: the back button brings back what was typed, on this browser only."""

    @wraps(view)
    def marked(*args: P.args, **kwargs: P.kwargs) -> R:
        g.keeps_typed_text = True
        return view(*args, **kwargs)

    return marked


def init_app(app: Flask) -> None:
    """Give every request an id and every response its headers."""
    app.before_request(begin_request)
    app.after_request(add_headers)


def begin_request() -> None:
    """Name the request for the log, and refuse addresses no page can have."""
    if "request_id" in g:
        _forget_other_request()
    given = request.headers.get("X-Request-ID", "") if hooks().trusted_proxy else ""
    g.request_id = given if _ID_FROM_PROXY.fullmatch(given) else secrets.token_hex(5)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)
    if "\0" in request.path:
        abort(404)
    if b"%00" in request.query_string:
        abort(400)


def _forget_other_request() -> None:
    # `g` belongs to the application context, which commands and tests may hold open around requests.
    for name in _OF_ONE_REQUEST:
        g.pop(name, None)
    flask_babel.refresh()


@lru_cache(maxsize=2)
def _always(*, tls: bool) -> tuple[tuple[str, str], ...]:
    return (*_ALWAYS, _HSTS) if tls else _ALWAYS


def add_headers(response: Response) -> Response:
    """Add what every response carries; what a view has set itself stays."""
    headers = response.headers
    # One look at the names there are is a good deal cheaper than asking for each.
    there = {name.lower() for name, _ in headers}
    headers.extend([pair for pair in _always(tls=hooks().secure) if pair[0].lower() not in there])
    if "request_id" in g:
        headers["X-Request-ID"] = g.request_id
    if "cache-control" not in there:
        _say_who_may_keep(response)
    return response


def _say_who_may_keep(response: Response) -> None:
    headers = response.headers
    headers["Vary"] = VARY
    private = carries_session() or holds_secret() or "Set-Cookie" in headers
    if g.get("keeps_typed_text") or (private and "ETag" in headers):
        headers["Cache-Control"] = KEPT_BY_READER
    elif private or request.method not in ("GET", "HEAD"):
        headers["Cache-Control"] = NEVER_KEPT
    else:
        headers["Cache-Control"] = ALWAYS_ASKED


def etag_of(*parts: Any) -> str:
    """Return a short tag that changes when any of the parts does, for `Response.set_etag`."""
    digest = hashlib.blake2b(digest_size=12)
    for part in parts:
        piece = str(part).encode("utf-8", "surrogatepass")
        # Lengths keep ("ab", "c") and ("a", "bc") apart.
        digest.update(b"%d:" % len(piece) + piece)
    return digest.hexdigest()
