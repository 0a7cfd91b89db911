"""What becomes of a picture that somebody sends: its kind by what it holds, its pixels by a bounded process."""

from dataclasses import dataclass

from cop.storage import reencode
from cop.storage.process import NotTaken, asked

#: Largest file that is taken, in bytes.
FILE_LIMIT = 20 * 1024 * 1024
#: What is kept, and the only thing ever served.
MEDIA_TYPE = "image/webp"

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
    """Return the sizes that are kept of a picture, the smallest first, or raise NotTaken.

    Its `why` is one of: empty heavy heic document drawing video unknown large broken busy.
    """
    if not data:
        raise NotTaken("empty")
    if len(data) > FILE_LIMIT:
        raise NotTaken("heavy")
    kind = kind_of(data)
    if kind not in reencode.FORMATS:
        raise NotTaken(kind)
    said, parts = asked("cop.storage.reencode", data, kind)
    return [
        Size(width, height, part)
        for (width, height), part in zip(said["sizes"], parts, strict=True)
    ]
