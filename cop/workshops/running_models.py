"""What remains of a date once it has begun: who came, what they thought, and what came of it."""

import secrets
from datetime import date, datetime

from sqlalchemy import BigInteger, Date, ForeignKey, String, Text as LongText
from sqlalchemy.orm import Mapped, mapped_column

from cop.core.db import Base
from cop.core.types import UTCDateTime


class Attendance(Base):
    """Somebody who signed up came, as a trainer ticked; and whether she has answered, not what."""

    __tablename__ = "workshop_attendance"

    sign_up_id: Mapped[int] = mapped_column(
        ForeignKey("workshop_sign_ups.id", ondelete="CASCADE"), primary_key=True
    )
    session_id: Mapped[int] = mapped_column(
        ForeignKey("workshop_sessions.id", ondelete="CASCADE"), index=True
    )
    #: A tick that is taken away leaves the row, so that nobody answers twice.
    present: Mapped[bool] = mapped_column(default=True)
    answered: Mapped[bool] = mapped_column(default=False)


def _any_number() -> int:
    """Return a number that says nothing of the order in which answers came."""
    return secrets.randbelow(2**62) + 1


class Evaluation(Base):
    """What somebody who came thought of a date: no person, no time, and a number without order."""

    __tablename__ = "workshop_evaluations"

    id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, default=_any_number
    )
    session_id: Mapped[int] = mapped_column(
        ForeignKey("workshop_sessions.id", ondelete="CASCADE"), index=True
    )
    #: A `Useful`.
    useful: Mapped[str] = mapped_column(String(8))
    will_try: Mapped[str] = mapped_column(LongText, default="")
    missing: Mapped[str] = mapped_column(LongText, default="")
    #: Whether trainers read it: answers are opened several at a time.
    opened: Mapped[bool] = mapped_column(default=False)


class FollowUp(Base):
    """When the trainers of a date say what came of it, and what they said."""

    __tablename__ = "workshop_follow_ups"

    session_id: Mapped[int] = mapped_column(
        ForeignKey("workshop_sessions.id", ondelete="CASCADE"), primary_key=True
    )
    due_on: Mapped[date] = mapped_column(Date)
    #: When the trainers were told that it is due.
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    words: Mapped[str] = mapped_column(LongText, default="")
    #: The language of the words.
    lang: Mapped[str] = mapped_column(String(16), default="")
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Whether the page of the workshop tells the numbers of the evaluation.
    shows_numbers: Mapped[bool] = mapped_column(default=False)
    #: Grows with each change, so that two who answer at once see each other's words.
    version: Mapped[int] = mapped_column(default=1)
