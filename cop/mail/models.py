"""The outbox: mails that were decided on together with what they tell of."""

from datetime import datetime

from sqlalchemy import Index, String, Text, text as sql
from sqlalchemy.orm import Mapped, mapped_column

from cop.core.db import Base, JSONType
from cop.core.types import UTCDateTime


class OutgoingMail(Base):
    """One mail to one person.

    Its words are emptied once it is sent, since they may carry a link that signs in; the address and the
    subject some weeks later (`outbox.forget_old`).
    """

    __tablename__ = "outgoing_mails"
    __table_args__ = (Index("ix_outgoing_mails_state", "sent_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Makes equal mails one: the same key is queued once, for ever.
    key: Mapped[str | None] = mapped_column(String(160), unique=True)
    to: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200), default="")
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str | None] = mapped_column(Text)
    lang: Mapped[str] = mapped_column(String(16))
    headers: Mapped[dict[str, str]] = mapped_column(JSONType, default=dict)
    #: Given when the mail is queued, so that a second try is recognised as the same mail.
    message_id: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Set when the server refused the mail for good; nobody tries again.
    refused_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    tries: Mapped[int] = mapped_column(default=0, server_default=sql("0"))
    last_error: Mapped[str | None] = mapped_column(Text)
