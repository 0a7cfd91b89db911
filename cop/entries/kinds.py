"""What each kind of entry brings to the shared life: its sections, its page, its facts, its words for search."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cop.core.types import Json, Lang
from cop.people.viewer import Viewer


@dataclass(frozen=True)
class IndexFacts:
    """What a kind's facts say to the search index about one entry."""

    #: What search may narrow by and counts: facet → values, as `cop.search.engine.Document` names them. A place
    #: stands with all around it, a term with what it was merged into, a person or organisation only if shown.
    facets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    #: Labels of its terms in all languages, and names of organisations, for the words of search.
    words: tuple[str, ...] = ()
    #: Pinyin of those terms by syllable, as their labels keep it.
    pinyin: tuple[str, ...] = ()


@dataclass(frozen=True)
class Starting:
    """How a page of a kind comes to be by a member's proposal; its facts are `{name: value}`, as in an address."""

    #: Address or form → the facts it names; raises NotFound where they name nothing.
    facts: Callable[[Mapping[str, str]], dict[str, str]]
    #: Facts → the title the page would have, in the reader's language; "" where she gives it.
    title: Callable[[Mapping[str, str]], str]
    #: Raises Invalid where no such page can be, or not with this text: `check(facts, text)`.
    check: Callable[..., None]
    #: Publishes the page for a curator who accepted it: `start(by=…, facts=…, text=…, author_id=…)` → its entry.
    start: Callable[..., Any]


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
    #: First part of the path of its pages: `notes` in `/notes/12-slug`.
    path: str
    #: Endpoint of the list of entries of this kind.
    list_endpoint: str
    #: Endpoint of the entry's page; takes `entry_id` and `slug`.
    endpoint: str
    #: Endpoint of its edit form; takes `entry_id`, and `draft` to go on with one.
    edit_endpoint: str
    #: Endpoint of the form that tells it in another language; takes `entry_id` and `lang`.
    translate_endpoint: str
    #: Endpoint of the form for a new one; takes `draft`.
    new_endpoint: str
    #: entry ids → what the index must know, in a fixed number of queries.
    index_facts: Callable[[Sequence[int]], dict[int, IndexFacts]]
    #: entry ids → what a row of a list shows beside title and byline, in a fixed number of queries.
    card_facts: Callable[..., dict[int, Any]]
    #: Puts two revisions' facts (JSON) in words for a reader: list of (label, old text, new text). The third
    #: are the facts of today, which say what is masked.
    compare_facts: Callable[[Viewer, Json, Json, Json], list[tuple[str, str, str]]]
    #: Publishes an earlier revision again: `restore(by=viewer, entry_id=…, revision_id=…)`.
    restore: Callable[..., Any]
    #: Endpoint of the entry's page where that is named by something else than its id; the first one leads there.
    page_endpoint: str = ""
    #: entry ids → how each went, in one query, where entries of the kind say that.
    outcomes: Callable[[Sequence[int]], dict[int, str]] | None = None
    #: What rows of lists say of a text the editors wrote, where their name does not say enough.
    editors_badge: Any = ""
    #: Whether curators keep its pages: then its author has no more rights to one than anybody else.
    kept_by_curators: bool = False
    #: What of its facts (JSON) a reader may know, where they name what is not open to everybody who reads it.
    facts_told: Callable[[Viewer, Json], Json] | None = None
    #: Whether curators edit what others wrote, beside its author.
    shared_with_curators: bool = False
    #: (viewer, entry) → whether somebody edits it with its author, who said yes to her; asked of members alone.
    edited_with: Callable[[Viewer, Any], bool] | None = None
    #: Whether a collection can hold such an entry.
    can_be_collected: bool = True
    #: Whether notes can say that they tell of something tried after such an entry.
    can_be_tried: bool = False
    #: Of such a kind: publishes other words of a text: `rewrite(by=…, entry_id=…, draft=…, change=…)`.
    rewrite: Callable[..., Any] | None = None
    #: Of such a kind: what each section asks, as lazy strings.
    hints: Mapping[str, Any] = field(default_factory=dict)
    #: Of such a kind: endpoint of the form that proposes an edit; takes `entry_id`, and `draft` to go on with one.
    propose_endpoint: str = ""
    #: Of such a kind: how new pages are proposed.
    starting: Starting | None = None
    #: Of a kind whose pages are of terms: (viewer, living terms' ids) → their pages' ids, as far as she finds them
    #: in lists.
    pages_of: Callable[[Any, Collection[int]], dict[int, int]] | None = None
    #: Lets an entry carry one more term: `tag(by=…, entry_id=…, term=key, note=…)` → whether it did not before.
    tag: Callable[..., bool] | None = None
    #: List → the field of its editor that holds terms of it.
    term_fields: Mapping[str, str] = field(default_factory=dict)
    #: (entry, term) → whether it carries the term, or has no place for it.
    carries: Callable[..., bool] | None = None
    #: (facts, language) → what they tell in it beside the sections: (line, Markdown) pairs, in reading order.
    words_of_facts: Callable[[Json, Lang], Sequence[tuple[str, str]]] | None = None
    #: Whether the mail about a new one carries all its words, so that it is answered from mails.
    is_mailed_whole: bool = False
    #: Hears that something about an entry or its comments changed, where the kind keeps a copy for its lists.
    follow: Callable[[Any], None] | None = None


#: Kind name → kind; filled once by `cop.app`.
KINDS: dict[str, Kind] = {}


def collectable() -> frozenset[str]:
    """Return the names of the kinds that a collection can hold."""
    return frozenset(name for name, kind in KINDS.items() if kind.can_be_collected)


def register(*kinds: Kind) -> None:
    """Make kinds known."""
    for kind in kinds:
        KINDS[kind.name] = kind
