"""Files and the one term that notes in them use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cop.core.i18n import speaking
from cop.core.types import Lang
from cop.terms.models import Term
from tests.domain.exchange.files import Write
from tests.make import Make


@pytest.fixture(autouse=True)
def _in_english(db_session: Any) -> Iterator[None]:
    """Let reports speak the language of these tests."""
    with speaking(Lang.EN):
        yield


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
