"""What the site does for itself: every minute a usable index, every night forgetting, repairing, tidying."""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from cop.core import clock
from cop.core.db import db, writing
from cop.core.types import Json
from cop.discover import indexing
from cop.entries.operations import render_stale
from cop.jobs.schedule import expect, next_night
from cop.people.operations import forget_old
from cop.web.forms import forget_answered

log = structlog.get_logger(__name__)

#: The job of the night.
NIGHTLY_JOB = "night"
#: How long a form's answer is kept, so that sending it again leads to the same place.
_ANSWERED_FORMS_KEPT = timedelta(days=2)


def every_minute() -> None:
    """Look after what cannot wait: a usable index, and that the next night's work is queued."""
    indexing.keep_healthy()
    with writing():
        expect(db.session, NIGHTLY_JOB, at=next_night(clock.now()))
        db.session.commit()


def nightly(_payloads: Sequence[Json]) -> None:
    """Job: forget what has had its time, render what an older renderer made, and repair the index."""
    now = clock.now()
    found = indexing.reconcile()
    if found:
        log.warning("search.repaired", stale=len(found.stale), ghosts=len(found.ghosts))
    db.session.rollback()
    indexing.engine().optimise()
    forget_old()
    forget_answered(before=now - _ANSWERED_FORMS_KEPT)
    render_stale()
    expect(db.session, NIGHTLY_JOB, at=next_night(now))
