"""The checkable facts of case notes."""

from enum import StrEnum

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop.core.db import Base, JSONType
from cop.core.types import Texts
from cop.entries.models import Entry
from cop.people.models import Organisation
from cop.terms.models import Term


class Outcome(StrEnum):
    """How it went; words and definitions come from the scheme `outcome`."""

    WORKED = "worked"
    MIXED = "mixed"
    FAILED = "failed"
    TOO_EARLY = "too-early"


class Evidence(StrEnum):
    """Where a note's facts come from; words and definitions come from the scheme `evidence`."""

    OWN_EXPERIENCE = "own-experience"
    INTERVIEW = "interview"
    FIELD_OBSERVATION = "field-observation"
    SECOND_HAND = "second-hand"


class Durability(StrEnum):
    """Whether what a strategy brought still stands."""

    RUNNING = "running"
    ENDED_AS_PLANNED = "ended-as-planned"
    ENDED_LEADER_CHANGE = "ended-leader-change"
    STOPPED = "stopped"
    UNKNOWN = "unknown"


class CaseNote(Base):
    """The checkable facts of a case note: who tried what, where, and how it went."""

    __tablename__ = "case_notes"
    __table_args__ = (
        Index("ix_case_notes_place", "place_id", "entry_id"),
        Index("ix_case_notes_organisation", "organisation_id", "entry_id"),
        Index("ix_case_notes_outcome", "outcome", "entry_id"),
        Index("ix_case_notes_evidence", "evidence", "entry_id"),
        Index("ix_case_notes_started", "started", "ended", "entry_id"),
        Index("ix_case_notes_ended", "ended", "started", "entry_id"),
    )

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True
    )
    outcome: Mapped[str] = mapped_column(String(16))
    evidence: Mapped[str] = mapped_column(String(24))
    #: The named organisation; None where it is only described: then nothing links to it, not even here.
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    described_as: Mapped[Texts | None] = mapped_column(JSONType)
    #: Notes of one project share its key and count as one experience.
    project: Mapped[str | None] = mapped_column(String(80), index=True)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("terms.id"))
    #: `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, as precise as the author chose; compared as text.
    started: Mapped[str | None] = mapped_column(String(10))
    ended: Mapped[str | None] = mapped_column(String(10))
    #: False where the dates only bound the case (a study's period, the year of an interview).
    period_exact: Mapped[bool] = mapped_column(default=True)
    #: The period in words, where numbers say too much or too little.
    period_text: Mapped[Texts | None] = mapped_column(JSONType)

    entry: Mapped[Entry] = relationship(lazy="raise_on_sql")
    organisation: Mapped[Organisation | None] = relationship(lazy="raise_on_sql")
    place: Mapped[Term | None] = relationship(lazy="raise_on_sql")


class StrategyUse(Base):
    """A note used a strategy; where that went differently from the whole, its own outcome."""

    __tablename__ = "strategy_uses"
    __table_args__ = (
        ForeignKeyConstraint(
            ["entry_id", "term_id"], ["taggings.entry_id", "taggings.term_id"], ondelete="CASCADE"
        ),
        Index("ix_strategy_uses_term", "term_id", "entry_id"),
    )

    entry_id: Mapped[int] = mapped_column(primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("terms.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str | None] = mapped_column(String(16))
    effects: Mapped[Texts | None] = mapped_column(JSONType)
    side_effects: Mapped[Texts | None] = mapped_column(JSONType)
    durability: Mapped[str] = mapped_column(String(24), default=Durability.UNKNOWN.value)
