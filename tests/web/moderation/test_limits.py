"""Limits: who is told of one, what it stops, and who may set and lift it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, text, update

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Invalid
from cop.core.i18n import speaking
from cop.core.page import Cursor
from cop.core.types import Lang
from cop.entries import holding, queries
from cop.entries.models import Case, Comment, Entry
from cop.entries.reasons import Reason
from cop.notes import operations
from cop.notes.draft import NoteFacts
from cop.notes.revising import revise_note
from cop.people import standing, suspensions
from cop.people.models import User


@pytest.fixture(autouse=True)
def _refusals_are_read_in_english(app):
    with speaking(Lang.EN):
        yield


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


def test_a_limited_member_changes_nothing_that_others_read_already_and_loses_no_word(app, make):
    member = make.user()
    note = make.note(by=member)
    comment = make.comment(make.note(), "Said before", by=member)
    own = make.signed_in(app.test_client(), member)
    viewer = make.viewer(member)
    limit(make, member)
    told = own.post(f"/comments/{comment.id}/edit", data={"body": "New words", "base": "1"})
    assert told.status_code == 422
    assert "cannot be changed until then" in told.text
    assert "New words" in told.text
    with pytest.raises(Invalid, match="cannot be changed until then"):
        operations.add_text(by=viewer, entry=note, text=make.text(Lang.ZH))
    with pytest.raises(Invalid, match="cannot be changed until then"):
        revise(viewer, note, make.text(Lang.EN, "New title"))
    held = make.note(by=member)
    assert revise(viewer, held, make.text(Lang.EN, "New title")).changed
    member.limited_until = clock.now() - timedelta(minutes=1)
    assert revise(viewer, note, make.text(Lang.EN, "New title")).changed


def test_a_newcomer_changes_nothing_of_the_unnamed_item_that_was_let_through(make):
    newcomer = make.newcomer()
    note = make.note(by=newcomer, name_mask="unnamed")
    holding.approve(by=make.member("moderator"), entry_id=note.id, reason="x")
    with pytest.raises(Invalid, match="until something under your name was let through"):
        revise(newcomer, note, make.text(Lang.EN, "New title"))
    members_only = make.note(by=newcomer, visibility="members")
    assert revise(newcomer, members_only, make.text(Lang.EN, "New title")).changed


def revise(viewer, note, text):
    """Give a note new words."""
    now = queries.current(queries.get(viewer, note.id).texts[0])
    facts = NoteFacts.from_json(now.facts)
    return revise_note(
        by=viewer, entry_id=note.id, base_id=now.id, draft=text, facts=facts, signature=None
    )


def test_nobody_lifts_her_own_limit(app, make):
    keeper = make.user(grants=["moderator"])
    limit(make, keeper)
    answer = make.signed_in(app.test_client(), keeper).post(
        f"/moderation/people/{keeper.id}", data={"reason": "I think so"}
    )
    assert answer.status_code == 422
    assert "You cannot lift what holds yourself." in answer.text
    assert standing.is_limited(db.session.get(User, keeper.id))


def test_only_administrators_decide_about_an_administrator(make):
    admin, moderator = make.member("admin"), make.member("moderator")
    other = make.user(grants=["admin"])
    until = clock.now() + timedelta(days=3)
    refusal = "Only administrators decide about an administrator"
    with pytest.raises(Invalid, match=refusal):
        standing.limit_until(other, until, by=moderator, reason="x")
    with pytest.raises(Invalid, match=refusal):
        suspensions.suspend(by=moderator, user_id=other.id, reason="x")
    standing.limit_until(other, until, by=admin, reason="x")
    with pytest.raises(Invalid, match=refusal):
        standing.lift_limit(other, by=moderator, reason="x")
    assert standing.lift_limit(other, by=admin, reason="x")
    assert suspensions.suspend(by=admin, user_id=other.id, reason="x")
    with pytest.raises(Invalid, match=refusal):
        suspensions.lift(by=moderator, user_id=other.id, reason="x")
    assert suspensions.lift(by=admin, user_id=other.id, reason="x")


@pytest.mark.parametrize("asked", ["queue.number", "vouching.may_vouch"])
def test_what_every_page_asks_and_fails_leaves_the_page_its_transaction(
    app, make, office, monkeypatch, asked
):
    def _fail(*_args):
        db.session.execute(text("SELECT * FROM no_such_table"))

    undone = []
    rollback = db.session.rollback

    def _rollback():
        undone.append(asked)
        rollback()

    monkeypatch.setattr(db.session, "rollback", _rollback)
    monkeypatch.setattr(f"cop.moderation.{asked}", _fail)
    make.user(handle="newcomer", newcomer=True)
    db.session.commit()
    assert office.get("/people/newcomer").status_code == 200
    assert undone


def test_made_up_places_in_the_log_and_the_account_are_no_error(office):
    older = Cursor(clock.now(), 2**61).encode()
    for path in (
        "/moderation/log",
        "/moderation/log?part=people&who=keeper",
        "/account/moderation",
    ):
        mark = "&" if "?" in path else "?"
        assert office.get(f"{path}{mark}older={older}").status_code == 200
