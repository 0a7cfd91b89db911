"""Paging by key, not by offset: a page costs the same wherever it lies."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Generic, TypeVar

T = TypeVar("T")

#: The longest page key that is looked at; longer ones are made up.
_KEY_LIMIT = 200


@dataclass(frozen=True)
class Cursor:
    """A place in a list ordered newest first: the moment and the id of the row at its edge."""

    at: datetime
    id: int

    def encode(self) -> str:
        """Return the key that stands in a URL."""
        raw = json.dumps([int(self.at.timestamp() * 1_000_000), self.id], separators=(",", ":"))
        return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")

    @classmethod
    def decode(cls, key: str | None) -> "Cursor | None":
        """Return the place a key names, or None where the key is empty or made up (a reader then sees the start)."""
        if not key or len(key) > _KEY_LIMIT:
            return None
        try:
            raw = base64.urlsafe_b64decode(key.encode() + b"=" * (-len(key) % 4))
            micro, row = json.loads(raw)
            at = datetime.fromtimestamp(int(micro) // 1_000_000, UTC).replace(
                microsecond=int(micro) % 1_000_000
            )
            number = int(row)
        except (ValueError, TypeError, OverflowError, OSError, binascii.Error, RecursionError):
            return None
        return cls(at, number) if 0 <= number < 2**62 else None


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page of a list: its items and the keys of its neighbours (None where there is none)."""

    items: Sequence[T]
    older: str | None = None
    newer: str | None = None

    @classmethod
    def of(
        cls,
        rows: Sequence[T],
        *,
        size: int,
        place: Callable[[T], Cursor],
        before: Cursor | None = None,
        after: Cursor | None = None,
    ) -> "Page[T]":
        """Cut a page from `size + 1` rows read towards `before` (older) or `after` (newer, oldest first)."""
        more = len(rows) > size
        kept = list(rows[:size])
        if after is not None:
            kept.reverse()
        older = kept and (more if after is None else True)
        newer = kept and (more if after is not None else before is not None)
        return cls(
            kept,
            older=place(kept[-1]).encode() if older else None,
            newer=place(kept[0]).encode() if newer else None,
        )
