"""What tests are about: accounts, terms, notes; made by the real operations, all of it invented."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cop.circles import operations as circles
from cop.circles.draft import CircleDraft
from cop.core import clock
from cop.core.db import db
from cop.core.types import Lang
from cop.discussions.draft import DiscussionDraft, DiscussionFacts
from cop.discussions.models import Space
from cop.discussions.operations import put_space, start_discussion
from cop.entries import attaching
from cop.entries.commenting import CommentDraft, post_comment
from cop.entries.draft import Image, Origin, Signature, TextDraft
from cop.entries.models import Comment, Entry, NameMask, Visibility
from cop.notes.draft import NoteDraft, NoteFacts
from cop.notes.operations import post_note
from cop.people import belonging, devices
from cop.people.models import AccountStatus, Circle, GrantRow, Joining, Seen, User
from cop.people.viewer import SYSTEM, Grant, Viewer
from cop.storage.images import Size
from cop.terms.draft import SchemeDraft, TermDraft
from cop.terms.models import Scheme, Term
from cop.terms.operations import put_schemes, put_term

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from flask.testing import FlaskClient

#: What accounts made here sign in with.
PASSWORD = "invented password of nobody"


def _signature(
    visibility: Visibility | str, name_mask: NameMask | str, circle: Circle | None
) -> Signature:
    """Return who is to read something: a circle, where one is given, whatever the rest says."""
    if circle is not None:
        return Signature(Visibility.CIRCLE, NameMask(name_mask), circle.id)
    return Signature(Visibility(visibility), NameMask(name_mask))


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
        newcomer: bool = False,
    ) -> User:
        """Make an account that holds `member` and these grants; what a newcomer posts waits."""
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
            trusted_at=None if newcomer else clock.now(),
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
        joined, hosted = belonging.circles_of(user.id)
        return Viewer(
            id=user.id,
            handle=user.handle,
            name=user.name,
            grants=frozenset({Grant.MEMBER} | {Grant(row.grant) for row in rows}),
            lang=Lang(user.lang),
            timezone=user.timezone,
            circles=joined,
            hosted=hosted,
        )

    def member(self, *grants: Grant | str, name: str = "") -> Viewer:
        """Make an account with these grants and return the viewer it is."""
        return self.viewer(self.user(grants=grants, name=name))

    def newcomer(self, name: str = "") -> Viewer:
        """Make an account whose first public items wait, and return the viewer it is."""
        return self.viewer(self.user(name=name, newcomer=True))

    def term(
        self,
        key: str = "",
        *,
        scheme: str = "strategy",
        name: str = "",
        zh: str = "",
        broader: str = "",
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
                name={"zh-Hans": zh or english, "en": english},
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

    def text(self, lang: Lang = Lang.EN, title: str = "", **sections: str) -> TextDraft:
        """Return a whole telling of a note; what it must hold and is not given is invented."""
        number = self._next()
        told = {
            "outcome_reason": f"Invented reason {number}",
            "what_happened": f"Invented happening {number}.",
            "what_we_learned": f"Invented lesson {number}.",
        }
        return TextDraft(lang, title or f"Invented note {number}", {**told, **sections})

    def note(
        self,
        *,
        by: Viewer | User | None = None,
        outcome: str = "worked",
        strategies: Iterable[Term | str] = (),
        visibility: Visibility | str = Visibility.PUBLIC,
        circle: Circle | None = None,
        name_mask: NameMask | str = NameMask.SHOWN,
        lang: Lang = Lang.EN,
        title: str = "",
        texts: tuple[TextDraft, ...] = (),
        organisation_name: str = "",
        described_as: str = "",
        place: Term | str = "",
        started: str = "",
        ended: str = "",
        evidence: str = "own-experience",
        terms: dict[str, tuple[str, ...]] | None = None,
        key: str | None = None,
        published_at: datetime | None = None,
        after: Entry | None = None,
        relation: str = "adapts",
        **sections: str,
    ) -> Entry:
        """Post a note by the real operation; by somebody new, with a strategy of its own, unless said."""
        if by is None:
            by = self.member()
        elif isinstance(by, User):
            by = self.viewer(by)
        keys = tuple(one if isinstance(one, str) else one.key for one in strategies)
        return post_note(
            by=by,
            draft=NoteDraft(
                texts or (self.text(lang, title, **sections),),
                NoteFacts(
                    outcome=outcome,
                    strategies=keys or (self.term().key,),
                    evidence=evidence,
                    described_as={lang.value: described_as} if described_as else {},
                    place=place if isinstance(place, str) else place.key,
                    started=started,
                    ended=ended,
                    terms=terms or {},
                    original=after.key if after else "",
                    relation=relation if after else "",
                ),
                _signature(visibility, name_mask, circle),
            ),
            origin=Origin(key=key, published_at=published_at),
            organisation_name=organisation_name,
        )

    def circle(
        self,
        *,
        by: User | None = None,
        members: Iterable[User] = (),
        name: str = "",
        purpose: str = "",
        joining: Joining | str = Joining.OPEN,
        seen: Seen | str = Seen.MEMBERS,
    ) -> Circle:
        """Make a circle by the real operation; by somebody new unless said, with these members."""
        number = self._next()
        draft = CircleDraft(
            name or f"Invented circle {number}",
            Lang.EN,
            purpose or f"An invented purpose {number}",
            Joining(joining),
            Seen(seen),
        )
        made = circles.make(
            by=self.viewer(by or self.user()), draft=draft, form_key=f"invented-{number}"
        )
        for user in members:
            circles.admit(made, user.id, by=self.viewer(user), how=Joining.OPEN)
        db.session.flush()
        return made

    def space(self, key: str = "", *, lang: Lang | None = None) -> Space:
        """Make a space."""
        key = key or f"invented-space-{self._next()}"
        name = key.replace("-", " ").capitalize()
        return put_space(
            by=SYSTEM,
            key=key,
            name={"zh-Hans": f"虚构的空间{self._next()}", "en": name},
            purpose={"zh-Hans": "虚构的用处", "en": "An invented purpose"},
            lang=lang.value if lang else None,
            digest=None,
        )

    def discussion(
        self,
        *,
        by: Viewer | User | None = None,
        title: str = "",
        body: str = "",
        space: Space | None = None,
        form: str = "question",
        terms: Iterable[Term | str] = (),
        notes: Iterable[Entry] = (),
        lang: Lang = Lang.EN,
        visibility: Visibility | str = Visibility.PUBLIC,
        circle: Circle | None = None,
        name_mask: NameMask | str = NameMask.SHOWN,
    ) -> Entry:
        """Start a discussion by the real operation; by somebody new, in a space of its own, unless said."""
        if by is None:
            by = self.member()
        elif isinstance(by, User):
            by = self.viewer(by)
        number = self._next()
        sections = {"body": body or f"Invented question {number}."}
        return start_discussion(
            by=by,
            draft=DiscussionDraft(
                (TextDraft(lang, title or f"Invented discussion {number}", sections),),
                DiscussionFacts(
                    space=(space or self.space()).key,
                    form=form,
                    terms=tuple(one if isinstance(one, str) else one.key for one in terms),
                    notes=tuple(note.key for note in notes),
                ),
                _signature(visibility, name_mask, circle),
            ),
        )

    def comment(
        self,
        entry: Entry,
        body: str = "",
        *,
        by: Viewer | User | None = None,
        answers: Comment | None = None,
        lang: Lang = Lang.EN,
        images: Iterable[Image] = (),
    ) -> Comment:
        """Comment on an entry by the real operation; by somebody new unless said."""
        if by is None:
            by = self.member()
        elif isinstance(by, User):
            by = self.viewer(by)
        said = body or f"Invented comment {self._next()}"
        draft = CommentDraft(lang, said, answers.id if answers else None, tuple(images))
        return post_comment(by=by, entry_id=entry.id, draft=draft)

    def image(self, *, by: Viewer | User, alt: str = "", lang: Lang = Lang.EN) -> Image:
        """Keep an image for what somebody writes, and describe it; its file holds nothing but these words."""
        if isinstance(by, User):
            by = self.viewer(by)
        number = self._next()
        alt = alt or f"Invented picture {number}"
        sizes = [Size(width, 40, f"{alt} {number} {width}".encode()) for width in (60, 90)]
        kept = attaching.keep(by=by, name=f"invented-{number}.jpg", sizes=sizes)
        return Image(kept.id, {lang.value: alt})
