"""When workshops are given, and who comes: dates of workshops, and sign-ups for them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import DateTime, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from cop.core.db import Base
from cop.core.types import UTCDateTime


class SignUpState(StrEnum):
    """Where somebody stands who signed up."""

    GOING = "going"
    #: All seats were taken; the one who has waited longest moves up.
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"


class Spoken(StrEnum):
    """In what a workshop is given."""

    ZH = "zh-Hans"
    EN = "en"
    BOTH = "both"


class WorkshopSession(Base):
    """One time that a workshop is given: when, where, for how many.

    What the clocks say there (`starts_local`, `timezone`) is what was agreed; the moments in UTC follow from
    it and order the lists.
    """

    __tablename__ = "workshop_sessions"
    __table_args__ = (
        UniqueConstraint("entry_id", "number"),
        Index("ix_workshop_sessions_starts", "starts_at", "entry_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"))
    #: 1 for the first that was added to its workshop; addresses name it.
    number: Mapped[int]
    #: What calendars know it by, wherever the site moves.
    uid: Mapped[str] = mapped_column(String(64), unique=True)
    #: By the clocks of `timezone`, without a zone of their own.
    starts_local: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    ends_local: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    timezone: Mapped[str] = mapped_column(String(64))
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    place_id: Mapped[int | None] = mapped_column(
        ForeignKey("terms.id", ondelete="SET NULL"), index=True
    )
    venue: Mapped[str] = mapped_column(String(300), default="")
    #: Whether one can take part from elsewhere.
    online: Mapped[bool] = mapped_column(default=False)
    #: Where; shown to nobody but who is going, and the trainers.
    link: Mapped[str] = mapped_column(String(1000), default="")
    spoken: Mapped[str] = mapped_column(String(8))
    #: Whether one signs up for it here.
    takes_sign_ups: Mapped[bool] = mapped_column(default=True)
    #: None where everybody fits.
    seats: Mapped[int | None]
    #: The end of the last day on which one can sign up, there; None: until it begins.
    closes_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    called_off_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Why, as who signed up is told.
    called_off_because: Mapped[str] = mapped_column(String(500), default="")
    #: Taken away by its trainer while nobody had signed up: it was a mistake.
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: Grows with each change; an edit says which it started from, and calendars which is newer.
    version: Mapped[int] = mapped_column(default=1)
    #: Of the secret link by which people without an account sign up; "" where there is none.
    invite_hash: Mapped[str] = mapped_column(String(64), default="", index=True)


class SignUp(Base):
    """Somebody signed up for a date: a member, or a name that came by the trainer's link."""

    __tablename__ = "workshop_sign_ups"
    __table_args__ = (
        UniqueConstraint("session_id", "user_id"),
        Index("ix_workshop_sign_ups_order", "session_id", "state", "queued_at", "id"),
        Index("ix_workshop_sign_ups_user", "user_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    session_id: Mapped[int] = mapped_column(ForeignKey("workshop_sessions.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    #: As typed by somebody without account; trainers alone see it.
    name: Mapped[str] = mapped_column(String(120), default="")
    #: Of her secret link; "" for members.
    token_hash: Mapped[str] = mapped_column(String(64), default="", index=True)
    state: Mapped[str] = mapped_column(String(12))
    #: Since when she stands in the line: who comes again after withdrawing stands at its end.
    queued_at: Mapped[datetime] = mapped_column(UTCDateTime)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class CalendarFeed(Base):
    """The secret address under which somebody's calendar reads what she signed up for."""

    __tablename__ = "workshop_feeds"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
