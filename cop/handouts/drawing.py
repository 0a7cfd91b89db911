"""Letting the bounded program draw a paper as PDF, and saying why where it cannot."""

import base64
import hashlib
import importlib.util
import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache

import structlog
from flask import current_app
from markupsafe import escape

from cop.core import bounded
from cop.core.bounded import Bounds, NoAnswer
from cop.core.errors import Forbidden, Gone, Moved, NotFound
from cop.core.i18n import _, speaking
from cop.core.paths import STATIC
from cop.entries.pictures import file_of
from cop.handouts.paper import Paper
from cop.people.viewer import Viewer
from cop.settings import Settings
from cop.storage.files import files
from cop.storage.store import FileGone
from cop.web.static import content_of

log = structlog.get_logger(__name__)

#: What drawing one paper may take; all in all less than the lease of its job.
BOUNDS = Bounds(memory=2 * 1024 * 1024 * 1024, seconds=180, patience=200)
#: Bytes of pictures that go into one paper; further ones are left out, and their words stay.
PICTURES = 24 * 1024 * 1024
#: What it says of a paper where drawing it did not come to its end.
_WORDS: Mapping[str, str] = {"killed": "slow", "died": "large"}
_SHEETS = ("css/app.css", "css/paper.css")
#: Grows where the same words are to be drawn differently.
_VERSION = "2"
#: Edges of pictures: a browser takes them for hints, the renderer for more than what the style sheet says.
_EDGES = re.compile(r'(<img src="[^"]+") width="[0-9]+" height="[0-9]+"')
_PICTURE = re.compile(r'src="(?P<address>/files/(?P<id>[0-9]{1,10})/(?P<name>[^"/]+))"')


class NotDrawn(Exception):
    """There is no PDF. `why` is one of: weasyprint pango font large broken slow."""

    def __init__(self, why: str) -> None:
        """Name why."""
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Drawn:
    """A PDF and its pages; the most memory, and the seconds of the processor, that drawing it took."""

    data: bytes
    pages: int
    memory: int = 0
    seconds: float = 0.0


def is_installed() -> bool:
    """Tell whether what draws is installed; whether it works is seen when it draws."""
    return importlib.util.find_spec("weasyprint") is not None


@lru_cache(maxsize=1)
def style() -> str:
    """Return the style sheets of papers as one: layers are ranked within a sheet."""
    return "\n".join(content_of(STATIC / name).decode() for name in _SHEETS)


def words_of(paper: Paper, reach: str) -> str:
    """Return the hash of everything that a file made of this paper would hold."""
    parts = (_VERSION, paper.tag, reach, html_of(paper), style())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def html_of(paper: Paper) -> str:
    """Return the paper as a document of its own."""
    settings: Settings = current_app.extensions["settings"]
    lang = paper.langs[0]
    with speaking(lang):
        # On a page a picture without words is passed over; a file must name each.
        plain = escape(_("Decoration"))
    body = _EDGES.sub(r"\1", str(paper.body).replace(' alt=""', f' alt="{plain}"'))
    return (
        f'<!doctype html><html lang="{lang.value}"><head><meta charset="utf-8">'
        f"<title>{escape(paper.title)}</title>"
        f'<meta name="author" content="{escape(settings.site_name)}">'
        f"</head><body>{body}</body></html>"
    )


def to_draw(paper: Paper, eyes: Viewer) -> bytes:
    """Return a paper with all that goes into its file, the pictures that these eyes may see among it."""
    pictures: dict[str, str] = {}
    room = PICTURES

    def taken(match: re.Match[str]) -> str:
        nonlocal room
        address = match["address"]
        if address not in pictures:
            data = _picture(eyes, int(match["id"]), match["name"])
            if data is None or len(data) > room:
                return match[0]
            room -= len(data)
            pictures[address] = base64.b64encode(data).decode()
        return f'src="paper:{address}"'

    html = _PICTURE.sub(taken, html_of(paper))
    asked = {"html": html, "css": style(), "images": pictures}
    return json.dumps(asked).encode()


def _picture(eyes: Viewer, attachment_id: int, name: str) -> bytes | None:
    with suppress(NotFound, Gone, Moved, Forbidden, FileGone):
        _image, size, _public = file_of(eyes, attachment_id, name)
        with files().open(size.sha256) as opened:
            return opened.read()
    return None


def drawn(asked: bytes) -> Drawn:
    """Return the PDF of what `to_draw` returned, or raise NotDrawn.

    No transaction may be open meanwhile: it takes many seconds.
    """
    try:
        said, (data,) = bounded.asked("cop.handouts.draw", asked, bounds=BOUNDS)
    except NoAnswer as error:
        raise NotDrawn(_WORDS.get(error.why, error.why)) from error
    made = Drawn(data, said["pages"], said["memory"], said["seconds"])
    log.info("handouts.drawn", pages=made.pages, memory=made.memory, seconds=made.seconds)
    return made
