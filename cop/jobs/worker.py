"""The worker: claims jobs, does them, forgets them; survives being killed at any moment."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence

import structlog
from flask import Flask

from cop.core.db import db, writing
from cop.core.types import Json
from cop.jobs import queue
from cop.jobs.queue import Claimed, NotNow

log = structlog.get_logger(__name__)

#: A batch of payloads of one job name; the function does them all or raises.
Handler = Callable[[Sequence[Json]], None]

#: Up to this many jobs of one name share one call (and so one index commit).
BATCH = 100
#: How long an idle worker sleeps when nobody wakes it, in seconds.
POLL = 1.0


class Worker:
    """Runs jobs until told to stop. `wake()` is a hint from a commit in this process; polling finds the rest."""

    def __init__(
        self, app: Flask, handlers: Mapping[str, Handler], tick: Callable[[], None] | None = None
    ) -> None:
        """Take the application for its context, the table job name → function, and what runs once a minute."""
        self.app = app
        self.handlers = handlers
        self._tick = tick
        self._wake = threading.Event()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        #: The name whose jobs were done last.
        self._last = ""
        #: When a batch was last looked for, for the readiness page.
        self.alive_at = 0.0

    def wake(self) -> None:
        """Say that there may be work."""
        self._wake.set()

    def stop(self, timeout: float = 10) -> None:
        """Ask the worker to end after the batch in hand and wait for it."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout)

    def start(self) -> None:
        """Run in a thread of this process."""
        self._thread = threading.Thread(target=self.run, name="worker", daemon=True)
        self._thread.start()

    def run(self) -> None:
        """Work until stopped."""
        next_tick = time.monotonic()
        while not self._stop.is_set():
            self.alive_at = time.monotonic()
            self._wake.clear()
            try:
                if self._tick is not None and time.monotonic() >= next_tick:
                    next_tick = time.monotonic() + 60
                    with self.app.app_context():
                        self._tick()
                busy = self.drain(limit=1)
            except Exception:
                # The database may be away for a moment; the worker outlives that.
                log.exception("worker.failed")
                busy = 0
            if not busy:
                self._wake.wait(POLL)

    def drain(self, limit: int | None = None) -> int:
        """Do due batches, all or at most `limit`; return how many jobs were done or failed."""
        done = batches = 0
        while limit is None or batches < limit:
            count = self._one_batch()
            if not count:
                break
            done += count
            batches += 1
        return done

    def _one_batch(self) -> int:
        with self.app.app_context(), writing():
            jobs = queue.claim(db.session, limit=BATCH, after=self._last)
            db.session.commit()
            if not jobs:
                return 0
            self._last = jobs[0].name
            self._do(jobs)
            return len(jobs)

    def _do(self, jobs: Sequence[Claimed]) -> None:
        """Do a batch; where it fails, do its jobs one by one so that a bad one does not hold the others."""
        error = self._try(jobs)
        if error is None:
            return
        if isinstance(error, NotNow):
            queue.postpone(db.session, jobs, seconds=error.seconds)
            db.session.commit()
            return
        if len(jobs) == 1:
            self._failed(jobs, error)
            return
        for job in jobs:
            single = self._try([job])
            if single is not None:
                self._failed([job], single)

    def _try(self, jobs: Sequence[Claimed]) -> Exception | None:
        try:
            handler = self.handlers[jobs[0].name]
            handler([job.payload for job in jobs])
            queue.finish(db.session, jobs)
            db.session.commit()
        except Exception as error:  # noqa: BLE001  whatever a job raises, the others go on
            db.session.rollback()
            return error
        return None

    def _failed(self, jobs: Sequence[Claimed], error: Exception) -> None:
        log.warning(
            "job.failed",
            job=jobs[0].name,
            payload=jobs[0].payload,
            error=repr(error),
            tries=jobs[0].tries,
        )
        queue.fail(db.session, jobs, repr(error))
        db.session.commit()


def run_all(app: Flask, handlers: Mapping[str, Handler]) -> int:
    """Do everything that is due, in the foreground; used by commands and tests."""
    return Worker(app, handlers).drain()
