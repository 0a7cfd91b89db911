"""What a search engine promises: the words in which the rest of the application speaks to it.

An engine is a disposable copy. The database is the truth: whatever an engine returns is loaded
from there again under `readable`, so a stale index can hide an entry but never leak one.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol


class Sort(StrEnum):
    """What comes first."""

    BEST = "best"
    NEWEST = "newest"
    DISCUSSED = "discussed"  # most comments and replies


class Health(StrEnum):
    """Whether the index can answer, and if not, why; all but `OK` are cured by a rebuild."""

    OK = "ok"
    MISSING = "missing"  # never built, or its folder vanished
    OUTDATED = "outdated"  # built by another version of the schema or the tokens
    DAMAGED = "damaged"  # it failed and was set aside


class IndexProblem(Exception):
    """The index cannot do what was asked; answer from the database instead."""


class IndexDamaged(IndexProblem):
    """There is no index that can be used: never built, outdated or set aside. Rebuild it."""


class IndexBusy(IndexProblem):
    """Somebody else is writing, or the disk refuses. The index itself is sound: try later."""


class EngineFailed(IndexProblem):
    """The engine has a fault of its own: the index is sound, and a rebuild would not help."""


# What hits are narrowed to: facet → values. Values of one facet are alternatives, facets add up.
# A facet without values narrows nothing; a value that nothing has matches nothing.
Filters = Mapping[str, frozenset[str]]

# What hits are counted by, and may be narrowed by. `kind` and `lang` are fields of a document,
# the others come from its `facets`.
FACETS = (
    "kind", "lang", "outcome", "evidence", "strategy", "sector", "place", "period", "by",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Document:
    """One entry in one language, as it is to be found. Text fields are plain text.

    Everything but the texts and `lang` is a fact of the entry: the same in all its documents.
    """

    entry_id: int
    lang: str
    kind: str
    title: str
    body: str
    tags_text: str = ""  # labels of the entry's terms in all languages, with their pinyin
    extra: str = ""  # comments, file text, organisation names
    labels: frozenset[str] = frozenset()  # who may meet it: "public", "members", "author:5"
    # outcome, evidence, strategy, sector, place (its own and all around it), period
    # ("2005-2009"), by ("user:5", "org:3": only names that are shown).
    facets: Filters = field(default_factory=dict)
    discussed: int = 0  # comments and replies
    published_at: datetime | None = None
    active_at: datetime | None = None
    version: int = 0


@dataclass(frozen=True, slots=True)
class Option:
    """One way to say something. As a phrase, the text must hold exactly this."""

    text: str
    phrase: bool = False
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Concept:
    """Words of a query that name a term, and what else the term is called.

    `said` stays in `Query.words` as it was typed. The others may stand for it at
    `EXPANSION_WEIGHT`, each only as a whole. `key` names the term to whoever made the query.
    """

    said: str
    others: tuple[str, ...]
    key: str


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody looks for. Without anything to look for it asks for everything, newest first.

    `all_words` says that no word may be missing: set when the person quoted or wrote `+`.
    """

    words: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    exclusions: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()  # beginnings of words, of at least two characters
    either: tuple[tuple[Option, ...], ...] = ()  # of each, one option must be held
    concepts: tuple[Concept, ...] = ()
    filters: Filters = field(default_factory=dict)
    text: str = ""
    all_words: bool = False
    sort: Sort = Sort.BEST


class Hit(NamedTuple):
    """An entry that was found, and the language it should be shown in."""

    entry_id: int
    lang: str
    score: float


@dataclass(frozen=True, slots=True)
class Hits:
    """A page of hits, one an entry; `total` and `facets` count entries over the whole set.

    `facets` has all of `FACETS`. The counts of a facet are those its own filter would leave, so
    that the values not chosen keep their numbers. `discussed` tells whether anything found has
    been discussed, so that sorting by it makes sense.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    discussed: bool = False


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did. `stale` were written to the old index meanwhile: replace them again."""

    entries: int
    stale: frozenset[int] = frozenset()


# An entry, the version of its state, and its documents; no documents take it out of the index.
EntryDocuments = tuple[int, int, Sequence[Document]]
Batch = Sequence[EntryDocuments]

# Gives the text to look for exact phrases in, by (entry, language): title, body and the rest,
# whatever a reader would call "in it". Asked for at most `PHRASE_CANDIDATES` at a time.
Texts = Callable[[list[tuple[int, str]]], dict[tuple[int, str], str]]

PHRASE_CANDIDATES = 200
# What another label of a term is worth, against the words somebody used.
EXPANSION_WEIGHT = 0.7


class SearchEngine(Protocol):
    """An index of documents. Every method may raise `IndexProblem`; none raises anything else."""

    def replace(self, batch: Batch) -> None:
        """Make each entry's documents exactly those given, in one commit.

        No documents remove the entry. An entry of which the index already holds a later
        version is left alone; the same version is written again only when it differs.
        """

    def forget(self, entry_ids: Iterable[int]) -> None:
        """Remove entries the database knows nothing of, whatever version is held, without trace."""

    def search(
        self,
        query: Query,
        *,
        labels: frozenset[str],
        prefer_lang: str,
        limit: int,
        offset: int = 0,
    ) -> Hits:
        """Find what may be met with these labels, in `query.sort`; ties newer first, then by id.

        One hit an entry, in `prefer_lang` when that language was found, else in its best.
        """

    def holding(self, said: Sequence[str], *, labels: frozenset[str]) -> list[int]:
        """Count, for each of these, the entries with these labels that hold all of its tokens."""

    def versions(self) -> dict[int, int]:
        """The version held of each entry, removed ones included: what reconcile compares."""

    def count(self) -> int:
        """How many documents can be found."""

    def rebuild(
        self,
        entries: Iterable[EntryDocuments],
        progress: Callable[[int], None] | None = None,
    ) -> Rebuilt:
        """Fill a new index and put it in place of the old one at once; readers never wait.

        `progress` hears the number of entries done. Interrupted, it leaves the old index as it
        was. Entries written to the old index meanwhile come back as `Rebuilt.stale`.
        """

    def healthy(self) -> bool:
        """Whether the index can be asked; cheap enough for every request."""

    def check(self) -> Health:
        """Look at the index afresh and say what is wrong with it, if anything."""
