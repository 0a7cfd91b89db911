"""Files and the one term that notes in them use."""

from __future__ import annotations

from pathlib import Path

import pytest

from cop.terms.models import Term
from tests.domain.exchange.files import Write
from tests.make import Make


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return the function that writes a file and returns its path."""

    def file(text: str, name: str = "notes.yaml") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return file


@pytest.fixture
def strategy(make: Make) -> Term:
    """Make the one strategy that the notes here use."""
    return make.term("open-space")
