"""What people watch, how they want to be told, and the lines they are told in."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from cop.core.db import Base
from cop.core.types import UTCDateTime


class Level(StrEnum):
    """How much of what is watched is told."""

    EVERYTHING = "everything"
    #: New entries, and not what is said about them.
    NEW = "new"
    #: Only what is addressed to her: mentions, and answers to what she said.
    MENTIONS = "mentions"
    #: Nothing, whatever else would tell it.
    MUTE = "mute"


class Frequency(StrEnum):
    """How often mails tell what the lines tell."""

    NOW = "now"
    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


class Because(StrEnum):
    """Why somebody is told. The first six are kinds of what can be watched."""

    ENTRY = "entry"
    TERM = "term"
    PERSON = "person"
    SEARCH = "search"
    SPACE = "space"
    #: She is in the circle; told of what is new there unless she chose otherwise.
    CIRCLE = "circle"
    WROTE = "wrote"
    COMMENTED = "commented"
    ANSWERED = "answered"
    #: What was written mentions her.
    MENTIONED = "mentioned"
    #: Her reply was accepted as the answer.
    ACCEPTED = "accepted"
    #: Her notes carry a term of the question.
    KNOWS = "knows"
    #: Somebody tried what she wrote of, or what she watches.
    TRIED = "tried"
    TRIED_WATCHED = "tried-watched"
    #: She proposed it, or is the curator who talks with the proposer.
    PROPOSED = "proposed"
    #: A page took up words of hers.
    TAKEN_UP = "taken-up"
    #: She signed up for a date of a workshop.
    SIGNED_UP = "signed-up"
    #: She prepares the workshop with its author, and hears what is said about it as the author does.
    PREPARES = "prepares"
    #: She prepares the workshop, or is asked to.
    TRAINS = "trains"
    #: She came to the workshop.
    CAME = "came"
    #: She prepares a workshop, and something it is built on changed or is gone.
    BUILT = "built"
    #: A moderator decided about what she wrote.
    DECIDED = "decided"


#: What is told whatever she watches: it happened to what is hers.
ALWAYS = frozenset({Because.DECIDED, Because.SIGNED_UP, Because.TRAINS, Because.CAME})

#: What is addressed to somebody, and reaches her at the level of mentions too.
ADDRESSED = frozenset({Because.MENTIONED, Because.ANSWERED, Because.ACCEPTED})


class LineKind(StrEnum):
    """What a line tells of."""

    #: Comments on an entry, all that were not seen yet in one line.
    TALK = "talk"
    #: Answers to her own comments on an entry, likewise.
    ANSWER = "answer"
    #: A comment or an entry that mentions her.
    MENTION = "mention"
    #: A new entry.
    ENTRY = "entry"
    #: A reply that was accepted as the answer.
    ACCEPTED = "accepted"
    #: A page she watches says something else, or was judged anew.
    EDIT = "edit"
    #: What was decided or said about something of hers.
    DECISION = "decision"


class Watch(Base):
    """Somebody watches something, or wants to hear nothing of it."""

    __tablename__ = "watches"
    __table_args__ = (
        UniqueConstraint("user_id", "kind", "target_id", "address"),
        Index("ix_watches_target", "kind", "target_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    #: A key of `targets.TARGETS`.
    kind: Mapped[str] = mapped_column(String(16))
    #: The id of the entry, term or person; 0 for a search.
    target_id: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    #: What a search asks for, as the query of its address; "" for everything else.
    address: Mapped[str] = mapped_column(String(1000), default="", server_default="")
    level: Mapped[str] = mapped_column(String(16))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class NoticeSettings(Base):
    """How somebody wants to be told; who never said has no row and is told as the defaults say."""

    __tablename__ = "notice_settings"
    __table_args__ = (Index("ix_notice_settings_due", "next_digest_at", "user_id"),)

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    mail: Mapped[str] = mapped_column(String(8), default=Frequency.NOW.value)
    #: Whether she watches what she wrote and commented on without saying so each time.
    own: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    #: Whether she is told of questions on what her own notes are about.
    asked: Mapped[bool] = mapped_column(default=True, server_default=text("true"))
    #: Up to when the last digest told; lines changed later belong to the next.
    digested_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: When the next digest is due; None where none is wanted.
    next_digest_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: The key of the digest that was queued last, so that it is known whether it came back.
    digest_key: Mapped[str | None] = mapped_column(String(160))


class Notice(Base):
    """One line somebody is told in. It holds ids and no words: what it says is read when it is shown.

    Comments on one entry share a line, which says what was posted from `since_id` to `comment_id`; once
    it has been read, the next comment begins it anew.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("user_id", "key"),
        Index("ix_notices_list", "user_id", "at", "id"),
        Index("ix_notices_unread", "user_id", "read_at", "at"),
        Index("ix_notices_entry", "entry_id", "user_id"),
        Index("ix_notices_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    #: `talk:12`, `answer:12`, `entry:12`, `edit:12`, `accepted:34`, `decision:345`: what tells the same is one line.
    key: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(16))
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"))
    #: The last comment the line tells of, or the one a decision is about.
    comment_id: Mapped[int | None] = mapped_column(
        ForeignKey("comments.id", ondelete="CASCADE"), index=True
    )
    #: The first comment the line tells of.
    since_id: Mapped[int | None]
    #: What happened last, of what the line tells.
    event_id: Mapped[int] = mapped_column(ForeignKey("events.id", ondelete="CASCADE"), index=True)
    because: Mapped[str] = mapped_column(String(16))
    #: The watched term, person, search or space it is told for, the term her notes carry, or what a new entry
    #: was tried after.
    because_id: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: When the line was last written, which may be long after what it tells of: digests go by it.
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class CircleNews(Base):
    """What became of somebody in a circle: it stands behind her bell and in her next digest. Ids alone, like a line."""

    __tablename__ = "circle_news"
    __table_args__ = (
        Index("ix_circle_news_user", "user_id", "written_at"),
        Index("ix_circle_news_written", "written_at"),
    )

    event_id: Mapped[int] = mapped_column(
        ForeignKey("events.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    circle_id: Mapped[int] = mapped_column(ForeignKey("circles.id", ondelete="CASCADE"))
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
