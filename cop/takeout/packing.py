"""Putting parts behind each other into one file, a portion at a time, with what stands beside them."""

import json
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import IO, Any, BinaryIO

from flask import current_app

from cop.core import clock
from cop.core.i18n import current_lang
from cop.core.paths import STATIC
from cop.exchange.exporter import head_of
from cop.exchange.shapes import Ref
from cop.people.mails import site_name, url
from cop.storage.files import files
from cop.storage.store import FileGone
from cop.takeout import vocabulary
from cop.takeout.attached import LIMIT, Sent
from cop.takeout.parts import INDEX, REFS
from cop.takeout.written import KEPT_BACK, OPEN
from cop.web.static import content_of

#: What packing reads of a part and does not pack.
_INSIDE = frozenset({INDEX, REFS})
#: Where pieces of several parts make one file.
_JOINED = (f"{OPEN}/", f"{KEPT_BACK}/", "data/")
_SHEET = "css/app.css"
_PORTION = 1 << 20


def refs_in(parts: Sequence[Path]) -> set[Ref]:
    """Return what the records of all parts refer to."""
    return {Ref(kind, key) for kind, key in _lines(parts, REFS)}


def beside(refs: set[Ref]) -> Mapping[str, str]:
    """Return the small files that belong to no part, by name."""
    return vocabulary.files(refs) | {"look/app.css": _sheet()}


@lru_cache(maxsize=1)
def _sheet() -> str:
    return content_of(STATIC / _SHEET).decode()


def _lines(parts: Sequence[Path], name: str) -> Iterator[Any]:
    """Give the lines of a piece, part after part, without ever holding all of them."""
    for path in parts:
        with zipfile.ZipFile(path) as part:
            if name in part.namelist():
                with part.open(name) as piece:
                    yield from (json.loads(line) for line in piece)


@dataclass(frozen=True)
class Packed:
    """What one file is made of."""

    parts: Sequence[Path]
    sent: Sequence[Sent]
    #: Whether some of her images and files find no room.
    left_out: bool
    own_name: str
    handle: str
    beside: Mapping[str, str]

    def write(self, file: BinaryIO) -> None:
        """Write the whole file; what is gone from the store meanwhile is named on its first page."""
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            missing = [one for one in self.sent if not _copied(packed, one)]
            joined = self._copy_pages(packed)
            for name in sorted(joined):
                _join(packed, name, joined[name])
            for name, text in self.beside.items():
                packed.writestr(name, text)
            self._first_page(packed, missing)

    def _copy_pages(self, packed: zipfile.ZipFile) -> dict[str, list[Path]]:
        """Copy what stands in one part alone; return where the pieces of the rest are."""
        joined: dict[str, list[Path]] = {}
        for path in self.parts:
            with zipfile.ZipFile(path) as part:
                for name in part.namelist():
                    if name.startswith(_JOINED):
                        joined.setdefault(name, []).append(path)
                    elif name not in _INSIDE:
                        with packed.open(name, "w") as whole:
                            _copy(part, name, whole)
        return joined

    def _first_page(self, packed: zipfile.ZipFile, missing: Sequence[Sent]) -> None:
        made = current_app.jinja_env.get_template("takeout/file/index.html")
        told = made.generate(
            lang=current_lang().value,
            home="",
            own_name=self.own_name,
            handle=self.handle,
            site=site_name(),
            site_address=url("/"),
            made_at=clock.now(),
            rooms=self._rooms(),
            missing=missing,
            left_out=self.left_out,
            limit=LIMIT // 1_000_000,
            can_import=any(name.startswith(vocabulary.FOLDER) for name in self.beside),
        )
        with packed.open("index.html", "w") as whole:
            for piece in told:
                whole.write(piece.encode())

    def _rooms(self) -> Iterator[tuple[str, Iterator[Any]]]:
        """Give the headings of the first page with their lines, one after the other."""
        lines = _numbered(_lines(self.parts, INDEX))
        return groupby(lines, key=lambda line: str(line["room"]))


def _numbered(lines: Iterator[Any]) -> Iterator[Any]:
    """Say of pages that hold several things which these are, counted through all pages of a title."""
    counts: dict[str, int] = {}
    for line in lines:
        if line["number"]:
            first = counts.get(line["title"], 0) + 1
            counts[line["title"]] = last = first + line["number"] - 1
            line["number"] = f"{first}–{last}" if last > first else str(first)
        yield line


def _copied(packed: zipfile.ZipFile, one: Sent) -> bool:
    try:
        opened = files().open(one.sha256)
    except FileGone:
        return False
    # Pressed already: packing it again would take long and save nothing.
    entry = zipfile.ZipInfo(one.name, date_time=clock.now().timetuple()[:6])
    with opened, packed.open(entry, "w") as whole:
        shutil.copyfileobj(opened, whole, _PORTION)
    return True


def _join(packed: zipfile.ZipFile, name: str, parts: Sequence[Path]) -> None:
    """Write a file of records: its first lines, and its pieces behind each other."""
    folder, _, rest = name.partition("/")
    stem = rest.removesuffix(".yaml")
    with packed.open(name, "w") as whole:
        head = head_of(stem) if folder in (OPEN, KEPT_BACK) else f"{stem}:\n"
        whole.write(head.encode())
        for path in parts:
            with zipfile.ZipFile(path) as part:
                _copy(part, name, whole)


def _copy(part: zipfile.ZipFile, name: str, whole: IO[bytes]) -> None:
    with part.open(name) as piece:
        shutil.copyfileobj(piece, whole, _PORTION)
