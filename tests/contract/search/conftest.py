"""Both engines of the contract: the one that ships, and the exhaustive reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cop.search.local import LocalEngine
from tests.contract.search.reference import Reference
from tests.contract.search.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(autouse=True)
def _database_of_each_test() -> None:
    """Leave the database alone: an engine has none."""


@pytest.fixture
def local(tmp_path: Path) -> Iterator[LocalEngine]:
    """Give an empty engine of the kind that ships."""
    engine = LocalEngine(tmp_path / "search")
    engine.rebuild([])
    yield engine
    engine.close()


@pytest.fixture(params=["local", "reference"])
def shelf(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Shelf]:
    """Give an empty engine, each kind in turn, with the texts that phrases are verified in."""
    shelf = Shelf()
    local = LocalEngine(tmp_path / "search", texts=shelf.texts)
    shelf.engine = local if request.param == "local" else Reference(texts=shelf.texts)
    shelf.engine.rebuild([])
    yield shelf
    local.close()
