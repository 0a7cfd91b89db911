"""What the browser finds of the wiki: a proposal that waits, one that was declined, and a collection."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cop.collections.draft import CollectionDraft, CollectionFacts
from cop.collections.operations import make_collection
from cop.core.db import db
from cop.core.types import Lang
from cop.entries import queries
from cop.entries.draft import Origin, Signature, TextDraft
from cop.entries.models import Entry, Visibility
from cop.guides.draft import GuideDraft, GuideFacts
from cop.guides.operations import start_guide
from cop.people.viewer import SYSTEM, VISITOR, Viewer
from cop.practices.models import Practice
from cop.proposals import deciding as proposals, operations
from cop.proposals.operations import Wish
from cop.suggestions import deciding
from cop.terms import queries as terms, suggesting, tending
from cop.terms.models import Term
from cop.terms.operations import put_term
from cop.terms.suggesting import SuggestionDraft
from tests.browser.dates import give_dates
from tests.browser.teaching import furnish_teaching
from tests.enclosures import add_files
from tests.make import Make

if TYPE_CHECKING:
    from tests.browser.world import World


def furnish_wiki(world: World) -> None:
    """Propose two edits, and make a collection."""
    bring_proposals(world)
    bring_collection(world)


def bring_collection(world: World) -> None:
    """Let a curator collect two notes, the page on the first in command, and one nobody but members reads."""
    keys = {
        name: db.session.get_one(Entry, world.ids[name]).key
        for name in ("both", "starter", "practice", "single")
    }
    reasons = {
        "both": {"zh-Hans": "先看这一篇：一次完整的过程。", "en": "Begin here: one whole story."},
        "starter": {"en": "The same with less time."},
        "practice": {"zh-Hans": "许多笔记合起来说明什么。", "en": "What many notes add up to."},
        "single": {"zh-Hans": "还没有英文。"},
    }
    texts = (
        TextDraft(
            Lang.EN,
            "An invented first month in a street office",
            {"purpose": "For who begins in **a new place** and has an hour to read."},
        ),
        TextDraft(
            Lang.ZH, "虚构的街道办第一个月", {"purpose": "给刚到**新地方**、只有一小时可读的人。"}
        ),
    )
    made = make_collection(
        by=world.viewer("colleague"),
        draft=CollectionDraft(
            texts,
            CollectionFacts(
                tuple(keys.values()), {keys[name]: words for name, words in reasons.items()}
            ),
            Signature(Visibility.PUBLIC),
        ),
        origin=Origin(key="invented-collection"),
    )
    world.ids["collection"] = made.id


def bring_proposals(world: World) -> None:
    """Propose two edits of the starter page on the first in command."""
    found = db.session.query(Practice).join(Term, Term.id == Practice.term_id)
    page = found.filter(Term.key == "first-in-command").one()
    entry = queries.get(VISITOR, page.entry_id)
    current = queries.current(queries.text_for(entry, Lang.EN))
    author, colleague, newcomer = (world.viewer(who) for who in ("author", "colleague", "newcomer"))

    def wish(section: str, words: str, note: str) -> Wish:
        sections = {**current.sections, section: words}
        return Wish(TextDraft(Lang.EN, current.title, sections), note, "meaning", section)

    pitfalls = current.sections["pitfalls"]
    waits = operations.propose(
        by=author,
        entry_id=entry.id,
        base_id=current.id,
        wish=wish(
            "pitfalls", f"{pitfalls}\n- One name, no paper: an invented pitfall.", "Seen twice."
        ),
        key="invented-proposal",
    )
    operations.remark(
        by=colleague,
        proposal_id=waits.id,
        body="这一条从哪里来的？",
        lang=Lang.ZH,
        key="invented-remark",
    )
    declined = operations.propose(
        by=newcomer,
        entry_id=entry.id,
        base_id=current.id,
        wish=wish("conditions", "None at all.", "It always works."),
        key="invented-proposal-declined",
    )
    proposals.decline(
        by=colleague, proposal_id=declined.id, version=1, reason="两篇笔记说的正相反。"
    )
    workshop = db.session.query(Entry).filter(Entry.kind == "workshop").order_by(Entry.id).first()
    assert workshop is not None
    world.ids.update(workshop=workshop.id, **give_dates(workshop))
    add_files(queries.get(SYSTEM, workshop.id))
    furnish_teaching(world)
    _link(author)
    _leave_without_strategy(world, author)
    _suggest_terms(world)
    world.ids.update(
        guide=_bring_guide(world), practice=entry.id, proposal=waits.id, declined=declined.id
    )


def _link(author: Viewer) -> None:
    """Publish a note that links by name: to a page, to one that is wanted, and to nothing."""
    words = "[[开放空间]], [[future-search]], [[An invented name|words]] 【【虚构的名称】】"
    Make().note(by=author, title="An invented note with links", context=words)
    db.session.commit()


def _leave_without_strategy(world: World, author: Viewer) -> None:
    """Publish a note whose only strategy is moved to another list then."""
    term = Make().term("invented-field-of-work", name="An invented field of work")
    note = Make().note(by=author, title="An invented note without a strategy", strategies=[term])
    moved = replace(tending.draft_of(terms.get(term.key)), scheme="sector")
    put_term(by=SYSTEM, draft=moved)
    world.ids.update(unfiled=note.id)


def _suggest_terms(world: World) -> None:
    """Suggest two terms: one waits, the other is there already under another name."""
    author, colleague = world.viewer("author"), world.viewer("colleague")
    waits = suggesting.suggest(
        by=author,
        draft=SuggestionDraft(
            "strategy",
            {"zh-Hans": "虚构的轮流主持", "en": "Open spacing"},
            {"en": "The chair of an invented meeting goes round among those who meet."},
            "None of the strategies says that the chair changes.",
        ),
        key="invented-term",
    )
    same = suggesting.suggest(
        by=author,
        draft=SuggestionDraft(
            "strategy", {"zh-Hans": "开放式会议"}, {"zh-Hans": "虚构的说明"}, "写案例时没找到。"
        ),
        key="invented-term-same",
    )
    same.entry_id = world.ids["both"]
    deciding.name_duplicate(
        by=colleague, suggestion_id=same.id, term="open-space", reason="就是开放空间。"
    )
    world.ids.update(suggested=waits.id, same=same.id)


def _bring_guide(world: World) -> int:
    """Publish a guide in both languages, with parts and parts of parts; return its number."""
    zh = (
        "## 动身之前\n\n先打电话问清当天谁在窗口。虚构的例子：周二下午人最少。\n\n"
        "## 要带的材料\n\n- 章程一式三份\n- 发起人的身份证复印件\n\n### 场地证明\n\n居委会盖章即可。\n\n"
        "## 递交之后\n\n二十个工作日内会有答复；没有消息时，带着回执再去一次。"
    )
    en = (
        "## Before you go\n\nAsk by phone who is at the counter that day. An invented example: Tuesday "
        "afternoons are quiet.\n\n## What to bring\n\n- Three copies of the statutes\n- Copies of the "
        "founders’ identity cards\n\n### Proof of premises\n\nA stamp of the residents’ committee is enough."
        "\n\n## After you have handed it in\n\nAn answer comes within twenty working days; if not, go again "
        "with the receipt."
    )
    texts = (
        TextDraft(
            Lang.ZH, "街道登记备案怎么办", {"summary": "给想在街道备案的小团队。", "body": zh}
        ),
        TextDraft(
            Lang.EN,
            "How to register with a sub-district office",
            {"summary": "For small groups that want to be on record.", "body": en},
        ),
    )
    draft = GuideDraft(texts, GuideFacts(("open-space",)))
    return start_guide(by=world.viewer("colleague"), draft=draft).id
