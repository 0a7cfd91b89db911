"""How long each page takes at 1,000 and at 100,000 entries, and what grows: `python -m tests.benchmarks.pages`.

Prints the median and the 95th percentile in milliseconds at both sizes and the ratios of both,
for a visitor (kept pages off, then on) and for somebody signed in. The sites are made by
`tests.benchmarks.generator`. What is measured is processor time, in which SQLite's share is counted and
other programs' are not; `--wall` takes the time on the wall instead, as a database server needs.
The sizes take turns, so that whatever else the machine does falls on both.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING

from cop.app import create_app
from cop.discover.kept_names import kept_names
from cop.settings import Settings
from tests.benchmarks.visits import Visit, ledgers, searches, signed_in, visits

if TYPE_CHECKING:
    from flask.testing import FlaskClient

Times = dict[str, list[float]]
Clock = Callable[[], float]
_WHO = ("visitor", "kept", "signed in")
_OF = {"pages": visits, "ledgers": ledgers, "searches": searches}
_ASKED = {"all": tuple(_OF), **{name: (name,) for name in _OF}}


def measure(data: Path, rounds: int, *, wanted: str, clock: Clock) -> dict[str, Times]:
    """Return the milliseconds of every visit, by who asks."""
    found: dict[str, Times] = {}
    for who in _WHO:
        kept_mb = 64 if who == "kept" else 0
        app = create_app(Settings.from_env(data=data, page_cache_mb=kept_mb))
        client = app.test_client()
        # A server reads the names in a thread, once it is asked; here that would fall on some of the pages.
        kept_names(app).read_all(app.app_context)
        with app.app_context():
            asked = [visit for name in _ASKED[wanted] for visit in _OF[name]()]
        if who == "signed in":
            signed_in(app, client)
        found[who] = _rounds(client, asked, rounds, clock)
    return found


def _rounds(client: FlaskClient, asked: list[Visit], rounds: int, clock: Clock) -> Times:
    times: Times = {visit.name: [] for visit in asked}
    urls = {visit.name: _settled(client, visit) for visit in asked}
    for count in range(rounds + 1):
        for visit in asked:
            started = clock()
            client.get(urls[visit.name]).close()
            spent = clock() - started
            # The first round opens files and fills caches.
            if count:
                times[visit.name].append(spent * 1000)
    return times


def _settled(client: FlaskClient, visit: Visit) -> str:
    """Return where the visit's address leads."""
    response = client.get(visit.url, follow_redirects=True)
    if response.status_code != 200:
        message = f"{visit.url} answered {response.status_code}"
        raise RuntimeError(message)
    query = response.request.query_string.decode()
    return f"{response.request.path}?{query}" if query else response.request.path


def main() -> int:
    """Measure both sizes, each in a process of its own, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.pages")
    parser.add_argument("--small", type=Path, required=True, help="data folder with 1,000 entries")
    parser.add_argument("--large", type=Path, help="data folder with 100,000 entries")
    parser.add_argument("--rounds", type=int, default=5, help="of each pass")
    parser.add_argument("--passes", type=int, default=4)
    parser.add_argument(
        "--wall", action="store_true", help="time on the wall, not of the processor"
    )
    parser.add_argument("--of", choices=tuple(_ASKED), default="all")
    parser.add_argument("--json", action="store_true", help="print the small site's times alone")
    asked = parser.parse_args()
    if asked.json:
        clock = time.perf_counter if asked.wall else time.process_time
        print(json.dumps(measure(asked.small, asked.rounds, wanted=asked.of, clock=clock)))
        return 0
    small: dict[str, Times] = {}
    large: dict[str, Times] = {}
    for _ in range(asked.passes):
        _add(small, _apart(asked.small, asked))
        if asked.large:
            _add(large, _apart(asked.large, asked))
    for who in _WHO:
        _print(who, small[who], large.get(who, {}))
    return 0


def _apart(data: Path, asked: argparse.Namespace) -> dict[str, Times]:
    command = [sys.executable, "-m", "tests.benchmarks.pages", "--json", "--small", str(data)]
    command += ["--rounds", str(asked.rounds), "--of", asked.of]
    command += ["--wall"] * asked.wall
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    found: dict[str, Times] = json.loads(done.stdout.splitlines()[-1])
    return found


def _add(all_times: dict[str, Times], found: dict[str, Times]) -> None:
    for who, times in found.items():
        for name, spent in times.items():
            all_times.setdefault(who, {}).setdefault(name, []).extend(spent)


def _print(who: str, small: Times, large: Times) -> None:
    print(f"\n{who:32}{'small':>9}{'p95':>9}{'large':>9}{'p95':>9}{'large/small':>13}{'of p95':>9}")
    for name, times in small.items():
        row = f"{name:32}{median(times):9.1f}{_p95(times):9.1f}"
        if name in large:
            row += f"{median(large[name]):9.1f}{_p95(large[name]):9.1f}"
            row += f"{median(large[name]) / median(times):13.2f}"
            row += f"{_p95(large[name]) / _p95(times):9.2f}"
        print(row)


def _p95(times: list[float]) -> float:
    return quantiles(times, n=20)[-1] if len(times) > 1 else times[0]


if __name__ == "__main__":
    sys.exit(main())
