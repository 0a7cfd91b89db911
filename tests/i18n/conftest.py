"""A site with content in both languages, the pseudo-language, and the walk over all its pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cop.core import i18n
from cop.core.catalogues import build_pseudo, compile_stale
from cop.core.paths import TRANSLATIONS
from cop.web import cache
from tests.i18n.world import World, build
from tests.indexing import _no_waiting_for_the_worker, index

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from flask import Flask

    from tests.make import Make

__all__ = ["_no_waiting_for_the_worker", "index"]


@pytest.fixture
def world(make: Make, index: Callable[[], int]) -> World:
    """Return the small site, with its index."""
    made = build(make)
    index()
    return made


@pytest.fixture
def pseudo(app: Flask, tmp_path: Path) -> Iterator[None]:
    """Let the site speak the pseudo-language instead of English."""
    spoken = app.extensions["babel"].translation_directories[0]
    build_pseudo(TRANSLATIONS / "messages.pot", tmp_path)
    # Chinese as ever: error pages speak both.
    compile_stale(TRANSLATIONS, tmp_path)
    i18n.use_catalogues(app, tmp_path)
    cache.pages(app).clear()
    yield
    i18n.use_catalogues(app, spoken)
    cache.pages(app).clear()
