"""Asking an address whether it is still there, so that it learns nothing but that this site asks.

Whoever may name an address could name one inside the house. So a name is resolved here, every address it stands for
must be one of the public net, the connection goes to the very one that was looked at, and each redirect is looked at
anew. No cookie, no referrer, no credentials; one deadline for the whole, and little is read.
"""

import contextlib
import html
import http.client
import ipaddress
import re
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import SplitResult, quote, urljoin, urlsplit

#: Seconds one address may take, with its redirects; and one step of it.
DEADLINE, STEP = 10.0, 4.0
#: Bytes of a page that are read at most: its title stands at its beginning.
MOST_BYTES = 64 * 1024
_MOST_REDIRECTS = 5
_MOST_TITLE = 200
_REDIRECTS = (301, 302, 303, 307, 308)
#: Answers after which the page itself is asked for: some servers do not know HEAD.
_ASK_AGAIN = (400, 403, 404, 405, 406, 410, 429, 500, 501, 503)
#: Answers that say that nothing is there. Others refuse a machine what they show to people.
_GONE = (404, 410)
_PORTS = {"http": (80, 8000, 8080), "https": (443, 8443)}
#: Looked for once each: a page of nothing but beginnings of titles would keep the processor for seconds otherwise.
_TITLE = re.compile(rb"<title[^>]{0,200}>", re.IGNORECASE)
_TITLE_END = re.compile(rb"</title", re.IGNORECASE)
#: Bytes of a title that are looked at.
_TITLE_BYTES = 4_000
_CHARSET = re.compile(rb"charset=[\"']?([\w-]{2,40})", re.IGNORECASE)


class Refused(Exception):
    """An address is not asked: it is not one of the public net."""


@dataclass(frozen=True)
class Answer:
    """What became of a look at an address."""

    #: Whether something is there.
    reached: bool
    #: What its page calls itself, where it was read.
    title: str = ""


def look(url: str, *, agent: str, loopback: bool = False, deadline: float = DEADLINE) -> Answer:
    """Return whether an address answers, and the title of its page.

    Raises Refused for one that must not be asked; with `loopback` only this machine itself is, for tests.
    """
    with _Clock(deadline) as clock:
        for _redirect in range(_MOST_REDIRECTS + 1):
            try:
                moved, answer = _ask(url, agent=agent, loopback=loopback, clock=clock)
            except (OSError, http.client.HTTPException, UnicodeError, ValueError):
                return Answer(reached=False)
            if moved is None:
                return answer
            url = urljoin(url, moved)
    return Answer(reached=False)


class _Clock:
    """Ends what takes too long: a server that sends a byte now and then would never run into a timeout."""

    def __init__(self, seconds: float) -> None:
        self.timer = threading.Timer(seconds, self.end)
        self.timer.daemon = True
        self.socket: socket.socket | None = None
        self.is_over = False

    def __enter__(self) -> Self:
        self.timer.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.timer.cancel()

    def end(self) -> None:
        self.is_over = True
        if self.socket is not None:
            with contextlib.suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)

    def watch(self, held: socket.socket) -> None:
        self.socket = held
        if self.is_over:
            raise TimeoutError


def _ask(url: str, *, agent: str, loopback: bool, clock: _Clock) -> tuple[str | None, Answer]:
    """Ask for the head, and for the page where that says too little; return where it moved to, or the answer."""
    parts = urlsplit(url)
    host, port, address = _checked(parts, loopback=loopback)
    status, headers, _body = _request("HEAD", parts, host, port, address, agent, clock)
    body = b""
    is_page = headers.get("content-type", "text/html").lower().startswith("text/html")
    if status in _ASK_AGAIN or (status < 300 and is_page):
        status, headers, body = _request("GET", parts, host, port, address, agent, clock)
    if status in _REDIRECTS and headers.get("location"):
        return headers["location"], Answer(reached=False)
    gone = status in _GONE or status >= 500
    return None, Answer(reached=not gone, title="" if gone else title_of(body, headers))


def _checked(parts: SplitResult, *, loopback: bool) -> tuple[str, int, str]:
    """Return host, port and the one checked address to connect to."""
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in _PORTS or not host or parts.username or parts.password:
        raise Refused
    port = parts.port or _PORTS[parts.scheme][0]
    if port not in _PORTS[parts.scheme] and not loopback:
        raise Refused
    name = host.encode("idna").decode("ascii") if not host.isascii() else host
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    addresses = [str(one[4][0]) for one in found]
    if not addresses or not all(is_public(one, loopback=loopback) for one in addresses):
        raise Refused
    return name, port, addresses[0]


def is_public(address: str, *, loopback: bool = False) -> bool:
    """Tell whether an address of the net may be asked: none of this house, this machine or a cloud's own."""
    found: ipaddress.IPv4Address | ipaddress.IPv6Address = ipaddress.ip_address(
        address.partition("%")[0]
    )
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if inner is None and found in _TRANSLATED:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        found = inner or found
    if loopback or found.is_loopback:
        return loopback and found.is_loopback
    if isinstance(found, ipaddress.IPv6Address) and found.is_site_local:
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved


#: IPv4 addresses as translated into IPv6.
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


def _request(
    method: str,
    parts: SplitResult,
    host: str,
    port: int,
    address: str,
    agent: str,
    clock: _Clock,
) -> tuple[int, Mapping[str, str], bytes]:
    """Send one request to the checked address and read a little of what comes."""
    held = socket.create_connection((address, port), timeout=STEP)
    try:
        clock.watch(held)
        if parts.scheme == "https":
            held = ssl.create_default_context().wrap_socket(held, server_hostname=host)
            clock.watch(held)
        connection = http.client.HTTPConnection(host, port)
        connection.sock = held
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") or "/"
        query = f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?[]')}" if parts.query else ""
        standard = port == _PORTS[parts.scheme][0]
        shown = f"[{host}]" if ":" in host else host
        connection.putrequest(method, path + query, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", shown if standard else f"{shown}:{port}")
        connection.putheader("User-Agent", agent)
        connection.putheader("Accept", "text/html, */*;q=0.5")
        connection.putheader("Connection", "close")
        connection.endheaders()
        response = connection.getresponse()
        body = response.read(MOST_BYTES) if method == "GET" else b""
        return response.status, {name.lower(): value for name, value in response.getheaders()}, body
    finally:
        held.close()


def title_of(body: bytes, headers: Mapping[str, str]) -> str:
    """Return what a page calls itself, in one line, or ""."""
    found = _TITLE.search(body)
    end = _TITLE_END.search(body, found.end()) if found is not None else None
    if found is None or end is None:
        return ""
    told = headers.get("content-type", "").encode("latin-1", "ignore")
    named = _CHARSET.search(told) or _CHARSET.search(body[:4096])
    raw = body[found.end() : end.start()][:_TITLE_BYTES]
    try:
        words = raw.decode(named[1].decode("ascii") if named else "utf-8", "replace")
    except (LookupError, UnicodeError):
        words = raw.decode("utf-8", "replace")
    line = " ".join(html.unescape(words).split())
    clean = "".join(one for one in line if one.isprintable())
    return clean[:_MOST_TITLE].strip()
