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
class DiscussionMerged:
    """A moderator joined the discussion with another one, for a reason."""

    entry_id: int
    into_id: int
    rearrangement_id: int
    reason: str
    ready: str = ""


@dataclass(frozen=True)
class DiscussionJoined:
    """Another discussion was joined with this one."""

    entry_id: int
    rearrangement_id: int


@dataclass(frozen=True)
class RepliesSplit:
    """A moderator moved replies of the discussion to another one, for a reason."""

    entry_id: int
    to_id: int
    rearrangement_id: int
    reason: str
    ready: str = ""


@dataclass(frozen=True)
class RepliesReceived:
    """Replies of another discussion stand in this one now."""

    entry_id: int
    rearrangement_id: int
    reason: str
    ready: str = ""


@dataclass(frozen=True)
class RearrangementUndone:
    """A moderator made a joining or a split undone, for a reason; what came to stand here is back there."""

    entry_id: int
    rearrangement_id: int
    reason: str
    ready: str = ""


@dataclass(frozen=True)
class RepliesReturned:
    """What was moved from the discussion stands in it again."""

    entry_id: int
    rearrangement_id: int


@dataclass(frozen=True)
class SpaceChanged:
    """A space was made, or has another name, purpose or language."""

    space_id: int


#: What people are told of.
TOLD: tuple[type, ...] = (
    AnswerAccepted,
    DiscussionMerged,
    RepliesReceived,
    RepliesReturned,
)

#: Every event after which pages and the index must be made anew.
CHANGES: tuple[type, ...] = (
    AnswerAccepted,
    AnswerUnaccepted,
    DiscussionPinned,
    DiscussionUnpinned,
    DiscussionMoved,
    DiscussionMerged,
    DiscussionJoined,
    RepliesSplit,
    RepliesReceived,
    RearrangementUndone,
    RepliesReturned,
)
