"""Accounts, what they may do, and how they prove who they are."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship, validates

from cop.core.db import SORT_KEY_LENGTH, Base, JSONType, SortKeyType
from cop.core.text import sort_key
from cop.core.types import Json, Lang, Texts, UTCDateTime
from cop.people.sought import sought_by


class AccountStatus(StrEnum):
    """The state of an account."""

    UNCONFIRMED = "unconfirmed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    CLOSED = "closed"


class User(Base):
    """A person who signs in, or the system account that starter content is credited to."""

    __tablename__ = "users"
    __table_args__ = (Index("ix_users_listed", "listed", "sort_name", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Lower case (`handles.normal`), so that no two differ by case alone.
    handle: Mapped[str] = mapped_column(String(40), unique=True)
    #: Lower case, as it is looked up; None for the system account and closed accounts.
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    #: Names by language, where the system account has one in each.
    names: Mapped[Texts | None] = mapped_column(JSONType)
    password_hash: Mapped[str | None] = mapped_column(String(255))
    status: Mapped[str] = mapped_column(String(16), default=AccountStatus.UNCONFIRMED.value)
    system: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    lang: Mapped[str] = mapped_column(String(16))
    timezone: Mapped[str] = mapped_column(String(64), default="Asia/Shanghai")
    #: "light", "dark" or "" for what the device prefers.
    theme: Mapped[str] = mapped_column(String(8), default="", server_default="")
    organisation_id: Mapped[int | None] = mapped_column(
        ForeignKey("organisations.id", ondelete="SET NULL"), index=True
    )
    about: Mapped[str] = mapped_column(Text, default="", server_default="")
    #: What others may ask her, in a line.
    ask_about: Mapped[str] = mapped_column(String(300), default="", server_default="")
    #: The languages she works in, in her own words: dialects too.
    languages: Mapped[str] = mapped_column(String(120), default="", server_default="")
    #: Whether members find her by what she knows: in the list of people, at her organisation, at terms.
    listed: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    #: Whether visitors, too, read what she says about herself.
    opened: Mapped[bool] = mapped_column(default=False, server_default=text("false"))
    #: Her name as names are sorted: pinyin and Latin letters in one row.
    sort_name: Mapped[str] = mapped_column(SortKeyType, default="", server_default="")
    #: When she was last here before this visit, and in it: what is new to her came since the first.
    visited_before_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Since when what she posts appears at once; None for a newcomer.
    trusted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: Until when what she posts waits for a moderator again.
    limited_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: When a suspension ends by itself; None where it does not.
    suspended_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: What she is found by (`sought.sought_by`), one a line; follows from name and account name. Never loaded unasked.
    sought: Mapped[str] = mapped_column(
        Text, default="", server_default="", deferred=True, deferred_raiseload=True
    )

    organisation: Mapped["Organisation | None"] = relationship(lazy="raise_on_sql")

    @validates("name", "handle")
    def _follow_the_name(self, field: str, value: str) -> str:
        name, handle = (value, self.handle) if field == "name" else (self.name, value)
        self.sort_name = sort_key(name or "")[:SORT_KEY_LENGTH]
        self.sought = sought_by(name or "", handle or "")
        return value

    @property
    def language(self) -> Lang:
        """The language the person reads and is written to in."""
        return Lang.of_tag(self.lang) or Lang.ZH

    @property
    def active(self) -> bool:
        """Whether somebody can sign in to the account."""
        return self.status == AccountStatus.ACTIVE and not self.system


class OwnPlace(Base):
    """Where what is coming is near to somebody, as she chose it for herself. Nobody else ever reads it."""

    __tablename__ = "own_places"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    place_id: Mapped[int] = mapped_column(ForeignKey("terms.id", ondelete="CASCADE"), index=True)


class GrantRow(Base):
    """A grant somebody holds beyond `member`, and who gave it."""

    __tablename__ = "grants"

    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    grant: Mapped[str] = mapped_column(String(16), primary_key=True)
    given_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    given_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Organisation(Base):
    """An organisation of the public directory: one that the literature or a note names."""

    __tablename__ = "organisations"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[Texts] = mapped_column(JSONType)
    #: Folded names, one a line with line ends around each, so that a typed name finds its organisation.
    folded: Mapped[str] = mapped_column(Text, default="")
    sort_zh: Mapped[str] = mapped_column(SortKeyType, default="", index=True)
    sort_en: Mapped[str] = mapped_column(SortKeyType, default="", index=True)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("terms.id", ondelete="SET NULL"))
    #: "editors" where the entry comes from literature and the organisation did not review it; "member" otherwise.
    written_by: Mapped[str] = mapped_column(String(16), default="member")
    #: The imported state, so that an import keeps what was edited on the site since.
    import_sha256: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class UserSession(Base):
    """One signed-in device. The cookie holds the token, the table only its hash."""

    __tablename__ = "user_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    user_agent: Mapped[str] = mapped_column(String(200), default="")

    user: Mapped[User] = relationship(lazy="raise_on_sql")


class TokenPurpose(StrEnum):
    """What a one-time link is for."""

    CONFIRM = "confirm"
    #: Not a link: the wish for another confirmation mail, answered where there is something to confirm.
    RESEND = "resend"
    RESET = "reset"
    EMAIL = "email"
    FIRST_ADMIN = "first-admin"


class Token(Base):
    """A one-time link that was mailed or printed; the table holds only its hash."""

    __tablename__ = "tokens"
    __table_args__ = (Index("ix_tokens_user_purpose", "user_id", "purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(16))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    #: The address the link is mailed to, normalised.
    address: Mapped[str | None] = mapped_column(String(254), index=True)
    #: What the link will do when it is followed; for a registration the account that will be made.
    data: Mapped[Json] = mapped_column(JSONType, default=dict)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Invitation(Base):
    """A link with an end that lets people register although registration is not open."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(String(200), default="")
    max_uses: Mapped[int] = mapped_column(default=1)
    uses: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Joining(StrEnum):
    """How somebody comes into a circle."""

    OPEN = "open"
    #: A host answers whoever asks.
    REQUEST = "request"
    #: By a link that a host made.
    INVITATION = "invitation"


class Seen(StrEnum):
    """Who may know that there is a circle."""

    MEMBERS = "members"
    #: Those in it, and who holds a link into it.
    HIDDEN = "hidden"


class Circle(Base):
    """A small group with a purpose. Its row stays when it is closed, emptied, so that its number never comes again."""

    __tablename__ = "circles"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    #: The language its name and purpose are written in.
    lang: Mapped[str] = mapped_column(String(16))
    purpose: Mapped[str] = mapped_column(Text, default="")
    joining: Mapped[str] = mapped_column(String(16))
    seen: Mapped[str] = mapped_column(String(16))
    #: What the form carried that made it, so that sent twice it makes one.
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    #: Grows with every change, so that an edit from an earlier state is noticed.
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: When a host closed it; for a while it can be opened again.
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: When what was left of it was emptied.
    emptied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def language(self) -> Lang:
        """The language of its name and purpose."""
        return Lang.of_tag(self.lang) or Lang.ZH


class CircleRole(StrEnum):
    """What somebody is in a circle."""

    MEMBER = "member"
    HOST = "host"


class Membership(Base):
    """Somebody is in a circle."""

    __tablename__ = "memberships"
    __table_args__ = (Index("ix_memberships_user", "user_id", "circle_id"),)

    circle_id: Mapped[int] = mapped_column(
        ForeignKey("circles.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    role: Mapped[str] = mapped_column(String(8))
    since: Mapped[datetime] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship(lazy="raise_on_sql")


class CircleInvitation(Base):
    """A link with an end and a number of uses that lets members of the site into a circle."""

    __tablename__ = "circle_invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circles.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(String(200), default="")
    uses_left: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class JoinRequest(Base):
    """Somebody asks to come into a circle; answered, the row goes."""

    __tablename__ = "join_requests"
    __table_args__ = (UniqueConstraint("circle_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circles.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    words: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: When a host said no; she may ask again after a while.
    declined_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship(lazy="raise_on_sql")


class CircleExport(Base):
    """Everything of a circle in one file, made for its hosts and kept for a while."""

    __tablename__ = "circle_exports"

    id: Mapped[int] = mapped_column(primary_key=True)
    circle_id: Mapped[int] = mapped_column(ForeignKey("circles.id", ondelete="CASCADE"), index=True)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: The last entry that is in it already, how many are, and how many will be.
    last_id: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    done: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    total: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    ready_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    #: The file, once it is ready.
    content: Mapped[bytes | None] = mapped_column(
        LargeBinary, deferred=True, deferred_raiseload=True
    )


class Takeout(Base):
    """Everything of one person in a file: being made part by part, or there for a while. Nobody else ever reads it."""

    __tablename__ = "takeouts"
    __table_args__ = (Index("ix_takeouts_user", "user_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    #: What the file and the folder of its parts are called: by chance, so that no address or id leads to them.
    name: Mapped[str] = mapped_column(String(64), unique=True)
    #: The language it is in, whatever she reads meanwhile.
    lang: Mapped[str] = mapped_column(String(16))
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: When something was last put into it: what stands still for long is taken for lost.
    moved_at: Mapped[datetime] = mapped_column(UTCDateTime)
    #: The room of `cop.takeout.making.ROOMS` it is at, the last row of that which is in it, and the parts there are.
    room: Mapped[int] = mapped_column(default=0, server_default="0")
    last_id: Mapped[int] = mapped_column(default=0, server_default="0")
    parts: Mapped[int] = mapped_column(default=0, server_default="0")
    #: Things that are in it, and how many there will be.
    done: Mapped[int] = mapped_column(default=0, server_default="0")
    total: Mapped[int] = mapped_column(default=0, server_default="0")
    ready_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    bytes: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    #: Why it could not be made: "full", or "".
    problem: Mapped[str] = mapped_column(String(16), default="", server_default="")
    #: Until when, and on which session, it can be fetched: her password was given there.
    open_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    session_id: Mapped[int | None]
