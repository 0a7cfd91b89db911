"""What came of a workshop: case notes written in it and after it, what was tried, what its trainers say later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from cop.core.db import db
from cop.core.errors import Invalid, NotFound
from cop.core.i18n import _l
from cop.entries import finding, policy, queries as entries
from cop.entries.cards import Card, cards
from cop.entries.models import Entry, Link, LinkKind, NameMask
from cop.entries.originals import RELATION_VALUES
from cop.events.record import record
from cop.people.viewer import Viewer
from cop.workshops import (
    evaluating,
    following_up,
    participants,
    running_events as events,
    sessions,
)
from cop.workshops.attendance import own_attendance
from cop.workshops.evaluating import Useful
from cop.workshops.running_models import Attendance, FollowUp
from cop.workshops.session_models import SignUp, WorkshopSession
from cop.workshops.session_queries import Dates, Standing

_NOTE = "note"
#: So many notes a workshop names as what came of it, and so many are offered or shown at a time.
MOST, _SHOWN = 100, 12


@dataclass(frozen=True)
class Said:
    """What was said of one date later, and how useful those who came found it where the trainers tell that."""

    session: WorkshopSession
    follow_up: FollowUp
    numbers: Mapping[Useful, int]

    @property
    def paragraphs(self) -> Sequence[str]:
        """What the trainers say."""
        return [one for one in self.follow_up.words.splitlines() if one.strip()]


@dataclass(frozen=True)
class CameOf:
    """What came of a workshop, as far as this viewer may know."""

    said: Sequence[Said]
    notes: Sequence[Card]
    tried: Sequence[Card]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.said or self.notes or self.tried)


def came_of(viewer: Viewer, entry: Entry) -> CameOf:
    """Return what came of a workshop, in a fixed number of queries."""
    notes = entries.linked(viewer, entry, LinkKind.CAME_OF)[:_SHOWN]
    held = {one.id for one in notes}
    tried = [one for one in _tried(viewer, entry) if one.id not in held]
    shown = cards(viewer, [*notes, *tried])
    return CameOf(_said(entry), shown[: len(notes)], shown[len(notes) :])


def _said(entry: Entry) -> list[Said]:
    rows = db.session.execute(
        select(WorkshopSession, FollowUp)
        .join(FollowUp, FollowUp.session_id == WorkshopSession.id)
        .where(
            WorkshopSession.entry_id == entry.id,
            WorkshopSession.called_off_at.is_(None),
            WorkshopSession.removed_at.is_(None),
            FollowUp.answered_at.is_not(None) | FollowUp.shows_numbers,
        )
        .order_by(WorkshopSession.starts_at.desc(), WorkshopSession.id.desc())
    ).all()
    numbers = evaluating.numbers_of([one.id for one, row in rows if row.shows_numbers])
    made = [Said(one, row, numbers.get(one.id, {})) for one, row in rows]
    return [one for one in made if one.follow_up.answered_at is not None or one.numbers]


def _tried(viewer: Viewer, entry: Entry) -> list[Entry]:
    """Return notes that tell of something tried after its material, published since it was given first."""
    first = (
        select(func.min(WorkshopSession.starts_at))
        .where(
            WorkshopSession.entry_id == entry.id,
            WorkshopSession.called_off_at.is_(None),
            WorkshopSession.removed_at.is_(None),
        )
        .scalar_subquery()
    )
    original, built_on = aliased(Entry), aliased(Link)
    after = (
        select(Link.entry_id)
        .join(original, original.id == Link.target_id)
        .join(built_on, built_on.target_id == original.id)
        .where(
            Link.kind.in_(RELATION_VALUES),
            built_on.entry_id == entry.id,
            built_on.kind == LinkKind.MATERIAL.value,
            original.audience.in_(sorted(policy.listed_labels(viewer))),
        )
    )
    return list(
        db.session.scalars(
            select(Entry)
            .where(Entry.id.in_(after), policy.listed(viewer), Entry.published_at >= first)
            .order_by(Entry.published_at.desc(), Entry.id.desc())
            .limit(_SHOWN)
            .options(joinedload(Entry.author), selectinload(Entry.texts))
        )
    )


def offered(viewer: Viewer, entry: Entry, session: WorkshopSession) -> list[Card]:
    """Return notes that those who came wrote since, under their names, and that are not named yet."""
    came = (
        select(SignUp.user_id)
        .join(Attendance, Attendance.sign_up_id == SignUp.id)
        .where(Attendance.session_id == session.id, Attendance.present)
    )
    return _cards_of(
        viewer,
        select(Entry)
        .where(
            Entry.kind == _NOTE,
            Entry.author_id.in_(came),
            Entry.name_mask == NameMask.SHOWN.value,
            Entry.published_at >= session.starts_at,
            Entry.id.not_in(_named(entry)),
            policy.listed(viewer),
        )
        .order_by(Entry.published_at.desc(), Entry.id.desc())
        .limit(_SHOWN)
        .options(joinedload(Entry.author), selectinload(Entry.texts)),
    )


def found(viewer: Viewer, entry: Entry, words: str) -> list[Card]:
    """Return notes with these words, or of this address, that are not named yet."""
    keys = select(Entry.key).where(Entry.id.in_(_named(entry)))
    return finding.found(viewer, words, (_NOTE,), but=list(db.session.scalars(keys)))


def named(viewer: Viewer, entry: Entry) -> list[Card]:
    """Return the notes that a workshop names as what came of it."""
    return cards(viewer, entries.linked(viewer, entry, LinkKind.CAME_OF))


def _named(entry: Entry) -> Select[int]:
    return select(Link.target_id).where(
        Link.entry_id == entry.id, Link.kind == LinkKind.CAME_OF.value
    )


def _cards_of(viewer: Viewer, statement: Select[Entry]) -> list[Card]:
    return cards(viewer, list(db.session.scalars(statement)))


def name_note(*, by: Viewer, entry_id: int, note_id: int) -> None:
    """Say that a case note came of a workshop. Once is enough; for its trainers."""
    entry = sessions.require_to_run(by, entry_id, to_change=True)
    note = entries.get(by, note_id, _NOTE)
    link_note(by=by, entry=entry, note=note)


def own_among(viewer: Viewer, shown: Sequence[Card]) -> set[int]:
    """Return those of these notes that the viewer wrote."""
    if not shown:
        return set()
    hers = select(Entry.id).where(
        Entry.id.in_([one.id for one in shown]), Entry.author_id == viewer.id
    )
    return set(db.session.scalars(hers))


def own_notes(viewer: Viewer, entry: Entry) -> list[Card]:
    """Return case notes of one's own, written since the workshop was given first, that it does not name yet."""
    first = (
        select(func.min(WorkshopSession.starts_at))
        .where(WorkshopSession.entry_id == entry.id, WorkshopSession.removed_at.is_(None))
        .scalar_subquery()
    )
    return _cards_of(
        viewer,
        select(Entry)
        .where(
            Entry.kind == _NOTE,
            Entry.author_id == viewer.id,
            Entry.published_at >= first,
            Entry.id.not_in(_named(entry)),
            policy.listed(viewer),
        )
        .order_by(Entry.published_at.desc(), Entry.id.desc())
        .limit(_SHOWN)
        .options(joinedload(Entry.author), selectinload(Entry.texts)),
    )


def name_own_note(*, by: Viewer, entry_id: int, note_id: int) -> None:
    """Say that a case note of one's own came of a workshop one took part in. Once is enough."""
    participants.require_part(by, entry_id)
    entry = entries.get(by, entry_id, "workshop", to_change=True)
    note = entries.get(by, note_id, _NOTE)
    if note.author_id != by.id:
        raise NotFound
    link_note(by=by, entry=entry, note=note)


def link_note(*, by: Viewer, entry: Entry, note: Entry) -> None:
    """Join a workshop with a note that came of it; who may do so is for the caller to ask."""
    last, many = db.session.execute(
        select(func.max(Link.position), func.count()).where(
            Link.entry_id == entry.id, Link.kind == LinkKind.CAME_OF.value
        )
    ).one()
    there = db.session.get(Link, (entry.id, note.id, LinkKind.CAME_OF.value))
    if there is not None:
        return
    if many >= MOST:
        raise Invalid("", _l("A workshop names at most %(number)s notes.", number=MOST))
    db.session.add(
        Link(
            entry_id=entry.id,
            target_id=note.id,
            kind=LinkKind.CAME_OF.value,
            position=(last or 0) + 1,
        )
    )
    entry.version += 1
    db.session.flush()
    record(events.CameOfIt(entry_id=entry.id, note_id=note.id), actor_id=by.id)


def forget_note(*, by: Viewer, entry_id: int, note_id: int) -> None:
    """Say it no longer. Once is enough; its trainers do, and who wrote the note."""
    entry = entries.get(by, entry_id, "workshop", to_change=True)
    note = entries.get(by, note_id, _NOTE)
    if not sessions.may_run(by, entry) and note.author_id != by.id:
        raise NotFound
    db.session.execute(
        delete(Link).where(
            Link.entry_id == entry.id,
            Link.target_id == note.id,
            Link.kind == LinkKind.CAME_OF.value,
        )
    )
    entry.version += 1
    record(events.CameOfIt(entry_id=entry.id, note_id=note.id), actor_id=by.id)


def completed(dates: Dates) -> frozenset[int]:
    """Return the dates of a workshop that count as completed, by id: over, and it is said what came of them."""
    over = [one.row.id for one in dates.past if one.standing == Standing.OVER]
    said = following_up.follow_ups_of(over)
    return frozenset(one for one in over if one in said and said[one].answered_at is not None)


def is_completed(dates: Dates) -> bool:
    """Tell whether a workshop counts as completed: nothing is to come, and of all that was it is said what came."""
    over = {one.row.id for one in dates.past if one.standing == Standing.OVER}
    coming = any(one.takes_place for one in dates.coming)
    return bool(over) and not coming and over == completed(dates)


@dataclass(frozen=True)
class Running:
    """What the page of a date offers on the day and after."""

    runs: bool
    #: Whether this reader came and can answer the three questions.
    asked: bool
    is_completed: bool
    due: date


def running_of(viewer: Viewer, session: WorkshopSession, *, runs: bool) -> Running:
    """Return what a date offers its trainers, and who came."""
    own = own_attendance(viewer, session)
    row = following_up.follow_up_of(session) if runs else None
    return Running(
        runs=runs,
        asked=own is not None and not own.answered and evaluating.is_open(session),
        is_completed=row is not None and row.answered_at is not None,
        due=following_up.due_on(session, row),
    )
