"""What an author hands in: plain values, checked by the operations, knowing nothing of HTTP or files."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cop.core.types import Json, Lang, Texts
from cop.entries.models import NameMask, Visibility


@dataclass(frozen=True)
class TextDraft:
    """One telling in one language: title and Markdown by section key."""

    lang: Lang
    title: str
    sections: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Image:
    """An image by the id of its attachment, and what it shows in words."""

    id: int
    alt: Texts = field(default_factory=dict)
    #: Whether its author says that it is only decoration.
    decorative: bool = False
    #: One of `licences.LICENCES`; "": the terms of the text around it.
    licence: str = ""
    #: Who made it, and where it is from; "": who shows it.
    source: str = ""


#: What every file says and no image: earlier states of comments keep both under their ids.
_LICENCE = "licence"
#: The licence of an image, which most do not say.
_TERMS = "terms"


def _in_order(rows: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return sorted(rows, key=lambda row: (row[1].get("at", 0), int(row[0])))


def images_to_json(images: Sequence[Image]) -> Json:
    """Return images as a revision keeps them: by id, so that what two people change of different ones merges."""
    return {
        str(image.id): {"at": at}
        | ({"alt": dict(image.alt)} if image.alt else {})
        | ({"plain": True} if image.decorative and not image.alt else {})
        | ({_TERMS: image.licence} if image.licence else {})
        | ({"source": image.source} if image.source else {})
        for at, image in enumerate(images, 1)
    }


def images_from_json(kept: Json) -> tuple[Image, ...]:
    """Return the images a revision kept, in their order."""
    rows = _in_order((key, row) for key, row in kept.items() if _LICENCE not in row)
    return tuple(
        Image(
            int(key),
            row.get("alt", {}),
            bool(row.get("plain")),
            row.get(_TERMS, ""),
            row.get("source", ""),
        )
        for key, row in rows
    )


@dataclass(frozen=True)
class Enclosure:
    """A document or a sound by the id of its attachment: what it is, whose it is, and on what terms."""

    id: int
    about: Texts = field(default_factory=dict)
    #: One of `licences.LICENCES`.
    licence: str = ""
    source: str = ""


def enclosures_to_json(files: Sequence[Enclosure]) -> Json:
    """Return files as a revision keeps them: by id, so that what two people change of different ones merges."""
    return {
        str(one.id): {"at": at, _LICENCE: one.licence}
        | ({"about": dict(one.about)} if one.about else {})
        | ({"source": one.source} if one.source else {})
        for at, one in enumerate(files, 1)
    }


def enclosures_from_json(kept: Json) -> tuple[Enclosure, ...]:
    """Return the files a revision kept, in their order."""
    rows = _in_order((key, row) for key, row in kept.items() if _LICENCE in row)
    return tuple(
        Enclosure(int(key), row.get("about", {}), row.get("licence", ""), row.get("source", ""))
        for key, row in rows
    )


#: The images and the files of one state.
Attachments = tuple[tuple[Image, ...], tuple[Enclosure, ...]]


@dataclass(frozen=True)
class Cited:
    """A source by its key, and the place in it."""

    key: str
    at: str = ""


#: The source that stands for what the editors added out of their own experience.
EDITORS = "editors"


@dataclass(frozen=True)
class Signature:
    """Who may read an entry and which name stands under it."""

    visibility: Visibility = Visibility.MEMBERS
    name_mask: NameMask = NameMask.SHOWN
    #: Which circle, where only one may read it.
    circle_id: int | None = None


@dataclass(frozen=True)
class Origin:
    """Where an entry comes from, if not from its author's own hand on the site."""

    #: Import id, or the key a form carried so that sending it twice gives one entry; None makes a random one.
    key: str | None = None
    #: `editors` for texts the editors wrote from literature.
    written_by: str = "member"
    reviewed_by_organisations: bool = True
    #: Digest of the imported record, so that an import can tell what was edited on the site since.
    import_sha256: str | None = None
    #: When it was first published, where a file says so.
    published_at: datetime | None = None
