"""Tables of the web layer: rate counters, and forms already answered."""

from datetime import datetime

from sqlalchemy import Float, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from cop.core.db import Base
from cop.core.types import UTCDateTime


class RateCounter(Base):
    """How often something was tried in the present window; the key is a keyed digest and names nobody.

    Used where the database is a server. Where it is a file, the counters lie in a file of their own
    (`cop.web.limits` says why) with the same table.
    """

    __tablename__ = "rate_counters"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    hits: Mapped[int] = mapped_column(Integer)
    #: Seconds since 1970; the window ends then.
    expires_at: Mapped[float] = mapped_column(Float(53), index=True)


class AnsweredForm(Base):
    """A form that was sent once and answered, so that the same sending again gives the same answer."""

    __tablename__ = "answered_forms"

    #: Digest of the form's own key and of what was typed.
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    #: Where the first sending was redirected to; empty while it is being answered.
    url: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
