"""Static files: read and packed once, kept, and named by their content so that browsers keep them too.

All files share one version, the digest of the whole folder, as a folder of the address
(`/static/1f3c…/css/app.css`): style sheets and modules that name each other by relative addresses then
stay together, also while a new release replaces an old one.

A folder that is called like a style sheet (`css/app.css/`) is sent as that sheet, so that what is written in many
files is asked for once.
"""

from __future__ import annotations

import hashlib
import mimetypes
import re
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from flask import Response, abort, current_app, request

from cop.web.compress import BEST, SMALLEST, is_text, packed, wanted

if TYPE_CHECKING:
    from flask import Flask

_EXTENSION = "cop.web.static"
_FOR_EVER = "public, max-age=31536000, immutable"
_DIGITS = 10
_SHEET = ".css"
_COMMENT = re.compile(r"/\*.*?\*/\s*", re.DOTALL)
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".ico": "image/x-icon",
    ".webmanifest": "application/manifest+json",
}


@dataclass(frozen=True)
class StaticFile:
    """One file as it is sent."""

    body: bytes
    small: bytes | None
    content_type: str
    etag: str


class StaticFiles:
    """The files of one folder."""

    def __init__(self, folder: Path) -> None:
        """Serve this folder; nothing is read yet."""
        self.folder = folder
        self._files: dict[str, StaticFile] | None = None
        self._version = ""
        self._lock = Lock()

    @property
    def version(self) -> str:
        """The digest of all files together."""
        self._load()
        return self._version

    def find(self, name: str) -> StaticFile | None:
        """Return the file of that name below the folder."""
        return self._load().get(name)

    def forget(self) -> None:
        """Read the folder again at the next use; for development."""
        with self._lock:
            self._files = None

    def _load(self) -> dict[str, StaticFile]:
        files = self._files
        if files is not None:
            return files
        with self._lock:
            if self._files is None:
                self._version, self._files = _read(self.folder)
            return self._files


def _read(folder: Path) -> tuple[str, dict[str, StaticFile]]:
    whole = hashlib.blake2b(digest_size=_DIGITS // 2)
    files = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not _is_sent(path) or any(part.startswith(".") for part in name.split("/")):
            continue
        body = content_of(path)
        etag = hashlib.blake2b(body, digest_size=_DIGITS).hexdigest()
        whole.update(f"{name}\0{etag}\0".encode())
        kind = (
            _TYPES.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        )
        text = is_text(kind.partition(";")[0]) and len(body) >= SMALLEST
        small = packed(body, BEST) if text else None
        files[name] = StaticFile(body, small, kind, etag)
    return whole.hexdigest(), files


def _is_sent(path: Path) -> bool:
    return path.parent.suffix != _SHEET and (path.is_file() or path.suffix == _SHEET)


def content_of(path: Path) -> bytes:
    """Return what is sent as a file; of a sheet in parts, all of them in the order of their names, without comments."""
    if path.is_file():
        return path.read_bytes()
    parts = [part.read_text(encoding="utf-8") for part in sorted(path.glob(f"*{_SHEET}"))]
    return _COMMENT.sub("", "".join(parts)).encode()


def init_app(app: Flask, folder: Path) -> None:
    """Serve the folder under `/static/`, in place of Flask's own view, and name files by content."""
    app.extensions[_EXTENSION] = StaticFiles(folder)
    if "static" in app.view_functions:
        app.view_functions["static"] = send
    else:
        app.add_url_rule("/static/<path:filename>", endpoint="static", view_func=send)
    app.jinja_env.globals["static_url"] = static_url


def static_url(name: str) -> str:
    """Return the lasting address of a static file; a name that does not exist is an error in tests."""
    files: StaticFiles = current_app.extensions[_EXTENSION]
    if current_app.debug:
        files.forget()
    if files.find(name) is None and current_app.testing:
        raise LookupError(f"there is no static file {name}")
    return f"{request.root_path}/static/{files.version}/{name}"


def send(filename: str) -> Response:
    """Send a file: for ever under the present version, asked for each time under any other name."""
    files: StaticFiles = current_app.extensions[_EXTENSION]
    first, _, rest = filename.partition("/")
    versioned = first == files.version
    found = files.find(rest if versioned else filename)
    if found is None and _looks_like_version(first):
        # A page kept by a browser since the last release still names the old version.
        found = files.find(rest)
    if found is None:
        abort(404)
    etag = f'W/"{found.etag}"'
    headers = {
        "Cache-Control": _FOR_EVER if versioned else "no-cache",
        "ETag": etag,
        "Vary": "Accept-Encoding",
    }
    if request.if_none_match.contains_weak(found.etag):
        return Response(status=304, headers=headers)
    body = found.body
    if found.small is not None and wanted():
        body = found.small
        headers["Content-Encoding"] = "gzip"
    return Response(body, headers=headers, content_type=found.content_type)


def _looks_like_version(text: str) -> bool:
    return len(text) == _DIGITS and all(c in "0123456789abcdef" for c in text)
