"""Links by name: under which names entries are found, and which names texts hold."""

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from cop.core.db import Base


class Title(Base):
    """A title that an entry has, or once had, in one language: `[[…]]` in a text leads to it by either."""

    __tablename__ = "titles"
    __table_args__ = (Index("ix_titles_folded", "folded"),)

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True
    )
    lang: Mapped[str] = mapped_column(String(16), primary_key=True)
    #: As labels of terms are looked up: in small letters and Simplified characters.
    folded: Mapped[str] = mapped_column(String(200), primary_key=True)
    #: Whether it is the title of today.
    current: Mapped[bool]


class PageLink(Base):
    """A published text has a link by this name, wherever that leads (or does not)."""

    __tablename__ = "page_links"
    __table_args__ = (Index("ix_page_links_target", "target", "entry_id"),)

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True
    )
    lang: Mapped[str] = mapped_column(String(16), primary_key=True)
    #: Folded, as titles and labels are looked up.
    target: Mapped[str] = mapped_column(String(200), primary_key=True)
    #: As its writer typed it.
    typed: Mapped[str] = mapped_column(String(200))


class CommentLink(Base):
    """A comment has a link by this name, wherever that leads (or does not)."""

    __tablename__ = "comment_links"
    __table_args__ = (Index("ix_comment_links_target", "target", "comment_id"),)

    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True
    )
    #: Folded, as titles and labels are looked up.
    target: Mapped[str] = mapped_column(String(200), primary_key=True)
