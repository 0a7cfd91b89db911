"""The shared life of everything that has a page of its own (case notes now, other kinds as they come)."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text as LongText, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop.core.db import Base, JSONType
from cop.core.types import Json, UTCDateTime
from cop.people.models import User
from cop.terms.models import Source


class Status(StrEnum):
    """Where an entry is in its life."""

    DRAFT = "draft"
    HELD = "held"
    PUBLISHED = "published"
    HIDDEN = "hidden"
    #: A discussion that was joined with another one, where its words stand now.
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    DELETED = "deleted"


class Visibility(StrEnum):
    """Who may read an entry once it is published."""

    CIRCLE = "circle"
    MEMBERS = "members"
    PUBLIC = "public"


class NameMask(StrEnum):
    """How the author's name is shown."""

    SHOWN = "shown"
    UNNAMED = "unnamed"


class Entry(Base):
    """The narrow header row of an entry: what lists, permissions and caches need, and no text."""

    __tablename__ = "entries"
    __table_args__ = (
        Index("ix_entries_list", "kind", "published_at", "id", "audience"),
        Index("ix_entries_latest", "published_at", "id", "audience"),
        Index("ix_entries_status", "status", "published_at", "id"),
        Index("ix_entries_author", "author_id", "kind", "id"),
        Index("ix_entries_circle", "circle_id", "published_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    #: The stable id of import and export: the file's, or `e-` and 12 base32 characters for one made here.
    key: Mapped[str] = mapped_column(String(80), unique=True)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    #: The permission label that readers must meet; derived by `policy.audience_of`, written only by operations.
    audience: Mapped[str] = mapped_column(String(40))
    status: Mapped[str] = mapped_column(String(16))
    visibility: Mapped[str] = mapped_column(String(16))
    #: The circle it was written in, and is of as long as its visibility says so.
    circle_id: Mapped[int | None] = mapped_column(ForeignKey("circles.id"))
    #: The widest visibility it ever had, or "": what a reader could open once and is gone answers 410, not 404.
    opened_to: Mapped[str] = mapped_column(String(16), default="", server_default="")
    name_mask: Mapped[str] = mapped_column(String(16), default=NameMask.SHOWN.value)
    #: "editors" where the editors wrote it from literature, "member" otherwise.
    written_by: Mapped[str] = mapped_column(String(16), default="member")
    reviewed_by_organisations: Mapped[bool] = mapped_column(
        default=True, server_default=text("true")
    )
    #: The language it was first written in.
    lang: Mapped[str] = mapped_column(String(16))
    #: Grows with every change that a page or the index could show.
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime] = mapped_column(UTCDateTime)
    active_at: Mapped[datetime] = mapped_column(UTCDateTime)
    import_sha256: Mapped[str | None] = mapped_column(String(64))
    #: Comments that can be read now (in discussions they are called replies).
    replies: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    #: Since when a moderator takes no further comments; None while it is open.
    locked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: The entry it was joined with, whatever became of it since: its address leads there.
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("entries.id", ondelete="SET NULL"), index=True
    )
    #: Whether comments came from an unnamed entry, so that all here tell the day alone.
    by_day: Mapped[bool] = mapped_column(default=False, server_default=text("false"))

    author: Mapped[User | None] = relationship(lazy="raise_on_sql")
    texts: Mapped[list["Text"]] = relationship(
        lazy="raise_on_sql", order_by="Text.id", back_populates="entry"
    )


class Text(Base):
    """One telling of an entry in one language."""

    __tablename__ = "texts"
    __table_args__ = (
        UniqueConstraint("entry_id", "lang"),
        Index("ix_texts_lang", "lang", "entry_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"))
    lang: Mapped[str] = mapped_column(String(16))
    title: Mapped[str] = mapped_column(String(200))
    slug: Mapped[str] = mapped_column(String(120))
    #: The one-line reason or opening that lists show under the title.
    summary: Mapped[str] = mapped_column(LongText, default="")
    #: The number of the published revision.
    number: Mapped[int]
    #: The words of that revision without markup, one section a line: what search reads. Never loaded unasked.
    plain: Mapped[str] = mapped_column(
        LongText, default="", server_default="", deferred=True, deferred_raiseload=True
    )

    entry: Mapped[Entry] = relationship(lazy="raise_on_sql", back_populates="texts")


class Revision(Base):
    """A published state of a text, never changed; a moderator or its author may empty (suppress) an earlier one."""

    __tablename__ = "revisions"
    __table_args__ = (UniqueConstraint("text_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    text_id: Mapped[int] = mapped_column(ForeignKey("texts.id", ondelete="CASCADE"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    #: Markdown by section key, plus `outcome_reason`.
    sections: Mapped[Json] = mapped_column(JSONType)
    #: The kind's facts at this revision, as its form would take them, so that any two can be compared.
    facts: Mapped[Json] = mapped_column(JSONType)
    #: Rendered sections: a cache, made by `markup.render` of `html_version`.
    html: Mapped[Json] = mapped_column(JSONType)
    html_version: Mapped[int] = mapped_column(default=0)
    editor_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    #: What the editor says was changed, and how much that means (a `Significance`, or "" where nobody said).
    note: Mapped[str] = mapped_column(String(300), default="")
    significance: Mapped[str] = mapped_column(String(16), default="", server_default="")
    restored_number: Mapped[int | None]
    sha256: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    suppressed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    suppressed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL")
    )
    suppressed_reason: Mapped[str | None] = mapped_column(String(300))

    editor: Mapped[User | None] = relationship(lazy="raise_on_sql", foreign_keys=[editor_id])


#: The kind of a draft that is of no entry: a comment, an answer to one, or a change of one.
COMMENT_DRAFT = "comment"


class Draft(Base):
    """What somebody is writing, readable by nobody else; kept on the server and found again on any device."""

    __tablename__ = "drafts"
    __table_args__ = (Index("ix_drafts_author", "author_id", "updated_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    author_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    entry_id: Mapped[int | None] = mapped_column(
        ForeignKey("entries.id", ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(String(16))
    lang: Mapped[str] = mapped_column(String(16))
    #: The form's fields as typed, valid or not.
    data: Mapped[Json] = mapped_column(JSONType)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Tagging(Base):
    """An entry carries a term."""

    __tablename__ = "taggings"
    __table_args__ = (Index("ix_taggings_term", "term_id", "entry_id"),)

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True
    )
    term_id: Mapped[int] = mapped_column(ForeignKey("terms.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)


class EntrySource(Base):
    """A source an entry rests on, and the place in it."""

    __tablename__ = "entry_sources"
    __table_args__ = (UniqueConstraint("entry_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"))
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), index=True)
    at: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int] = mapped_column(default=0)

    source: Mapped[Source] = relationship(lazy="raise_on_sql")


class LinkKind(StrEnum):
    """What one entry says of another."""

    #: It is about the other, and shows on its page too.
    ABOUT = "about"
    #: It names the other as something to read: a page cites a note.
    SEE = "see"
    #: Of a note on something tried after the other: the same, changed, gone differently, or what came of it later.
    REPEATS = "repeats"
    ADAPTS = "adapts"
    CONTRADICTS = "contradicts"
    CONTINUES = "continues"
    #: Of a collection: it holds the other, at this place of its order.
    COLLECTS = "collects"
    #: A workshop is built on it; it is a note of what came of the workshop.
    MATERIAL = "material"
    CAME_OF = "came-of"


class Link(Base):
    """An entry refers to another one."""

    __tablename__ = "links"

    entry_id: Mapped[int] = mapped_column(
        ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True
    )
    target_id: Mapped[int] = mapped_column(
        ForeignKey("entries.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)


class CommentStatus(StrEnum):
    """Where a comment is in its life. What is not published leaves a trace without words in its place."""

    PUBLISHED = "published"
    #: Its author took it back; its words are gone.
    DELETED = "deleted"
    #: A moderator took it away, for a reason; its author and the moderators still read it.
    REMOVED = "removed"
    #: It waits for a moderator; to all others it does not exist.
    HELD = "held"
    #: Its words begin the discussion it stands under, and are read there.
    OPENING = "opening"
    #: It waited and was not let through; to all but its author and the moderators it never existed.
    REFUSED = "refused"
    #: It was said in a circle before its entry was opened to others: there it is read on, elsewhere it never was.
    CIRCLE = "circle"
    #: It was taken away in a circle before its entry was opened to others: nobody reads it any more.
    CIRCLE_GONE = "circle-gone"


class Comment(Base):
    """What somebody says about an entry; in a discussion, a reply. Read by whoever may read the entry."""

    __tablename__ = "comments"
    __table_args__ = (
        Index("ix_comments_thread", "entry_id", "thread_id", "id"),
        Index("ix_comments_html_version", "html_version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: The stable id of import and export.
    key: Mapped[str] = mapped_column(String(80), unique=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"))
    #: The comment that begins the thread: itself, or the one it stands below. There is no deeper level.
    thread_id: Mapped[int] = mapped_column(default=0)
    #: The comment it answers or quotes, wherever in the thread that stands.
    answers_id: Mapped[int | None] = mapped_column(
        ForeignKey("comments.id", ondelete="SET NULL"), index=True
    )
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    lang: Mapped[str] = mapped_column(String(16))
    #: The entry it was written under, where it stands under another one since.
    origin_id: Mapped[int | None] = mapped_column(
        ForeignKey("entries.id", ondelete="SET NULL"), index=True
    )
    #: The name under it as that entry decides (see `NameMask`); "" where the entry it stands under does.
    mask: Mapped[str] = mapped_column(String(16), default="", server_default="")
    #: Markdown; "" once its author deleted it.
    body: Mapped[str] = mapped_column(LongText)
    #: A cache made by `markup.render` of `html_version`.
    html: Mapped[str] = mapped_column(LongText)
    html_version: Mapped[int]
    #: How often it was written: 1, and one more with each edit.
    number: Mapped[int] = mapped_column(default=1)
    status: Mapped[str] = mapped_column(String(16))
    removed_reason: Mapped[str] = mapped_column(String(300), default="", server_default="")
    #: A ready sentence of `cop.entries.reasons` that stands before it.
    removed_ready: Mapped[str] = mapped_column(String(24), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    author: Mapped[User | None] = relationship(lazy="raise_on_sql")


class CommentRevision(Base):
    """What a comment said before an edit."""

    __tablename__ = "comment_revisions"
    __table_args__ = (UniqueConstraint("comment_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    comment_id: Mapped[int] = mapped_column(ForeignKey("comments.id", ondelete="CASCADE"))
    number: Mapped[int]
    lang: Mapped[str] = mapped_column(String(16))
    body: Mapped[str] = mapped_column(LongText)
    #: The images and files it had then, as `images_to_json` and `enclosures_to_json` write them.
    images: Mapped[Json] = mapped_column(JSONType, default=dict, server_default="{}")
    written_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Case(Base):
    """What moderators are asked about one entry or comment: one line of their queue, opened anew when asked again."""

    __tablename__ = "cases"
    __table_args__ = (Index("ix_cases_open", "decided_at", "opened_at", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: `entry:5` or `comment:7`: there is one case an item, and one more where something of a circle was passed on.
    subject: Mapped[str] = mapped_column(String(40), unique=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entries.id", ondelete="CASCADE"), index=True)
    comment_id: Mapped[int | None] = mapped_column(
        ForeignKey("comments.id", ondelete="CASCADE"), index=True
    )
    #: Who wrote the item, and so does not decide about it.
    author_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    #: "held" or "flagged".
    why: Mapped[str] = mapped_column(String(16))
    #: Whether somebody in a circle passed it on to the moderators of the site, who read this one item then.
    passed_on: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: How often it was opened, so that a form for an earlier time decides nothing.
    number: Mapped[int] = mapped_column(default=1)
    claimed_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: None while it waits.
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Decision(Base):
    """What was decided about somebody or something she wrote, and why, as she reads it. Never changed."""

    __tablename__ = "decisions"
    __table_args__ = (Index("ix_decisions_user", "user_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    act: Mapped[str] = mapped_column(String(16))
    by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    #: Whom it concerns; None where nobody is told, as of flags that led to nothing.
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    entry_id: Mapped[int | None] = mapped_column(
        ForeignKey("entries.id", ondelete="SET NULL"), index=True
    )
    comment_id: Mapped[int | None] = mapped_column(
        ForeignKey("comments.id", ondelete="SET NULL"), index=True
    )
    #: A ready sentence of `cop.entries.reasons`, and the moderator's own words.
    ready: Mapped[str] = mapped_column(String(24), default="")
    words: Mapped[str] = mapped_column(String(300), default="")
    #: When it ends, where it does.
    until: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Flag(Base):
    """Somebody asks the moderators to look at something. Nobody but she ever sees that it was she."""

    __tablename__ = "flags"
    __table_args__ = (UniqueConstraint("case_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    reason: Mapped[str] = mapped_column(String(24))
    words: Mapped[str] = mapped_column(LongText, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: What came of it; None while it waits.
    decision_id: Mapped[int | None] = mapped_column(
        ForeignKey("decisions.id", ondelete="SET NULL"), index=True
    )
