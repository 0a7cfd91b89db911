"""Limits: who is told of one, what it stops, and who may set and lift it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from cop.core import clock
from cop.core.db import db
from cop.entries import holding
from cop.entries.models import Case, Comment, Entry
from cop.entries.reasons import Reason
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


def test_with_trust_nothing_appears_that_was_taken_back_or_decided_meanwhile(make, monkeypatch):
    newcomer = make.user(newcomer=True)
    first, second = make.note(by=newcomer), make.note(by=newcomer)
    note = make.note()
    kept, gone, refused = [make.comment(note, by=newcomer) for _ in range(3)]
    gone_id = gone.id
    publish, show = holding.publish, holding.show

    def _elsewhere(statement):
        db.session.execute(statement, execution_options={"synchronize_session": False})

    def _publish(entry):
        withdrawn = {"status": "withdrawn", "audience": "nobody"}
        _elsewhere(update(Entry).where(Entry.id == second.id).values(**withdrawn))
        publish(entry)

    def _show(entry, comment):
        show(entry, comment)
        db.session.flush()
        _elsewhere(delete(Case).where(Case.comment_id == gone_id))
        _elsewhere(delete(Comment).where(Comment.id == gone_id))
        _elsewhere(update(Comment).where(Comment.id == refused.id).values(status="refused"))
        _elsewhere(update(Entry).where(Entry.id == note.id).values(replies=Entry.replies + 7))

    monkeypatch.setattr(holding, "publish", _publish)
    monkeypatch.setattr(holding, "show", _show)
    assert holding.trust(newcomer, by=make.member("moderator"), why=Reason(ready="fits"))
    db.session.flush()
    db.session.expire_all()
    assert [row.status for row in (first, second, kept, refused)] == [
        "published",
        "withdrawn",
        "published",
        "refused",
    ]
    assert db.session.get(Comment, gone_id) is None
    assert note.replies == 8
