"""Discussions that a title may be about too, for whoever is about to ask the same."""

from collections.abc import Sequence

from cop.core.i18n import current_lang
from cop.discover.indexing import engine
from cop.discussions.operations import KIND
from cop.people.viewer import Viewer
from cop.search.engine import IndexProblem
from cop.search.parse import query


def discussions_like(viewer: Viewer, text: str, limit: int) -> Sequence[int]:
    """Return ids of discussions found with these words, best first; none while the index cannot answer."""
    asked = query(text[:400], {"kind": frozenset({KIND})})
    try:
        hits = engine().search(
            asked, labels=viewer.labels, prefer_lang=current_lang().value, limit=limit
        )
    except IndexProblem:
        return ()
    return [hit.entry_id for hit in hits.hits]
