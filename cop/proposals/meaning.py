"""Which revisions changed what a page says: those of proposals that said so when they were let through."""

from collections.abc import Collection

from sqlalchemy import select

from cop.core.db import db
from cop.proposals.models import Proposal, Significance


def changing_meaning(revision_ids: Collection[int]) -> frozenset[int]:
    """Return those of the revisions that came of a proposal which changes what its page says. One query."""
    if not revision_ids:
        return frozenset()
    found = select(Proposal.revision_id).where(
        Proposal.revision_id.in_(sorted(revision_ids)),
        Proposal.significance == Significance.MEANING.value,
    )
    return frozenset(one for one in db.session.scalars(found) if one is not None)
