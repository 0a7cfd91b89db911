"""Who prepares a workshop beside the one who leads it."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop.core.db import Base
from cop.core.types import UTCDateTime
from cop.people.models import User


class CoTrainer(Base):
    """Somebody is asked to prepare a workshop with its author, or does so since she said yes."""

    __tablename__ = "co_trainers"

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    invited_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: Since when she is one; None while she has not said yes.
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    declined_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Whether the page of the workshop names her: she says so herself.
    named: Mapped[bool] = mapped_column(default=False)
    #: Since when she is asked to lead the workshop from now on.
    offered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship(lazy="raise_on_sql")
