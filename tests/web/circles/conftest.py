"""What the tests of circles share."""

from __future__ import annotations

from typing import Any

import pytest

from cop.core.db import db
from tests.indexing import _no_waiting_for_the_worker, index
from tests.mails import sent

__all__ = ["_no_waiting_for_the_worker", "index", "sent"]


@pytest.fixture
def desk(app: Any, make: Any) -> Any:
    """Return a function that signs somebody in on a device of her own."""

    def opened(user: Any) -> Any:
        db.session.commit()
        client = make.signed_in(app.test_client(), user)
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
        return client

    return opened
