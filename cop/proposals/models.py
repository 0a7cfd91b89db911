"""What members propose for a page, what became of it, and the talk between proposer and curator."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text as LongText
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop.core.db import Base, JSONType
from cop.core.types import Json, UTCDateTime
from cop.people.models import User


class State(StrEnum):
    """What became of a proposal."""

    OPEN = "open"
    ACCEPTED = "accepted"
    AMENDED = "amended"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Proposal(Base):
    """Another wording of a page or of one of its sections; or, without `entry_id`, a page that is not there yet."""

    __tablename__ = "proposals"
    __table_args__ = (
        Index("ix_proposals_state", "state", "opened_at", "id"),
        Index("ix_proposals_entry", "entry_id", "id"),
        Index("ix_proposals_author", "author_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: What makes a form sent twice one proposal.
    key: Mapped[str] = mapped_column(String(80), unique=True)
    kind: Mapped[str] = mapped_column(String(16))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"))
    #: What a page that is not there yet is about, as its kind's facts say it: `{"strategy": …}`.
    facts: Mapped[Json] = mapped_column(JSONType, default=dict)
    lang: Mapped[str] = mapped_column(String(16))
    #: The revision it was made for; None for a new page.
    base_id: Mapped[int | None] = mapped_column(ForeignKey("revisions.id", ondelete="SET NULL"))
    #: Where it was made for one section alone, its key; "" for the whole.
    section: Mapped[str] = mapped_column(String(40), default="", server_default="")
    title: Mapped[str] = mapped_column(String(200))
    sections: Mapped[Json] = mapped_column(JSONType)
    #: Why, in a line or two.
    note: Mapped[str] = mapped_column(String(300))
    #: How much it changes, as the proposer sees it: a `Significance`.
    significance: Mapped[str] = mapped_column(String(16))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    state: Mapped[str] = mapped_column(String(16), default=State.OPEN.value)
    #: Grows with every change of its words, so that nobody decides about others than she read.
    version: Mapped[int] = mapped_column(default=1)
    #: Whether only curators see it besides its proposer, because she is new here.
    is_reserved: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    #: Why a curator declined it, or what she says about what she changed.
    reason: Mapped[str] = mapped_column(LongText, default="", server_default="")
    #: The entry whose words it takes up, and of a discussion the reply.
    source_id: Mapped[int | None] = mapped_column(
        ForeignKey("entries.id", ondelete="SET NULL"), index=True
    )
    source_comment_id: Mapped[int | None] = mapped_column(
        ForeignKey("comments.id", ondelete="SET NULL"), index=True
    )
    #: The revision that came of it.
    revision_id: Mapped[int | None] = mapped_column(
        ForeignKey("revisions.id", ondelete="SET NULL"), index=True
    )

    author: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[author_id])
    decided_by: Mapped[User | None] = relationship(
        lazy="raise_on_sql", foreign_keys=[decided_by_id]
    )

    @property
    def is_open(self) -> bool:
        """Whether it waits for a curator."""
        return self.state == State.OPEN


class Remark(Base):
    """What proposer or curator says about a proposal while it is considered."""

    __tablename__ = "proposal_remarks"

    id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int] = mapped_column(
        ForeignKey("proposals.id", ondelete="CASCADE"), index=True
    )
    #: What makes a form sent twice one remark.
    key: Mapped[str] = mapped_column(String(80), unique=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    lang: Mapped[str] = mapped_column(String(16))
    body: Mapped[str] = mapped_column(LongText)
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    author: Mapped[User | None] = relationship(lazy="raise_on_sql")
