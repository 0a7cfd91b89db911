"""Entries like some words: discussions like the one somebody is about to begin, and what a collection can hold."""

from collections.abc import Sequence

from cop.core.i18n import current_lang
from cop.discover.indexing import engine
from cop.discussions.operations import KIND
from cop.entries.kinds import KINDS
from cop.people.viewer import Viewer
from cop.search.engine import IndexProblem
from cop.search.parse import query


def discussions_like(viewer: Viewer, text: str, limit: int) -> Sequence[int]:
    """Return ids of discussions found with these words, best first; none while the index cannot answer."""
    return _found(viewer, text, limit, frozenset({KIND}))


def entries_like(viewer: Viewer, text: str, limit: int) -> Sequence[int]:
    """Return ids of entries that a collection can hold and that these words find, as above."""
    kinds = (kind.name for kind in KINDS.values() if kind.can_be_collected)
    return _found(viewer, text, limit, frozenset(kinds))


def _found(viewer: Viewer, text: str, limit: int, kinds: frozenset[str]) -> Sequence[int]:
    asked = query(text[:400], {"kind": kinds})
    try:
        hits = engine().search(
            asked, labels=viewer.labels, prefer_lang=current_lang().value, limit=limit
        )
    except IndexProblem:
        return ()
    return [hit.entry_id for hit in hits.hits]
