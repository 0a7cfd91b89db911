"""What happens to entries. Ids, numbers and reasons only: no names, no texts."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class EntryPublished:
    """An entry can be read for the first time."""

    entry_id: int
    kind: str


@dataclass(frozen=True)
class EntryRevised:
    """A text of an entry has a new published revision, or its facts or visibility changed."""

    entry_id: int
    lang: str
    number: int
    #: Whether it says something else; its visibility or signature alone may have changed.
    words: bool = True


@dataclass(frozen=True)
class TextAdded:
    """An entry is told in one more language."""

    entry_id: int
    lang: str


@dataclass(frozen=True)
class RevisionSuppressed:
    """An earlier revision was emptied."""

    entry_id: int
    lang: str
    number: int
    reason: str


@dataclass(frozen=True)
class EntryWithdrawn:
    """The author took the entry back."""

    entry_id: int


@dataclass(frozen=True)
class EntryReturned:
    """The author published a withdrawn entry again."""

    entry_id: int


@dataclass(frozen=True)
class EntryHidden:
    """A moderator hid the entry, for a reason."""

    entry_id: int
    reason: str
    #: A ready sentence of `cop.entries.reasons`, before the words.
    ready: str = ""


@dataclass(frozen=True)
class EntryUnhidden:
    """A moderator restored a hidden entry, for a reason."""

    entry_id: int
    reason: str
    #: A ready sentence of `cop.entries.reasons`, before the words.
    ready: str = ""


@dataclass(frozen=True)
class EntryOpened:
    """The author opened something of a circle to others."""

    entry_id: int


@dataclass(frozen=True)
class EntryNarrowed:
    """The author lets fewer people read the entry than before."""

    entry_id: int


@dataclass(frozen=True)
class NameTakenOff:
    """The author took her name off the entry."""

    entry_id: int


@dataclass(frozen=True)
class EntryLocked:
    """A moderator takes no further comments on the entry, for a reason."""

    entry_id: int
    reason: str
    #: A ready sentence of `cop.entries.reasons`, before the words.
    ready: str = ""


@dataclass(frozen=True)
class EntryUnlocked:
    """A moderator opened the entry for comments again, for a reason."""

    entry_id: int
    reason: str
    #: A ready sentence of `cop.entries.reasons`, before the words.
    ready: str = ""


@dataclass(frozen=True)
class CommentPosted:
    """Somebody commented on an entry."""

    entry_id: int
    comment_id: int


@dataclass(frozen=True)
class CommentEdited:
    """A comment says something else now."""

    entry_id: int
    comment_id: int
    number: int


@dataclass(frozen=True)
class CommentDeleted:
    """The author of a comment took it back."""

    entry_id: int
    comment_id: int


@dataclass(frozen=True)
class CommentRemoved:
    """A moderator removed a comment, for a reason."""

    entry_id: int
    comment_id: int
    reason: str
    #: A ready sentence of `cop.entries.reasons`, before the words.
    ready: str = ""


@dataclass(frozen=True)
class CommentShown:
    """A moderator showed a removed comment again, for a reason."""

    entry_id: int
    comment_id: int
    reason: str
    #: A ready sentence of `cop.entries.reasons`, before the words.
    ready: str = ""


@dataclass(frozen=True)
class EntryHeld:
    """An entry waits for a moderator; to others it does not exist."""

    entry_id: int


@dataclass(frozen=True)
class EntryApproved:
    """A moderator let an entry through that waited."""

    entry_id: int
    reason: str
    ready: str = ""


@dataclass(frozen=True)
class CommentHeld:
    """A comment waits for a moderator; to others it does not exist."""

    entry_id: int
    comment_id: int


@dataclass(frozen=True)
class FileRead:
    """The words of a file were read, or could not be, so that search may know something new of its entry."""

    entry_id: int


@dataclass(frozen=True)
class CommentTakenBack:
    """The author of a comment that waited deleted it."""

    entry_id: int
    comment_id: int


@dataclass(frozen=True)
class CommentApproved:
    """A moderator let a comment through that waited."""

    entry_id: int
    comment_id: int
    reason: str
    ready: str = ""


@dataclass(frozen=True)
class CommentRefused:
    """A moderator did not let a comment through."""

    entry_id: int
    comment_id: int
    reason: str
    ready: str = ""


@dataclass(frozen=True)
class ImageRemoved:
    """A moderator removed an image of an entry, or of a comment on it, for a reason."""

    entry_id: int
    comment_id: int | None
    reason: str
    ready: str = ""


@dataclass(frozen=True)
class FileRemoved(ImageRemoved):
    """The same, of a document or a sound."""


#: What people are told of, who watch the entry, wrote what it is about or are mentioned.
TOLD: tuple[type, ...] = (
    EntryPublished,
    EntryRevised,
    TextAdded,
    EntryHidden,
    EntryUnhidden,
    EntryLocked,
    EntryUnlocked,
    CommentPosted,
    CommentEdited,
    CommentRemoved,
    CommentShown,
    EntryApproved,
    CommentApproved,
    CommentRefused,
    ImageRemoved,
    FileRemoved,
    EntryNarrowed,
    NameTakenOff,
)

#: Every event after which pages and the index must be made anew.
CHANGES: tuple[type, ...] = (
    FileRead,
    EntryPublished,
    EntryRevised,
    TextAdded,
    RevisionSuppressed,
    EntryWithdrawn,
    EntryReturned,
    EntryHidden,
    EntryUnhidden,
    EntryHeld,
    EntryApproved,
    EntryLocked,
    EntryUnlocked,
    CommentPosted,
    CommentEdited,
    CommentDeleted,
    CommentRemoved,
    CommentShown,
    ImageRemoved,
    FileRemoved,
)


@dataclass(frozen=True)
class EntryFeatured:
    """A curator put a page where everybody sees it first, until a day, and says why, by language."""

    entry_id: int
    words: Mapping[str, str]
    #: One of them, for the log.
    reason: str
    #: The last day it is shown so, as `2027-05-31`.
    until: str


@dataclass(frozen=True)
class EntryUnfeatured:
    """A curator took a page from there before its day."""

    entry_id: int
