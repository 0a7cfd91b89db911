"""Proposals that take up words of a reply or a note: one at a time for a page, and the credit once accepted."""

from sqlalchemy import select

from cop.core.db import db
from cop.entries import taken
from cop.entries.models import Comment, Entry, Revision
from cop.entries.taken import Source
from cop.entries.taken_models import TakenUp
from cop.events.record import record
from cop.people.viewer import Viewer
from cop.proposals import events
from cop.proposals.models import Proposal, State


def open_one(by: Viewer, source: Source, *, entry_id: int | None, kind: str) -> Proposal | None:
    """Return the open proposal by which this person takes the same words up in the same page, or in a new one."""
    return db.session.scalar(
        select(Proposal)
        .where(
            Proposal.author_id == by.id,
            Proposal.state == State.OPEN,
            Proposal.kind == kind,
            Proposal.entry_id == entry_id if entry_id else Proposal.entry_id.is_(None),
            Proposal.source_id == source.entry.id,
            Proposal.source_comment_id == source.comment_id
            if source.comment
            else Proposal.source_comment_id.is_(None),
        )
        .order_by(Proposal.id)
        .limit(1)
    )


def source_of(viewer: Viewer, proposal: Proposal) -> Source | None:
    """Return what a proposal takes up, where this viewer may read it still."""
    if proposal.source_id is None:
        return None
    name = f"{taken.NOTE}:{proposal.source_id}"
    if proposal.source_comment_id is not None:
        name = f"{taken.REPLY}:{proposal.source_comment_id}"
    return taken.readable_source(viewer, name)


def credit(by: Viewer, proposal: Proposal, page: Entry, revision: Revision) -> None:
    """Keep whose words a published proposal took up, and let their author be told."""
    if proposal.source_id is None:
        return
    comment_id = proposal.source_comment_id
    source_id = proposal.source_id
    if comment_id is None and db.session.get_one(Entry, source_id).kind != taken.NOTE:
        # The reply was deleted meanwhile; who began the discussion did not write these words.
        return
    if comment_id is not None:
        source_id = db.session.scalars(
            select(Comment.entry_id).where(Comment.id == comment_id)
        ).one()
    db.session.add(
        TakenUp(
            revision_id=revision.id, page_id=page.id, source_id=source_id, comment_id=comment_id
        )
    )
    db.session.flush()
    event = events.WordsTakenUp(
        entry_id=page.id,
        proposal_id=proposal.id,
        source_id=source_id,
        source_comment_id=comment_id,
    )
    record(event, actor_id=by.id)
