"""What the site does for itself: every minute a usable index, every night forgetting, repairing, tidying."""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from cop.core import clock
from cop.core.db import db, writing
from cop.core.types import Json
from cop.discover import indexing
from cop.entries.commenting import render_stale_comments
from cop.entries.telling import render_stale
from cop.jobs.schedule import RECURRING, expect, next_night
from cop.people.operations import forget_old
from cop.web.forms import forget_answered

log = structlog.get_logger(__name__)

#: The jobs of the night.
FORGET_JOB = "night.forget"
REPAIR_JOB = "night.repair"
#: How long a form's answer is kept, so that sending it again leads to the same place.
_ANSWERED_FORMS_KEPT = timedelta(days=2)


def every_minute() -> None:
    """Look after what cannot wait: a usable index, and that the work that recurs is queued."""
    with writing():
        for job, when in RECURRING.items():
            expect(db.session, job, at=when(clock.now()))
        db.session.commit()
    indexing.keep_healthy()


def forget(_payloads: Sequence[Json]) -> None:
    """Job: forget what has had its time; it depends on nothing that could fail."""
    now = clock.now()
    forget_old()
    forget_answered(before=now - _ANSWERED_FORMS_KEPT)
    expect(db.session, FORGET_JOB, at=next_night(now))


def repair(_payloads: Sequence[Json]) -> None:
    """Job: render what an older renderer made, and make the index agree with the database."""
    found = indexing.reconcile()
    if found:
        log.warning("search.repaired", stale=len(found.stale), ghosts=len(found.ghosts))
    db.session.rollback()
    indexing.engine().optimise()
    for entry_id in render_stale():
        indexing.queue_entry(entry_id)
    render_stale_comments()
    expect(db.session, REPAIR_JOB, at=next_night(clock.now()))
