"""What happens to proposals. Ids and reasons only."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ProposalMade:
    """A member proposed an edit, or a page that is not there yet (then without an entry)."""

    proposal_id: int
    entry_id: int | None = None


@dataclass(frozen=True)
class ProposalChanged:
    """The proposer changed what she proposed."""

    proposal_id: int
    entry_id: int | None = None


@dataclass(frozen=True)
class ProposalRemarked:
    """Proposer or curator said something about it."""

    proposal_id: int
    remark_id: int
    #: Who is told: the other of the two.
    user_id: int | None
    entry_id: int | None = None


@dataclass(frozen=True)
class ProposalDecided:
    """A curator accepted, amended or declined it, or the proposer took it back."""

    proposal_id: int
    state: str
    reason: str
    #: Who proposed it, and is told.
    user_id: int | None
    entry_id: int | None = None


@dataclass(frozen=True)
class WordsTakenUp:
    """A published proposal put words of a reply or a note into a page; their author is told."""

    entry_id: int
    proposal_id: int
    source_id: int
    source_comment_id: int | None = None
