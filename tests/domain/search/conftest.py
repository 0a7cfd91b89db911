"""The starter content, indexed, for whoever asks questions of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cop.exchange.starter import load_starter
from tests.indexing import _no_waiting_for_the_worker, index

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["_no_waiting_for_the_worker", "index"]


@pytest.fixture
def starter(index: Callable[[], int], run_jobs: Callable[[], int]) -> None:
    """Load the starter content and let the worker bring it into the index."""
    load_starter()
    run_jobs()
