"""What is done with proposals while they are open: make, change, talk about. Actor first, no commit."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Conflict, Forbidden, Invalid, NotFound
from cop.core.i18n import _l
from cop.core.types import Json, Lang
from cop.entries import mentions, policy as entry_policy, queries as entries, significance
from cop.entries.draft import TextDraft
from cop.entries.kinds import KINDS
from cop.entries.models import Entry, Revision
from cop.entries.operations import SECTION_LIMIT, TITLE_LIMIT
from cop.entries.reasons import REASON_LIMIT
from cop.entries.revising import base_of, same_words
from cop.entries.taken import Source
from cop.events.record import record
from cop.people import standing
from cop.people.viewer import Viewer
from cop.proposals import events, policy, promoting, queries
from cop.proposals.deciding import opened
from cop.proposals.models import Proposal, Remark, State

#: Longest remark, in characters.
REMARK_LIMIT = 4000
#: Proposals of one person that wait at a time; more is work nobody could look through.
OPEN_LIMIT = 30


@dataclass(frozen=True)
class Wish:
    """What somebody proposes: the words, why, and how much it changes."""

    text: TextDraft
    note: str
    significance: str
    #: The one section it is about; "" for the whole.
    section: str = ""
    #: The reply or note whose words it takes up.
    source: Source | None = None


def propose(*, by: Viewer, entry_id: int, base_id: int, wish: Wish, key: str) -> Proposal:
    """Propose an edit of a page, made from the revision `base_id`; the same form sent twice makes one.

    So does taking up the same words twice, while the first proposal is open.

    Raises Invalid for what cannot be taken, and where nothing differs from what stands there.
    """
    entry = entries.get(by, entry_id, to_change=True)
    policy.require_proposing(by, entry)
    if (made := _made(by, key, wish, entry.kind, entry.id)) is not None:
        return made
    text = entries.text_for(entry, wish.text.lang)
    if text.lang != wish.text.lang:
        raise Invalid("lang", _l("This page is not told in that language (any more)."))
    base = base_of(entry, text, base_id)
    if base is None:
        raise Conflict(
            _l(
                "The version you started from is gone. Your words are below: compare, and propose again."
            )
        )
    wish = _mentioning(by, entry, _of_section(wish, base), base.sections)
    _check(wish)
    if same_words(base, wish.text):
        raise Invalid("note", _l("Nothing differs from what stands on the page."))
    proposal = _add(by, entry.kind, wish, key=key, entry=entry, base=base)
    record(events.ProposalMade(proposal_id=proposal.id, entry_id=entry.id), actor_id=by.id)
    return proposal


def propose_page(*, by: Viewer, kind: str, facts: Json, wish: Wish, key: str) -> Proposal:
    """Propose a page that is not there yet; the kind checks what it would be about."""
    entry_policy.require_member(by)
    starting = KINDS[kind].starting if kind in KINDS else None
    if starting is None:
        raise NotFound
    if (made := _made(by, key, wish, kind)) is not None:
        return made
    starting.check(facts, wish.text)
    wish = _mentioning(by, None, wish)
    _check(wish)
    proposal = _add(by, kind, wish, key=key, facts=facts)
    record(events.ProposalMade(proposal_id=proposal.id), actor_id=by.id)
    return proposal


def change(*, by: Viewer, proposal_id: int, version: int, wish: Wish) -> Proposal:
    """Change what one has proposed while it is open; raise Conflict where it was decided or changed meanwhile."""
    proposal = opened(by, proposal_id, version)
    if proposal.author_id != by.id:
        raise Forbidden(_l("Only who made a proposal changes it."))
    entry = entries.get_with_joined(by, proposal.entry_id) if proposal.entry_id else None
    base = db.session.get(Revision, proposal.base_id) if proposal.base_id else None
    if base is not None:
        wish = _of_section(wish, base)
    wish = _mentioning(by, entry, wish, _before(proposal, base))
    if base is not None and same_words(base, wish.text):
        raise Invalid("note", _l("Nothing differs from what stands on the page."))
    _check(wish)
    proposal.title, proposal.sections = wish.text.title, _told(wish.text)
    proposal.note, proposal.significance = wish.note, wish.significance
    proposal.version += 1
    event = events.ProposalChanged(proposal_id=proposal.id, entry_id=proposal.entry_id)
    record(event, actor_id=by.id)
    return proposal


def remark(*, by: Viewer, proposal_id: int, body: str, lang: Lang, key: str) -> Remark:
    """Say something about an open proposal, as who made it or as a curator."""
    proposal = queries.get(by, proposal_id, to_change=True)
    made = db.session.scalar(select(Remark).where(Remark.key == key))
    if made is not None:
        return made
    if not proposal.is_open and (by.id == proposal.author_id or policy.may_decide(by)):
        raise Invalid(
            "body",
            _l("This proposal is decided, so nothing is added to it. Copy your words from here."),
        )
    if not policy.may_talk(by, proposal):
        raise Forbidden(
            _l("Only who made the proposal and the curators talk about it, while it is open.")
        )
    if not body.strip():
        raise Invalid("body", _l("Write what you want to say."))
    if len(body) > REMARK_LIMIT:
        raise Invalid("body", _l("At most %(limit)s characters fit here.", limit=REMARK_LIMIT))
    entry = entries.get_with_joined(by, proposal.entry_id) if proposal.entry_id else None
    body = mentions.taken(by, entry, {"body": body})["body"]
    said = Remark(
        proposal_id=proposal.id,
        key=key,
        author_id=by.id,
        lang=lang.value,
        body=body,
        at=clock.now(),
    )
    db.session.add(said)
    db.session.flush()
    event = events.ProposalRemarked(
        proposal_id=proposal.id,
        remark_id=said.id,
        user_id=_other_side(by, proposal),
        entry_id=proposal.entry_id,
    )
    record(event, actor_id=by.id)
    return said


def _other_side(by: Viewer, proposal: Proposal) -> int | None:
    """Return who is told of a remark: the proposer, or of hers the curator who spoke last."""
    if proposal.author_id != by.id:
        return proposal.author_id
    return db.session.scalar(
        select(Remark.author_id)
        .where(Remark.proposal_id == proposal.id, Remark.author_id != by.id)
        .order_by(Remark.id.desc())
        .limit(1)
    )


def _of_section(wish: Wish, base: Revision) -> Wish:
    """Return the wish as a whole page: of one section, the rest is as it was."""
    if not wish.section:
        return wish
    if wish.section not in base.sections and not wish.text.sections.get(wish.section):
        raise Invalid("section", _l("The page has no such section (any more)."))
    sections = {**base.sections, wish.section: wish.text.sections.get(wish.section, "")}
    return replace(wish, text=TextDraft(wish.text.lang, base.title, sections))


def _mentioning(
    by: Viewer, entry: Entry | None, wish: Wish, was: Mapping[str, str] | None = None
) -> Wish:
    """Return the wish as it is kept: whoever is mentioned stands in it by id alone."""
    kept = mentions.taken(by, entry, wish.text.sections, was)
    return replace(wish, text=replace(wish.text, sections=kept))


def _before(proposal: Proposal, base: Revision | None) -> dict[str, str]:
    """Return what page and proposal said so far: whom they mention may have left since."""
    proposed = {f"proposed {key}": words for key, words in proposal.sections.items()}
    return {**(base.sections if base is not None else {}), **proposed}


def _check(wish: Wish) -> None:
    if not wish.text.title:
        raise Invalid("title", _l("A page needs a title."))
    if len(wish.text.title) > TITLE_LIMIT:
        raise Invalid(
            "title",
            _l("This title is too long; %(limit)s characters are enough.", limit=TITLE_LIMIT),
        )
    for key, value in wish.text.sections.items():
        if len(value) > SECTION_LIMIT:
            limit = f"{SECTION_LIMIT:,}"
            raise Invalid(
                key,
                _l("This section is too long; at most %(limit)s characters fit.", limit=limit),
            )
    if not wish.note.strip():
        raise Invalid("note", _l("Say in a line why: the curator and the history keep it."))
    if len(wish.note) > REASON_LIMIT:
        raise Invalid("note", _l("At most %(limit)s characters fit here.", limit=REASON_LIMIT))
    significance.check(wish.significance)


def _made(
    by: Viewer, key: str, wish: Wish, kind: str, entry_id: int | None = None
) -> Proposal | None:
    made = db.session.scalar(select(Proposal).where(Proposal.key == key))
    if made is None and wish.source is not None:
        return promoting.open_one(by, wish.source, entry_id=entry_id, kind=kind)
    return made


def _add(
    by: Viewer,
    kind: str,
    wish: Wish,
    *,
    key: str,
    facts: Json | None = None,
    entry: Entry | None = None,
    base: Revision | None = None,
) -> Proposal:
    _require_room(by)
    made = Proposal(
        key=key,
        kind=kind,
        entry_id=entry.id if entry else None,
        facts=facts or {},
        lang=wish.text.lang.value,
        base_id=base.id if base else None,
        section=wish.section,
        title=wish.text.title,
        sections=_told(wish.text),
        note=wish.note.strip(),
        significance=wish.significance,
        author_id=by.id,
        source_id=wish.source.entry.id if wish.source else None,
        source_comment_id=wish.source.comment_id if wish.source else None,
        is_reserved=standing.must_wait(by, public=True),
        opened_at=clock.now(),
        state=State.OPEN.value,
        version=1,
    )
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:
        # The same form, sent twice at the same moment: the other was a little faster.
        other = _made(by, key, wish, kind)
        if other is None:
            raise
        return other
    return made


def _require_room(by: Viewer) -> None:
    if queries.waiting_of(by) >= OPEN_LIMIT:
        raise Invalid(
            "note",
            _l(
                "You have %(limit)s open proposals; let the curators decide first.",
                limit=OPEN_LIMIT,
            ),
        )


def _told(text: TextDraft) -> dict[str, str]:
    return {key: value for key, value in text.sections.items() if value}
