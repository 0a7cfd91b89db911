"""Who let a revision through that came of a proposal, and whether she changed it: what the history tells."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from cop.core.db import db
from cop.core.i18n import _
from cop.people.viewer import Viewer
from cop.proposals import policy
from cop.proposals.models import Proposal, State


def passed(viewer: Viewer, revision_ids: Sequence[int]) -> Mapping[int, tuple[str, str]]:
    """Return for each revision that came of a proposal who accepted it, in one query.

    The address is that of the proposal where this viewer sees it, else "".
    """
    if not revision_ids:
        return {}
    statement = (
        select(Proposal, policy.visible(viewer))
        .where(Proposal.revision_id.in_(revision_ids))
        .options(joinedload(Proposal.decided_by))
    )
    return {
        row.revision_id or 0: (_said(row), f"/proposals/{row.id}" if seen else "")
        for row, seen in db.session.execute(statement)
    }


def _said(row: Proposal) -> str:
    curator = row.decided_by
    named = curator is not None and curator.active
    name = curator.name if named and curator is not None else _("a curator")
    if row.state == State.AMENDED:
        # Translators: in a history: who published what somebody else proposed, with changes of her own.
        return _("Amended and accepted by %(name)s", name=name)
    # Translators: in a history: who published what somebody else proposed.
    return _("Accepted by %(name)s", name=name)
