"""What becomes of proposals: accepted, amended, declined, taken back. Actor first, no commit."""

from collections.abc import Mapping

from sqlalchemy import select

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Conflict, Forbidden, Invalid, Moved
from cop.core.i18n import _l
from cop.core.types import Lang
from cop.entries import mentions, queries as entries, significance
from cop.entries.draft import TextDraft
from cop.entries.kinds import KINDS
from cop.entries.models import Entry, Revision, Text
from cop.entries.reasons import REASON_LIMIT
from cop.entries.revising import same_words
from cop.events.record import record
from cop.people.viewer import Viewer
from cop.proposals import events, policy, promoting, queries
from cop.proposals.models import Proposal, State

_JOINED = _l(
    "This page was joined with another one meanwhile, so nothing is published on it. Bring what is good into that page "
    "and decline this with a word about it; or take the merging of the strategies back first, within a day of it."
)


def accept(
    *, by: Viewer, proposal_id: int, version: int, onto_id: int, text: TextDraft, reason: str = ""
) -> Proposal:
    """Publish a proposal, as it is or amended: `text` is the whole page as the curator saw it in the end.

    It was put together for the revision `onto_id`; raises Conflict where another stands there by now, so
    that nothing is applied to a text it was not made for. The proposer stands in the history as who wrote it.
    """
    proposal = _decidable(by, proposal_id, version)
    if proposal.entry_id is None:
        return _start(by, proposal, text, reason)
    try:
        entry = entries.get(by, proposal.entry_id, to_change=True)
    except Moved as error:
        raise Conflict(_JOINED) from error
    if entry.merged_into_id is not None:
        raise Conflict(_JOINED)
    told = entries.text_for(entry, Lang(proposal.lang))
    current = entries.current(told)
    if current.id != onto_id:
        raise Conflict(
            _l(
                "The page was changed while you were looking. Below is how the two go together now: look again."
            )
        )
    said = mentions.taken_draft(by, entry, text, current.sections)
    if same_words(current, said):
        raise Invalid("reason", _l("The page says this already; decline the proposal instead."))
    rewrite = KINDS[entry.kind].rewrite
    assert rewrite is not None  # noqa: S101  proposals exist for such kinds alone
    as_proposed = same_words(
        _as_revision(current, queries.put_together(proposal, told).words), said
    )
    change = significance.Change(proposal.note, proposal.significance)
    rewrite(by=by, entry_id=entry.id, draft=text, change=change)
    published = entries.current(told)
    _credit(by, proposal, entry, published)
    state = State.ACCEPTED if as_proposed else State.AMENDED
    return _decide(by, proposal, state, reason=reason)


def decline(*, by: Viewer, proposal_id: int, version: int, reason: str) -> Proposal:
    """Decline a proposal with a reason that the proposer reads."""
    proposal = _decidable(by, proposal_id, version)
    if proposal.author_id == by.id:
        raise Forbidden(_l("Take your own proposal back instead of declining it."))
    if not reason.strip():
        raise Invalid("reason", _l("Say why: the proposer reads it."))
    return _decide(by, proposal, State.DECLINED, reason=reason)


def withdraw(*, by: Viewer, proposal_id: int) -> Proposal:
    """Take back what one has proposed; done twice, it stays taken back."""
    proposal = queries.get(by, proposal_id, to_change=True)
    if proposal.author_id != by.id:
        raise Forbidden(_l("Only who made a proposal takes it back."))
    if proposal.state == State.WITHDRAWN:
        return proposal
    _require_open(proposal)
    return _decide(by, proposal, State.WITHDRAWN)


def opened(by: Viewer, proposal_id: int, version: int) -> Proposal:
    """Return a proposal to change; raise Conflict where it was decided, or says something else, by now."""
    proposal = queries.get(by, proposal_id, to_change=True)
    _require_open(proposal)
    if proposal.version != version:
        raise Conflict(_l("The proposal was changed meanwhile. Below is what it says now."))
    return proposal


def _start(by: Viewer, proposal: Proposal, text: TextDraft, reason: str) -> Proposal:
    starting = KINDS[proposal.kind].starting
    assert starting is not None  # noqa: S101  checked when it was proposed
    entry = starting.start(by=by, facts=proposal.facts, text=text, author_id=proposal.author_id)
    proposal.entry_id = entry.id
    told = db.session.scalars(select(Text).where(Text.entry_id == entry.id)).one()
    first = entries.current(told)
    _credit(by, proposal, entry, first)
    as_proposed = (proposal.title, proposal.sections) == (first.title, first.sections)
    state = State.ACCEPTED if as_proposed else State.AMENDED
    return _decide(by, proposal, state, reason=reason)


def _credit(by: Viewer, proposal: Proposal, page: Entry, revision: Revision) -> None:
    """Let the history name who wrote it; that a curator let it through stands with the proposal."""
    proposal.revision_id = revision.id
    if proposal.author_id is not None:
        revision.editor_id = proposal.author_id
    promoting.credit(by, proposal, page, revision)


def _as_revision(current: Revision, words: Mapping[str, str]) -> Revision:
    sections = {key: value for key, value in words.items() if key != "title" and value}
    return Revision(title=words.get("title", current.title), sections=sections)


def _decide(by: Viewer, proposal: Proposal, state: State, reason: str = "") -> Proposal:
    if len(reason) > REASON_LIMIT:
        raise Invalid("reason", _l("At most %(limit)s characters fit here.", limit=REASON_LIMIT))
    proposal.state, proposal.reason = state.value, reason.strip()
    proposal.decided_at, proposal.decided_by_id = clock.now(), by.id
    event = events.ProposalDecided(
        proposal_id=proposal.id,
        state=state.value,
        reason=proposal.reason,
        user_id=proposal.author_id,
        entry_id=proposal.entry_id,
    )
    record(event, actor_id=by.id)
    db.session.flush()
    return proposal


def _decidable(by: Viewer, proposal_id: int, version: int) -> Proposal:
    policy.require_curator(by)
    proposal = opened(by, proposal_id, version)
    if not policy.may_decide_about(by, proposal):
        raise Forbidden(
            _l("Another curator decides about what you proposed; you can edit the page yourself.")
        )
    return proposal


def _require_open(proposal: Proposal) -> None:
    if not proposal.is_open:
        raise Conflict(_l("This proposal has been decided meanwhile."))
