"""What happens to practice pages beside what happens to every entry."""

from dataclasses import dataclass


@dataclass(frozen=True)
class PracticeGraded:
    """A curator judged a page: how far it can be relied on, why, and when it is looked at again."""

    entry_id: int
    grade: str
    before: str
    review_by: str
    reason: str
