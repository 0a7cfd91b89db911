"""The mails of a test: none leaves this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cop.mail.mailer import MemoryMailer
from cop.people import posting

if TYPE_CHECKING:
    from email.message import EmailMessage


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[EmailMessage]:
    """Return the mails that leave in this test."""
    mailer = MemoryMailer("同行 <tongxing@example.org>")
    monkeypatch.setattr(posting, "mailer", lambda: mailer)
    return mailer.sent
