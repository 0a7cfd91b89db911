"""The sorts of things that wait for curators: proposals now; each asks the room it comes from."""

from collections.abc import Sequence
from datetime import datetime

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from cop.core.db import db
from cop.core.i18n import _l
from cop.moderation.curating import Item, Source
from cop.people.viewer import Viewer
from cop.proposals import pages, policy as proposals
from cop.proposals.models import Proposal


def _proposals_waiting(viewer: Viewer) -> int:
    statement = select(func.count()).where(proposals.decidable(viewer))
    return db.session.scalar(statement) or 0


def _oldest_proposals(viewer: Viewer, start: datetime | None, most: int) -> Sequence[Item]:
    statement = (
        select(Proposal)
        .where(proposals.decidable(viewer))
        .options(joinedload(Proposal.author))
        .order_by(Proposal.opened_at, Proposal.id)
        .limit(most)
    )
    if start is not None:
        statement = statement.where(Proposal.opened_at >= start)
    found = db.session.scalars(statement).all()
    return [
        Item(
            subject=f"proposal:{row.id}",
            since=row.opened_at,
            sort=_l("Proposal"),
            title=row.page,
            lang=row.page_lang,
            by=row.by,
            note=row.note,
            href=url_for("proposals.show", proposal_id=row.id),
        )
        for row in pages.rows_of(viewer, found)
    ]


PROPOSALS = Source("proposals", _l("Proposals"), _proposals_waiting, _oldest_proposals)
