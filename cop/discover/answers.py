"""What the index answers, made safe to show: nothing in it tells of what was closed a moment ago."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from cop.core.i18n import current_lang
from cop.discover.indexing import engine
from cop.discover.lately import Lately, changed_lately
from cop.entries import policy
from cop.people.viewer import Viewer
from cop.search.engine import Hit, Hits, Query

#: So many results are counted one by one where an entry among them was closed a moment ago.
_COUNTED = 5000
#: More changes than this come from an import or a renamed term: which of them are found is not looked up.
_MANY = 100


@dataclass(frozen=True)
class Answer:
    """A page of hits with the numbers around it."""

    hits: Sequence[Hit]
    #: None where more were found than are counted one by one.
    total: int | None
    #: How often each value occurs, by facet; None where the numbers could tell of what was just closed.
    facets: Mapping[str, Mapping[str, int]] | None
    #: Anything found has been discussed, so that sorting by it makes sense.
    discussed: bool = False


def ask(viewer: Viewer, query: Query, *, size: int, offset: int = 0) -> Answer:
    """Ask the index; raises `IndexProblem` where it cannot answer."""
    lately = changed_lately(viewer)
    if len(lately.changed) > _MANY and not lately.closed and not query.filters.get("by"):
        # Nothing was closed to this viewer. Only a name may have been taken off something.
        found = _found(viewer, query, size, offset)
        return Answer(found.hits, found.total, _nameless(found), found.discussed)
    met = _met(viewer, query, lately) if lately.changed else frozenset()
    if met is not None and not met:
        found = _found(viewer, query, size, offset)
        return Answer(found.hits, found.total, found.facets, found.discussed)
    return _looked_through(viewer, query, lately, met, size, offset)


def count(viewer: Viewer, query: Query) -> int | None:
    """Return how much a query finds for this viewer, None where that is not counted."""
    return ask(viewer, query, size=1).total


def _found(viewer: Viewer, query: Query, size: int, offset: int = 0) -> Hits:
    return engine().search(
        query,
        labels=policy.listed_labels(viewer),
        prefer_lang=current_lang().value,
        limit=size,
        offset=offset,
    )


def _met(viewer: Viewer, query: Query, lately: Lately) -> frozenset[int] | None:
    """Return which of the changed entries the words find, whatever the filters; None where that is not known.

    The numbers beside a facet count what its own filter leaves out, so the filters say nothing here.
    """
    found = _found(viewer, replace(query, filters={}), _COUNTED)
    if found.total > len(found.hits):
        return None
    return lately.changed & {hit.entry_id for hit in found.hits}


def _looked_through(
    viewer: Viewer,
    query: Query,
    lately: Lately,
    met: frozenset[int] | None,
    size: int,
    offset: int,
) -> Answer:
    """Answer without what was closed, counting one by one what is left."""
    found = _found(viewer, query, _COUNTED)
    # A name may have been taken off an entry that is open as before.
    unsure = lately.changed if query.filters.get("by") else lately.closed
    hits = [hit for hit in found.hits if hit.entry_id not in unsure]
    counts: Mapping[str, Mapping[str, int]] | None = None
    if met is not None and not met & lately.closed:
        counts = _nameless(found)
    return Answer(
        hits[offset : offset + size],
        len(hits) if len(found.hits) == found.total else None,
        counts,
        found.discussed and counts is not None,
    )


def _nameless(found: Hits) -> Mapping[str, Mapping[str, int]]:
    """The counts of all facets but of names."""
    return {name: values for name, values in found.facets.items() if name != "by"}
