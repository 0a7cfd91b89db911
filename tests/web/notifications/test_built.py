"""Who prepares a workshop hears in one line what became of what it is built on."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.events.record import record
from cop.outside.events import AddressBroke
from cop.outside.models import Address
from cop.workshops.draft import Outside
from tests.web.workshops.conftest import desk, english, hold, trainer

__all__ = ["desk", "english", "hold", "trainer"]


@pytest.fixture
def broken(hold, trainer, run_jobs):
    """Return a workshop that names a page which has not answered for days, and let that be told."""
    trainer.lang = "en"
    entry = hold(links=(Outside("w", "https://example.org/a", "A page", "2026-05-31"),))
    run_jobs()
    address = db.session.scalars(select(Address)).one()
    record(AddressBroke(entry.id, address.id), actor_id=None)
    run_jobs()
    return entry


def test_a_page_elsewhere_that_broke_is_told_once_in_one_line(desk, broken, run_jobs):
    said = "has not answered for days"
    page = desk.get("/notices/").text
    assert page.count(said) == 1
    assert f"/workshops/{broken.id}#links" in page
    assert "You prepare this workshop." in page
    record(AddressBroke(broken.id, 1), actor_id=None)
    run_jobs()
    db.session.expire_all()
    assert desk.get("/notices/").text.count(said) == 1


def test_it_is_mailed_at_once_to_who_wants_that(post, broken):
    mails = [mail.get_body(("plain",)).get_content() for mail in post]
    assert [1 for words in mails if "has not answered for days" in words] == [1]
