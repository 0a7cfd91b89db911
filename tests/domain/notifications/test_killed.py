"""A digest run that is killed in the middle goes on where it was: everybody gets one mail, nobody two."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Table, create_engine, exists, insert, select, update

from cop.core import clock
from cop.jobs.models import Job
from cop.notifications.digest import DIGEST_JOB
from cop.notifications.models import Notice, NoticeSettings
from cop.people.models import User
from tests.contract.mail.test_mailers import AnyPort, Inbox
from tests.databases import fresh_database

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
MEMBERS = 40
PATIENCE = 120


class Killing(Inbox):
    """A server that takes a mail and, before it can say so, sees the one who sent it die: at each of these mails."""

    def __init__(self, *at: int) -> None:
        super().__init__()
        self.at = set(at)
        self.worker: subprocess.Popen[str] | None = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        answer = await super().handle_DATA(server, session, envelope)
        if len(self.mails) in self.at and self.worker is not None:
            self.worker.send_signal(signal.SIGKILL)
            self.worker.wait(PATIENCE)
        return answer


class Site:
    """A site with members who read once a day, and news for each of them."""

    def __init__(self, folder: Path, url: str, mail_port: int) -> None:
        self.environ = {k: v for k, v in os.environ.items() if not k.startswith("COP_")}
        self.environ |= {
            "COP_DATA": str(folder),
            "COP_DATABASE_URL": url,
            "COP_MAIL_URL": f"smtp://127.0.0.1:{mail_port}",
        }
        self.engine = create_engine(url)
        size = ["--members", str(MEMBERS), "--entries", "12", "--data", str(folder)]
        for part in ("prepare", "telling"):
            program = [sys.executable, "-m", "tests.benchmarks.digest", *size, "--part", part]
            subprocess.run(program, cwd=ROOT, env=self.environ, check=True, timeout=PATIENCE)

    def make_due(self) -> None:
        """Let everybody's digest be due, with news that are no longer being written."""
        now = clock.now()
        job = {"name": DIGEST_JOB, "key": DIGEST_JOB, "payload": {}, "run_at": now, "tries": 0}
        with self.engine.begin() as connection:
            connection.execute(update(_table(NoticeSettings)).values(next_digest_at=now))
            connection.execute(update(_table(Notice)).values(written_at=now - timedelta(hours=1)))
            connection.execute(insert(_table(Job)).values(**job))

    def with_news(self) -> set[str]:
        """Return the addresses of those who read once a day and have news."""
        statement = (
            select(User.email)
            .join(NoticeSettings, NoticeSettings.user_id == User.id)
            .where(exists().where(Notice.user_id == User.id))
        )
        with self.engine.connect() as connection:
            return {str(row[0]) for row in connection.execute(statement)}

    def work(self, inbox: Killing) -> int:
        """Let a worker do what is due, to its end or until it is killed."""
        with self.engine.begin() as connection:
            # What a killed worker had claimed is free again after some minutes: these have passed.
            connection.execute(update(_table(Job)).values(leased_until=None))
        inbox.worker = subprocess.Popen(
            [sys.executable, "-m", "cop", "worker", "--once"],
            cwd=ROOT,
            env=self.environ,
            text=True,
            stdout=subprocess.DEVNULL,
        )
        return inbox.worker.wait(PATIENCE)


def _table(model: Any) -> Table:
    found: Table = model.__table__
    return found


@pytest.fixture
def inbox() -> Killing:
    return Killing(1, 7, 8, 30)


@pytest.fixture
def site(tmp_path: Path, inbox: Killing) -> Iterator[Site]:
    server = AnyPort(inbox, hostname="127.0.0.1", port=0)
    server.start()
    with fresh_database(tmp_path) as url:
        made = Site(tmp_path, url, server.port)
        yield made
        made.engine.dispose()
    server.stop()


def test_a_digest_run_that_is_killed_again_and_again_mails_everybody_once(
    site: Site, inbox: Killing
) -> None:
    site.make_due()
    ends = [site.work(inbox) for _ in range(5)]
    assert ends == [-signal.SIGKILL] * 4 + [0]
    wanted = dict.fromkeys(site.with_news(), 1)
    assert len(wanted) > max(inbox.at)
    assert Counter(mail["To"].addresses[0].addr_spec for mail in inbox.mails) == wanted
    assert site.work(inbox) == 0
    assert len(inbox.mails) == len(wanted)
