"""Limits: who is told of one, what it stops, and who may set and lift it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cop.core import clock
from cop.people import standing


def limit(make, user, days=30):
    """Let everything wait that somebody posts."""
    until = clock.now() + timedelta(days=days)
    standing.limit_until(user, until, by=make.member("moderator"), reason="x")


@pytest.fixture
def limited(app, make):
    """Return a member who is limited."""
    user = make.user(handle="limited", name="Invented Limited")
    limit(make, user)
    return user


def test_of_what_is_unnamed_and_waits_moderators_do_not_read_the_limit_of_its_author(
    app, make, office
):
    member = make.user(handle="limited")
    note = make.note(by=member, name_mask="unnamed")
    limit(make, member)
    make.comment(note, by=member)
    held = (
        f"/notes/{make.note(by=member, name_mask='unnamed').id}",
        f"/discussions/{make.discussion(by=member, name_mask='unnamed').id}",
        f"/notes/{note.id}",
    )
    own = make.signed_in(app.test_client(), member)
    reason = "A moderator decided that everything you post is read first, until"
    for path in held:
        assert reason in own.get(path, follow_redirects=True).text
        page = office.get(path, follow_redirects=True).text
        assert "This waits for a moderator." in page
        assert reason not in page
        assert "The first public items of every new member do." not in page
