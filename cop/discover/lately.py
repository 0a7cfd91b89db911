"""What has changed and may not have reached the index yet: it follows the database by a moment.

Neither a count nor a gap shall tell of what was closed in that moment, and who has just written something
shall find it.
"""

import time
from dataclasses import dataclass

from sqlalchemy import bindparam, select

from cop.core import clock
from cop.core.db import db, rows
from cop.discover.indexing import INDEX_JOB
from cop.discover.once import once
from cop.entries import policy
from cop.entries.models import Entry
from cop.jobs.models import Job
from cop.people.viewer import Viewer

#: How long a search waits for a change that is being indexed, in seconds, and how often it looks.
_PATIENCE, _LOOK = 0.2, 0.02
#: More waiting changes than this are an import, and nobody waits for that.
_FEW = 20
#: So many of the newest waiting changes are looked through.
_LATELY = 1000

_QUEUED = (
    select(
        Job.id,
        Job.run_at,
        Job.parked_at,
        Job.payload["entry_id"].as_integer().label("entry_id"),
    )
    .where(Job.name == INDEX_JOB)
    .order_by(Job.id.desc())
    .limit(_LATELY)
    .subquery()
)
# Built once: every search asks it.
_STATE = select(
    _QUEUED.c.entry_id,
    (_QUEUED.c.parked_at.is_(None) & (_QUEUED.c.run_at <= bindparam("now"))).label("due"),
    Entry.audience,
).outerjoin(Entry, Entry.id == _QUEUED.c.entry_id)


@dataclass(frozen=True)
class Lately:
    """The entries with changes the index may not know: all of them, and those this viewer may not list now."""

    changed: frozenset[int] = frozenset()
    closed: frozenset[int] = frozenset()


def changed_lately(viewer: Viewer) -> Lately:
    """Return what the index may not know yet, after a moment for changes that are just being indexed."""
    labels = policy.listed_labels(viewer)
    return once(("lately", labels), lambda: _changed(labels))


def _changed(may_list: frozenset[str]) -> Lately:
    until = time.monotonic() + _PATIENCE
    while True:
        queued = rows(_STATE, {"now": clock.now()})
        due = sum(row.due for row in queued)
        if not 0 < due <= _FEW or time.monotonic() >= until:
            break
        db.session.rollback()
        time.sleep(_LOOK)
    if not queued:
        return Lately()
    return Lately(
        frozenset(row.entry_id for row in queued),
        frozenset(row.entry_id for row in queued if row.audience not in may_list),
    )
