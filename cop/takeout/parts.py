"""A part of a file that is being made: pieces of files under their names, which packing puts behind each other."""

import json
import zipfile
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

from flask import current_app

from cop.core.i18n import current_lang
from cop.exchange.shapes import Ref

#: Pieces that packing reads and does not pack.
INDEX, REFS = ".index", ".refs"


@dataclass(frozen=True)
class Item:
    """One line of the first page: what it leads to, and what is to be known of it."""

    room: str
    title: str
    href: str
    lang: str = ""
    at: str = ""
    #: How many things a page holds, where that says more than its title.
    number: int = 0
    #: Sentences and words beside it: unnamed, not published, of a circle.
    marks: tuple[str, ...] = ()


class Part:
    """Some of what goes into the file, held in memory until it is kept."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._pieces: dict[str, list[str]] = {}

    def add(self, name: str, piece: str) -> None:
        """Add a piece to the file of this name."""
        self._pieces.setdefault(name, []).append(piece)

    def name(self, item: Item) -> None:
        """Let the first page name something."""
        self.add(INDEX, json.dumps(asdict(item), ensure_ascii=False) + "\n")

    def refer(self, refs: "set[Ref]") -> None:
        """Note what the records of this part refer to."""
        lines = [json.dumps([ref.kind, ref.key]) + "\n" for ref in sorted(refs)]
        self.add(REFS, "".join(lines))

    def write(self, file: BinaryIO) -> None:
        """Write all pieces into a file of their own."""
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
            for name, pieces in self._pieces.items():
                packed.writestr(name, "".join(pieces))


def page(template: str, **values: Any) -> str:
    """Return a page of the file, which belongs to no request; `home` leads to its first page from one beside it."""
    made = current_app.jinja_env.get_template(template)
    return made.render({"lang": current_lang().value, "home": "../", **values})
