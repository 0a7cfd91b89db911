"""What becomes of joined and split discussions after it: a form sent twice, an opening that is taken back."""

from __future__ import annotations

import re

import pytest

from cop.core.db import db
from cop.discussions.models import Rearrangement
from cop.entries import operations
from tests.web.discussions.test_rearranging import join, split


def hidden(page, name):
    """Return what a hidden field of a page holds."""
    return re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', page)[1]


@pytest.fixture
def form(moderators_desk, question, space, make):
    """Return a reply, and what the form for splitting it off sends."""
    said = make.comment(question, "By the way")
    make.comment(question, "And another thing")
    db.session.commit()
    page = moderators_desk.get(f"/comments/{said.id}/split").text
    kept = {name: hidden(page, name) for name in ("form_key", "source")}
    return said, {"title": "Its own", "space": space.key, "rest": "1", **kept}


def test_a_split_sent_twice_makes_one_discussion(moderators_desk, form):
    said, values = form
    first, second = (split(moderators_desk, said, **values) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert db.session.query(Rearrangement).count() == 1


def test_what_was_split_off_is_not_split_again_by_a_form_of_before(moderators_desk, form):
    said, values = form
    split(moderators_desk, said, **values)
    again = split(moderators_desk, said, **{**values, "title": "Better called so"})
    assert again.status_code == 422
    assert "somebody may have moved them" in again.text
    assert "Better called so" in again.text
    assert db.session.query(Rearrangement).count() == 1


def test_a_joined_opening_that_is_taken_back_is_found_no_more(
    moderators_desk, other, asker, visitor, make, index, run_jobs
):
    joined = make.discussion(by=asker, title="Would zebrafish do?")
    db.session.commit()
    join(moderators_desk, joined, other)
    run_jobs()
    address = f"/discussions/{other.id}-"
    assert address in visitor.get("/search?q=zebrafish").text
    operations.withdraw(by=make.viewer(asker), entry_id=joined.id)
    run_jobs()
    assert address not in visitor.get("/search?q=zebrafish").text
