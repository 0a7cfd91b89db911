"""What the browser finds on the live site besides the starter content: people and their notes. All of it invented."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from cop.core import clock
from cop.core.db import db, writing
from cop.core.types import Lang
from cop.discussions import judging
from cop.entries import commenting, drafts, holding, operations as entries, queries
from cop.entries.draft import Signature, TextDraft
from cop.entries.models import Case, Entry, Link as EntryLink, NameMask, Visibility
from cop.moderation import deciding, flagging
from cop.notes.draft import NoteFacts
from cop.notes.operations import KIND, add_text, post_note
from cop.notes.revising import revise_note
from cop.notifications.links import Link, token_of
from cop.notifications.models import Level
from cop.notifications.operations import Watched, watch
from cop.people import devices, invitations, standing, tokens
from cop.people.models import Organisation, TokenPurpose, User
from cop.people.organisations import find_or_make
from cop.people.passwords import hashed
from cop.people.viewer import Grant, Viewer
from cop.terms.models import Term
from tests.browser.circle_world import furnish_circles
from tests.browser.talks import joined_and_split, pictured
from tests.browser.wiki import furnish_wiki
from tests.make import PASSWORD, Make

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

    from tests.browsing import LiveSite

#: Everybody the tests look through the eyes of; "visitor" has no account.
CAST = {
    "author": ("Invented Author", ()),
    "colleague": ("虚构的同事", (Grant.CURATOR,)),
    "newcomer": ("Invented Newcomer", ()),
    "beginner": ("Invented Beginner", ()),
    "moderator": ("Invented Moderator", (Grant.MODERATOR,)),
    "admin": ("Invented Administrator", (Grant.ADMIN,)),
}

ENGLISH = TextDraft(
    Lang.EN,
    "An invented residents’ meeting found its own agenda",
    {
        "context": "A new estate with four thousand households and one invented committee.",
        "what_we_did": "1. We asked **who** should come.\n2. We let everybody write topics.\n"
        "3. We met again after a month.",
        "what_happened": "Sixty people came and eleven topics were written. The street office took up three.\n\n"
        "> We did not expect the parking question to unite people.\n\n"
        "- two groups still meet\n- one topic was [answered](https://example.org/answer) in writing",
        "what_we_learned": "Invite the office to listen first, and to answer in the second meeting.",
        "when_it_applies": "Not where nobody may use the hall in the evening.",
        "outcome_reason": "The office answered three of eleven topics.",
    },
)
CHINESE = TextDraft(
    Lang.ZH,
    "一次虚构的居民会议自己找到了议题",
    {
        "context": "一个有四千户的新小区，和一个虚构的居委会。",
        "what_we_did": "1. 先问**谁**应该来。\n2. 让每个人写下议题。\n3. 一个月后再开一次会。",
        "what_happened": "来了六十人，写出十一个议题。街道答复了其中三个。\n\n> 没想到停车问题让大家站到了一起。\n\n"
        "- 有两个小组还在活动\n- 有一个议题得到了[书面答复](https://example.org/answer)",
        "what_we_learned": "先请街道来听，第二次会议再请他们回应。",
        "when_it_applies": "晚上不能使用会议室的地方不合适。",
        "outcome_reason": "十一个议题中，街道答复了三个。",
    },
)
FACTS = NoteFacts(
    outcome="mixed",
    strategies=("open-space", "repeated-meetings", "participatory-methods"),
    evidence="own-experience",
    place="beijing-dongcheng",
    started="2024-03",
    ended="2025",
    terms={"sectors": ("elderly", "children-youth")},
)


@dataclass
class World:
    """The live site with its cast; `ids` names what was made."""

    site: LiveSite
    ids: dict[str, int] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)

    def url(self, path: str) -> str:
        """Return the whole address of a path in which `{name}` stands for something that was made."""
        return self.site.url + path.format(**self.ids, **self.secrets)

    def cookie(self, handle: str) -> Any:
        """Sign somebody in on a new device and return the cookie that says so."""
        app = self.site.app
        with app.app_context(), writing():
            user = db.session.query(User).filter_by(handle=handle).one()
            _row, token = devices.begin(user=user, user_agent="Tests")
            db.session.commit()
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        name = app.config["SESSION_COOKIE_NAME"]
        return {"name": name, "value": signer.dumps({"_user_id": token}), "url": self.site.url}

    def enter(self, browser: Browser, who: str = "visitor", **options: Any) -> BrowserContext:
        """Open a browser of its own for somebody, signed in unless she is a visitor."""
        options = {"reduced_motion": "reduce", "base_url": self.site.url, **options}
        context = browser.new_context(**options)
        context.set_default_timeout(30_000)
        if who != "visitor":
            context.add_cookies([self.cookie(who)])
        return context

    def join(self, handle: str, *grants: Grant) -> str:
        """Make somebody new, who signs in with PASSWORD, and return her handle."""
        with self.site.app.app_context(), writing():
            made = Make().user(handle=handle, name=f"Invented {handle}", grants=grants)
            made.password_hash = hashed(PASSWORD)
            db.session.commit()
        return handle

    def viewer(self, handle: str) -> Viewer:
        """Return somebody as operations want her."""
        return Make().viewer(db.session.query(User).filter_by(handle=handle).one())

    def note(
        self,
        by: str = "author",
        *texts: TextDraft,
        visibility: Visibility = Visibility.PUBLIC,
        name_mask: NameMask = NameMask.SHOWN,
        outcome: str = "mixed",
    ) -> int:
        """Post a note and return its id; it is searchable within moments, by the worker."""
        with self.site.app.app_context(), writing():
            draft = _note_draft(texts or (ENGLISH,), outcome, Signature(visibility, name_mask))
            made = post_note(by=self.viewer(by), draft=draft)
            db.session.commit()
            return made.id

    def revise(self, entry_id: int, by: str, lang: Lang = Lang.EN, **sections: str) -> None:
        """Publish a new state of a note in which these sections say something else."""
        with self.site.app.app_context(), writing():
            viewer = self.viewer(by)
            entry = queries.get(viewer, entry_id, KIND)
            self._revise(viewer, entry, lang, sections)
            db.session.commit()

    @staticmethod
    def _revise(viewer: Viewer, entry: Entry, lang: Lang, sections: dict[str, str]) -> None:
        now = queries.current(queries.text_for(entry, lang))
        title = sections.pop("title", now.title)
        revise_note(
            by=viewer,
            entry_id=entry.id,
            base_id=now.id,
            draft=TextDraft(lang, title, {**now.sections, **sections}),
            facts=NoteFacts.from_json(now.facts),
            signature=None,
        )


def _note_draft(texts: tuple[TextDraft, ...], outcome: str, signature: Signature) -> Any:
    from cop.notes.draft import NoteDraft

    return NoteDraft(texts, replace(FACTS, outcome=outcome), signature)


def furnish(site: LiveSite) -> World:
    """Bring the cast onto the site, with something in every state a page can show."""
    world = World(site)
    with site.app.app_context(), writing():
        _people()
        db.session.commit()
    world.ids.update(
        long=world.note("colleague", _long(), outcome="worked"),
        single=world.note("author", CHINESE, outcome="failed"),
        unnamed=world.note(
            "author",
            replace(ENGLISH, title="An invented note of nobody in particular"),
            visibility=Visibility.MEMBERS,
            name_mask=NameMask.UNNAMED,
            outcome="too-early",
        ),
        both=world.note("author", ENGLISH),
        withdrawn=world.note("author", replace(ENGLISH, title="An invented note taken back")),
        held=world.note("beginner", replace(ENGLISH, title="An invented first note")),
        hidden=world.note("author", replace(CHINESE, title="一份被隐藏的虚构笔记")),
    )
    with site.app.app_context(), writing():
        _lives(world)
        for one, kind in ((world.ids["single"], "contradicts"), (world.ids["long"], "repeats")):
            db.session.add(EntryLink(entry_id=one, target_id=world.ids["both"], kind=kind))
        _talk(world)
        _discussions(world)
        _links(world)
        furnish_circles(world)
        furnish_wiki(world)
        db.session.commit()
    return world


def _people() -> None:
    make = Make()
    secret = hashed(PASSWORD)
    for handle, (name, grants) in CAST.items():
        user = make.user(handle=handle, name=name, grants=grants)
        user.password_hash = secret
        if handle == "beginner":
            user.trusted_at = None
    author = db.session.query(User).filter_by(handle="author").one()
    author.about = "I work with residents in an invented district.\n\nWrite to me about open space."
    home = find_or_make("Invented Neighbours’ House")
    author.organisation_id = home.id if home else None
    author.ask_about, author.languages = "Open space with a street office", "English, 普通话"
    author.listed, author.seen_at = True, clock.now() - timedelta(days=2)
    colleague = db.session.query(User).filter_by(handle="colleague").one()
    colleague.listed, colleague.ask_about = True, "小机构怎样注册"


def _lives(world: World) -> None:
    author, moderator = world.viewer("author"), world.viewer("moderator")
    both = queries.get(author, world.ids["both"], KIND)
    facts = NoteFacts.from_json(queries.latest_facts(both).facts)
    add_text(by=author, entry=both, text=CHINESE, facts=facts)
    for lang, told in ((Lang.EN, ENGLISH), (Lang.ZH, CHINESE)):
        happened = told.sections["what_happened"]
        for more in ("\n\nTwo more came later. 后来又来了两位。", "\n\nNobody left. 没有人离开。"):
            happened += more
            world._revise(author, both, lang, {"what_happened": happened})
    told = queries.revision_of(queries.text_for(both, Lang.EN), 2)
    entries.suppress(
        by=author, entry_id=both.id, revision_id=told.id, reason="It named an invented person."
    )
    entries.withdraw(by=author, entry_id=world.ids["withdrawn"])
    entries.hide(by=moderator, entry_id=world.ids["hidden"], reason="请把“张主任”改成职务。")
    for lang, title in (("en", "An invented beginning"), ("zh-Hans", "虚构的开头"), ("en", "")):
        data = {"title": [title], "lang": ["en"], "what_happened": ["We had just begun."]}
        drafts.save_draft(by=author, kind=KIND, lang=lang, data=data, draft_id=None)


def _talk(world: World) -> None:
    """Comments in every state under the note told twice, and a long note that is locked."""
    make = Make()
    author, colleague, moderator = (
        world.viewer(who) for who in ("author", "colleague", "moderator")
    )
    both = queries.get(author, world.ids["both"], KIND)
    said = make.comment(
        both, "We tried **this** in spring.\n\n> Who invited the office?", by=author
    )
    below = make.comment(
        both, "街道自己来的，我们只发了通知。", by=colleague, answers=said, lang=Lang.ZH
    )
    make.comment(both, "Thank you. That is what I wanted to know.", by=author, answers=below)
    commenting.edit_comment(
        by=author,
        comment_id=said.id,
        base=1,
        draft=commenting.CommentDraft(Lang.EN, said.body + "\n\n- and in autumn\n- twice"),
    )
    for body in ("Invented and regretted.", "Invented and removed."):
        taken = make.comment(both, body, by=author)
        if body.endswith("regretted."):
            commenting.delete_comment(by=author, comment_id=taken.id)
        else:
            commenting.remove_comment(
                by=moderator, comment_id=taken.id, reason="It names a person."
            )
    long = queries.get(author, world.ids["long"], KIND)
    make.comment(long, "An invented remark " * 60, by=colleague)
    commenting.lock(by=moderator, entry_id=long.id, reason="Everything is said; see the new note.")
    world.ids.update(said=said.id, below=below.id)
    newcomer = world.viewer("newcomer")
    flagged = flagging.flag(
        by=newcomer,
        comment_id=below.id,
        reason="other",
        words="An invented complaint about 一句虚构的话.",
    )
    flagging.flag(by=newcomer, entry_id=both.id, reason="identifies", words="")
    claimed = flagging.flag(by=newcomer, entry_id=world.ids["single"], reason="copied", words="")
    deciding.claim(by=world.viewer("admin"), case_id=claimed.case_id)
    beginner = world.viewer("beginner")
    waiting = make.comment(both, "An invented first remark. 虚构的第一条评论。", by=beginner)
    held_case = db.session.query(Case.id).filter_by(comment_id=waiting.id).scalar()
    refused = make.comment(both, "Buy an invented thing.", by=beginner)
    holding.refuse_comment(
        by=moderator, comment_id=refused.id, reason="See the house rules.", ready="advertising"
    )
    until = clock.now() + timedelta(days=30)
    standing.limit_until(make.user(name="Invented Limited"), until, by=moderator, reason="Invented")
    world.ids.update(waiting=waiting.id, held_case=held_case)
    world.ids.update(case=flagged.case_id, claimed=claimed.case_id)


def _discussions(world: World) -> None:
    """A question with an accepted answer and a long thread, and one that is hidden."""
    make = Make()
    author, colleague, moderator = (
        world.viewer(who) for who in ("author", "colleague", "moderator")
    )
    space = make.space("an-invented-space")
    both = queries.get(author, world.ids["both"], KIND)
    asked = make.discussion(
        by=author,
        space=space,
        title="Who signs when nobody will? An invented question",
        body="The office **waits** for the street, and the street for the office.\n\nWhat did you do?",
        terms=["first-in-command", "open-space", "elderly"],
        notes=[both],
    )
    make.comment(asked, "We waited too.", by=colleague)
    answer = make.comment(
        asked,
        "先写一页纸，三段话。\n\n1. 已经得到的肯定\n2. 没人决定会停下的事",
        by=colleague,
        lang=Lang.ZH,
    )
    make.comment(asked, "We did exactly this. Thank you.", by=author, answers=answer)
    judging.accept(by=author, comment_id=answer.id)
    talk = make.discussion(
        by=colleague,
        space=space,
        form="conversation",
        title="一次虚构的交流",
        body="大家怎么看？",
        lang=Lang.ZH,
    )
    judging.pin(by=moderator, entry_id=talk.id, wanted=True)
    joined_and_split(world, space)
    pictured(world, space)
    hidden = make.discussion(by=author, space=space, title="An invented question that was hidden")
    entries.hide(by=moderator, entry_id=hidden.id, reason="请不要写出姓名。")
    starter = db.session.query(Entry.id).filter_by(kind="discussion", written_by="editors")
    world.ids.update(
        space=space.id,
        asked=asked.id,
        reply=answer.id,
        hidden_question=hidden.id,
        editors_question=starter.order_by(Entry.id).limit(1).scalar(),
    )


def _links(world: World) -> None:
    confirm, reset, used = tokens.fresh(), tokens.fresh(), tokens.fresh()
    joining = {"handle": "somebody", "name": "Invented Somebody", "password_hash": "", "lang": "en"}
    joining |= {"organisation": "", "invitation_id": None}
    owner = world.viewer("newcomer").id
    tokens.make(TokenPurpose.CONFIRM, token=confirm, address="somebody@example.org", data=joining)
    tokens.make(TokenPurpose.RESET, token=reset, user_id=owner)
    gone = tokens.make(TokenPurpose.RESET, token=used, user_id=owner)
    gone.used_at = gone.created_at
    invitations.invite(by=world.viewer("admin"), note="An invented course", max_uses=20, days=30)
    world.secrets.update(confirm=confirm, reset=reset, used=used)
    author = world.viewer("author")
    term = db.session.query(Term.id).filter_by(key="open-space").scalar()
    for what, level in (
        (Watched("term", term), Level.NEW),
        (Watched("person", world.viewer("colleague").id or 0), Level.EVERYTHING),
        (Watched("entry", world.ids["long"]), Level.MUTE),
    ):
        watch(by=author, what=what, level=level)
    world.secrets.update(mails_off=token_of(Link(author.id or 0)))
    world.ids.update(
        {
            f"{handle}_id": world.viewer(handle).id
            for handle in ("newcomer", "author", "admin", "beginner")
        }
    )
    starter = db.session.query(Entry.id).filter_by(written_by="editors", kind=KIND)
    world.ids["starter"] = starter.order_by(Entry.id).limit(1).scalar()
    pages = db.session.query(Entry.id).filter_by(kind="practice").order_by(Entry.id)
    world.ids["practice"] = pages.limit(1).scalar()
    world.ids["organisation"] = (
        db.session.query(Organisation.id).order_by(Organisation.id).limit(1).scalar()
    )


def _long() -> TextDraft:
    """Return a text of the length of some five printed pages, with everything Markdown can do."""
    parts = [
        "## Invented part {0}\n\nThe invented group met, spoke and wrote down what it had heard. "
        * 2,
        "| Invented month | People | Topics |\n|---|---|---|\n| March | 12 | 4 |\n| April | 31 | 9 |\n\n",
        "```\nan invented line of plain text that is rather long and must not push the page sideways {0}\n```\n\n",
        "https://example.org/an/invented/address/that/is/very/long/and/has/no/place/to/break/{0}\n\n",
    ]
    body = "".join(part.format(number) for number in range(12) for part in parts)
    return TextDraft(
        Lang.EN,
        "A long invented note in which aVeryLongInventedWordWithoutAnyPlaceToBreakItStandsInTheTitle",
        {**ENGLISH.sections, "what_we_did": body},
    )
