"""A real site and a real browser, for tests of what people see."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

CHROMIUM = Path("/usr/bin/chromium")
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class LiveSite:
    """A running site: its address, and its application for preparing what shall be seen."""

    url: str
    app: Flask


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Run the machine's own Chromium, or skip and say that it is missing."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    return {
        **browser_type_launch_args,
        "executable_path": str(CHROMIUM),
        "args": list(_FLAGS),
        "headless": True,
    }


@pytest.fixture(scope="session")
def live_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """Serve a site of its own, with a worker, data folder and database; what is written there stays."""
    from waitress.server import create_server

    from cop.app import create_app
    from cop.core import schema
    from cop.core.db import db
    from cop.jobs.worker import Worker
    from cop.subscriptions import HANDLERS
    from tests.conftest import test_settings
    from tests.databases import fresh_database

    folder = tmp_path_factory.mktemp("live")
    with fresh_database(folder) as url:
        app = create_app(test_settings(folder, url))
        with app.app_context():
            schema.upgrade(db.engine)
        server = create_server(app, host="127.0.0.1", port=0, threads=8)
        worker = Worker(app, HANDLERS)
        worker.start()
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        yield LiveSite(f"http://127.0.0.1:{server.effective_port}", app)
        server.close()
        thread.join(5)
        worker.stop()
        with app.app_context():
            db.engine.dispose()
