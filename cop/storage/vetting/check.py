"""What becomes of one file that is kept as it was made: its format by what it holds, and a harmless copy of it."""

from typing import Any

from cop.core.confined import Refused
from cop.storage.vetting import office, pdf, sound, tags

#: What a file begins with → why it is not taken here.
_REFUSED = (
    (b"\xff\xd8\xff", "image"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"GIF8", "image"),
)
#: An old file of an office, or a new one behind a password.
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED = "EncryptedPackage".encode("utf-16-le")


def answer(data: bytes, clean: str) -> tuple[dict[str, Any], list[bytes]]:
    """Return the format of a file, and its copy; `clean` says "clean" where names are to be taken out of it."""
    for beginning, why in _REFUSED:
        if data.startswith(beginning):
            raise Refused(why)
    if data.startswith(_COMPOUND):
        raise Refused("locked" if _LOCKED in data else "old")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        raise Refused("image")
    named = clean == "clean"
    if data.startswith(b"%PDF-"):
        return {"format": "pdf"}, [pdf.harmless(data, clean=named)]
    if data.startswith(b"PK\x03\x04"):
        kind, made = office.harmless(data, clean=named)
        return {"format": kind}, [made]
    kind = sound.format_of(data)
    return {"format": kind}, [tags.without_tags(data, kind) if named else data]
