"""Entries like some words: discussions like the one somebody is about to begin, and what others are built on."""

from collections.abc import Sequence

from cop.core.i18n import current_lang
from cop.discover.indexing import engine
from cop.discover.suggesting import entries_titled
from cop.discussions.operations import KIND
from cop.people.viewer import Viewer
from cop.search.engine import IndexProblem
from cop.search.parse import query


def discussions_like(viewer: Viewer, text: str, limit: int) -> Sequence[int]:
    """Return ids of discussions found with these words, best first; none while the index cannot answer."""
    return _found(viewer, text, limit, frozenset({KIND}))


def entries_like(viewer: Viewer, text: str, limit: int, kinds: frozenset[str]) -> Sequence[int]:
    """Return ids of entries of these kinds: those whose titles go on from what was typed, then those with its words."""
    titled = entries_titled(viewer, text[:400], kinds, limit)
    told = _found(viewer, text, limit, kinds) if len(titled) < limit else ()
    return list(dict.fromkeys([*titled, *told]))[:limit]


def _found(viewer: Viewer, text: str, limit: int, kinds: frozenset[str]) -> Sequence[int]:
    asked = query(text[:400], {"kind": kinds})
    try:
        hits = engine().search(
            asked, labels=viewer.labels, prefer_lang=current_lang().value, limit=limit
        )
    except IndexProblem:
        return ()
    return [hit.entry_id for hit in hits.hits]
