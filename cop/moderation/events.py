"""What happens in moderation. Who flagged something is in no event: those who read the log might be meant."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ItemFlagged:
    """Somebody asked the moderators to look at an entry, or at a comment on it."""

    entry_id: int
    comment_id: int | None
    reason: str


@dataclass(frozen=True)
class FlagTakenBack:
    """Somebody asks no more."""

    entry_id: int
    comment_id: int | None


@dataclass(frozen=True)
class ItemKept:
    """A moderator looked at what was flagged, and it stays as it is."""

    entry_id: int
    comment_id: int | None
    reason: str
    ready: str = ""


@dataclass(frozen=True)
class AuthorWarned:
    """A moderator told somebody what is wrong with an entry or comment of hers."""

    entry_id: int
    comment_id: int | None
    user_id: int
    reason: str
    ready: str = ""
