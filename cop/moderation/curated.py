"""What waits for curators about pages and notes: what is proposed, due, contested, cited or named no more."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from flask import url_for
from sqlalchemy import (
    BigInteger,
    Date,
    ScalarSelect,
    Select,
    func,
    literal,
    select,
    tuple_,
)
from sqlalchemy.orm import joinedload

from cop.core import clock
from cop.core.db import db
from cop.core.i18n import _, _l
from cop.core.keyset import place_of
from cop.core.page import Cursor
from cop.entries import policy, queries as entries
from cop.entries.cards import headings
from cop.entries.models import Entry
from cop.moderation.curating import AFTER_ALL, Item, Source
from cop.notes import filing
from cop.people.viewer import Viewer
from cop.practices import contesting, evidence
from cop.practices.contesting import contested
from cop.practices.models import Practice
from cop.proposals import pages, policy as proposals
from cop.proposals.models import Proposal
from cop.web.filters import here


def _proposals_waiting(viewer: Viewer) -> ScalarSelect[int]:
    return select(func.count(Proposal.id)).where(proposals.decidable(viewer)).scalar_subquery()


def _oldest_proposals(viewer: Viewer, after: Cursor | None, most: int) -> Sequence[Item]:
    statement = (
        select(Proposal)
        .where(proposals.decidable(viewer))
        .options(joinedload(Proposal.author))
        .order_by(Proposal.opened_at, Proposal.id)
        .limit(most)
    )
    if after is not None:
        place = tuple_(Proposal.opened_at, Proposal.id)
        statement = statement.where(place > place_of(after))
    found = db.session.scalars(statement).all()
    return [
        Item(
            subject=f"proposal:{row.id}",
            number=row.id,
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


def _pages_due(viewer: Viewer) -> Select[int, date | None]:
    """Return the statement of pages to be looked at again by today, as the reader's calendar has it."""
    today = here(clock.now()).date()
    return (
        select(Practice.entry_id, Practice.review_by)
        .join(Entry, Entry.id == Practice.entry_id)
        .where(Practice.review_by <= today, policy.listed(viewer))
    )


def _reviews_waiting(viewer: Viewer) -> ScalarSelect[int]:
    return select(func.count()).select_from(_pages_due(viewer).subquery()).scalar_subquery()


def _oldest_reviews(viewer: Viewer, after: Cursor | None, most: int) -> Sequence[Item]:
    statement = _pages_due(viewer).order_by(Practice.review_by, Practice.entry_id).limit(most)
    if after is not None:
        # A page waits from the first moment of its day.
        last = after.id if after.at == _beginning(after.at.date()) else AFTER_ALL
        place = tuple_(Practice.review_by, Practice.entry_id)
        statement = statement.where(
            place > tuple_(literal(after.at.date(), Date), literal(last, BigInteger))
        )
    due: dict[int, Any] = {row.entry_id: row.review_by for row in db.session.execute(statement)}
    pages_due = entries.in_order(viewer, list(due))
    return [
        Item(
            subject=f"review:{entry.id}",
            number=entry.id,
            since=_beginning(due[entry.id]),
            sort=_l("Review due"),
            title=heading.title,
            lang=heading.lang,
            by="",
            note="",
            href=url_for("curating.grade", entry_id=entry.id),
        )
        for entry, heading in zip(pages_due, headings(pages_due), strict=True)
    ]


def _beginning(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _contested_waiting(viewer: Viewer) -> ScalarSelect[int]:
    return select(func.count()).select_from(contested(viewer).subquery()).scalar_subquery()


def _oldest_contested(viewer: Viewer, after: Cursor | None, most: int) -> Sequence[Item]:
    return _pages(
        viewer,
        dict(contesting.oldest(viewer, after, most)),
        name="contested",
        sort=_l("Contested"),
        note=_("Somebody tried it too, and it went differently."),
        endpoint="curating.grade",
    )


def _pages(
    viewer: Viewer, since: Mapping[int, datetime], *, name: str, sort: Any, note: str, endpoint: str
) -> Sequence[Item]:
    """Return pages that wait since these moments, for one and the same reason."""
    found = entries.in_order(viewer, list(since))
    return [
        Item(
            subject=f"{name}:{entry.id}",
            number=entry.id,
            since=since[entry.id],
            sort=sort,
            title=heading.title,
            lang=heading.lang,
            by="",
            note=note,
            href=url_for(endpoint, entry_id=entry.id),
        )
        for entry, heading in zip(found, headings(found), strict=True)
    ]


def _uncited_waiting(viewer: Viewer) -> ScalarSelect[int]:
    found = evidence.with_gone_notes(viewer).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


def _oldest_uncited(viewer: Viewer, after: Cursor | None, most: int) -> Sequence[Item]:
    since = dict(evidence.oldest(viewer, after, most))
    return _pages(
        viewer,
        since,
        name="cited",
        sort=_l("Citation gone"),
        note=_("A case note it cites was withdrawn or hidden."),
        endpoint="evidence.index",
    )


def _unfiled_waiting(viewer: Viewer) -> ScalarSelect[int]:
    return select(func.count()).select_from(filing.unfiled(viewer).subquery()).scalar_subquery()


def _oldest_unfiled(viewer: Viewer, after: Cursor | None, most: int) -> Sequence[Item]:
    return _pages(
        viewer,
        dict(filing.oldest(viewer, after, most)),
        name="unfiled",
        sort=_l("Without a strategy"),
        note=_("It names no strategy of the list, so it counts in no ledger."),
        endpoint="filing.strategies",
    )


PROPOSALS = Source("proposals", _l("Proposals"), _proposals_waiting, _oldest_proposals)
REVIEWS = Source("reviews", _l("Reviews due"), _reviews_waiting, _oldest_reviews)
CONTESTED = Source(
    "contested", _l("Contested pages"), _contested_waiting, _oldest_contested, is_quiet=True
)
CITED = Source("cited", _l("Citations gone"), _uncited_waiting, _oldest_uncited)
UNFILED = Source(
    "unfiled", _l("Notes without strategy"), _unfiled_waiting, _oldest_unfiled, is_quiet=True
)
