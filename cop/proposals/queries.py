"""Reading proposals: one, those of a page, of a person, of the queue; and how one goes together with the page today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from cop.core.db import db
from cop.core.errors import NotFound
from cop.core.keyset import read_page
from cop.core.page import Cursor, Page
from cop.core.types import Lang
from cop.entries import queries as entries
from cop.entries.draft import TextDraft
from cop.entries.models import Revision, Text
from cop.entries.revising import TITLE, merge_words
from cop.people.viewer import Viewer
from cop.proposals import policy
from cop.proposals.models import Proposal, Remark, State

PAGE_SIZE = 20


@dataclass(frozen=True)
class Together:
    """How a proposal goes together with what stands on the page now.

    `words` hold title and sections; those named in `clashing` are as proposed, because the page changed
    in the same passage. `moved` says that the page changed since the proposal was made.
    """

    current: Revision | None
    words: Mapping[str, str]
    clashing: tuple[str, ...] = ()
    moved: bool = False


def get(viewer: Viewer, proposal_id: int, *, to_change: bool = False) -> Proposal:
    """Return a proposal this viewer sees, else raise NotFound; with `to_change`, others wait until this ends."""
    if not 0 < proposal_id <= entries.MAX_ID:
        raise NotFound
    statement = (
        select(Proposal)
        .where(Proposal.id == proposal_id, policy.visible(viewer))
        .options(joinedload(Proposal.author), joinedload(Proposal.decided_by))
    )
    if to_change:
        statement = statement.with_for_update(of=Proposal).execution_options(populate_existing=True)
    found = db.session.scalar(statement)
    if found is None:
        raise NotFound
    return found


def put_together(proposal: Proposal, text: Text | None) -> Together:
    """Return the page as it would be with the proposal; `text` is what it is made for, None for a new page."""
    mine = TextDraft(Lang(proposal.lang), proposal.title, proposal.sections)
    if text is None:
        return Together(None, {TITLE: mine.title, **mine.sections})
    current = entries.current(text)
    start = base(proposal)
    if start is None:
        changed = [
            key for key, value in mine.sections.items() if current.sections.get(key) != value
        ]
        return Together(current, {TITLE: mine.title, **mine.sections}, tuple(changed), moved=True)
    words, clashing = merge_words(start, current, mine)
    return Together(current, words, clashing, moved=start.id != current.id)


def base(proposal: Proposal) -> Revision | None:
    """Return the revision a proposal was made for; None for a new page, or where it is gone."""
    found = db.session.get(Revision, proposal.base_id) if proposal.base_id else None
    return found if found is not None and found.suppressed_at is None else None


def amended_to(proposal: Proposal) -> dict[str, str]:
    """Return the words a curator made of a proposal, by section; none where other edits came in between."""
    found = db.session.get(Revision, proposal.revision_id) if proposal.revision_id else None
    if proposal.state != State.AMENDED or found is None or found.suppressed_at is not None:
        return {}
    start = db.session.get(Revision, proposal.base_id) if proposal.base_id else None
    if found.number != (start.number if start is not None else 0) + 1:
        return {}
    return {TITLE: found.title, **found.sections}


def of_entry(viewer: Viewer, entry_id: int, *, older: str | None = None) -> Page[Proposal]:
    """Return the proposals for a page that this viewer sees, the newest first."""
    return _page(_seen(viewer).where(Proposal.entry_id == entry_id), older=older)


def open_for(viewer: Viewer, entry_id: int) -> int:
    """Return how many proposals for a page wait, of those this viewer sees."""
    statement = select(func.count()).where(
        Proposal.entry_id == entry_id, Proposal.state == State.OPEN, policy.visible(viewer)
    )
    return db.session.scalar(statement) or 0


def own(viewer: Viewer, *, older: str | None = None) -> Page[Proposal]:
    """Return what the viewer proposed, the newest first."""
    return _page(_seen(viewer).where(Proposal.author_id == viewer.id), older=older)


def waiting_of(viewer: Viewer) -> int:
    """Return how many of the viewer's own proposals wait."""
    statement = select(func.count()).where(
        Proposal.author_id == viewer.id, Proposal.state == State.OPEN
    )
    return db.session.scalar(statement) or 0


def remarks(proposal: Proposal) -> Sequence[Remark]:
    """Return what was said about a proposal, in its order."""
    statement = (
        select(Remark)
        .where(Remark.proposal_id == proposal.id)
        .order_by(Remark.id)
        .options(joinedload(Remark.author))
    )
    return db.session.scalars(statement).all()


def _seen(viewer: Viewer) -> Select[Any]:
    return select(Proposal).where(policy.visible(viewer)).options(joinedload(Proposal.author))


def _page(statement: Select[Any], *, older: str | None) -> Page[Proposal]:
    return read_page(
        statement,
        Proposal.opened_at,
        Proposal.id,
        older=older,
        newer=None,
        size=PAGE_SIZE,
        read=lambda asked: list(db.session.scalars(asked)),
        place=lambda row: Cursor(row.opened_at, row.id),
    )
