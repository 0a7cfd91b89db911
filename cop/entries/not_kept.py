"""Why an image or a file that somebody chose was not kept, and what to do: a sentence for each word of refusal."""

from collections.abc import Mapping
from typing import Any

from cop.core.i18n import _l, filled
from cop.storage import documents, images

_MB = 1024 * 1024
_OF_BOTH: Mapping[str, Any] = {
    "empty": _l("“%(name)s” is empty. Choose another file."),
    "heavy": _l(
        "“%(name)s” was not kept: it is larger than %(limit)s MB. Make it smaller, and choose it again."
    ),
    "broken": _l(
        "“%(name)s” was not kept: it is damaged or not whole. Open it on your device, save it anew, and choose it "
        "again."
    ),
    "busy": _l(
        "“%(name)s” was not kept: many files are being looked through at this moment. Choose it again in a minute."
    ),
    "full": _l(
        "“%(name)s” was not kept: the site has no room for files at the moment. What you wrote is not lost; "
        "go on without the file, and tell the moderators."
    ),
}
_OF_IMAGES: Mapping[str, Any] = {
    **_OF_BOTH,
    "heic": _l(
        "“%(name)s” was not kept: it is an HEIC or AVIF image, which many devices cannot show. Save it as "
        "JPEG, and choose it again."
    ),
    "document": _l("“%(name)s” is a document. Add it under “Files”."),
    "drawing": _l(
        "“%(name)s” was not kept: it is an SVG drawing, which can hold programs. Save it as PNG, and choose "
        "it again."
    ),
    "video": _l(
        "“%(name)s” was not kept: it is a film or sound. Sound can be added under “Files”; link to a film instead."
    ),
    "unknown": _l(
        "“%(name)s” was not kept: it is no image, whatever its name says. JPEG, PNG, WebP and GIF can be added."
    ),
    "large": _l(
        "“%(name)s” was not kept: it has too many pixels. Make it smaller, and choose it again."
    ),
}
_OF_FILES: Mapping[str, Any] = {
    **_OF_BOTH,
    "locked": _l(
        "“%(name)s” was not kept: it is protected with a password. Save it without one, and choose it again."
    ),
    "old": _l(
        "“%(name)s” was not kept: it is in the old format of DOC, XLS or PPT, which can hold programs. Save it as "
        "DOCX, XLSX, PPTX or PDF, and choose it again."
    ),
    "macros": _l(
        "“%(name)s” was not kept: it holds programs (macros), which can do harm. Save it without them, as DOCX, "
        "XLSX, PPTX or PDF, and choose it again."
    ),
    "embedded": _l(
        "“%(name)s” was not kept: it holds another file that cannot be looked into. Take that out of it, or save "
        "it as PDF, and choose it again."
    ),
    "bomb": _l(
        "“%(name)s” was not kept: unpacked, it is far too large. Save it as PDF, and choose it again."
    ),
    "image": _l("“%(name)s” is an image. Add it under “Images”."),
    "archive": _l(
        "“%(name)s” was not kept: it is a packed folder, or a format that cannot be added. Add the files in it "
        "one by one, as PDF, DOCX, PPTX or XLSX."
    ),
    "video": _l(
        "“%(name)s” was not kept: it is a film. Only documents and sound can be added; link to the film instead."
    ),
    "unknown": _l(
        "“%(name)s” was not kept: by what it holds it is neither a document nor a sound, whatever its name says. "
        "PDF, DOCX, PPTX, XLSX, MP3, M4A, OGG and WAV can be added."
    ),
    "large": _l(
        "“%(name)s” was not kept: looking through it takes too long. Make it smaller or part it, and choose it again."
    ),
}


def image(why: str, name: str) -> Any:
    """Say why an image was not kept."""
    return filled(_OF_IMAGES[why], name=name, limit=images.FILE_LIMIT // _MB)


def file(why: str, name: str) -> Any:
    """Say why a document or a sound was not kept."""
    return filled(_OF_FILES[why], name=name, limit=documents.FILE_LIMIT // _MB)
