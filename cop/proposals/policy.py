"""Who sees and who decides about proposals."""

from sqlalchemy import ColumnElement, and_, exists, false, or_, select

from cop.core.errors import Forbidden, NotFound
from cop.core.i18n import _l
from cop.entries import policy as entries
from cop.entries.kinds import KINDS
from cop.entries.models import Entry, Status
from cop.people.viewer import Grant, Viewer
from cop.proposals.models import Proposal, State


def may_decide(viewer: Viewer) -> bool:
    """Tell whether somebody decides about proposals (PRODUCT.md, table of acts: approve edits)."""
    return viewer.has(Grant.CURATOR)


def may_decide_about(viewer: Viewer, proposal: Proposal) -> bool:
    """Tell whether somebody decides about this one: a curator about what others propose, while it is open.

    A page that is not there yet she may begin with her own words, as she may edit every page that is.
    """
    others = proposal.author_id != viewer.id
    return proposal.is_open and may_decide(viewer) and (others or proposal.entry_id is None)


def require_curator(viewer: Viewer) -> None:
    """Raise NotFound for everybody else, so that nothing is revealed."""
    if not may_decide(viewer):
        raise NotFound


def is_kept(kind: str) -> bool:
    """Tell whether pages of a kind are kept by curators, so that others propose edits."""
    return kind in KINDS and KINDS[kind].rewrite is not None


def may_propose(viewer: Viewer, entry: Entry) -> bool:
    """Tell whether somebody may propose an edit of an entry: every member, of a published page that is not locked."""
    return (
        viewer.is_member
        and is_kept(entry.kind)
        and entry.status == Status.PUBLISHED
        and entry.locked_at is None
        and entries.may_read(viewer, entry)
    )


def require_proposing(viewer: Viewer, entry: Entry) -> None:
    """Raise NotFound for what is no such page, Forbidden with a reason for one that takes no proposals now."""
    if not is_kept(entry.kind) or not entries.may_read(viewer, entry):
        raise NotFound
    entries.require_member(viewer)
    if entry.locked_at is not None:
        raise Forbidden(_l("A moderator has locked this page; it takes no proposals now."))
    if not may_propose(viewer, entry):
        raise Forbidden(_l("This page takes no proposals now."))


def visible(viewer: Viewer) -> ColumnElement[bool]:
    """Return the criterion on `Proposal` of what this viewer sees.

    Members see what is proposed for pages they may read, or read before those were joined with others; what
    somebody new here proposes, only she and the curators. Visitors see none.
    """
    if not viewer.is_member:
        return false()
    readable = or_(
        Proposal.entry_id.is_(None),
        exists(
            select(Entry.id).where(
                Entry.id == Proposal.entry_id,
                or_(entries.readable(viewer), entries.joined(viewer)),
            )
        ),
    )
    if may_decide(viewer):
        return readable
    mine = Proposal.author_id == viewer.id
    return and_(readable, or_(mine, Proposal.is_reserved.is_(False)))


def may_talk(viewer: Viewer, proposal: Proposal) -> bool:
    """Tell whether somebody may say something about a proposal: who made it, and curators, while it is open."""
    return proposal.is_open and (viewer.id == proposal.author_id or may_decide(viewer))


def decidable(viewer: Viewer) -> ColumnElement[bool]:
    """Return the criterion on `Proposal` of what a curator may decide: what somebody else proposed."""
    if not may_decide(viewer):
        return false()
    others = or_(Proposal.author_id.is_(None), Proposal.author_id != viewer.id)
    return and_(Proposal.state == State.OPEN, others, visible(viewer))
