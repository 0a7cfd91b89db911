"""What tests are about: accounts, terms, notes; made by the real operations, all of it invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cop.core import clock
from cop.core.db import db
from cop.core.types import Lang
from cop.people import devices
from cop.people.models import AccountStatus, GrantRow, User
from cop.people.viewer import SYSTEM, Grant, Viewer
from cop.terms.draft import SchemeDraft, TermDraft
from cop.terms.models import Scheme, Term
from cop.terms.operations import put_schemes, put_term

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask.testing import FlaskClient

#: What accounts made here sign in with.
PASSWORD = "invented password of nobody"


class Make:
    """Makes what a test names and nothing else; every method returns what it made."""

    def __init__(self) -> None:
        """Count from one, so that names differ within a test."""
        self._count = 0

    def _next(self) -> int:
        self._count += 1
        return self._count

    def user(
        self,
        *,
        handle: str = "",
        name: str = "",
        email: str = "",
        grants: Iterable[Grant | str] = (),
        status: AccountStatus = AccountStatus.ACTIVE,
        lang: Lang = Lang.EN,
    ) -> User:
        """Make an account that holds `member` and these grants."""
        number = self._next()
        handle = handle or f"invented-{number}"
        user = User(
            handle=handle,
            email=email or f"{handle}@example.org",
            name=name or f"Invented Person {number}",
            status=status.value,
            lang=lang.value,
            timezone="Asia/Shanghai",
            created_at=clock.now(),
            confirmed_at=clock.now(),
        )
        db.session.add(user)
        db.session.flush()
        for grant in grants:
            db.session.add(
                GrantRow(user_id=user.id, grant=Grant(grant).value, given_at=clock.now())
            )
        db.session.flush()
        return user

    def viewer(self, user: User) -> Viewer:
        """Return the viewer an account is, with its grants."""
        rows = db.session.query(GrantRow.grant).filter(GrantRow.user_id == user.id)
        return Viewer(
            id=user.id,
            handle=user.handle,
            name=user.name,
            grants=frozenset({Grant.MEMBER} | {Grant(row.grant) for row in rows}),
            lang=Lang(user.lang),
            timezone=user.timezone,
        )

    def member(self, *grants: Grant | str, name: str = "") -> Viewer:
        """Make an account with these grants and return the viewer it is."""
        return self.viewer(self.user(grants=grants, name=name))

    def term(
        self, key: str = "", *, scheme: str = "strategy", name: str = "", broader: str = ""
    ) -> Term:
        """Make a term (and its scheme where it is the first of it)."""
        key = key or f"invented-term-{self._next()}"
        if db.session.query(Scheme).filter_by(key=scheme).first() is None:
            title = {"zh-Hans": scheme, "en": scheme.capitalize()}
            put_schemes(by=SYSTEM, drafts=[SchemeDraft(scheme, title)])
        english = name or key.replace("-", " ").capitalize()
        return put_term(
            by=SYSTEM,
            draft=TermDraft(
                key=key,
                scheme=scheme,
                name={"zh-Hans": english, "en": english},
                definition={"zh-Hans": "虚构的定义", "en": "An invented definition"},
                broader=(broader,) if broader else (),
            ),
        )

    def signed_in(self, client: FlaskClient, user: User) -> FlaskClient:
        """Sign a client in as somebody, by a session of her own."""
        _row, token = devices.begin(user=user, user_agent="Tests")
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
        return client
