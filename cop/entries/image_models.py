"""Images and files of entries and comments: what is known of each, and what holds them in the store."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop.core.db import Base, JSONType
from cop.core.types import Json, UTCDateTime


class Attachment(Base):
    """An image or a file somebody sent: of an entry, of a comment, or of nothing yet while she writes.

    Who may read the entry, and the comment, may see it; before it is published, its uploader alone.
    """

    __tablename__ = "attachments"
    __table_args__ = (
        Index("ix_attachments_entry", "entry_id", "comment_id", "position"),
        Index("ix_attachments_uploader", "uploader_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    uploader_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"))
    comment_id: Mapped[int | None] = mapped_column(
        ForeignKey("comments.id", ondelete="CASCADE"), index=True
    )
    #: Its place among the images shown now; None where only the history shows it.
    position: Mapped[int | None]
    #: What it shows, in words, by language; empty where it is only decoration.
    alt: Mapped[Json] = mapped_column(JSONType)
    #: Of an image whose is said, and its terms where they are not those of the text; files say both in `enclosed`.
    licence: Mapped[str] = mapped_column(String(20), default="", server_default="")
    source: Mapped[str] = mapped_column(String(300), default="", server_default="")
    media_type: Mapped[str] = mapped_column(String(100))
    #: What its uploader calls it; of an image nobody else reads that, a file is downloaded under it.
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: Since when a moderator has taken it away, and why; its files are gone.
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    removed_reason: Mapped[str] = mapped_column(String(300), default="", server_default="")

    renditions: Mapped[list["Rendition"]] = relationship(
        lazy="raise_on_sql", order_by="Rendition.width", passive_deletes=True
    )


class Rendition(Base):
    """One size of an image, as the file that holds it; of what is no image there is one, without edges."""

    __tablename__ = "renditions"

    attachment_id: Mapped[int] = mapped_column(
        ForeignKey("attachments.id", ondelete="CASCADE"), primary_key=True
    )
    width: Mapped[int] = mapped_column(primary_key=True)
    height: Mapped[int]
    #: The name of the file in the store.
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    bytes: Mapped[int]
