"""What serving costs beside a bare Flask route: `python -m tests.benchmarks.serving`.

Two gunicorn servers of two workers each, one with the site on its starter content and one with a route that
says "Hello", are put under the same load in turns. Printed are requests a second and processor time of the
server for one request, each as a ratio to the bare route's in the same rounds, and what is left of that time
besides the search engine; then the memory of one `cop up`
with its worker after 1,000 mixed requests.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import sys
import tempfile
from pathlib import Path
from random import Random
from statistics import median
from typing import TYPE_CHECKING
from urllib.parse import quote

from sqlalchemy import select

from cop import subscriptions
from cop.app import create_app
from cop.core import clock, schema
from cop.core.db import db
from cop.core.types import Lang
from cop.discover import indexing
from cop.entries.models import Entry, Text
from cop.exchange.starter import load_starter, starter_is_loaded
from cop.jobs import worker
from cop.people import devices
from cop.people.models import AccountStatus, User
from cop.settings import Settings
from tests.benchmarks import servers

if TYPE_CHECKING:
    from tests.benchmarks.servers import Load

_BARE = "a bare route"
_SEARCH = "/search?q=" + quote("社区")
#: What only members are measured on: what depends on who reads, or on what is asked, is never kept.
_OWN = {
    "a narrowed list": "/notes/?outcome=worked",
    "discussions": "/discussions/",
    "notices": "/notices/",
    "a search": _SEARCH,
    "a search, narrowed": _SEARCH + "&outcome=worked",
    "a question": "/search?q=" + quote("怎么和街道办事处谈垃圾分类"),
    "some words": "/search?q=residents+committee+open+space",
    "nothing found": "/search?q=zzxqj",
}
_HANDLE = "benchmark-reader"


def prepared(data: Path) -> tuple[dict[str, str], str]:
    """Fill the data folder with the starter content; return pages by name and a signed-in cookie."""
    app = create_app(Settings.from_env(data=data))
    with app.app_context():
        schema.upgrade(db.engine)
        if not starter_is_loaded():
            load_starter()
            indexing.rebuild()
            # As on a site with its worker: what waits to be indexed is asked about by every search.
            worker.run_all(app, subscriptions.HANDLERS)
            # What was read before the worker wrote is no ground to write on.
            db.session.rollback()
        note = db.session.execute(
            select(Entry.id, Text.slug)
            .join(Text, Text.entry_id == Entry.id)
            .where(Entry.audience == "public", Text.lang == Lang.ZH.value)
            .order_by(Entry.id)
            .limit(1)
        ).one()
        cookie = _signed_in(app.test_client())
    pages = {
        "home": "/",
        "a note": quote(f"/notes/{note.id}-{note.slug}"),
        "a term": "/terms/strategy/first-in-command",
        "the list": "/notes/",
    }
    return pages, cookie


def _signed_in(client: object) -> str:
    user = db.session.scalar(select(User).where(User.handle == _HANDLE))
    if user is None:
        user = User(
            handle=_HANDLE,
            email=f"{_HANDLE}@example.org",
            name="Invented Reader",
            status=AccountStatus.ACTIVE.value,
            lang=Lang.ZH.value,
            created_at=clock.now(),
            confirmed_at=clock.now(),
        )
        db.session.add(user)
        db.session.flush()
    _row, token = devices.begin(user=user, user_agent="Benchmark")
    db.session.commit()
    with client.session_transaction() as cookie:  # type: ignore[attr-defined]
        cookie["_user_id"] = token
    kept = client.get_cookie("session")  # type: ignore[attr-defined]
    return f"session={kept.value}"


def compare(data: Path, *, rounds: int, seconds: float) -> dict[str, list[Load]]:
    """Put both servers under load in turns; return what came of each page."""
    pages, cookie = prepared(data)
    ports = servers.free_port(), servers.free_port()
    found: dict[str, list[Load]] = {}
    with (
        servers.running(
            servers.gunicorn("tests.benchmarks.clocked:app", ports[0]), ports[0], COP_DATA=str(data)
        ) as site,
        servers.running(servers.gunicorn("tests.benchmarks.bare:app", ports[1]), ports[1]) as bare,
    ):
        turns = [(_BARE, ports[1], "/", bare.pid, "")]
        turns += [
            (f"visitor: {name}", ports[0], path, site.pid, "") for name, path in pages.items()
        ]
        own = {"home": "/", "a note": pages["a note"], "the list": pages["the list"], **_OWN}
        turns += [
            (f"signed in: {name}", ports[0], path, site.pid, cookie) for name, path in own.items()
        ]
        for count in range(rounds + 1):
            for name, port, path, pid, worn in turns:
                # One person asks for one page at a time; visitors come in numbers.
                load = servers.burst(
                    port, path, seconds if count else 1.0, pid, cookie=worn, hands=1 if worn else 4
                )
                # In the first round both workers fill their caches.
                if count:
                    found.setdefault(name, []).append(load)
    return found


def memory(data: Path, requests: int) -> tuple[float, float]:
    """Return what one `cop up` holds in MiB at its start and after so many mixed requests."""
    pages, cookie = prepared(data)
    paths = [*pages.values(), _SEARCH, "/search?q=open+space", "/terms/", "/organisations/"]
    port = servers.free_port()
    command = [sys.executable, "-m", "cop", "up", "--port", str(port), "--data", str(data)]
    rng = Random(7)
    with servers.running(command, port) as process:
        at_start = servers.memory_mb(process.pid)
        with contextlib.closing(
            http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        ) as client:
            for _ in range(requests):
                headers = {"Accept-Encoding": "gzip"}
                if rng.random() < 0.5:
                    headers["Cookie"] = cookie
                if rng.random() < 0.5:
                    headers["Accept-Language"] = "zh-CN"
                client.request("GET", rng.choice(paths), headers=headers)
                client.getresponse().read()
        return at_start, servers.memory_mb(process.pid)


def main() -> int:
    """Measure and print; nothing is judged here."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.serving")
    parser.add_argument("--data", type=Path, help="data folder; otherwise a new one for this run")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each burst")
    parser.add_argument("--requests", type=int, default=1000, help="before memory is read")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = asked.data or Path(folder)
        _print(compare(data, rounds=asked.rounds, seconds=asked.seconds))
        at_start, after = memory(data, asked.requests)
        print(
            f"\ncop up with worker: {at_start:.0f} MiB when it listens, "
            f"{after:.0f} MiB after {asked.requests:,} mixed requests"
        )
    return 0


def _print(found: dict[str, list[Load]]) -> None:
    bare = found[_BARE]
    print(
        f"{'':26}{'requests/s':>12}{'of bare':>9}{'ms of processor':>17}{'times bare':>12}{'without engine':>16}"
    )
    for name, loads in found.items():
        # Each round is compared with the bare route of that round: the machine may have been busier then.
        share = median(one.rate / base.rate for one, base in zip(loads, bare, strict=True))
        times = median(one.cpu_ms / base.cpu_ms for one, base in zip(loads, bare, strict=True))
        rate, cpu = median(one.rate for one in loads), median(one.cpu_ms for one in loads)
        besides = median(one.cpu_ms - one.engine_ms for one in loads)
        print(f"{name:26}{rate:12.0f}{share:9.2f}{cpu:17.2f}{times:12.1f}{besides:16.2f}")


if __name__ == "__main__":
    sys.exit(main())
