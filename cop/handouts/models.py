"""Booklets as files."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cop.core.db import Base
from cop.core.types import UTCDateTime


class Printed(Base):
    """A booklet that is made into a file or is one: of what, for whom, and of which words exactly.

    The file holds what its words were; where they are others by now it is not served any more.
    """

    __tablename__ = "printed_booklets"
    __table_args__ = (Index("ix_printed_booklets_asked", "asked_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"), index=True)
    #: The hash of everything that goes into the file.
    words: Mapped[str] = mapped_column(String(64), unique=True)
    #: `zh`, `en` or `both`.
    text: Mapped[str] = mapped_column(String(8))
    #: Whom it is for (see `cop.handouts.eyes.Reach`).
    reach: Mapped[str] = mapped_column(String(16))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: Since when the file is there; None while it is made, or where it could not be.
    ready_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Why it could not be made: one of the words of `cop.handouts.draw`, or "".
    problem: Mapped[str] = mapped_column(String(16), default="", server_default="")
    #: The file in the store, its bytes and its pages.
    sha256: Mapped[str] = mapped_column(String(64), default="", server_default="", index=True)
    bytes: Mapped[int] = mapped_column(default=0, server_default="0")
    pages: Mapped[int] = mapped_column(default=0, server_default="0")
