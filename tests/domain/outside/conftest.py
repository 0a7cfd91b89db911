"""What the tests of addresses share: a server that answers them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from tests.domain.outside.server import Server

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def server() -> Iterator[Server]:
    """Return a running server."""
    made = Server()
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield made
    made.ending.set()
    made.shutdown()
    made.server_close()
    thread.join()
