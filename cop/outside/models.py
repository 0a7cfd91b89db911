"""Addresses outside the site, how they answered last, and which entries name them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from cop.core.db import Base
from cop.core.types import UTCDateTime

#: Longest address, and longest title taken from a page.
ADDRESS_LENGTH, TITLE_LENGTH = 2000, 200


class Address(Base):
    """An address as it was typed, once for all who name it. Nothing about its readers is kept, here or there."""

    __tablename__ = "addresses"
    __table_args__ = (Index("ix_addresses_due", "next_look_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Of the address: an index of one is too wide for some databases.
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    url: Mapped[str] = mapped_column(Text)
    #: What its page called itself when it was first reached.
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH), default="", server_default="")
    reached_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Since when it has not answered; None while it does.
    failing_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Looks in a row that found nothing.
    failures: Mapped[int] = mapped_column(default=0)
    #: When those who name it were told that it is gone.
    told_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: When it is looked at next; None while nobody names it.
    next_look_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class EntryAddress(Base):
    """An entry names an address."""

    __tablename__ = "entry_addresses"

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True
    )
    address_id: Mapped[int] = mapped_column(
        ForeignKey("addresses.id", ondelete="CASCADE"), primary_key=True, index=True
    )
