"""Everything at once for some minutes, and then the question whether anything was lost.

`python -m tests.benchmarks.mixed --minutes 10`: a gunicorn server of two workers and four threads each, readers
who search and look at pages, writers who post and revise notes over HTTP, and two `cop worker` that fight over
the queue, one of which is killed without warning every twenty seconds and started again.

Counted are answers that are errors, tracebacks in every log, searches answered without the index, and how long
it takes until a writer finds what she published. When all have stopped and the queue has drained, index and
database are compared, and each note is looked for by the word its last state is known by, and by the words it
had before and must not be found by.
"""

from __future__ import annotations

import argparse
import contextlib
import re
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from cop.app import create_app
from cop.core import clock, schema
from cop.core.db import db
from cop.discover import indexing
from cop.exchange.starter import load_starter, starter_is_loaded
from cop.jobs.models import Job
from cop.jobs.schedule import RECURRING
from cop.settings import Settings
from tests.benchmarks import servers
from tests.benchmarks.crowd import Crowd, Reader, Told, Writer, cookies
from tests.benchmarks.generator import fill
from tests.benchmarks.processes import Kept

if TYPE_CHECKING:
    from flask import Flask

#: Seconds between two kills.
_KILL_EVERY = 20.0
#: A worker that was killed leaves its jobs leased for five minutes.
_DRAIN_SECONDS = 420
#: What is due no sooner waits for its time; a job tried in vain, or in the hand of a killed worker, is due before.
_PUT_OFF = timedelta(minutes=10)
_TRACEBACK = re.compile(r"Traceback \(most recent call last\)")
_COMPLAINT = re.compile(r"\b(error|critical|exception)\b", re.IGNORECASE)


@dataclass
class Outcome:
    """What is known in the end."""

    crowd: Crowd
    kills: int = 0
    drained: float | None = None
    waiting: int = 0
    parked: int = 0
    stale: int = 0
    ghosts: int = 0
    missing: list[str] = field(default_factory=list)
    haunting: list[str] = field(default_factory=list)
    tracebacks: dict[str, int] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)


def run(data: Path, *, minutes: float, readers: int, writers: int, entries: int) -> Outcome:
    """Prepare the site, let everybody work, and look at what is left."""
    app = create_app(Settings.from_env(data=data))
    worn = prepared(app, writers, entries)
    port, logs = servers.free_port(), data / "logs"
    logs.mkdir(exist_ok=True)
    environ = {"COP_DATA": str(data)}
    work = [sys.executable, "-m", "cop", "worker"]
    with contextlib.ExitStack() as stack:
        site = Kept("server", servers.gunicorn("wsgi:app", port), logs, environ)
        pair = [Kept(f"worker-{n}", work, logs, environ) for n in (1, 2)]
        for process in (site, *pair):
            process.start()
            stack.callback(process.end)
        servers.wait_for(site.process, port)
        crowd = Crowd(port)
        crowd.wait_for_workers()
        outcome = Outcome(crowd)
        _everybody(crowd, worn, readers, time.monotonic() + minutes * 60, pair, outcome)
        with app.app_context():
            _drained(outcome)
            _compared(outcome)
        for told in crowd.told:
            _looked_for(crowd, told, outcome)
    _read_logs(logs, outcome)
    return outcome


def prepared(app: Flask, writers: int, entries: int) -> list[str]:
    """Fill the site where it is empty; return a signed-in cookie for each writer."""
    with app.app_context():
        schema.upgrade(db.engine)
        if not starter_is_loaded():
            load_starter()
        fill(entries, seed=7)
        if indexing.engine().check() != "ok" or indexing.difference():
            indexing.rebuild()
        return cookies(app, writers)


def _everybody(
    crowd: Crowd,
    worn: list[str],
    readers: int,
    until: float,
    pair: list[Kept],
    outcome: Outcome,
) -> None:
    over = Event()
    people: list[Reader | Writer] = [Reader(crowd, n) for n in range(readers)]
    people += [Writer(crowd, n, cookie) for n, cookie in enumerate(worn)]
    threads = [Thread(target=one.work, args=(over,), daemon=True) for one in people]
    for thread in threads:
        thread.start()
    due = time.monotonic() + _KILL_EVERY
    while (now := time.monotonic()) < until:
        if now >= due:
            victim = pair[outcome.kills % 2]
            victim.kill()
            victim.start()
            outcome.kills += 1
            due += _KILL_EVERY
        time.sleep(0.2)
    over.set()
    for thread in threads:
        thread.join(60)


def _drained(outcome: Outcome) -> None:
    """Wait until no job is due or in hand; what recurs always waits, what was put off waits for its time."""
    started = time.monotonic()
    soon = Job.name.not_in(tuple(RECURRING)) & (Job.run_at < clock.now() + _PUT_OFF)
    while time.monotonic() - started < _DRAIN_SECONDS:
        outcome.waiting = db.session.scalar(
            select(func.count(Job.id)).where(soon, Job.parked_at.is_(None))
        ) or 0  # fmt: skip
        db.session.rollback()
        if not outcome.waiting:
            outcome.drained = time.monotonic() - started
            break
        time.sleep(0.5)
    parked = select(func.count(Job.id)).where(Job.parked_at.is_not(None))
    outcome.parked = db.session.scalar(parked) or 0
    db.session.rollback()


def _compared(outcome: Outcome) -> None:
    found = indexing.difference()
    outcome.stale, outcome.ghosts = len(found.stale), len(found.ghosts)
    db.session.rollback()


def _looked_for(crowd: Crowd, told: Told, outcome: Outcome) -> None:
    if crowd.entries_for(told.word, cookie=told.cookie) != [told.entry]:
        outcome.missing.append(f"note {told.entry} by {told.word}")
    if told.hidden and crowd.entries_for(told.word):
        outcome.haunting.append(f"note {told.entry} by a visitor")
    for word in told.before:
        if crowd.entries_for(word, cookie=told.cookie):
            outcome.haunting.append(f"note {told.entry} by {word}")


def _read_logs(logs: Path, outcome: Outcome) -> None:
    for path in sorted(logs.glob("*.log")):
        said = path.read_text("utf-8", "replace")
        outcome.tracebacks[path.stem] = len(_TRACEBACK.findall(said))
        outcome.complaints += [
            f"{path.stem}: {line[:200]}" for line in said.splitlines() if _COMPLAINT.search(line)
        ]


def report(outcome: Outcome) -> bool:
    """Print what happened; tell whether nothing went wrong."""
    crowd = outcome.crowd
    for line in crowd.lines():
        print(line)
    revisions = sum(len(one.before) for one in crowd.told)
    print(
        f"notes published: {len(crowd.told)}, revised: {revisions}, workers killed: {outcome.kills}"
    )
    drained = "never" if outcome.drained is None else f"after {outcome.drained:.0f} s"
    print(f"queue drained: {drained} ({outcome.waiting} waiting, {outcome.parked} parked)")
    print(f"index and database: {outcome.stale} out of date, {outcome.ghosts} unknown")
    print(f"not found by their last word: {len(outcome.missing)} {outcome.missing[:5]}")
    print(f"found by a word that is gone: {len(outcome.haunting)} {outcome.haunting[:5]}")
    print(f"tracebacks: {outcome.tracebacks}")
    for line in outcome.complaints[:20]:
        print(f"  {line}")
    lost = outcome.missing or outcome.haunting or outcome.stale or outcome.ghosts
    failed = crowd.errors or any(outcome.tracebacks.values()) or outcome.parked
    return not (lost or failed or outcome.drained is None)


def main() -> int:
    """Run and report; the exit code tells whether all went well."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.mixed")
    parser.add_argument("--data", type=Path, help="data folder; otherwise a new one for this run")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--readers", type=int, default=4)
    parser.add_argument("--writers", type=int, default=3)
    parser.add_argument("--entries", type=int, default=2000, help="generated notes to begin with")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        outcome = run(
            asked.data or Path(folder),
            minutes=asked.minutes,
            readers=asked.readers,
            writers=asked.writers,
            entries=asked.entries,
        )
    good = report(outcome)
    print("nothing was lost" if good else "SOMETHING WENT WRONG")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
