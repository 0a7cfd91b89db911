"""What becomes of a document or a sound that somebody sends: looked through and made harmless by a bounded process."""

from collections.abc import Mapping
from dataclasses import dataclass

from cop.storage.process import NotTaken, asked

#: Largest file that is taken, in bytes.
FILE_LIMIT = 40 * 1024 * 1024
_OFFICE = "application/vnd.openxmlformats-officedocument"
#: The formats that are taken → what each is served as.
MEDIA_TYPES: Mapping[str, str] = {
    "pdf": "application/pdf",
    "docx": f"{_OFFICE}.wordprocessingml.document",
    "pptx": f"{_OFFICE}.presentationml.presentation",
    "xlsx": f"{_OFFICE}.spreadsheetml.sheet",
    "mp3": "audio/mpeg",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "ogg": "audio/ogg",
    "wav": "audio/wav",
}
#: Those that are listened to.
SOUNDS = frozenset(("mp3", "m4a", "aac", "ogg", "wav"))


@dataclass(frozen=True)
class Vetted:
    """A file that can be kept: its format, and what it holds now."""

    format: str
    data: bytes


def vetted(data: bytes, *, clean: bool) -> Vetted:
    """Return a harmless copy of a file, where it is asked without who made it, or raise NotTaken.

    Its `why` is one of: empty heavy locked old macros embedded bomb image archive video unknown large broken busy.
    """
    if not data:
        raise NotTaken("empty")
    if len(data) > FILE_LIMIT:
        raise NotTaken("heavy")
    said, parts = asked("cop.storage.vetting.check", data, "clean" if clean else "as-it-is")
    return Vetted(said["format"], parts[0])


def words_of(data: bytes, kind: str) -> str:
    """Return the words of a document for search, or raise NotTaken where they cannot be read (now, if it is busy)."""
    _said, parts = asked("cop.storage.vetting.words", data, kind)
    return parts[0].decode()
