"""Passwords: how they are kept, and that nobody waits while one is hashed."""

from contextlib import suppress

import pytest

from cop.core.db import db
from cop.core.errors import Invalid
from cop.people import account_operations, operations, passwords, queries
from cop.people.joining import Joining
from cop.people.models import AccountStatus
from cop.people.viewer import VISITOR
from tests.domain.people.letters import link_in, posted
from tests.domain.people.registering import STRONG, register


def test_passwords_are_hashed_with_argon2id_at_the_agreed_cost():
    stored = passwords.hashed(STRONG)
    assert stored.startswith("$argon2id$")
    assert "m=19456,t=2,p=1" in stored
    assert not passwords.is_outdated(stored)


def test_a_password_is_the_same_in_full_width_and_with_accents_typed_in_two_parts():
    stored = passwords.hashed("caf\u00e9 walk 123")
    assert passwords.matches(stored, "cafe\u0301 walk 123")
    assert passwords.matches(stored, "\uff43\uff41\uff46\u00e9 walk \uff11\uff12\uff13")
    assert not passwords.matches(stored, "cafe walk 123")


def test_hashing_holds_nobody_up(monkeypatch):
    register()
    user = operations.confirm(by=VISITOR, token=link_in(posted()[0], "confirm"))
    operations.forgot(by=VISITOR, identifier="invented-li")
    reset = link_in(posted()[0], "reset")
    li = queries.viewer_of(user)
    db.session.commit()
    open_while_hashing = []
    for name in ("hash", "verify"):
        real = getattr(passwords._hasher, name)

        def watched(_self, *given, _real=real):
            open_while_hashing.append(db.session().in_transaction())
            return _real(*given)

        monkeypatch.setattr(type(passwords._hasher), name, watched)
    other = "another long sentence"
    for act in (
        lambda: operations.check_password(identifier="invented-li", password=STRONG),
        lambda: operations.check_password(identifier="nobody", password=STRONG),
        lambda: operations.reset(by=VISITOR, token=reset, password=STRONG),
        lambda: account_operations.change_password(
            by=li, current=STRONG, password=other, session_id=None
        ),
        lambda: account_operations.ask_address_change(by=li, current=other, email="x@example.org"),
        lambda: account_operations.close_account(by=li, current=other),
        lambda: Joining("another", "Invented", "other@example.org", STRONG).prepared(),
    ):
        queries.by_handle("a look that opens a transaction")
        with suppress(Invalid):
            act()
        db.session.commit()
    assert len(open_while_hashing) >= 8
    assert not any(open_while_hashing)
    assert queries.by_id(user.id).status == AccountStatus.CLOSED


def test_a_password_that_changed_while_an_older_one_was_looked_at_lets_nobody_in(monkeypatch):
    register()
    user = operations.confirm(by=VISITOR, token=link_in(posted()[0], "confirm"))
    db.session.commit()
    real = passwords.matches

    def slow(stored, password):
        right = real(stored, password)
        queries.by_id(user.id).password_hash = "changed meanwhile"
        db.session.commit()
        return right

    monkeypatch.setattr(passwords, "matches", slow)
    with pytest.raises(Invalid):
        operations.check_password(identifier="invented-li", password=STRONG)


def test_a_closed_account_says_nothing_about_its_person_any_more():
    register()
    user = operations.confirm(by=VISITOR, token=link_in(posted()[0], "confirm"))
    li = queries.viewer_of(user)
    said = account_operations.Profile(
        "Invented Li", "Invented Aid", "About her", "Ask her", "Hakka", listed=True, opened=True
    )
    account_operations.change_profile(by=li, profile=said)
    db.session.commit()
    account_operations.close_account(by=li, current=STRONG)
    db.session.commit()
    left = queries.by_id(user.id)
    assert left.organisation_id is None
    assert not left.listed
    assert not left.opened
    told = (left.name, left.about, left.ask_about, left.languages, left.email)
    assert not any(told)
