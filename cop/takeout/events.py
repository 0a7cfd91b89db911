"""What happens to the files in which people take along what is theirs, in the past tense."""

from dataclasses import dataclass


@dataclass(frozen=True)
class TakeoutAsked:
    """Somebody has everything of hers put into one file."""

    user_id: int
    takeout_id: int


@dataclass(frozen=True)
class TakeoutOpened:
    """Somebody opened her file on a device, with her password."""

    user_id: int
    takeout_id: int
    session_id: int


#: None of them shows on any page.
ALL = (TakeoutAsked, TakeoutOpened)
