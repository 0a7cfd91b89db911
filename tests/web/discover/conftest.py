"""What these tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.indexing import _no_waiting_for_the_worker, index

if TYPE_CHECKING:
    from flask.testing import FlaskClient

__all__ = ["_no_waiting_for_the_worker", "index"]


@pytest.fixture
def reader(client: FlaskClient) -> FlaskClient:
    """Return the browser of somebody who is not signed in, and reads English."""
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client
