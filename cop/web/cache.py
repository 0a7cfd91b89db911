"""Whole pages of visitors, kept in this process until anything on the site changes.

`@public_page` marks a view whose answer depends on nothing but its address, the query parameters it
names, the interface language, the theme and the public state of the site. Such a page is kept (with its
gzip form and ETag) and served before the view, the database session or the template is touched, but only
to requests without a session. The site's version, read for each of them, makes a hidden entry vanish at
once in every process; pages also age out, because they say "3 hours ago".
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from flask import Response, current_app, g, request, session

from cop.web.compress import is_text, packed, wanted
from cop.web.front import NOTE, VERSION, Front
from cop.web.headers import carries_session, etag_of, holds_secret
from cop.web.hooks import hooks
from cop.web.negotiate import visitor_lang, visitor_theme

if TYPE_CHECKING:
    from flask import Flask

F = TypeVar("F", bound=Callable[..., Any])
Key = tuple[Any, ...]

_EXTENSION = "cop.web.cache"
_MARK = "public_page_params"
#: Seconds after which a page is made anew although nothing changed.
OLDEST = 60.0
#: The longest query value that is worth a place.
_LONGEST_VALUE = 80
#: What a kept page costs besides its bytes.
_OVERHEAD = 1024
#: No page may take more than this share of the room.
_SHARE = 8
_KEPT_HEADERS = ("Content-Language", "Link", "Content-Disposition")


@dataclass(frozen=True)
class KeptPage:
    """One page as it is sent, plain and packed."""

    version: str
    made_at: float
    etag: str
    content_type: str
    body: bytes
    small: bytes | None
    headers: tuple[tuple[str, str], ...]

    @property
    def size(self) -> int:
        """Bytes the page takes in memory."""
        return len(self.body) + len(self.small or b"") + _OVERHEAD


class Pages:
    """The pages of this process, the least recently used dropped first when `room` bytes are full."""

    def __init__(self, room: int) -> None:
        """Take at most this many bytes; 0 keeps nothing."""
        self.room = room
        self.used = 0
        self.hits = 0
        self.misses = 0
        self._pages: OrderedDict[Key, KeptPage] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        """Return how many pages are kept."""
        return len(self._pages)

    def find(self, key: Key, version: str) -> KeptPage | None:
        """Return the page if it is of this version and not too old."""
        with self._lock:
            page = self._pages.get(key)
            if page is None or page.version != version or time.time() - page.made_at > OLDEST:
                self.misses += 1
                return None
            self._pages.move_to_end(key)
            self.hits += 1
            return page

    def keep(self, key: Key, page: KeptPage) -> None:
        """Keep the page, dropping others for it; a page too large for the room is not kept."""
        if page.size * _SHARE > self.room:
            return
        with self._lock:
            self._drop(key)
            self._pages[key] = page
            self.used += page.size
            while self.used > self.room:
                self._drop(next(iter(self._pages)))

    def clear(self) -> None:
        """Forget every page."""
        with self._lock:
            self._pages.clear()
            self.used = 0

    def _drop(self, key: Key) -> None:
        old = self._pages.pop(key, None)
        if old is not None:
            self.used -= old.size


def public_page(*params: str) -> Callable[[F], F]:
    """Mark a view as the same for every visitor: `@public_page()`, or with the parameters it reads.

    A request with any other parameter (besides `lang`) is answered as usual and not kept, so that made-up
    queries do not push real pages out.
    """

    def mark(view: F) -> F:
        setattr(view, _MARK, frozenset(params) | {"lang"})
        return view

    return mark


def init_app(app: Flask, *, room: int) -> None:
    """Serve kept pages before views run, and keep what they answer."""
    kept = app.extensions[_EXTENSION] = Pages(room)
    app.before_request(serve)
    app.after_request(keep)
    app.wsgi_app = Front(app, kept)  # type: ignore[method-assign]


def pages(app: Flask | None = None) -> Pages:
    """Return the kept pages of the application."""
    found: Pages = (app or current_app).extensions[_EXTENSION]
    return found


def serve() -> Response | None:
    """Answer with the kept page if there is one; else note under which key the answer may be kept."""
    key = _key()
    if key is None:
        return None
    version = request.environ.get(VERSION) or hooks().site_version()
    page = pages().find(key, version)
    if page is None:
        g.page_key = (key, version)
        return None
    return _answer(key, page)


def keep(response: Response) -> Response:
    """Keep the answer where it is a plain public page, and give it its ETag."""
    noted = g.pop("page_key", None)
    if noted is None or not _may_keep(response):
        return response
    key, version = noted
    body = response.get_data()
    text = is_text(response.mimetype)
    page = KeptPage(
        version=version,
        made_at=time.time(),
        etag=etag_of(body),
        content_type=response.headers.get("Content-Type", "text/html; charset=utf-8"),
        body=body,
        small=packed(body) if text else None,
        headers=tuple((k, response.headers[k]) for k in _KEPT_HEADERS if k in response.headers),
    )
    pages().keep(key, page)
    return _answer(key, page)


def not_kept() -> None:
    """Say that the page being made changes by itself, as time passes: it is not kept for the next visitor."""
    g.pop("page_key", None)


def _may_keep(response: Response) -> bool:
    return (
        response.status_code == 200
        and not response.is_streamed
        and not response.direct_passthrough
        and "Set-Cookie" not in response.headers
        and "Cache-Control" not in response.headers
        and not holds_secret()
        and not session.modified
    )


def _key() -> Key | None:
    """Return what this request's page depends on, or None where it may not come from the store."""
    if request.method not in ("GET", "HEAD") or request.endpoint is None:
        return None
    view = current_app.view_functions.get(request.endpoint)
    params: frozenset[str] | None = getattr(view, _MARK, None)
    if params is None or carries_session() or "Authorization" in request.headers:
        return None
    if not hooks().private_cookies.isdisjoint(request.cookies):
        return None
    query: tuple[tuple[str, str], ...] = ()
    if request.query_string:
        query = tuple(sorted(request.args.items(multi=True)))
        if any(name not in params or len(value) > _LONGEST_VALUE for name, value in query):
            return None
    environ = request.environ
    # The host takes part because pages may name their own full address.
    return (
        environ.get("HTTP_HOST"),
        environ.get("wsgi.url_scheme"),
        request.root_path,
        request.path,
        query,
        visitor_lang(),
        visitor_theme(),
    )


def _answer(key: Key, page: KeptPage) -> Response:
    headers = [("ETag", f'W/"{page.etag}"'), *page.headers]
    if "If-None-Match" in request.headers and request.if_none_match.contains_weak(page.etag):
        return Response(status=304, headers=headers)
    packed_form = page.small is not None and len(page.small) < len(page.body) and wanted()
    request.environ[NOTE] = (key, page.etag, packed_form)
    if packed_form:
        headers.append(("Content-Encoding", "gzip"))
        return Response(page.small, headers=headers, content_type=page.content_type)
    return Response(page.body, headers=headers, content_type=page.content_type)
