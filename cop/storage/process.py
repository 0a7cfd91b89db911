"""Lets a bounded process of its own look at a file that somebody sent; only so many at a time."""

import threading
from collections.abc import Mapping
from typing import Any

from cop.core import bounded
from cop.core.bounded import Bounds, NoAnswer

#: What looking at one file may take.
BOUNDS = Bounds(memory=900 * 1024 * 1024, seconds=15, patience=30)
#: How long one file may wait for its turn, in seconds.
_TURN = 20
#: Files that are looked at in the same moment; the others wait.
_turns = threading.BoundedSemaphore(2)
#: What it says of a file where looking at it did not come to its end.
_WORDS: Mapping[str, str] = {"slow": "large", "killed": "large", "died": "broken"}


class NotTaken(Exception):
    """The file is not taken. `why` is a word that whoever speaks to people has a sentence for."""

    def __init__(self, why: str) -> None:
        """Name why."""
        super().__init__(why)
        self.why = why


def asked(module: str, data: bytes, *told: str) -> tuple[dict[str, Any], list[bytes]]:
    """Return what `module` says of a file, and what it makes of it; raise NotTaken where it is no good."""
    if not _turns.acquire(timeout=_TURN):
        raise NotTaken("busy")
    try:
        return bounded.asked(module, data, *told, bounds=BOUNDS)
    except NoAnswer as error:
        raise NotTaken(_WORDS.get(error.why, error.why)) from error
    finally:
        _turns.release()
