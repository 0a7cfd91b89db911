"""Lets a bounded process of its own look at a file that somebody sent (see `confined`)."""

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import structlog

from cop.storage import confined

log = structlog.get_logger(__name__)

#: How long one file may take all in all, and how long it may wait for its turn, in seconds.
_PATIENCE = 30
_TURN = 20
#: Files that are looked at in the same moment; the others wait.
_turns = threading.BoundedSemaphore(2)
_PROGRAM = Path(confined.__file__)
_ROOT = _PROGRAM.parents[2]


class NotTaken(Exception):
    """The file is not taken. `why` is a word that whoever speaks to people has a sentence for."""

    def __init__(self, why: str) -> None:
        """Name why."""
        super().__init__(why)
        self.why = why


def asked(module: str, data: bytes, *told: str) -> tuple[dict[str, Any], list[bytes]]:
    """Return what `module` says of a file, and what it makes of it; raise NotTaken where it is no good.

    The process can take neither much memory nor much time, and knows no secret.
    """
    if not _turns.acquire(timeout=_TURN):
        raise NotTaken("busy")
    try:
        return _asked(module, data, told)
    finally:
        _turns.release()


def _asked(module: str, data: bytes, told: tuple[str, ...]) -> tuple[dict[str, Any], list[bytes]]:
    command = [sys.executable, "-I", "-B", str(_PROGRAM), str(_ROOT), module, *told]
    noted = {"module": module, "told": told, "bytes": len(data)}
    try:
        done = subprocess.run(  # noqa: S603  our own program, told words of our own
            command,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_PATIENCE,
            env={},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        log.warning("files.too_slow", **noted)
        raise NotTaken("large") from error
    line, _newline, rest = done.stdout.partition(b"\n")
    if done.returncode != 0 or not line:
        # It was stopped at its bounds, or the file broke the decoder; either way only the file is lost.
        log.warning("files.stopped", **noted, code=done.returncode)
        raise NotTaken("large" if done.returncode < 0 else "broken")
    answer = json.loads(line)
    if "refused" in answer["said"]:
        log.info("files.refused", **noted, why=answer["said"])
        raise NotTaken(answer["said"]["refused"])
    parts = []
    for length in answer["lengths"]:
        parts.append(rest[:length])
        rest = rest[length:]
    return answer["said"], parts
