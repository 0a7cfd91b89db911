"""A digest run: `python -m tests.benchmarks.digest [--members 10000] [--entries 1000]`.

Makes a site of so many members who read once a day, each watching three of sixty terms and one person; posts so
many notes by the real operation; then, each in a process of its own, tells of the notes (events become lines) and runs
the digests until the last mail is handed over. Prints the time, the memory at its most, and how many mails there were.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, insert, select, update

from cop.app import create_app
from cop.core import clock, schema
from cop.core.db import db, writing
from cop.jobs.models import Job
from cop.jobs.worker import run_all
from cop.mail.message import compose
from cop.mail.models import OutgoingMail
from cop.mail.outbox import MAIL_JOB
from cop.notifications.digest import DIGEST_JOB, queue_digests
from cop.notifications.models import Notice, NoticeSettings, Watch
from cop.notifications.searching import SEARCHES_JOB, found_by_searches
from cop.notifications.telling import TELL_JOB, tell
from cop.people import posting
from cop.people.models import User
from cop.people.posting import deliver_mails
from cop.settings import Settings
from tests.benchmarks.servers import memory_mb
from tests.make import Make

_TERMS = 60


class Counting:
    """A mail server that takes everything at once and remembers only how much it was."""

    sender = "tongxing@example.org"
    kind = "memory"

    def __init__(self) -> None:
        """Start with nothing."""
        self.mails = self.bytes = 0

    def send(self, message: Any, *, message_id: str | None = None) -> None:
        """Write the mail as it would go over the wire, and let go of it."""
        mail = compose(message, sender=self.sender, message_id=message_id)
        self.mails += 1
        self.bytes += len(mail.as_bytes())


def _app(data: Path) -> Any:
    url = os.environ.get("COP_DATABASE_URL") or f"sqlite:///{data / 'cop.db'}"
    return create_app(Settings(data=data, database_url=url, secret_key="of a benchmark"))


def prepare(data: Path, members: int, entries: int, seed: int) -> None:
    """Make the members, what they watch, and the notes."""
    chance = random.Random(seed)
    app = _app(data)
    with app.app_context(), writing():
        schema.upgrade(db.engine)
        make = Make()
        terms = [make.term(f"term-{number}") for number in range(_TERMS)]
        authors = [make.user() for _ in range(50)]
        db.session.commit()
        ids = _members(members)
        rows = []
        for user_id in ids:
            watched = [("term", term.id) for term in chance.sample(terms, 3)]
            watched.append(("person", chance.choice(authors).id))
            rows += [
                {"user_id": user_id, "kind": kind, "target_id": target, "level": "new"}
                for kind, target in watched
            ]
        now = clock.now()
        for row in rows:
            row |= {"address": "", "changed_at": now}
        db.session.execute(insert(Watch), rows)
        db.session.commit()
        for _ in range(entries):
            make.note(by=chance.choice(authors), strategies=chance.sample(terms, 3))
            db.session.commit()
        # The index is no part of this.
        db.session.execute(Job.__table__.delete().where(Job.name != TELL_JOB))
        db.session.commit()


def _members(number: int) -> list[int]:
    now = clock.now()
    people = [
        {
            "handle": f"reader-{one}",
            "email": f"reader-{one}@example.org",
            "name": f"Invented Reader {one}",
            "status": "active",
            "lang": "zh-Hans" if one % 3 else "en",
            "timezone": "Asia/Shanghai",
            "created_at": now,
            "confirmed_at": now,
        }
        for one in range(number)
    ]
    db.session.execute(insert(User), people)
    ids = list(db.session.scalars(select(User.id).where(User.handle.startswith("reader-"))))
    db.session.execute(
        insert(NoticeSettings),
        [
            {
                "user_id": user_id,
                "mail": "daily",
                "own": True,
                "digested_at": now - timedelta(days=1),
                "next_digest_at": now + timedelta(days=1),
            }
            for user_id in ids
        ],
    )
    return ids


def telling(data: Path) -> None:
    """Let the worker tell of the notes."""
    app = _app(data)
    began = time.perf_counter()
    done = run_all(app, {TELL_JOB: tell, SEARCHES_JOB: found_by_searches})
    with app.app_context():
        lines = db.session.scalar(select(func.count()).select_from(Notice))
    print(
        f"telling: {done} events became {lines} lines in {time.perf_counter() - began:.0f} s",
        end="",
    )
    cpu, memory = time.process_time(), memory_mb(os.getpid(), "VmHWM")
    print(f" ({cpu:.0f} s of processor), {memory:.0f} MB at its most")


def digests(data: Path) -> None:
    """Let everybody's digest be due and the worker do it all."""
    app = _app(data)
    server = Counting()
    posting.mailer = lambda: server  # type: ignore[assignment]
    with app.app_context(), writing():
        now = clock.now()
        due = {"next_digest_at": now, "digested_at": now - timedelta(days=1)}
        db.session.execute(update(NoticeSettings).values(due))
        # What was written within the last minutes belongs to the next digest.
        db.session.execute(update(Notice).values(written_at=now - timedelta(hours=1)))
        db.session.execute(Job.__table__.delete().where(Job.key == DIGEST_JOB))
        db.session.add(Job(name=DIGEST_JOB, key=DIGEST_JOB, payload={}, run_at=now))
        db.session.commit()
    # Nobody saved a search here.
    began, cpu = time.perf_counter(), time.process_time()
    done = {DIGEST_JOB: queue_digests, MAIL_JOB: deliver_mails, SEARCHES_JOB: found_by_searches}
    run_all(app, done)
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    with app.app_context():
        waiting = (
            select(func.count()).select_from(OutgoingMail).where(OutgoingMail.sent_at.is_(None))
        )
        left = db.session.scalar(waiting)
    print(
        f"digests: {server.mails} mails of {server.bytes // max(1, server.mails)} bytes, {left} left",
        end="",
    )
    print(
        f", in {took:.0f} s ({cpu:.0f} s of processor), {memory_mb(os.getpid(), 'VmHWM'):.0f} MB at its most"
    )


def main() -> None:
    """Run the benchmark, or one part of it in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=10_000)
    parser.add_argument("--entries", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--part", choices=["prepare", "telling", "digests"])
    given = parser.parse_args()
    if given.part == "prepare":
        prepare(given.data, given.members, given.entries, given.seed)
        return
    if given.part:
        {"telling": telling, "digests": digests}[given.part](given.data)
        return
    with tempfile.TemporaryDirectory() as folder:
        data = given.data or Path(folder)
        data.mkdir(parents=True, exist_ok=True)
        prepare(data, given.members, given.entries, given.seed)
        for part in ("telling", "digests"):
            command = [sys.executable, "-m", "tests.benchmarks.digest", "--data", str(data)]
            subprocess.run([*command, "--part", part], check=True)


if __name__ == "__main__":
    main()
