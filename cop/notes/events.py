"""What happens to notes beside the life of every entry. Ids only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NoteTriedAfter:
    """A note that stood published says now what it was tried after."""

    entry_id: int
    original_id: int
