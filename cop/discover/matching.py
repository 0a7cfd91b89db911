"""Which of some entries a saved search finds: asked of the index, with what its owner may meet."""

from collections.abc import Collection
from urllib.parse import parse_qsl

from cop.core.db import db
from cop.core.i18n import current_lang
from cop.discover.asking import Asked
from cop.discover.facets import narrowest
from cop.discover.indexing import INDEX_JOB, engine, reading_texts_once
from cop.discover.understanding import understand
from cop.entries import policy
from cop.jobs import queue
from cop.jobs.queue import NotNow
from cop.people.viewer import Viewer
from cop.search.engine import IndexProblem, Sort

#: Entries that may have been published since those asked about; they stand before them.
_LATER = 400
#: Seconds until it is asked again where the index is not up to date or cannot answer.
_WAIT = 20
_ONE = ("q", "exact")


def asked_of_address(address: str) -> Asked:
    """Return what the query of a search's address asks for, the newest first."""
    values: dict[str, tuple[str, ...]] = {}
    for name, value in parse_qsl(address.replace("%00", "")):
        values[name] = (*values.get(name, ()), value)
    filters = {name: given for name, given in values.items() if name not in (*_ONE, "without")}
    return Asked(
        text=" ".join(values.get("q", ())),
        filters=narrowest(filters),
        sort=Sort.NEWEST,
        exact=values.get("exact") == ("1",),
        without=values.get("without", ()),
    )


def require_up_to_date() -> None:
    """Raise NotNow while changes are on their way to the index."""
    if queue.waiting(db.session, INDEX_JOB, most=1):
        raise NotNow(_WAIT, "the index is not up to date")


def found_among(viewer: Viewer, address: str, entry_ids: Collection[int]) -> set[int]:
    """Return which of these entries, all of them new, the search finds for this viewer.

    One question, however many entries: the newest results are looked through for them. Raises NotNow where the
    index cannot answer.
    """
    query = understand(viewer, asked_of_address(address)).query
    try:
        with reading_texts_once():
            found = engine().search(
                query,
                labels=policy.listed_labels(viewer),
                prefer_lang=current_lang().value,
                limit=len(entry_ids) + _LATER,
            )
    except IndexProblem as error:
        raise NotNow(_WAIT, str(error)) from error
    return {hit.entry_id for hit in found.hits} & set(entry_ids)
