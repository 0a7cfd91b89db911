"""A real site and a real browser, for tests of what people see."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.databases import fresh_database

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask

    from cop.jobs.worker import Worker

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
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
    """A running site: its address, its application for preparing what shall be seen, its data folder, its worker."""

    url: str
    app: Flask
    data: Path
    worker: Worker


@contextmanager
def serving(folder: Path) -> Iterator[LiveSite]:
    """Serve a new site with the starter content, and a data folder and database of its own.

    Its worker waits to be started: until then whoever prepares the site writes without it.
    """
    from cop.app import create_app
    from cop.core import schema
    from cop.core.db import db
    from cop.exchange.starter import load_starter
    from cop.jobs.worker import Worker
    from cop.subscriptions import HANDLERS
    from tests.conftest import test_settings

    with fresh_database(folder) as database, socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        app = create_app(test_settings(folder, database, base_url=url))
        with app.app_context():
            schema.upgrade(db.engine)
            assert load_starter().ok
            db.session.remove()
        worker = Worker(app, HANDLERS)
        app.extensions["worker"] = worker
        worker.drain()
        with _answering(app, listener):
            yield LiveSite(url, app, folder, worker)
        worker.stop()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


@contextmanager
def _answering(app: Flask, listener: socket.socket) -> Iterator[None]:
    from waitress.server import create_server

    server = create_server(app, sockets=[listener], threads=8)
    ending = threading.Event()

    def run() -> None:
        # Only the thread that owns the sockets may close them.
        while not ending.is_set():
            server.asyncore.loop(timeout=0.05, map=server._map, count=1)
        server.task_dispatcher.shutdown()
        server.asyncore.close_all(server._map)

    thread = threading.Thread(target=run, name="server", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join(60)
    assert not thread.is_alive(), "the server did not end"


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Run the machine's own Chromium, or skip and say that it is missing."""
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed")
    return {
        **browser_type_launch_args,
        "executable_path": str(CHROMIUM),
        "args": list(FLAGS),
        "headless": True,
    }


@pytest.fixture(scope="session")
def live_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveSite]:
    """Serve a site for the whole run; what is written there stays."""
    with serving(tmp_path_factory.mktemp("live")) as site:
        yield site
