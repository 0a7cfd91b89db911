"""What can be done to circles and by those in them: make, change, join, leave, remove, hand over. No commit."""

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from cop.circles import events, policy
from cop.circles.draft import NAME_LIMIT, PURPOSE_LIMIT, CircleDraft
from cop.core import clock
from cop.core.db import db
from cop.core.errors import Conflict, Forbidden, Invalid, NotFound
from cop.core.i18n import _l
from cop.core.text import clean
from cop.entries import cases, reasons
from cop.entries.cases import Decided
from cop.events.record import record
from cop.people.models import (
    AccountStatus,
    Circle,
    CircleRole,
    Joining,
    JoinRequest,
    Membership,
    Seen,
    User,
)
from cop.people.viewer import Viewer

#: So many circles one person can be a host of.
MOST_HOSTED = 30

_LAST_HOST = _l(
    "You are the only host. Please make somebody else a host first, or close the circle."
)
NOT_YET = _l(
    "You can make a circle as soon as something of yours was let through, and nothing you post waits for a moderator."
)


def make(*, by: Viewer, draft: CircleDraft, form_key: str) -> Circle:
    """Make a circle and be its host; the same form sent twice makes one."""
    if not policy.may_make(by):
        raise Forbidden(NOT_YET)
    key = f"{by.id}:{form_key}"[:64]
    there = select(Circle).where(Circle.form_key == key)
    if (made := db.session.scalar(there)) is not None:
        return made
    _check(draft)
    if len(by.hosted) >= MOST_HOSTED:
        raise Invalid(
            "name", _l("You are a host of very many circles. Please hand some over first.")
        )
    now = clock.now()
    circle = Circle(form_key=key, created_at=now)
    _write(circle, draft)
    try:
        with db.session.begin_nested():
            db.session.add(circle)
    except IntegrityError:
        # The same form, sent twice at the same moment: the other was a little faster.
        return db.session.scalars(there).one()
    db.session.add(
        Membership(circle_id=circle.id, user_id=by.id, role=CircleRole.HOST.value, since=now)
    )
    db.session.flush()
    record(events.CircleMade(circle_id=circle.id), actor_id=by.id)
    return circle


def change(*, by: Viewer, circle_id: int, base: int, draft: CircleDraft) -> Circle:
    """Bring a circle to this state; raise Conflict where another host changed it since `base`."""
    circle = policy.hosted(by, circle_id, to_change=True)
    _check(draft)
    if _state(circle) == draft:
        return circle
    if circle.version != base:
        raise Conflict(
            _l(
                "Another host changed this meanwhile. Below is what you typed; if you save it, "
                "it replaces what stands there now."
            )
        )
    _write(circle, draft)
    circle.version += 1
    record(events.CircleChanged(circle_id=circle.id), actor_id=by.id)
    return circle


def _state(circle: Circle) -> CircleDraft:
    return CircleDraft(
        circle.name,
        circle.language,
        circle.purpose,
        Joining(circle.joining),
        Seen(circle.seen),
    )


def _write(circle: Circle, draft: CircleDraft) -> None:
    circle.name, circle.purpose = clean(draft.name, multiline=False), draft.purpose
    circle.lang = draft.lang.value
    circle.joining, circle.seen = draft.joining.value, draft.seen.value


def _check(draft: CircleDraft) -> None:
    if not draft.name.strip():
        raise Invalid("name", _l("Please give the circle a name."))
    if len(draft.name) > NAME_LIMIT:
        raise Invalid("name", _l("Use at most %(number)s characters.", number=NAME_LIMIT))
    if not draft.purpose.strip():
        raise Invalid("purpose", _l("Please say what the circle is for; a sentence is enough."))
    if len(draft.purpose) > PURPOSE_LIMIT:
        raise Invalid("purpose", _l("Use at most %(number)s characters.", number=PURPOSE_LIMIT))


def join(*, by: Viewer, circle_id: int) -> Circle:
    """Come into a circle that is open to members. Once is enough."""
    found = policy.place(by, circle_id, to_change=True)
    if found.is_in:
        return found.circle
    if found.circle.joining != Joining.OPEN:
        raise Forbidden(_l("Please ask the hosts to let you in."))
    if was_turned_away(by, circle_id):
        raise Forbidden(TURNED_AWAY)
    admit(found.circle, by.id or 0, by=by, how=Joining.OPEN)
    return found.circle


#: What somebody reads whom the hosts took out or did not let in.
TURNED_AWAY = _l("The hosts have decided about this before. They can invite you with a link.")


def was_turned_away(by: Viewer, circle_id: int) -> bool:
    """Tell whether the hosts took somebody out of a circle, or did not let her in."""
    return (
        db.session.scalar(
            select(JoinRequest.id).where(
                JoinRequest.circle_id == circle_id,
                JoinRequest.user_id == by.id,
                JoinRequest.declined_at.is_not(None),
            )
        )
        is not None
    )


def admit(circle: Circle, user_id: int, *, by: Viewer, how: Joining) -> None:
    """Let somebody into a circle, as part of what is checked elsewhere; the circle is held by who calls."""
    row = Membership(
        circle_id=circle.id, user_id=user_id, role=CircleRole.MEMBER.value, since=clock.now()
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        return
    db.session.execute(
        delete(JoinRequest).where(
            JoinRequest.circle_id == circle.id, JoinRequest.user_id == user_id
        )
    )
    record(events.CircleJoined(circle_id=circle.id, user_id=user_id, how=how.value), actor_id=by.id)


def leave(*, by: Viewer, circle_id: int) -> None:
    """Leave a circle; what one wrote stays in it. The last host hands over or closes first."""
    circle = policy.joined(by, circle_id, to_change=True)
    row = member(circle.id, by.id or 0)
    if row.role == CircleRole.HOST and _hosts(circle.id) == 1:
        raise Invalid("", _LAST_HOST)
    db.session.delete(row)
    db.session.flush()
    record(events.CircleLeft(circle_id=circle.id, user_id=by.id or 0), actor_id=by.id)


def remove(*, by: Viewer, circle_id: int, user_id: int, reason: str) -> None:
    """Take somebody out of a circle, for a reason that she reads; what she wrote stays."""
    circle = policy.hosted(by, circle_id, to_change=True)
    row = member(circle.id, user_id)
    if user_id == by.id:
        raise Invalid("reason", _l("To go yourself, leave the circle."))
    if row.role == CircleRole.HOST:
        raise Invalid("reason", _l("This is a host. Please take that role first."))
    why = reasons.checked(reason)
    db.session.delete(row)
    # So that she does not simply come in again where the circle is open.
    now = clock.now()
    db.session.add(
        JoinRequest(circle_id=circle.id, user_id=user_id, created_at=now, declined_at=now)
    )
    db.session.flush()
    cases.tell(by=by, act=Decided.EXCLUDE, reason=why, user_id=user_id)
    record(events.CircleMemberRemoved(circle_id=circle.id, user_id=user_id), actor_id=by.id)


def set_role(*, by: Viewer, circle_id: int, user_id: int, role: CircleRole) -> Membership:
    """Make somebody a host, or a host a member; a circle is never without a host."""
    circle = policy.hosted(by, circle_id, to_change=True)
    row = member(circle.id, user_id)
    if row.role == role:
        return row
    if role is CircleRole.MEMBER and _hosts(circle.id) == 1:
        raise Invalid("", _LAST_HOST)
    row.role = role.value
    record(
        events.CircleRoleChanged(circle_id=circle.id, user_id=user_id, role=role.value),
        actor_id=by.id,
    )
    return row


def take_over(*, by: Viewer, circle_id: int) -> None:
    """Become a host of a circle none of whose hosts can sign in any more."""
    circle = policy.joined(by, circle_id, to_change=True)
    if not is_orphaned(circle.id):
        raise Forbidden(_l("This circle has a host."))
    row = member(circle.id, by.id or 0)
    row.role = CircleRole.HOST.value
    record(
        events.CircleRoleChanged(circle_id=circle.id, user_id=row.user_id, role=row.role),
        actor_id=by.id,
    )


def is_orphaned(circle_id: int) -> bool:
    """Tell whether none of the hosts can sign in."""
    able = (
        select(func.count())
        .select_from(Membership)
        .join(User, User.id == Membership.user_id)
        .where(
            Membership.circle_id == circle_id,
            Membership.role == CircleRole.HOST.value,
            User.status == AccountStatus.ACTIVE.value,
        )
    )
    return not db.session.scalar(able)


def member(circle_id: int, user_id: int) -> Membership:
    """Return somebody's membership, or raise NotFound."""
    row = db.session.scalar(
        select(Membership).where(
            Membership.circle_id == circle_id, Membership.user_id == min(user_id, 2**31 - 1)
        )
    )
    if row is None:
        raise NotFound
    return row


def _hosts(circle_id: int) -> int:
    number = select(func.count()).where(
        Membership.circle_id == circle_id, Membership.role == CircleRole.HOST.value
    )
    return db.session.scalar(number) or 0
