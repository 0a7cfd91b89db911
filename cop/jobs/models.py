"""The queue's table."""

from datetime import datetime

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from cop.core.db import Base, JSONType
from cop.core.types import Json, UTCDateTime


class Job(Base):
    """One piece of work to be done; the row is deleted when it is.

    `payload` carries ids only: the work rebuilds from the present state of the database, so doing it
    twice or late does no harm. `key` makes equal waiting jobs one; it is cleared when the job is
    claimed, so a change during the work queues it again.
    """

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_due", "run_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    key: Mapped[str | None] = mapped_column(String(160), unique=True)
    payload: Mapped[Json] = mapped_column(JSONType)
    run_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: Until when a worker holds the job; a lease that has run out may be claimed by another.
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    last_error: Mapped[str | None] = mapped_column(Text)
    #: Set after the last try failed; `cop doctor` names parked jobs.
    parked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
