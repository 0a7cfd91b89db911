"""Spaces, and the checkable facts of discussions."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop.core.db import Base, JSONType
from cop.core.types import Json, Texts, UTCDateTime
from cop.entries.models import Entry


class Form(StrEnum):
    """What somebody wants of the others: an answer, or an exchange."""

    QUESTION = "question"
    CONVERSATION = "conversation"


class Space(Base):
    """Where discussions of one purpose stand together."""

    __tablename__ = "spaces"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The stable id of import and export.
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[Texts] = mapped_column(JSONType)
    #: What it is for, in a sentence.
    purpose: Mapped[Texts] = mapped_column(JSONType)
    #: The language people mostly write in there, or None for both.
    lang: Mapped[str | None] = mapped_column(String(16))
    #: Its place among the others.
    position: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    import_sha256: Mapped[str | None] = mapped_column(String(64))


class Discussion(Base):
    """The checkable facts of a discussion, with what its lists are sorted and narrowed by.

    `audience` and `active_at` repeat those of the entry, so that a list of a hundred thousand threads is read
    from one index; `following.follow` keeps them the same.
    """

    __tablename__ = "discussions"
    __table_args__ = (
        Index("ix_discussions_latest", "active_at", "entry_id", "audience"),
        Index("ix_discussions_space", "space_id", "pinned", "active_at", "entry_id", "audience"),
        Index("ix_discussions_unanswered", "unanswered", "active_at", "entry_id", "audience"),
    )

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True
    )
    space_id: Mapped[int] = mapped_column(ForeignKey("spaces.id"))
    form: Mapped[str] = mapped_column(String(16))
    #: The reply that answers the question, as its asker or a moderator judged.
    accepted_id: Mapped[int | None] = mapped_column(
        ForeignKey("comments.id", ondelete="SET NULL"), index=True
    )
    #: Whether it stands above the others of its space.
    pinned: Mapped[bool] = mapped_column(default=False)
    #: A question that nobody but its asker has replied to.
    unanswered: Mapped[bool] = mapped_column(default=False)
    active_at: Mapped[datetime] = mapped_column(UTCDateTime)
    audience: Mapped[str] = mapped_column(String(40))

    entry: Mapped[Entry] = relationship(lazy="raise_on_sql")
    space: Mapped[Space] = relationship(lazy="raise_on_sql")


class Shift(StrEnum):
    """How replies came to stand in another discussion."""

    #: A discussion was joined with another one, opening and all.
    MERGE = "merge"
    #: Some replies were moved to another one.
    SPLIT = "split"


class Rearrangement(Base):
    """A moderator joined two discussions or split one: what both keep saying, and what can be made undone."""

    __tablename__ = "rearrangements"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    source_id: Mapped[int] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"), index=True)
    target_id: Mapped[int] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"), index=True)
    #: Whether the target was made by it, from the first of the replies.
    made: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    ready: Mapped[str] = mapped_column(String(24), default="")
    words: Mapped[str] = mapped_column(String(300), default="")
    #: Replies that could be read when they were moved.
    number: Mapped[int] = mapped_column(default=0)
    #: What was otherwise before: the accepted answer, the pin, terms and notes that were added.
    before: Mapped[Json] = mapped_column(JSONType)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class MovedReply(Base):
    """A reply that a rearrangement moved, and the thread it stood in."""

    __tablename__ = "moved_replies"

    rearrangement_id: Mapped[int] = mapped_column(
        ForeignKey("rearrangements.id", ondelete="CASCADE"), primary_key=True
    )
    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    thread_id: Mapped[int]
