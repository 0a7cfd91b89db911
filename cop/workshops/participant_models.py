"""What participants of a workshop have together: its circle, and drafts they let its trainers read."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text as LongText
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop.core.db import Base
from cop.core.types import UTCDateTime
from cop.entries.models import Draft
from cop.people.models import User


class WorkshopCircle(Base):
    """The circle that a trainer opened for a workshop."""

    __tablename__ = "workshop_circles"

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True
    )
    circle_id: Mapped[int] = mapped_column(
        ForeignKey("circles.id", ondelete="CASCADE"), unique=True
    )


class DraftShare(Base):
    """Somebody lets the trainers of a workshop read a draft of hers, until she ends that."""

    __tablename__ = "draft_shares"

    draft_id: Mapped[int] = mapped_column(
        ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True
    )
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"), index=True)
    shared_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: When a trainer asked her to publish it.
    asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    draft: Mapped[Draft] = relationship(lazy="raise_on_sql")


class DraftRemark(Base):
    """What a trainer, or who writes it, says about a shared draft; gone with the draft."""

    __tablename__ = "draft_remarks"
    __table_args__ = (Index("ix_draft_remarks_draft", "draft_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    draft_id: Mapped[int] = mapped_column(ForeignKey("drafts.id", ondelete="CASCADE"))
    #: Key of the section it is about; "" for the whole.
    section: Mapped[str] = mapped_column(String(40), default="")
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    body: Mapped[str] = mapped_column(LongText)
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    author: Mapped[User | None] = relationship(lazy="raise_on_sql")
