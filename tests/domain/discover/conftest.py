"""Searches over a real index."""

from __future__ import annotations

from tests.indexing import _no_waiting_for_the_worker, index

__all__ = ["_no_waiting_for_the_worker", "index"]
