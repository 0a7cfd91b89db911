"""Who prepares a workshop: its author, who leads it, and the co-trainers that said yes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from cop.core.db import db
from cop.entries import policy
from cop.entries.models import Entry, NameMask
from cop.entries.policy import Byline
from cop.people.models import AccountStatus, User
from cop.people.viewer import Viewer
from cop.workshops.team_models import CoTrainer


def trains(viewer: Viewer, entry: Entry) -> bool:
    """Tell whether somebody is a co-trainer of a workshop, and said so herself."""
    if viewer.id is None:
        return False
    hers = exists().where(
        CoTrainer.entry_id == entry.id,
        CoTrainer.user_id == viewer.id,
        CoTrainer.accepted_at.is_not(None),
    )
    return bool(db.session.scalar(select(hers)))


def leads(viewer: Viewer, entry: Entry) -> bool:
    """Tell whether somebody leads a workshop: its author does."""
    return viewer.id is not None and entry.author_id == viewer.id


def is_trainer_of(viewer: Viewer, entry: Entry) -> bool:
    """Tell whether somebody prepares this workshop: its author and its co-trainers."""
    return leads(viewer, entry) or trains(viewer, entry)


def may_hand_over(viewer: Viewer, entry: Entry) -> bool:
    """Tell whether somebody may ask a co-trainer to lead: the author, and who looks after what is here.

    Of an author who is gone without a word a moderator can ask a co-trainer.
    """
    return leads(viewer, entry) or policy.looks_after(viewer, entry)


def has_lost_its_author(entry: Entry) -> bool:
    """Tell whether nobody can sign in as its author any more. Expects the author to be loaded."""
    author = entry.author
    if author is None:
        return entry.written_by != "editors"
    return author.status == AccountStatus.CLOSED


@dataclass(frozen=True)
class Member:
    """A co-trainer, or somebody who is asked to be one, as those see it who prepare the workshop."""

    user_id: int
    name: str
    handle: str | None
    #: "asked", "declined" or "" once she is one.
    state: str
    since: datetime
    named: bool
    offered: bool


def rows_of(entry: Entry) -> Sequence[CoTrainer]:
    """Return who was asked, the longest there first; nobody who left the site."""
    rows = db.session.scalars(
        select(CoTrainer)
        .join(User, User.id == CoTrainer.user_id)
        .where(CoTrainer.entry_id == entry.id, User.status != AccountStatus.CLOSED)
        .options(joinedload(CoTrainer.user))
        .execution_options(populate_existing=True)
    )
    return sorted(
        rows,
        key=lambda row: (row.accepted_at is None, row.accepted_at or row.invited_at, row.user_id),
    )


def credited(entries: Sequence[Entry]) -> dict[int, list[str]]:
    """Return the account names an export credits each workshop to beside its author, in order."""
    held = {entry.id: entry for entry in entries}
    rows = db.session.scalars(
        select(CoTrainer)
        .join(User, User.id == CoTrainer.user_id)
        .where(
            CoTrainer.entry_id.in_(held),
            CoTrainer.accepted_at.is_not(None),
            CoTrainer.named,
        )
        .order_by(User.handle)
        .options(joinedload(CoTrainer.user))
    )
    found: dict[int, list[str]] = {}
    for row in rows:
        handle = policy.credited_to(held[row.entry_id], row.user)
        if handle is not None:
            found.setdefault(row.entry_id, []).append(handle)
    return found


def trainer_ids(entry: Entry) -> list[int]:
    """Return the author and the co-trainers of a workshop, who are told what concerns it."""
    found = [row.user_id for row in rows_of(entry) if row.accepted_at is not None]
    return found if entry.author_id is None else [entry.author_id, *found]


@dataclass(frozen=True)
class Team:
    """Those who prepare a workshop, as far as this viewer is concerned."""

    rows: Sequence[CoTrainer]
    #: What she is herself: "leads", "trains", "asked", "declined" or "".
    own: str
    own_row: CoTrainer | None
    may_hand_over: bool
    #: Names for the byline, of those who want to be named.
    named: Sequence[Byline]

    @property
    def is_known(self) -> bool:
        """Whether the page of the team is there for this viewer."""
        return bool(self.own) or (self.may_hand_over and bool(self.members))

    @property
    def is_trainer(self) -> bool:
        """Whether she prepares the workshop."""
        return self.own in ("leads", "trains")

    @property
    def members(self) -> list[Member]:
        """Everybody, for those who prepare the workshop."""
        return [_member(row) for row in self.rows]


def _member(row: CoTrainer) -> Member:
    state = _state(row)
    return Member(
        user_id=row.user_id,
        name=policy.name_of(row.user),
        handle=row.user.handle if row.user.active else None,
        state=state,
        since=row.accepted_at or row.declined_at or row.invited_at,
        named=row.named,
        offered=row.offered_at is not None,
    )


def _state(row: CoTrainer) -> str:
    if row.accepted_at is not None:
        return ""
    return "declined" if row.declined_at is not None else "asked"


def team_of(viewer: Viewer, entry: Entry) -> Team:
    """Return who prepares a workshop, in one query.

    On a workshop without its author's name nobody is named beside it: who works with whom is known.
    """
    rows = rows_of(entry)
    own = next((row for row in rows if row.user_id == viewer.id), None)
    what = "leads" if leads(viewer, entry) else (_state(own) or "trains") if own else ""
    shown = entry.name_mask != NameMask.UNNAMED
    return Team(
        rows=rows,
        own=what,
        own_row=own,
        may_hand_over=may_hand_over(viewer, entry),
        named=[
            policy.byline_of(viewer, entry, row.user)
            for row in rows
            if shown and row.named and row.accepted_at is not None
        ],
    )
