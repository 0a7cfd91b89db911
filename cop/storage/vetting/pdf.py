"""PDF: read and written anew, without what acts, what lies in it unseen, and, where that is asked, who made it."""

import io
import logging
from typing import Any

from cop.core.confined import Refused

#: Pages of one file: more is no handout, and takes too long.
PAGES = 3_000
#: Where a whole file ends.
_END, _END_WITHIN = b"%%EOF", 4096
#: Actions that do something beside leading to another place.
_ACTIONS = frozenset(
    (
        *("/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/ResetForm", "/GoToE", "/GoToR"),
        *("/Rendition", "/Movie", "/Sound", "/RichMediaExecute", "/SetOCGState", "/Trans"),
        *("/GoTo3DView", "/Hide"),
    )
)
#: Entries of any object that act, or hold other files.
_ACTING = (
    "/AA",
    "/OpenAction",
    "/JavaScript",
    "/EmbeddedFiles",
    "/XFA",
    "/EF",
    "/RichMediaContent",
)
#: Notes on a page that carry files, sound or film.
_CARRYING = frozenset(("/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"))
#: References to references that are followed: programs write none.
_STEPS = 5
#: Entries that say who made something, or which program.
_NAMING = ("/Metadata", "/PieceInfo", "/LastModified")


def harmless(data: bytes, *, clean: bool) -> bytes:
    """Return a copy of a file that does nothing, or raise Refused."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import DictionaryObject

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    if _END not in data[-_END_WITHIN:]:
        raise Refused("broken")
    reader = PdfReader(io.BytesIO(data))
    if reader.is_encrypted:
        raise Refused("locked")
    if not 0 < len(reader.pages) <= PAGES:
        raise Refused("large" if len(reader.pages) else "broken")
    writer = PdfWriter(clone_from=reader)
    for one in list(writer._objects):  # noqa: SLF001  every object of the copy; pages alone miss some
        _disarm(one, DictionaryObject, clean=clean)
    if clean:
        writer.metadata = None
    # What was taken out is not to lie in the file unseen.
    writer.compress_identical_objects(remove_duplicates=False, remove_unreferenced=True)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _disarm(found: Any, dictionary: type[Any], *, clean: bool) -> None:
    """Take what acts out of an object and of all that stands in it."""
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dictionary):
            _disarm_one(one, clean=clean)
            waiting += [one.raw_get(key) for key in one]
        elif isinstance(one, list):
            waiting += list.__iter__(one)


def _disarm_one(one: Any, *, clean: bool) -> None:
    from pypdf.generic import NameObject

    for key in _ACTING:
        one.pop(key, None)
    if _word(one, "/S") in _ACTIONS:
        one.clear()
        one[NameObject("/S")], one[NameObject("/N")] = NameObject("/Named"), NameObject("/NoOp")
    kind = _word(one, "/Subtype")
    if kind in _CARRYING and "/Rect" in one:
        for key in ("/FS", "/Sound", "/Movie", "/A"):
            one.pop(key, None)
        one[NameObject("/Subtype")] = NameObject("/Text")
    if clean:
        for key in _NAMING:
            one.pop(key, None)
        if "/Rect" in one and kind != "/Widget":
            one.pop("/T", None)


def _word(one: Any, key: str) -> str:
    """Return the word an entry says, also where it refers to an object that says it, as programs follow it; else ""."""
    found = one.get(key)
    for _step in range(_STEPS):
        if not hasattr(found, "idnum"):
            return found if isinstance(found, str) else ""
        found = found.get_object()
    raise Refused("broken")
