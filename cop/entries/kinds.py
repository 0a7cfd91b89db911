"""What each kind of entry brings to the shared life of entries: its sections, its page, its facts, its words for search."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cop.core.types import Json


@dataclass(frozen=True)
class IndexFacts:
    """What a kind's facts say to the search index about one entry."""

    outcome: str | None = None
    evidence: str | None = None
    #: Keys of all terms the entry carries, the place and what lies above it.
    terms: frozenset[str] = frozenset()
    place_path: tuple[str, ...] = ()
    #: Labels of those terms in all languages, and names of organisations, for the words of search.
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kind:
    """A kind of entry. A new kind is one package and one line in `cop.app`."""

    name: str
    #: Keys of the sections in their order.
    sections: tuple[str, ...]
    #: Titles of the sections, as lazy strings.
    titles: Mapping[str, Any]
    #: The name of the kind for one entry and for many, as lazy strings.
    label: Any
    label_plural: Any
    #: Endpoint of the entry's page; takes `entry_id` and `slug`.
    endpoint: str
    #: Endpoint of its edit form; takes `entry_id`.
    edit_endpoint: str
    #: entry ids → what the index must know, in a fixed number of queries.
    index_facts: Callable[[Sequence[int]], dict[int, IndexFacts]]
    #: entry ids → what a row of a list shows beside title and byline, in a fixed number of queries.
    card_facts: Callable[..., dict[int, Any]]
    #: Puts a revision's facts (JSON) in words for comparison: list of (label, old text, new text).
    compare_facts: Callable[[Json, Json], list[tuple[Any, str, str]]]
    #: Applies a revision's facts to an entry again (restore).
    restore_facts: Callable[..., None]
    extra: Mapping[str, Any] = field(default_factory=dict)


#: Kind name → kind; filled once by `cop.app`.
KINDS: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    """Make kinds known."""
    for kind in kinds:
        KINDS[kind.name] = kind
