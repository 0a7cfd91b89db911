"""What happens to discussions beside the life of every entry. Ids and reasons only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AnswerAccepted:
    """The asker or a moderator accepted a reply as the answer."""

    entry_id: int
    comment_id: int


@dataclass(frozen=True)
class AnswerUnaccepted:
    """The asker or a moderator took the acceptance back."""

    entry_id: int
    comment_id: int


@dataclass(frozen=True)
class DiscussionPinned:
    """A moderator put the discussion above the others of its space."""

    entry_id: int


@dataclass(frozen=True)
class DiscussionUnpinned:
    """A moderator put the discussion back among the others."""

    entry_id: int


@dataclass(frozen=True)
class DiscussionMoved:
    """A moderator moved the discussion to another space, for a reason."""

    entry_id: int
    from_space_id: int
    to_space_id: int
    reason: str


@dataclass(frozen=True)
class SpaceChanged:
    """A space was made, or has another name, purpose or language."""

    space_id: int


#: Every event after which pages and the index must be made anew.
CHANGES: tuple[type, ...] = (
    AnswerAccepted,
    AnswerUnaccepted,
    DiscussionPinned,
    DiscussionUnpinned,
    DiscussionMoved,
)
