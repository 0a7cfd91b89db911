"""The controlled vocabulary (SKOS): schemes, terms, their labels in both languages, relations and sources."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from cop.core.db import Base, JSONType, SortKeyType
from cop.core.types import Json, Texts, UTCDateTime


class LabelKind(StrEnum):
    """What a label is to its term, as in SKOS; abbreviations serve the place filter only."""

    PREFERRED = "preferred"
    ALTERNATIVE = "alternative"
    HIDDEN = "hidden"
    PINYIN = "pinyin"
    ABBREVIATION = "abbr"


class RelationKind(StrEnum):
    """How a term stands to another."""

    BROADER = "broader"
    RELATED = "related"


class Source(Base):
    """A publication that terms, notes and pages cite."""

    __tablename__ = "sources"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    short: Mapped[Texts] = mapped_column(JSONType)
    citation: Mapped[str] = mapped_column(Text)
    about: Mapped[Texts] = mapped_column(JSONType)
    position: Mapped[int] = mapped_column(default=0)
    import_sha256: Mapped[str | None] = mapped_column(String(64))


class Scheme(Base):
    """A list of terms: strategies, sectors, places and others."""

    __tablename__ = "schemes"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[Texts] = mapped_column(JSONType)
    description: Mapped[Texts] = mapped_column(JSONType)
    position: Mapped[int] = mapped_column(default=0)
    import_sha256: Mapped[str | None] = mapped_column(String(64))


class Term(Base):
    """One concept of a scheme. Its preferred names stand here, all its labels in `labels`."""

    __tablename__ = "terms"

    id: Mapped[int] = mapped_column(primary_key=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("schemes.id"), index=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[Texts] = mapped_column(JSONType)
    definition: Mapped[Texts] = mapped_column(JSONType)
    #: Pinyin for sorting and picking (without tones), and the English name folded.
    sort_zh: Mapped[str] = mapped_column(SortKeyType, default="")
    sort_en: Mapped[str] = mapped_column(SortKeyType, default="")
    #: Keys a scheme has of its own: `iso level pinyin` of places, `sample_count`, `count`.
    extra: Mapped[Json] = mapped_column(JSONType, default=dict)
    position: Mapped[int] = mapped_column(default=0)
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("terms.id"))
    import_sha256: Mapped[str | None] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    scheme: Mapped[Scheme] = relationship(lazy="raise_on_sql")
    labels: Mapped[list["Label"]] = relationship(
        lazy="raise_on_sql", cascade="all, delete-orphan", order_by="Label.id", passive_deletes=True
    )


class Label(Base):
    """One name of a term, in one language (`zh-Hans`, `zh-Hant`, `en`) or in pinyin (`zh-Latn`)."""

    __tablename__ = "labels"
    __table_args__ = (Index("ix_labels_folded", "folded"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("terms.id", ondelete="CASCADE"), index=True)
    lang: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(String(200))
    folded: Mapped[str] = mapped_column(String(200))


class Relation(Base):
    """`term` has `other` as its broader or related term."""

    __tablename__ = "relations"

    term_id: Mapped[int] = mapped_column(
        ForeignKey("terms.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    other_id: Mapped[int] = mapped_column(
        ForeignKey("terms.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class TermSource(Base):
    """Where a term's definition comes from: a source and the place in it."""

    __tablename__ = "term_sources"
    __table_args__ = (UniqueConstraint("term_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    term_id: Mapped[int] = mapped_column(ForeignKey("terms.id", ondelete="CASCADE"))
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), index=True)
    at: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int] = mapped_column(default=0)

    source: Mapped[Source] = relationship(lazy="raise_on_sql")


class OrganisationSource(Base):
    """Where the directory's entry of an organisation comes from (here, because people know no sources)."""

    __tablename__ = "organisation_sources"
    __table_args__ = (UniqueConstraint("organisation_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisations.id", ondelete="CASCADE"))
    source_id: Mapped[int] = mapped_column(ForeignKey("sources.id"), index=True)
    at: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int] = mapped_column(default=0)

    source: Mapped[Source] = relationship(lazy="raise_on_sql")


class SuggestionState(StrEnum):
    """What became of a term that a member suggested."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Suggestion(Base):
    """A term that a member misses in a list; she and the curators alone read it."""

    __tablename__ = "term_suggestions"
    __table_args__ = (
        Index("ix_term_suggestions_state", "state", "opened_at", "id"),
        Index("ix_term_suggestions_author", "author_id", "opened_at", "id"),
        Index("ix_term_suggestions_draft", "author_id", "draft_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: What makes a form sent twice one suggestion.
    key: Mapped[str] = mapped_column(String(80), unique=True)
    scheme_id: Mapped[int] = mapped_column(ForeignKey("schemes.id", ondelete="CASCADE"), index=True)
    #: Its names in the languages she knows, and what is meant, as she says it.
    name: Mapped[Texts] = mapped_column(JSONType)
    definition: Mapped[Texts] = mapped_column(JSONType, default=dict)
    why: Mapped[str] = mapped_column(String(300))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    #: What she was writing when she missed it: a draft, and what was published of it.
    draft_id: Mapped[int | None]
    entry_id: Mapped[int | None] = mapped_column(
        ForeignKey("entries.id", ondelete="SET NULL"), index=True
    )
    #: Whether she wants it to carry the term as soon as there is one.
    tags_entry: Mapped[bool] = mapped_column(default=False)
    opened_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[str] = mapped_column(String(16), default=SuggestionState.OPEN.value)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_by_id: Mapped[int | None] = mapped_column(
        ForeignKey("users.id", ondelete="SET NULL"), index=True
    )
    #: What the curator says to her.
    reason: Mapped[str] = mapped_column(String(300), default="", server_default="")
    #: The term that came of it, or the one that says the same.
    term_id: Mapped[int | None] = mapped_column(
        ForeignKey("terms.id", ondelete="SET NULL"), index=True
    )

    @property
    def is_open(self) -> bool:
        """Whether it waits for a curator."""
        return self.state == SuggestionState.OPEN
