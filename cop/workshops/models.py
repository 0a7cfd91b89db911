"""The checkable facts of workshops."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop.core.db import Base
from cop.entries.models import Entry
from cop.workshops.session_models import CalendarFeed, SignUp, WorkshopSession

__all__ = ["CalendarFeed", "SignUp", "Workshop", "WorkshopSession"]


class Workshop(Base):
    """How long a workshop is and for how many, as lists show it.

    All else stands with the facts of its newest revision.
    """

    __tablename__ = "workshops"

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True
    )
    #: 0 where nobody has said.
    minutes: Mapped[int] = mapped_column(default=0)
    group_min: Mapped[int | None]
    group_max: Mapped[int | None]

    entry: Mapped[Entry] = relationship(lazy="raise_on_sql")
