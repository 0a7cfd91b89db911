"""A web server on this machine that answers as servers out there do, and remembers what it was asked."""

from __future__ import annotations

import contextlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PAGE = (
    '<html><head><meta charset="utf-8"><title>\n An invented &amp;\n 页面 </title></head>'
    + "x" * 200_000
).encode()


class Handler(BaseHTTPRequestHandler):
    """Answers by the path."""

    server: Server

    def do_HEAD(self) -> None:
        """Answer without a body."""
        self._answer(body=False)

    def do_GET(self) -> None:
        """Answer with the page."""
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        self.server.asked.append((self.command, self.path, dict(self.headers)))
        if self.path in self.server.gone:
            self._send(404)
        elif self.path == "/no-head" and not body:
            self._send(405)
        elif self.path.startswith("/to?"):
            self._send(302, Location=self.path[len("/to?") :])
        elif self.path == "/loop":
            self._send(301, Location="/loop")
        elif self.path == "/broken":
            self._send(500)
        elif self.path == "/refuses":
            self._send(403)
        elif self.path == "/drip":
            with contextlib.suppress(OSError):
                self.wfile.write(b"HTTP/1.0 200 OK\r\n")
                while not self.server.ending.wait(0.05):
                    self.wfile.write(b"X-A: b\r\n")
        else:
            self._send(200, **{"Content-Type": "text/html", "Set-Cookie": "who=you"})
            if body:
                with contextlib.suppress(OSError):
                    self.wfile.write(PAGE)

    def _send(self, status: int, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def log_message(self, *_said: Any) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """The server with what it remembers."""

    daemon_threads = True

    def __init__(self) -> None:
        """Listen on a free port of this machine."""
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.gone: set[str] = {"/gone"}
        self.ending = threading.Event()

    def url(self, path: str) -> str:
        """Return the address of a path."""
        return f"http://127.0.0.1:{self.server_port}{path}"
