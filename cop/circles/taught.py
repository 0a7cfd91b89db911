"""The circle of a workshop: opened by a trainer in one step; who takes part comes in by her own click. No commit."""

from sqlalchemy import select

from cop.circles import operations, policy
from cop.circles.draft import NAME_LIMIT, CircleDraft
from cop.core.db import db
from cop.core.errors import Forbidden, NotFound
from cop.core.i18n import _, current_lang
from cop.core.types import Lang
from cop.entries import queries as entries
from cop.entries.models import Entry, Status, Visibility
from cop.events.record import record
from cop.people.models import Circle, CircleRole, Joining, Seen
from cop.people.viewer import Viewer
from cop.workshops import participants, running_events as events, sessions
from cop.workshops.participant_models import WorkshopCircle


def circle_of(entry: Entry) -> Circle | None:
    """Return the circle of a workshop, if a trainer opened one and it is open still. For who takes part."""
    return db.session.scalar(
        select(Circle)
        .join(WorkshopCircle, WorkshopCircle.circle_id == Circle.id)
        .where(WorkshopCircle.entry_id == entry.id, Circle.closed_at.is_(None))
    )


def written_in(viewer: Viewer, circle: Circle, most: int = 20) -> list[Entry]:
    """Return the case notes written in a circle, for who is in it."""
    if circle.id not in viewer.circles:
        return []
    statement = entries.recent(viewer, kind="note").where(
        Entry.circle_id == circle.id,
        Entry.visibility == Visibility.CIRCLE.value,
        Entry.status == Status.PUBLISHED.value,
    )
    return list(db.session.scalars(statement.limit(most)))


def open_circle(*, by: Viewer, entry_id: int) -> Circle:
    """Make the circle of a workshop and be its host; who has a seat is asked in. Once is enough."""
    entry = sessions.require_to_run(by, entry_id, to_change=True)
    if (there := circle_of(entry)) is not None:
        return there
    text = entries.text_for(entry, current_lang())
    before = db.session.get(WorkshopCircle, entry.id)
    made = operations.make(
        by=by,
        draft=CircleDraft(
            name=text.title[:NAME_LIMIT],
            lang=Lang(text.lang),
            purpose=_("Participants and trainers of the workshop write here among themselves."),
            joining=Joining.INVITATION,
            seen=Seen.HIDDEN,
        ),
        form_key=f"workshop-{entry.id}-{before.circle_id if before is not None else 0}",
    )
    if before is None:
        db.session.add(WorkshopCircle(entry_id=entry.id, circle_id=made.id))
    else:
        before.circle_id = made.id
    db.session.flush()
    for user_id in participants.member_ids(entry):
        told = events.WorkshopCircleOpened(entry_id=entry.id, user_id=user_id)
        record(told, actor_id=by.id)
    return made


def come_in(*, by: Viewer, entry_id: int) -> Circle:
    """Come into the circle of a workshop one takes part in; who was taken out of it does not."""
    entry = participants.require_part(by, entry_id)
    found = circle_of(entry)
    if found is None:
        raise NotFound
    circle = db.session.scalars(select(Circle).where(Circle.id == found.id).with_for_update()).one()
    if circle.closed_at is not None:
        raise NotFound
    if policy.is_in(by, circle.id):
        return circle
    if operations.was_turned_away(by, circle.id):
        raise Forbidden(operations.TURNED_AWAY)
    operations.admit(circle, by.id or 0, by=by, how=Joining.INVITATION)
    if not sessions.may_run(by, entry):
        return circle
    # Its trainers look after it together.
    operations.member(circle.id, by.id or 0).role = CircleRole.HOST.value
    db.session.flush()
    return circle
