"""Commands as people type them: in this process where that says as much, else as a program of its own."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from cop.cli import main
from tests.databases import fresh_database, server_url

ROOT = Path(__file__).resolve().parents[3]
#: How long a program may take before the test gives up on it, in seconds; far more than it needs.
PATIENCE = 120


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    code: int
    out: str
    err: str


@dataclass
class Place:
    """A data folder and the environment in which its commands run."""

    data: Path
    environ: dict[str, str]
    running: list[Running] = field(default_factory=list)

    def start(self, *arguments: str) -> Running:
        """Start `cop up` on any free port and return it."""
        made = Running(self, *arguments)
        self.running.append(made)
        return made

    def program(self, *arguments: str, stdin: str = "") -> Said:
        """Run a command as a program of its own, to its end."""
        done = subprocess.run(
            [sys.executable, "-m", "cop", *arguments],
            cwd=ROOT,
            env=self.environ,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        return Said(done.returncode, done.stdout, done.stderr)


class Running:
    """A site that was started as a program."""

    def __init__(self, place: Place, *arguments: str) -> None:
        self.place = place
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "cop", "up", "--port", "0", *arguments],
            cwd=ROOT,
            env=place.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.lines: list[str] = []

    def until(self, words: str) -> str:
        """Read on until a line holds these words, and return it."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line)
            if words in line:
                return line
        self.process.wait(PATIENCE)
        raise AssertionError(f"ended without “{words}”:\n" + "".join(self.lines))

    @property
    def url(self) -> str:
        """The address it serves, once it does."""
        said = re.search(r"Serving (\S+)", "".join(self.lines) or "") or re.search(
            r"Serving (\S+)", self.until("Serving ")
        )
        assert said is not None
        return said[1]

    def end(self, how: signal.Signals = signal.SIGINT) -> str:
        """End it with a signal and return everything it said."""
        self.process.send_signal(how)
        assert self.process.stdout is not None
        self.lines += list(self.process.stdout)
        self.process.wait(PATIENCE)
        self.process.stdout.close()
        return "".join(self.lines)

    def get(self, path: str) -> tuple[int, str]:
        """Ask for a page."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def get_once(self, path: str, good: Callable[[int, str], bool]) -> str:
        """Ask until the answer is good, as the worker needs a moment; return its text."""
        import time

        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            status, text = self.get(path)
            if good(status, text):
                return text
            time.sleep(0.05)
        raise AssertionError(f"{path} was never as it should be")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Return a data folder shared by the tests of a file, with a database of the kind of this run."""
    yield from _place(tmp_path_factory.mktemp("place"))


@pytest.fixture
def fresh_place(tmp_path: Path) -> Iterator[Place]:
    """Return a data folder of one test."""
    yield from _place(tmp_path)


def _place(folder: Path, *, like: str = "") -> Iterator[Place]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("COP_")}
    environ["COP_DATA"] = str(folder / "data")
    with fresh_database(folder / "data", like=like) as url:
        if server_url():
            environ["COP_DATABASE_URL"] = url
        made = Place(folder / "data", environ)
        try:
            yield made
        finally:
            for site in made.running:
                if site.process.poll() is None:
                    site.end(signal.SIGKILL)
                elif site.process.stdout is not None:
                    site.process.stdout.close()


@pytest.fixture
def cop(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> Iterator[Cop]:
    """Return the command line on a data folder of the test, run in this process; a `site` has its tables already."""
    like = request.getfixturevalue("migrated") if "site" in request.fixturenames else ""
    for name, value in next(places := _place(tmp_path, like=like)).environ.items():
        if name.startswith("COP_"):
            monkeypatch.setenv(name, value)
    yield Cop(tmp_path / "data", monkeypatch, capfd)
    next(places, None)


@pytest.fixture
def site(cop: Cop) -> Cop:
    """Return the command line on a site with its folder and its tables, and nothing in them."""
    cop.data.mkdir(exist_ok=True)
    return cop


@dataclass
class Cop:
    """The command line in this process."""

    data: Path
    _patch: pytest.MonkeyPatch
    _capture: pytest.CaptureFixture[str]

    def __call__(self, *arguments: Any, stdin: str = "") -> Said:
        """Run a command and return what it answered."""
        self._patch.setattr(sys, "stdin", io.StringIO(stdin))
        self._capture.readouterr()
        try:
            main([str(one) for one in arguments])
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 1
        told = self._capture.readouterr()
        return Said(code, told.out, told.err)
