"""The table of what happened."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cop.core.db import Base, JSONType
from cop.core.types import Json, UTCDateTime


class Event(Base):
    """Something that happened: audit trail, activity and feeds read it.

    Never changed; only sign-ins are deleted, after a month.
    """

    __tablename__ = "events"
    __table_args__ = (
        Index("ix_events_entry", "entry_id", "id"),
        Index("ix_events_verb", "verb", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    verb: Mapped[str] = mapped_column(String(80))
    actor_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id", ondelete="SET NULL"))
    data: Mapped[Json] = mapped_column(JSONType)
