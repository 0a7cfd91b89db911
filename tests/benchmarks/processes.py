"""Processes that are killed and started again, and whose every word is kept."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import IO

from tests.benchmarks.servers import ROOT

_PATIENCE = 30


class Kept:
    """A process in a session of its own; what it says is appended to a log of its name."""

    def __init__(self, name: str, command: list[str], logs: Path, environ: dict[str, str]) -> None:
        """Start nothing yet."""
        self._command, self._environ = command, {**os.environ, **environ}
        self._path = logs / f"{name}.log"
        self._log: IO[bytes] | None = None
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The process; it must have been started."""
        assert self._process is not None
        return self._process

    def start(self) -> None:
        """Start it."""
        self._log = self._path.open("ab")
        self._process = subprocess.Popen(
            self._command,
            cwd=ROOT,
            env=self._environ,
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def kill(self) -> None:
        """End it at once, without a chance to put anything in order."""
        self.process.send_signal(signal.SIGKILL)
        self._gone()

    def end(self) -> None:
        """Ask it to end."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self._gone()

    def _gone(self) -> None:
        self.process.wait()
        if self._log is not None:
            self._log.close()
