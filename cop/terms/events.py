"""What happens to the vocabulary."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class VocabularyChanged:
    """Terms, schemes or sources were added or changed.

    `stamp` is random: the last one, with the number of these events, names a state of the
    vocabulary. A number alone would not do, because ids return after a rollback.
    """

    keys: tuple[str, ...]
    stamp: str


@dataclass(frozen=True)
class TermEdited:
    """A curator changed the names, the definition or the relations of a term, for a reason."""

    key: str
    reason: str
    #: What was changed: part → what it said before, and what it says since.
    changes: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class TermMerged:
    """A curator merged a term into another, for a reason."""

    key: str
    into: str
    reason: str


@dataclass(frozen=True)
class TermUnmerged:
    """A curator took a merging back, for a reason."""

    key: str
    into: str
    reason: str


@dataclass(frozen=True)
class TermAdded:
    """A curator took a term into the list that a member had suggested; the reason may be empty."""

    key: str
    reason: str


@dataclass(frozen=True)
class TermsKeptApart:
    """A curator said that two terms whose names or notes are alike are two things, for a reason."""

    key: str
    other: str
    reason: str


@dataclass(frozen=True)
class TermSuggested:
    """A member suggested a term; which one stands with the suggestion alone."""

    suggestion_id: int


@dataclass(frozen=True)
class SuggestionDecided:
    """A curator took a suggested term into the list, named one that says the same, or declined it."""

    suggestion_id: int
    state: str
    #: Who suggested it, and is told.
    user_id: int | None


#: What the page of a term tells of its past.
HISTORY: tuple[type, ...] = (TermAdded, TermEdited, TermMerged, TermUnmerged, TermsKeptApart)
