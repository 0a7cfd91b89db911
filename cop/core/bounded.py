"""Lets one part of the program work in a bounded process of its own (see `confined`)."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from cop.core import confined

log = structlog.get_logger(__name__)

_PROGRAM = Path(confined.__file__)
_ROOT = _PROGRAM.parents[2]


@dataclass(frozen=True)
class Bounds:
    """What a process may take: bytes of address space, seconds of the processor, and seconds all in all."""

    memory: int
    seconds: int
    patience: float


class NoAnswer(Exception):
    """Nothing was made. `why` is the word that was refused with, or one of: large broken slow killed died."""

    def __init__(self, why: str) -> None:
        """Name why."""
        super().__init__(why)
        self.why = why


def asked(
    module: str, data: bytes, *told: str, bounds: Bounds
) -> tuple[dict[str, Any], list[bytes]]:
    """Return what `module.answer` says of these bytes, and what it makes of them, or raise NoAnswer.

    The process can take no more than its bounds, knows no secret, and can write no file.
    """
    noted = {"module": module, "told": told, "bytes": len(data)}
    limits = (str(bounds.memory), str(bounds.seconds))
    try:
        done = subprocess.run(  # noqa: S603  our own program, told words of our own
            [sys.executable, "-I", "-B", str(_PROGRAM), *limits, str(_ROOT), module, *told],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=bounds.patience,
            env={},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        log.warning("bounded.slow", **noted)
        raise NoAnswer("slow") from error
    line, _newline, rest = done.stdout.partition(b"\n")
    if done.returncode != 0 or not line:
        # It was stopped at its bounds, or broke; either way nothing else is lost.
        log.warning("bounded.stopped", **noted, code=done.returncode)
        raise NoAnswer("killed" if done.returncode < 0 else "died")
    answer = json.loads(line)
    if "refused" in answer["said"]:
        log.info("bounded.refused", **noted, why=answer["said"])
        raise NoAnswer(answer["said"]["refused"])
    parts = []
    for length in answer["lengths"]:
        parts.append(rest[:length])
        rest = rest[length:]
    return answer["said"], parts
