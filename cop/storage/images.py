"""What becomes of a picture that somebody sends: its kind by what it holds, its pixels by a bounded process."""

import json
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path

import structlog

from cop.storage import reencode

log = structlog.get_logger(__name__)

#: Largest file that is taken, in bytes.
FILE_LIMIT = 20 * 1024 * 1024
#: What is kept, and the only thing ever served.
MEDIA_TYPE = "image/webp"
#: How long one file may take all in all, and how long it may wait for its turn, in seconds.
_PATIENCE = 30
_TURN = 20
#: Pictures that a process makes at the same time; the others wait.
_turns = threading.BoundedSemaphore(2)
_PROGRAM = Path(reencode.__file__)

#: What a file begins with → its kind.
_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"%PDF-", "document"),
    (b"PK\x03\x04", "document"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "document"),
    (b"{\\rtf", "document"),
)
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif"})


class NotTaken(Exception):
    """The file is not taken. `why` is one of: empty heavy heic document drawing video unknown large broken busy."""

    def __init__(self, why: str) -> None:
        """Name why."""
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Size:
    """One size of a picture."""

    width: int
    height: int
    data: bytes


def kind_of(data: bytes) -> str:
    """Return what a file is by what it holds, whatever its name says: a format that is taken, or why it is not."""
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    if data[4:8] == b"ftyp":
        return "heic" if data[8:12] in _HEIF_BRANDS else "video"
    head = data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<svg", b"<?xml", b"<!doctype")) and b"<svg" in data[:4096].lower():
        return "drawing"
    return "unknown"


def sizes_of(data: bytes) -> list[Size]:
    """Return the sizes that are kept of a picture, the smallest first, or raise NotTaken."""
    if not data:
        raise NotTaken("empty")
    if len(data) > FILE_LIMIT:
        raise NotTaken("heavy")
    kind = kind_of(data)
    if kind not in reencode.FORMATS:
        raise NotTaken(kind)
    if not _turns.acquire(timeout=_TURN):
        raise NotTaken("busy")
    try:
        return _made(data, kind)
    finally:
        _turns.release()


def _made(data: bytes, kind: str) -> list[Size]:
    """Let a process of its own do it, which can take neither much memory nor much time, and knows no secret."""
    command = [sys.executable, "-I", str(_PROGRAM), kind]
    try:
        done = subprocess.run(  # noqa: S603  our own program; the kind is one of four words
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE,
            env={},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        log.warning("images.too_slow", kind=kind, bytes=len(data))
        raise NotTaken("large") from error
    line, _newline, rest = done.stdout.partition(b"\n")
    if done.returncode != 0 or not line:
        # It was stopped at its bounds, or the file broke the decoder; either way only the file is lost.
        log.warning("images.stopped", kind=kind, bytes=len(data), code=done.returncode)
        raise NotTaken("large" if done.returncode < 0 else "broken")
    said = json.loads(line)
    if "refused" in said:
        log.info("images.refused", kind=kind, bytes=len(data), why=said)
        raise NotTaken(said["refused"])
    sizes = []
    for width, height, length in said["sizes"]:
        sizes.append(Size(width, height, rest[:length]))
        rest = rest[length:]
    return sizes
