"""What can be done about who prepares a workshop: ask, accept, leave, hand over. Actor first, no commit.

Nobody is named without her yes: who is asked says it herself, and who takes the workshop over does so, too.
"""

from sqlalchemy import delete, select

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Forbidden, Invalid, NotFound
from cop.core.i18n import _l
from cop.entries import policy, queries
from cop.entries.models import Entry, NameMask, Status
from cop.entries.operations import touch
from cop.events.record import Happening, record
from cop.people.models import User
from cop.people.queries import viewer_of
from cop.people.viewer import Viewer
from cop.workshops import team_events as events, trainers
from cop.workshops.operations import KIND
from cop.workshops.team_models import CoTrainer

#: So many can prepare one workshop beside its author.
MOST = 12

_NOT_UNNAMED = _l(
    "This workshop stands without its author's name, so nobody can take it over by name. "
    "Put the name under it first."
)


def _held(by: Viewer, entry_id: int) -> Entry:
    """Return the workshop, held until this transaction ends."""
    return queries.get(by, entry_id, KIND, to_change=True)


def _row(entry: Entry, user_id: int | None) -> CoTrainer | None:
    return db.session.scalar(
        select(CoTrainer)
        .where(CoTrainer.entry_id == entry.id, CoTrainer.user_id == user_id)
        .execution_options(populate_existing=True)
    )


def _own(by: Viewer, entry: Entry) -> CoTrainer:
    """Return what somebody is asked or is, or raise NotFound: it is taken back, or never was."""
    row = _row(entry, by.id)
    if row is None:
        raise NotFound
    return row


def _require_lead(by: Viewer, entry: Entry) -> None:
    if not trainers.leads(by, entry):
        raise Forbidden(_l("Only who leads this workshop may do that."))


def _tell(entry: Entry, event: Happening, by: Viewer) -> None:
    """Record what happened; the page of the workshop may show it."""
    touch(entry)
    record(event, actor_id=by.id)


def invite(*, by: Viewer, entry_id: int, user: User) -> CoTrainer:
    """Ask somebody to prepare a workshop with its author; asked twice is asked once."""
    entry = _held(by, entry_id)
    _require_lead(by, entry)
    if entry.status != Status.PUBLISHED:
        raise Invalid("who", _l("Others cannot read this workshop now, so nobody can be asked."))
    if user.id == entry.author_id:
        raise Invalid("who", _l("You lead this workshop already."))
    row = _row(entry, user.id)
    if row is not None:
        if row.declined_at is not None:
            raise Invalid(
                "who",
                _l(
                    "%(name)s has declined. The invitation stays open, should she change her mind.",
                    name=user.name,
                ),
            )
        return row
    if not user.active or not policy.may_read(viewer_of(user), entry):
        raise Invalid("who", _l("%(name)s cannot read this workshop.", name=user.name))
    if len(trainers.rows_of(entry)) >= MOST:
        raise Invalid("who", _l("At most %(number)s people can be asked.", number=MOST))
    row = CoTrainer(entry_id=entry.id, user_id=user.id, invited_at=clock.now(), named=False)
    db.session.add(row)
    db.session.flush()
    record(events.CoTrainerInvited(entry_id=entry.id, user_id=user.id), actor_id=by.id)
    return row


def accept(*, by: Viewer, entry_id: int, named: bool) -> CoTrainer:
    """Say yes, and whether the page may name her; said again, only the name changes."""
    entry = _held(by, entry_id)
    row = _own(by, entry)
    fresh = row.accepted_at is None
    if not fresh and row.named == named:
        return row
    row.named = named
    if fresh:
        row.accepted_at, row.declined_at = clock.now(), None
        told = events.CoTrainerAccepted(
            entry_id=entry.id, user_id=entry.author_id, who_id=row.user_id
        )
        _tell(entry, told, by)
    else:
        _tell(entry, events.CoTrainerNamed(entry_id=entry.id, who_id=row.user_id), by)
    return row


def decline(*, by: Viewer, entry_id: int) -> None:
    """Say no to being a co-trainer. Once is enough; who is one already leaves instead."""
    entry = _held(by, entry_id)
    row = _own(by, entry)
    if row.accepted_at is not None or row.declined_at is not None:
        return
    row.declined_at = clock.now()
    told = events.CoTrainerDeclined(entry_id=entry.id, user_id=entry.author_id, who_id=row.user_id)
    record(told, actor_id=by.id)


def leave(*, by: Viewer, entry_id: int) -> None:
    """Prepare a workshop no longer. Its author hands it over first: it is never without one."""
    entry = _held(by, entry_id)
    if trainers.leads(by, entry):
        raise Invalid(
            "",
            _l(
                "You lead this workshop. Ask a co-trainer to take it over first, or withdraw the workshop."
            ),
        )
    row = _row(entry, by.id)
    if row is None or row.accepted_at is None:
        return
    db.session.delete(row)
    db.session.flush()
    left = events.CoTrainerLeft(entry_id=entry.id, user_id=entry.author_id, who_id=by.id or 0)
    _tell(entry, left, by)


def remove(*, by: Viewer, entry_id: int, user_id: int) -> None:
    """Take a co-trainer off a workshop, or an invitation back. Once is enough."""
    entry = _held(by, entry_id)
    _require_lead(by, entry)
    row = _row(entry, user_id)
    if row is None:
        return
    was_one = row.accepted_at is not None
    db.session.delete(row)
    db.session.flush()
    if was_one:
        _tell(entry, events.CoTrainerRemoved(entry_id=entry.id, user_id=user_id), by)


def offer(*, by: Viewer, entry_id: int, user_id: int) -> None:
    """Ask a co-trainer to lead the workshop from now on; whoever was asked before is asked no longer."""
    entry = _held(by, entry_id)
    if not trainers.may_hand_over(by, entry):
        raise Forbidden(_l("Only who leads this workshop may do that."))
    if entry.name_mask == NameMask.UNNAMED:
        raise Invalid("", _NOT_UNNAMED)
    row = _row(entry, user_id)
    if row is None or row.accepted_at is None:
        raise NotFound
    if row.offered_at is not None:
        return
    for other in trainers.rows_of(entry):
        other.offered_at = None
    row.offered_at = clock.now()
    record(events.WorkshopOffered(entry_id=entry.id, user_id=user_id), actor_id=by.id)


def take_back_offer(*, by: Viewer, entry_id: int) -> None:
    """Ask nobody any more to take the workshop over; who was asked says no with the same."""
    entry = _held(by, entry_id)
    own = _row(entry, by.id)
    if not trainers.may_hand_over(by, entry) and (own is None or own.offered_at is None):
        raise NotFound
    for row in trainers.rows_of(entry):
        row.offered_at = None


def take_over(*, by: Viewer, entry_id: int) -> Entry:
    """Lead a workshop from now on: asked to, or because nobody can sign in as its author any more.

    Whoever led it stays as a co-trainer, with her name, and nothing of what she wrote changes.
    """
    entry = _held(by, entry_id)
    if trainers.leads(by, entry):
        return entry
    row = _own(by, entry)
    lost = trainers.has_lost_its_author(entry)
    if row.accepted_at is None or (row.offered_at is None and not lost):
        raise Forbidden(_l("Nobody has asked you to lead this workshop."))
    if entry.name_mask == NameMask.UNNAMED:
        raise Invalid("", _NOT_UNNAMED)
    before = entry.author_id
    db.session.delete(row)
    for other in trainers.rows_of(entry):
        other.offered_at = None
    if before is not None and not lost:
        now = clock.now()
        db.session.add(
            CoTrainer(
                entry_id=entry.id, user_id=before, invited_at=now, accepted_at=now, named=True
            )
        )
    entry.author_id = by.id
    db.session.flush()
    db.session.expire(entry, ["author"])
    handed = events.WorkshopHandedOver(
        entry_id=entry.id, user_id=None if lost else before, who_id=by.id or 0
    )
    _tell(entry, handed, by)
    return entry


def forget_person(user_id: int) -> None:
    """Take somebody off all workshops she prepared with others: she closed her account."""
    db.session.execute(delete(CoTrainer).where(CoTrainer.user_id == user_id))


def put_names(entry: Entry, handles: list[str]) -> None:
    """Let a workshop have just these named co-trainers, as a file says: the operator answers for their yes."""
    wanted = {
        one.id: one
        for one in db.session.scalars(select(User).where(User.handle.in_(handles)))
        if one.id != entry.author_id
    }
    now = clock.now()
    for row in trainers.rows_of(entry):
        if row.named and row.accepted_at is not None and row.user_id not in wanted:
            db.session.delete(row)
        elif row.user_id in wanted:
            row.named, row.accepted_at = True, row.accepted_at or now
            del wanted[row.user_id]
    for user_id in wanted:
        db.session.add(
            CoTrainer(
                entry_id=entry.id, user_id=user_id, invited_at=now, accepted_at=now, named=True
            )
        )
    db.session.flush()
