"""What the keepers of the site keep for themselves."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from cop.core.db import Base
from cop.core.types import UTCDateTime


class Claim(Base):
    """Somebody is at work on an item of the curators' queue, so that two do not collide."""

    __tablename__ = "claims"

    #: `proposal:5`, `review:7`: what the item is.
    subject: Mapped[str] = mapped_column(String(40), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
