"""What curators and trainers keep, for the walks in both languages: a page with proposals, and a collection."""

from __future__ import annotations

from typing import Any

from cop.collections.draft import CollectionDraft, CollectionFacts
from cop.collections.operations import make_collection
from cop.core.types import Lang
from cop.entries import queries
from cop.entries.draft import Origin, Signature, TextDraft
from cop.entries.models import Entry, Visibility
from cop.guides.draft import GuideDraft, GuideFacts
from cop.guides.operations import start_guide
from cop.people.viewer import SYSTEM
from cop.practices.draft import PracticeDraft, PracticeFacts
from cop.practices.operations import start_page
from cop.proposals import deciding as proposals, operations
from cop.proposals.operations import Wish
from cop.suggestions import deciding
from cop.terms import suggesting
from cop.terms.draft import TermDraft
from cop.terms.operations import put_term


def bring_collection(make: Any, *keys: str) -> dict[str, Any]:
    """Let a trainer collect these entries with reasons in either language; return the parts of addresses."""
    reasons = [{"en": "«Why»"}, {"zh-Hans": "《理由》"}, {"en": "«Why»", "zh-Hans": "《理由》"}]
    texts = tuple(
        TextDraft(lang, title, {"purpose": words})
        for lang, title, words in (
            (Lang.EN, "«Collection»", "«Its purpose»"),
            (Lang.ZH, "《合集》", "《它的用途》"),
        )
    )
    trainer = make.viewer(make.user(handle="⟨trainer⟩", name="⟨Trainer⟩", grants=["trainer"]))
    facts = CollectionFacts(keys, dict(zip(keys, reasons, strict=False)))
    draft = CollectionDraft(texts, facts, Signature(Visibility.PUBLIC))
    return {"collection_id": make_collection(by=trainer, draft=draft).id}


def bring_proposals(make: Any, member: Any, admin: Any, strategy: str) -> dict[str, Any]:
    """Publish a page, propose edits of it, decide about some; return the parts of addresses."""
    put_term(
        by=SYSTEM,
        draft=TermDraft(
            key="strategy-other",
            scheme="strategy",
            name={"zh-Hans": "《其他》", "en": "«Other»"},
            definition={"zh-Hans": "《定义》", "en": "«Definition»"},
        ),
    )
    texts = tuple(
        TextDraft(lang, title, {"summary": words, "pitfalls": words})
        for lang, title, words in (
            (Lang.EN, "«Page»", "«Its words»"),
            (Lang.ZH, "《页面》", "《它的文字》"),
        )
    )
    page = start_page(
        by=SYSTEM,
        draft=PracticeDraft(texts, PracticeFacts(strategy), Signature(Visibility.PUBLIC)),
        origin=Origin(written_by="editors"),
    )
    current = queries.current(queries.text_for(queries.get(SYSTEM, page.id), Lang.EN))
    curator = make.viewer(make.user(handle="⟨curator⟩", name="⟨Curator⟩", grants=["curator"]))

    def wish(words: str) -> Wish:
        text = TextDraft(Lang.EN, current.title, {**current.sections, "pitfalls": words})
        return Wish(text, "⟨why⟩", "meaning", "pitfalls")

    made = [
        operations.propose(
            by=make.viewer(member if number else admin),
            entry_id=page.id,
            base_id=current.id,
            wish=wish(f"«Words {number}»"),
            key=f"p-{number}",
        )
        for number in range(3)
    ]
    operations.remark(by=curator, proposal_id=made[0].id, body="«Said»", lang=Lang.EN, key="r-1")
    proposals.decline(by=curator, proposal_id=made[1].id, version=1, reason="⟨why⟩")
    proposals.withdraw(by=make.viewer(member), proposal_id=made[2].id)
    return {
        **_suggested(make.viewer(member), curator),
        "guide_id": _bring_guide(strategy).id,
        "practice_id": page.id,
        "proposal_id": made[0].id,
        "proposal_states": [one.id for one in made[1:]],
        "kind": "practice",
    }


def _suggested(member: Any, curator: Any) -> dict[str, Any]:
    """Suggest terms, decide about some; return the parts of addresses."""
    made = [
        suggesting.suggest(
            by=member,
            draft=suggesting.SuggestionDraft(
                "strategy",
                {"zh-Hans": f"《建议{number}》", "en": f"«Suggested {number}»"},
                {"zh-Hans": "《含义》", "en": "«Meaning»"},
                "⟨why⟩",
            ),
            key=f"t-{number}",
        ).id
        for number in range(4)
    ]
    deciding.decline(by=curator, suggestion_id=made[1], reason="⟨why⟩")
    deciding.name_duplicate(by=curator, suggestion_id=made[2], term="strategy-other")
    suggesting.withdraw(by=member, suggestion_id=made[3])
    return {"suggestion_id": made[0], "suggestion_states": made[1:]}


def _bring_guide(term: str) -> Entry:
    body = "## «Heading»\n\n«Its words»\n\n## «Another»\n\n«Its words»"
    zh = "## 《小标题》\n\n《它的文字》\n\n## 《另一个》\n\n《它的文字》"
    texts = (
        TextDraft(Lang.EN, "«Guide»", {"summary": "«Its words»", "body": body}),
        TextDraft(Lang.ZH, "《指南》", {"summary": "《它的文字》", "body": zh}),
    )
    draft = GuideDraft(texts, GuideFacts((term,)), Signature(Visibility.PUBLIC))
    return start_guide(by=SYSTEM, draft=draft, origin=Origin(written_by="editors"))
