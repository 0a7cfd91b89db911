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


@dataclass(frozen=True)
class PageJoined:
    """The strategy of a page was merged into that of another one, and its address leads there."""

    entry_id: int
    into_id: int


@dataclass(frozen=True)
class PageParted:
    """The merging was taken back, and the page stands by itself again."""

    entry_id: int
    from_id: int


@dataclass(frozen=True)
class PagesRearranged:
    """Other pages lead to this one now, or lead there no more."""

    entry_id: int


#: Every event after which pages and the index must be made anew.
CHANGES: tuple[type, ...] = (PageJoined, PageParted, PagesRearranged)
