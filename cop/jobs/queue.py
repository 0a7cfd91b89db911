"""The queue: enqueue inside the transaction of the change; claim, finish and fail from the worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, scoped_session

from cop.core import clock
from cop.core.types import Json
from cop.jobs.models import Job

AnySession = Session | scoped_session[Any]

#: Key under which a session notes that its transaction queued work, so that the commit may wake a worker.
QUEUED = "jobs.queued"
#: How long a claimed job may take before another worker may claim it too.
LEASE = timedelta(minutes=5)
#: Tries after which a job is parked for a person to look at.
MAX_TRIES = 5
#: The wait before try n+1, growing: 4 s, 16 s, 64 s, 256 s … and never longer than six hours.
_BACKOFF_BASE = 4
_LONGEST_WAIT = timedelta(hours=6)
#: Tries of jobs that wait for somebody else's machine; `cop.subscriptions` fills it.
PATIENT: dict[str, int] = {}
#: How many jobs of a name are taken at once where each may wait long for another machine, so that all are
#: done before the lease ends; `cop.subscriptions` fills it.
SMALL_BATCHES: dict[str, int] = {}


class NotNow(Exception):
    """Raised by a job that cannot be done at this moment through no fault of its own; it costs no try."""

    def __init__(self, seconds: int, reason: str) -> None:
        """Say after how many seconds to look again, and why."""
        super().__init__(reason)
        self.seconds = seconds


def enqueue(
    session: AnySession,
    name: str,
    payload: Json,
    *,
    key: str | None = None,
    run_at: datetime | None = None,
) -> None:
    """Add a job to the session's transaction; with `key`, an equal job that still waits makes this one needless."""
    session.info[QUEUED] = True
    # The row lock keeps a worker from claiming the waiting job before this transaction has committed its change.
    if key is not None and session.scalar(select(Job.id).where(Job.key == key).with_for_update()):
        return
    job = Job(name=name, payload=payload, key=key, run_at=run_at or clock.now())
    if key is None:
        session.add(job)
        return
    try:
        with session.begin_nested():
            session.add(job)
    except IntegrityError:
        # Another transaction queued the same key a moment ago and its job may run before ours commits.
        session.add(Job(name=name, payload=payload, key=None, run_at=run_at or clock.now()))


def due(now: datetime) -> Select[Job]:
    """Return the statement of jobs that may be claimed now, oldest first."""
    free = or_(Job.leased_until.is_(None), Job.leased_until < now)
    return (
        select(Job)
        .where(and_(Job.run_at <= now, free, Job.parked_at.is_(None)))
        .order_by(Job.run_at, Job.id)
    )


@dataclass(frozen=True)
class Claimed:
    """A job in a worker's hands: plain values, so that the work may end transactions as it needs."""

    id: int
    name: str
    payload: Json
    #: Which try this is, from one.
    tries: int


def claim(session: AnySession, *, limit: int, after: str = "") -> list[Claimed]:
    """Take up to `limit` due jobs of one name, that of the oldest, and lease them to the caller.

    `after` is the name whose turn it was last: another name's jobs come first, so that a thousand entries
    to be indexed do not hold up one mail. The caller commits; on PostgreSQL rows another worker is
    claiming are skipped.
    """
    now = clock.now()
    first = session.scalars(due(now).where(Job.name != after).limit(1)).first()
    first = first or session.scalars(due(now).limit(1)).first()
    if first is None:
        return []
    name = first.name
    most = min(limit, SMALL_BATCHES.get(name, limit))
    jobs = list(
        session.scalars(
            due(now).where(Job.name == name).limit(most).with_for_update(skip_locked=True)
        )
    )
    for job in jobs:
        job.leased_until = now + LEASE
        job.key = None
        job.tries += 1
    return [Claimed(job.id, job.name, dict(job.payload), job.tries) for job in jobs]


def finish(session: AnySession, jobs: Sequence[Claimed]) -> None:
    """Delete jobs that are done."""
    session.execute(delete(Job).where(Job.id.in_([job.id for job in jobs])))


def fail(session: AnySession, jobs: Sequence[Claimed], error: str) -> None:
    """Give jobs back for a later try, or park them after the last."""
    now = clock.now()
    for job in jobs:
        parked = now if job.tries >= PATIENT.get(job.name, MAX_TRIES) else None
        wait = min(timedelta(seconds=_BACKOFF_BASE ** min(job.tries, 10)), _LONGEST_WAIT)
        session.execute(
            update(Job)
            .where(Job.id == job.id)
            .values(
                leased_until=None,
                last_error=error[:2000],
                parked_at=parked,
                run_at=now + wait,
            )
        )


def postpone(session: AnySession, jobs: Sequence[Claimed], *, seconds: int) -> None:
    """Give jobs back as if they had not been tried."""
    session.execute(
        update(Job)
        .where(Job.id.in_([job.id for job in jobs]))
        .values(
            leased_until=None,
            tries=Job.tries - 1,
            run_at=clock.now() + timedelta(seconds=seconds),
        )
    )


def waiting(session: AnySession, name: str, *, most: int) -> int:
    """Return how many jobs of this name are due or being done, counting no further than `most`."""
    due_now = (
        select(Job.id)
        .where(Job.name == name, Job.parked_at.is_(None), Job.run_at <= clock.now())
        .limit(most)
    )
    return session.scalar(select(func.count()).select_from(due_now.subquery())) or 0


def counts(session: AnySession) -> dict[str, int]:
    """Return how many jobs wait, how many are due, and how many are parked."""
    now = clock.now()
    total, parked, ready = session.execute(
        select(
            func.count(),
            func.count(Job.parked_at),
            func.count().filter(Job.run_at <= now, Job.parked_at.is_(None)),
        ).select_from(Job)
    ).one()
    return {"waiting": total - parked, "due": ready, "parked": parked}


def parked(session: AnySession, *, limit: int = 50) -> list[Job]:
    """Return jobs that failed their last try, newest first."""
    return list(
        session.scalars(
            select(Job).where(Job.parked_at.is_not(None)).order_by(Job.id.desc()).limit(limit)
        )
    )


def retry(session: AnySession, job_id: int) -> bool:
    """Give a parked job a new start; return whether there was one."""
    changed = session.execute(
        update(Job)
        .where(Job.id == job_id, Job.parked_at.is_not(None))
        .values(parked_at=None, tries=0, run_at=clock.now(), leased_until=None)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]
