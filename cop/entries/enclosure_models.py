"""Documents and sounds of entries: what is known of each beside what every attachment has."""

from enum import StrEnum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from cop.core.db import Base


class Reading(StrEnum):
    """What became of reading the words of a file."""

    WAITS = "waits"
    READ = "read"
    #: It was read, and holds no words.
    WORDLESS = "wordless"
    FAILED = "failed"
    #: It is a sound.
    NONE = "none"


class Enclosed(Base):
    """A document or a sound: its format, the terms it is shown on, and its words for search."""

    __tablename__ = "enclosed"

    attachment_id: Mapped[int] = mapped_column(
        ForeignKey("attachments.id", ondelete="CASCADE"), primary_key=True
    )
    #: One of `cop.storage.documents.MEDIA_TYPES`.
    format: Mapped[str] = mapped_column(String(8))
    licence: Mapped[str] = mapped_column(String(20), default="")
    source: Mapped[str] = mapped_column(String(300), default="")
    reading: Mapped[str] = mapped_column(String(10), index=True)
    #: The words of a document.
    words: Mapped[str] = mapped_column(Text, default="")
