"""The checkable facts of practice pages."""

from datetime import date
from enum import StrEnum

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop.core.db import Base
from cop.entries.models import Entry
from cop.terms.models import Term


class Grade(StrEnum):
    """How far a practice page can be relied on, as a curator judges its evidence."""

    STUB = "stub"
    EMERGING = "emerging"
    ESTABLISHED = "established"
    CONTESTED = "contested"
    SUPERSEDED = "superseded"


class Practice(Base):
    """The page of one strategy: which, how far it can be relied on, and when that is looked at again.

    The reason of the grade and what the page cites stand with the facts of its newest revision.
    """

    __tablename__ = "practices"

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True
    )
    term_id: Mapped[int] = mapped_column(ForeignKey("terms.id"), unique=True)
    grade: Mapped[str] = mapped_column(String(16), default=Grade.STUB.value)
    #: When a curator is to look at it again; None where nobody has said.
    review_by: Mapped[date | None] = mapped_column(Date, index=True)

    entry: Mapped[Entry] = relationship(lazy="raise_on_sql")
    term: Mapped[Term] = relationship(lazy="raise_on_sql")
