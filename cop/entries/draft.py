"""What an author hands in: plain values, checked by the operations, knowing nothing of HTTP or files."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from cop.core.types import Lang
from cop.entries.models import NameMask, Visibility


@dataclass(frozen=True)
class TextDraft:
    """One telling in one language: title and Markdown by section key."""

    lang: Lang
    title: str
    sections: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Cited:
    """A source by its key, and the place in it."""

    key: str
    at: str = ""


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
