"""The files in which people take along what is theirs."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cop.core.db import Base
from cop.core.types import UTCDateTime


class Takeout(Base):
    """Everything of one person in a file: being made part by part, or there for a while. Nobody else ever reads it."""

    __tablename__ = "takeouts"
    __table_args__ = (Index("ix_takeouts_user", "user_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    #: What the file and the folder of its parts are called: by chance, so that no address or id leads to them.
    name: Mapped[str] = mapped_column(String(64), unique=True)
    #: The language it is in, whatever she reads meanwhile.
    lang: Mapped[str] = mapped_column(String(16))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: When something was last put into it: what stands still for long is taken for lost.
    moved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: The room of `cop.takeout.making.ROOMS` it is at, the last row of that which is in it, and the parts there are.
    room: Mapped[int] = mapped_column(default=0, server_default="0")
    last_id: Mapped[int] = mapped_column(default=0, server_default="0")
    parts: Mapped[int] = mapped_column(default=0, server_default="0")
    #: Things that are in it, and how many there will be.
    done: Mapped[int] = mapped_column(default=0, server_default="0")
    total: Mapped[int] = mapped_column(default=0, server_default="0")
    ready_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    bytes: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    #: Why it could not be made: "full", or "".
    problem: Mapped[str] = mapped_column(String(16), default="", server_default="")
    #: Until when, and on which session, it can be fetched: her password was given there.
    open_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    session_id: Mapped[int | None]
