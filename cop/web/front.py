"""Kept pages, answered before the framework has made a request of what came in.

Routing, contexts and a dozen functions before and after the view cost four times what a bare route does, for a
page that is already there. This layer learns, from each answer that came from the store, by which headers it was
asked for; the next request that looks exactly the same is answered from here. The page itself stays in
`cop.web.cache`, which still says whether it is of the site's present version and young enough.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any

from cop.web.hooks import hooks

if TYPE_CHECKING:
    from flask import Flask

    from cop.web.cache import Key, Pages

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Application = Callable[..., Iterable[bytes]]

#: Where an answer from the store leaves its key and whether it was sent packed.
NOTE = "cop.kept_page"
#: The site's version, where this layer has read it already.
VERSION = "cop.site_version"
#: Ways of asking that are remembered; each takes some 2 KB.
_MOST = 2000
_LONGEST_HEADER = 512
#: Requests with one of these are not like others.
_PARTICULAR = (
    "HTTP_AUTHORIZATION",
    "HTTP_IF_NONE_MATCH",
    "HTTP_RANGE",
    "HTTP_X_REQUEST_ID",
)
_ASKED_BY = (
    "HTTP_HOST",
    "wsgi.url_scheme",
    "SCRIPT_NAME",
    "PATH_INFO",
    "QUERY_STRING",
    "HTTP_COOKIE",
    "HTTP_ACCEPT_LANGUAGE",
    "HTTP_ACCEPT_ENCODING",
    "HTTP_ACCEPT",
)
_ID = "X-Request-ID"

Signature = tuple[str, ...]


@dataclass(frozen=True)
class _Known:
    """What a way of asking led to: the page's key in the store, the form it was sent in, the headers around it."""

    key: Key
    etag: str
    packed: bool
    headers: Headers


class Front:
    """The application with the store in front of it."""

    def __init__(self, app: Flask, pages: Pages) -> None:
        """Stand before `app.wsgi_app` as it is now."""
        self._app = app
        self._behind: Application = app.wsgi_app
        self._pages = pages
        self._known: OrderedDict[Signature, _Known] = OrderedDict()
        self._lock = Lock()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer from the store, or let the application answer and learn from it."""
        signature = self._signature(environ)
        if signature is None:
            return self._behind(environ, start_response)
        known = self._known.get(signature)
        if known is not None and (answer := self._answer(known, environ)) is not None:
            headers, body = answer
            start_response("200 OK", headers)
            return [body]

        def starting(status: str, headers: Headers, exc_info: Any = None) -> Any:
            noted = environ.get(NOTE)
            if noted is not None and status.startswith("200"):
                self._learn(signature, noted, headers)
            return start_response(status, headers, exc_info)

        return self._behind(environ, starting)

    def _signature(self, environ: Environ) -> Signature | None:
        """Return all that a visitor's page can depend on, or None for a request that is not a plain visitor's."""
        if environ["REQUEST_METHOD"] != "GET" or any(name in environ for name in _PARTICULAR):
            return None
        cookie = environ.get("HTTP_COOKIE", "")
        if cookie and self._may_be_private(cookie):
            return None
        found = tuple([environ.get(name, "") for name in _ASKED_BY])
        return None if max(map(len, found)) > _LONGEST_HEADER else found

    def _may_be_private(self, cookie: str) -> bool:
        """Tell whether a cookie of somebody signed in may be among these; a name inside another counts too."""
        if self._app.config["SESSION_COOKIE_NAME"] in cookie:
            return True
        with self._app.app_context():
            return any(name in cookie for name in hooks().private_cookies)

    def _answer(self, known: _Known, environ: Environ) -> tuple[Headers, bytes] | None:
        try:
            with self._app.app_context():
                version = hooks().site_version()
        except Exception:  # noqa: BLE001  whatever is wrong with the database, the application knows how to say it
            return None
        environ[VERSION] = version
        page = self._pages.find(known.key, version)
        if page is None or page.etag != known.etag:
            return None
        body = page.small if known.packed else page.body
        if body is None:
            return None
        return [*known.headers, (_ID, secrets.token_hex(5))], body

    def _learn(self, signature: Signature, noted: tuple[Key, str, bool], headers: Headers) -> None:
        names = {name.lower() for name, _ in headers}
        if "set-cookie" in names:
            return
        kept = [(name, value) for name, value in headers if name.lower() != _ID.lower()]
        with self._lock:
            self._known[signature] = _Known(*noted, headers=kept)
            self._known.move_to_end(signature)
            while len(self._known) > _MOST:
                self._known.popitem(last=False)
