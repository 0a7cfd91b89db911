"""A small site whose content says what it is: «English», 《中文》 and ⟨typed by somebody, in whatever language⟩.

So a page's own words can be told from content, and content in either language from the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from cop.circles import entering
from cop.core import clock
from cop.core.db import db
from cop.core.types import Lang
from cop.discussions import joining, judging, splitting
from cop.discussions.draft import DiscussionDraft, DiscussionFacts
from cop.discussions.models import Discussion, Rearrangement
from cop.discussions.operations import add_text, put_space, start_discussion
from cop.discussions.splitting import Choice, Own
from cop.entries import commenting, drafts, holding, operations as entries, queries
from cop.entries.draft import Signature, TextDraft
from cop.entries.image_models import Attachment
from cop.entries.models import Link as EntryLink, Visibility
from cop.entries.significance import Change
from cop.events.models import Event
from cop.mail.models import OutgoingMail
from cop.moderation import flagging
from cop.notes.draft import NoteDraft, NoteFacts
from cop.notes.operations import add_text as add_note_text, post_note
from cop.notes.revising import revise_note
from cop.notifications.links import Link, token_of
from cop.notifications.models import Level
from cop.notifications.operations import Watched, watch
from cop.notifications.telling import tell
from cop.people import directory, invitations, standing, tokens
from cop.people.models import CircleInvitation, TokenPurpose
from cop.people.viewer import SYSTEM, Grant
from cop.terms.draft import SchemeDraft, TermDraft
from cop.terms.models import Term
from cop.terms.operations import put_schemes, put_term

if TYPE_CHECKING:
    from cop.discussions.models import Space
    from cop.entries.models import Comment, Draft, Entry
    from cop.people.models import User
from tests.i18n.wiki import bring_collection, bring_proposals
from tests.i18n.workshops import bring_workshop
from tests.make import Make

_CARRIED = ("strategy", "sector", "place", "audience", "motivation", "resource")
_SCHEMES = (*_CARRIED, "power", "pressure", "phase", "registration", "outcome", "evidence")
#: What the links of mails end with, by the endpoint they lead to.
TOKENS = {
    name: name.rsplit(".", 1)[-1].ljust(43, "x")
    for name in (
        *("people.reset", "people.confirm", "people.confirm_address", "people.welcome"),
        "circles.invitation",
    )
}


def both(english: str, chinese: str) -> dict[str, str]:
    """Return a text in both languages, each marked as content."""
    return {"en": f"«{english}»", "zh-Hans": f"《{chinese}》"}


@dataclass(frozen=True)
class World:
    """What the walk over all pages needs to know: who looks, and what fills the addresses."""

    member: User
    admin: User
    #: What stands for each part of an address.
    parts: dict[str, Any]


def build(make: Make) -> World:
    """Make accounts, terms, an organisation and notes in every state a page can show."""
    member = make.user(handle="reader", name="⟨Reader⟩")
    admin = make.user(handle="keeper", name="⟨Keeper⟩", grants=[Grant.ADMIN, Grant.MODERATOR])
    _terms()
    (organisation,) = directory.put_organisations(
        by=SYSTEM, drafts=[directory.OrganisationDraft("org", both("Organisation", "机构名"))]
    )
    note = _note(make, member, Lang.EN, "both")
    add_note_text(
        by=make.viewer(member), entry=note, text=_text(Lang.ZH, "两种"), facts=_facts(Lang.EN)
    )
    _revise(make, member, note)
    english, chinese = (_note(make, member, lang, lang.tag) for lang in (Lang.EN, Lang.ZH))
    hidden, withdrawn = (
        _note(make, member, Lang.EN, "hidden"),
        _note(make, member, Lang.ZH, "撤回的"),
    )
    entries.hide(by=make.viewer(admin), entry_id=hidden.id, reason="⟨why⟩")
    entries.withdraw(by=make.viewer(member), entry_id=withdrawn.id)
    comment = _talk(make, member, admin, note, chinese)
    flagged = flagging.flag(
        by=make.viewer(admin), entry_id=note.id, reason="other", words="⟨complaint⟩"
    )
    space, asked = _discussions(make, member, admin, note)
    circle_id = _circles(make, member, admin)
    _watch(make, member, admin, note)
    newcomer = make.viewer(make.user(handle="⟨new⟩", name="⟨Newcomer⟩", newcomer=True))
    beginner = make.user(handle="⟨beginner⟩", name="⟨Beginner⟩", newcomer=True)
    public = Visibility.PUBLIC
    held = _note(make, beginner, Lang.EN, "held", public)
    shown = _note(make, member, Lang.EN, "public", public)
    for tried, after, relation in ((english, note, "contradicts"), (shown, withdrawn, "adapts")):
        db.session.add(EntryLink(entry_id=tried.id, target_id=after.id, kind=relation))
    for act in (None, holding.refuse_comment):
        waiting = make.comment(shown, "«waits»", by=newcomer)
        if act:
            act(by=make.viewer(admin), comment_id=waiting.id, reason="⟨why⟩")
    limited = make.user(handle="⟨limited⟩", name="⟨Limited⟩")
    standing.limit_until(
        limited, clock.now() + timedelta(days=9), by=make.viewer(admin), reason="⟨why⟩"
    )
    drafts_made = [_draft(make, user) for user in (member, admin)]
    invitations.invite(by=make.viewer(admin), note="⟨for whom⟩", max_uses=2, days=3)
    db.session.add(
        OutgoingMail(
            to="reader@example.org",
            subject="«Subject»",
            text="",
            lang="en",
            message_id="<1@example.org>",
            created_at=clock.now(),
        )
    )
    tokens.make(TokenPurpose.RESET, token=TOKENS["people.reset"], user_id=member.id)
    tokens.make(
        TokenPurpose.CONFIRM,
        token=TOKENS["people.confirm"],
        address="new@example.org",
        data={"handle": "newcomer"},
    )
    tokens.make(
        TokenPurpose.EMAIL,
        token=TOKENS["people.confirm_address"],
        user_id=member.id,
        address="other@example.org",
        data={"old": member.email},
    )
    db.session.commit()
    return World(
        member,
        admin,
        {
            "entry_id": note.id,
            "comment_id": comment.id,
            "attachment_id": db.session.scalars(select(Attachment.id)).first() or 0,
            "space_id": space.id,
            "asked_id": asked["both"].id,
            "reply_id": db.session.query(Discussion.accepted_id)
            .filter_by(entry_id=asked["both"].id)
            .scalar(),
            "rearrangement_id": db.session.query(Rearrangement.id).limit(1).scalar(),
            "asked_states": [asked[name].id for name in ("zh", "hidden", "withdrawn", "talk")],
            "hidden_id": hidden.id,
            "withdrawn_id": withdrawn.id,
            "held_id": held.id,
            "public_id": shown.id,
            "english_id": english.id,
            "chinese_id": chinese.id,
            "organisation_id": organisation.id,
            "number": 1,
            "slug": "both",
            "lang": "zh",
            "scheme": "strategy",
            "handle": "reader",
            "user_id": member.id,
            "case_id": flagged.case_id,
            "circle_id": circle_id,
            "export_id": 1,
            "draft_id": drafts_made[0].id,
            **bring_workshop(make, note.key),
            **bring_proposals(make, member, admin, "strategy-term"),
            **bring_collection(make, note.key, shown.key, asked["both"].key),
            "mail_token": token_of(Link(member.id)),
        },
    )


def _terms() -> None:
    put_schemes(
        by=SYSTEM,
        drafts=[
            SchemeDraft(key, both(key, "词表"), both("About " + key, "关于词表"))
            for key in _SCHEMES
        ],
    )
    for key in _CARRIED:
        put_term(
            by=SYSTEM,
            draft=TermDraft(
                key=f"{key}-term",
                scheme=key,
                name=both(f"Term of {key}", "词条"),
                definition=both("Definition", "定义"),
            ),
        )


def _text(lang: Lang, name: str) -> TextDraft:
    mark = "«{}»" if lang is Lang.EN else "《{}》"
    sections = ("outcome_reason", "context", "what_we_did", "what_happened", "what_we_learned")
    words = "words" if lang is Lang.EN else "文字"
    return TextDraft(lang, mark.format(name), {key: mark.format(words) for key in sections})


def _facts(lang: Lang, ended: str = "2021") -> NoteFacts:
    return NoteFacts(
        outcome="mixed",
        strategies=("strategy-term",),
        described_as={lang.value: "«kind»" if lang is Lang.EN else "《某类机构》"},
        place="place-term",
        started="2019",
        ended=ended,
        terms={"sectors": ("sector-term",), "audiences": ("audience-term",)},
    )


def _note(
    make: Make, by: User, lang: Lang, name: str, visibility: Visibility = Visibility.MEMBERS
) -> Entry:
    return post_note(
        by=make.viewer(by),
        draft=NoteDraft((_text(lang, name),), _facts(lang), Signature(visibility)),
        organisation_name="",
    )


def _revise(make: Make, by: User, note: Entry) -> None:
    """Give the English text a second revision and a third."""
    for number in (2, 3):
        db.session.expire(note)
        entry = queries.get(make.viewer(by), note.id)
        text = next(text for text in entry.texts if text.lang == Lang.EN)
        revise_note(
            by=make.viewer(by),
            entry_id=note.id,
            base_id=queries.current(text).id,
            draft=_text(Lang.EN, f"both {number}"),
            facts=_facts(Lang.EN, f"202{number}"),
            signature=None,
            change=Change("⟨what changed⟩", "meaning"),
        )


def _talk(make: Make, member: User, admin: User, note: Entry, other: Entry) -> Comment:
    """Make comments in every state a page can show, and an entry that is locked."""
    by, moderator = make.viewer(member), make.viewer(admin)
    first = make.comment(note, "«said»", by=by)
    below = make.comment(note, "《说过的》", by=moderator, answers=first, lang=Lang.ZH)
    make.comment(note, "«said to the answer»", by=by, answers=below)
    commenting.edit_comment(
        by=by,
        comment_id=first.id,
        base=1,
        draft=commenting.CommentDraft(
            Lang.EN,
            "«said differently»",
            images=(make.image(by=by, alt="⟨what it shows⟩"),),
        ),
    )
    taken = [make.comment(note, "«taken away»", by=by) for _ in range(2)]
    commenting.delete_comment(by=by, comment_id=taken[0].id)
    commenting.remove_comment(by=moderator, comment_id=taken[1].id, reason="⟨why⟩")
    commenting.lock(by=moderator, entry_id=other.id, reason="⟨why locked⟩")
    return first


def _discussions(
    make: Make, member: User, admin: User, note: Entry
) -> tuple[Space, dict[str, Entry]]:
    """Make spaces, and discussions in every state a page can show."""
    by, moderator = make.viewer(member), make.viewer(admin)
    spaces = [
        put_space(
            by=SYSTEM,
            key=key,
            name=both("Space", "讨论区名"),
            purpose=both("Purpose", "用途"),
            lang=lang,
            digest=None,
        )
        for key, lang in (("space", None), ("other", "en"), ("third", "zh-Hans"))
    ]

    def asked(name: str, lang: Lang, form: str = "question") -> Entry:
        mark = "«{}»" if lang is Lang.EN else "《{}》"
        text = TextDraft(lang, mark.format(name), {"body": mark.format("words")})
        facts = DiscussionFacts("space", form, terms=("strategy-term",), notes=(note.key,))
        return start_discussion(by=by, draft=DiscussionDraft((text,), facts))

    made = {name: asked(name, Lang.EN) for name in ("both", "hidden")}
    made |= {name: asked("文字", Lang.ZH) for name in ("zh", "withdrawn")}
    made["talk"] = asked("talk", Lang.EN, "conversation")
    add_text(by=by, entry=made["both"], text=TextDraft(Lang.ZH, "《两种》", {"body": "《文字》"}))
    make.comment(made["both"], "«first»", by=by)
    accepted = make.comment(made["both"], "«answer»", by=moderator)
    judging.accept(by=by, comment_id=accepted.id)
    judging.pin(by=moderator, entry_id=made["talk"].id, wanted=True)
    judging.move(by=moderator, entry_id=made["zh"].id, space="other", reason="⟨why moved⟩")
    commenting.lock(by=moderator, entry_id=made["talk"].id, reason="⟨why locked⟩")
    for other in (asked("joined", Lang.EN), asked("并入", Lang.ZH)):
        make.comment(other, "«said»", by=moderator)
        joining.merge(
            by=moderator, entry_id=other.id, into_id=made["both"].id, reason="⟨why joined⟩"
        )
    gone = make.comment(made["both"], "«beside»", by=by)
    splitting.split(
        by=moderator,
        entry_id=made["both"].id,
        choice=Choice({gone.id}),
        to=Own("«split»", "space", "conversation"),
        reason="⟨why split⟩",
    )
    entries.hide(by=moderator, entry_id=made["hidden"].id, reason="⟨why⟩")
    entries.withdraw(by=by, entry_id=made["withdrawn"].id)
    return spaces[0], made


def _watch(make: Make, member: User, admin: User, note: Entry) -> None:
    """Let both watch things of every kind, and be told of all that happened so far."""
    term = db.session.query(Term).filter_by(key="strategy-term").one()
    for user, other in ((member, admin), (admin, member)):
        for what, level in (
            (Watched("entry", note.id), Level.EVERYTHING),
            (Watched("term", term.id), Level.NEW),
            (Watched("person", other.id), Level.NEW),
            (Watched("search", address="q=⟨words⟩&strategy=strategy-term"), Level.NEW),
        ):
            watch(by=make.viewer(user), what=what, level=level)
    events = db.session.query(Event.id).order_by(Event.id)
    tell([{"event_id": row.id} for row in events])


def _circles(make: Make, member: User, admin: User) -> int:
    """Make a circle whose host is the member, one that others may know of, and a link into a third."""
    own = make.circle(by=member, name="«Circle»", purpose="«Purpose»", joining="request")
    post_note(
        by=make.viewer(member),
        draft=NoteDraft(
            (_text(Lang.EN, "circle"),),
            _facts(Lang.EN),
            Signature(Visibility.CIRCLE, circle_id=own.id),
        ),
        organisation_name="",
    )
    entering.ask(by=make.viewer(admin), circle_id=own.id, words="⟨let me in⟩")
    host = make.user(handle="⟨host⟩", name="⟨Host⟩")
    for _ in range(2):
        entering.invite(by=make.viewer(member), circle_id=own.id, note="⟨for whom⟩", uses=2, days=3)
        make.circle(by=host, name="«Other»", purpose="«Purpose»")
    last = db.session.query(CircleInvitation).order_by(CircleInvitation.id.desc()).first()
    assert last is not None
    last.token_hash = tokens.digest(TOKENS["circles.invitation"])
    third = make.circle(by=host, name="«Third»", purpose="«Purpose»", seen="hidden")
    last.circle_id = third.id
    return own.id


def _draft(make: Make, by: User) -> Draft:
    return drafts.save_draft(
        by=make.viewer(by), kind="note", lang="en", data={"title": "⟨begun⟩"}, draft_id=None
    )
