"""The starter content, found by whoever asks questions of it."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest

from cop.discover.kept_names import kept_names
from tests.indexing import _no_waiting_for_the_worker, index

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

__all__ = ["_no_waiting_for_the_worker", "index"]


@pytest.fixture
def known(app: Flask, starter: None, index: Callable[[], int], run_jobs: Callable[[], int]) -> None:
    """Let the starter content stand in the index, and its names be known as after some requests."""
    run_jobs()
    kept_names(app).read_all(nullcontext)
