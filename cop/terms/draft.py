"""The vocabulary as a file or a form hands it in: plain values, knowing nothing of either."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cop.core.types import Json, Texts


@dataclass(frozen=True)
class SourceDraft:
    """A publication that terms, notes and pages cite."""

    key: str
    short: Texts
    citation: str
    about: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class SchemeDraft:
    """A list of terms, without the terms."""

    key: str
    title: Texts
    description: Texts = field(default_factory=dict)


@dataclass(frozen=True)
class TermDraft:
    """One term of a scheme. Texts are by storage tag; other terms and sources are named by key."""

    key: str
    scheme: str
    name: Texts
    definition: Texts = field(default_factory=dict)
    #: Language (`zh-Hans` or `en`) → labels in their order. Traditional script stands among the
    #: Chinese ones and pinyin among the English ones; they are told apart when they are stored.
    alternatives: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: Labels that find the term but are not shown: misspellings, outdated names.
    hidden: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    #: One-character names of places, for the place filter only.
    abbreviations: tuple[str, ...] = ()
    pinyin: str = ""
    broader: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    #: (key of the source, place in it).
    sources: tuple[tuple[str, str], ...] = ()
    merged_into: str = ""
    #: What a scheme has of its own: `iso level ascii` of places, `sample_count`, `count`.
    extra: Json = field(default_factory=dict)
