"""What happens at and after a date. Ids only; of an evaluation nothing is recorded at all."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CameToWorkshop:
    """A trainer ticked that somebody came: she is asked what she thought."""

    entry_id: int
    number: int
    user_id: int


@dataclass(frozen=True)
class FollowUpDue:
    """The day has come to say what came of a date; one event for each trainer."""

    entry_id: int
    number: int
    user_id: int


@dataclass(frozen=True)
class FollowUpSet:
    """The day on which the trainers say what came of a date is another."""

    entry_id: int
    number: int


@dataclass(frozen=True)
class FollowUpAnswered:
    """The trainers said what came of a date."""

    entry_id: int
    number: int


@dataclass(frozen=True)
class NumbersShown:
    """The page of a workshop tells the numbers of an evaluation, or no longer."""

    entry_id: int
    number: int


@dataclass(frozen=True)
class CameOfIt:
    """A case note is said to have come of a workshop, or no longer."""

    entry_id: int
    note_id: int


@dataclass(frozen=True)
class WorkshopCircleOpened:
    """A trainer opened a circle for a workshop; one event for each participant, who is asked to come in."""

    entry_id: int
    user_id: int


@dataclass(frozen=True)
class DraftShared:
    """A participant lets the trainers read a draft; one event for each of them."""

    entry_id: int
    draft_id: int
    user_id: int


@dataclass(frozen=True)
class DraftRemarked:
    """Something was said about a shared draft."""

    entry_id: int
    draft_id: int
    user_id: int
    #: Whether it mentions her.
    mentions: bool = False


@dataclass(frozen=True)
class DraftWanted:
    """A trainer asks who wrote a draft to publish it."""

    entry_id: int
    draft_id: int
    user_id: int


#: Somebody is told of these.
TOLD: tuple[type, ...] = (
    CameToWorkshop,
    FollowUpDue,
    WorkshopCircleOpened,
    DraftShared,
    DraftRemarked,
    DraftWanted,
)
#: Of these nothing shows on a page of a visitor.
PRIVATE: tuple[type, ...] = TOLD
