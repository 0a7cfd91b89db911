"""Suspending accounts, with a reason that stays in the log."""

from datetime import datetime

from sqlalchemy import select

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Invalid, NotFound
from cop.core.i18n import LazyString, _l
from cop.core.text import clean
from cop.events.record import record
from cop.people import devices, events, queries, standing
from cop.people.models import AccountStatus, User
from cop.people.viewer import SYSTEM, Grant, Viewer
from cop.web.filters import as_date
from cop.web.negotiate import on_clock_of

REASON_LIMIT = 300


def suspend(
    *, by: Viewer, user_id: int, reason: str, ready: str = "", until: datetime | None = None
) -> bool:
    """Suspend an account, until a moment or until somebody lifts that; return whether it was not suspended before.

    Every session ends; what the person posted stays as it is. `ready` names a ready sentence before the reason.
    """
    cleaned = _checked(by, reason, ready)
    user = queries.by_id(user_id)
    if user.status == AccountStatus.SUSPENDED:
        return False
    if not user.active:
        raise NotFound
    if user.id == by.id:
        raise Invalid("reason", _l("You cannot suspend yourself."))
    standing.require_rank(by, user, "reason")
    if Grant.ADMIN in queries.grants_of(user.id) and queries.administrators() <= 1:
        raise Invalid(
            "reason",
            _l("This is the only administrator. Please make somebody else administrator first."),
        )
    user.status = AccountStatus.SUSPENDED.value
    user.suspended_until = until
    devices.end_all_of(user)
    event = events.AccountSuspended(
        user_id=user.id, reason=cleaned, ready=ready, until=until.isoformat() if until else ""
    )
    record(event, actor_id=by.id)
    db.session.flush()
    return True


def lift(*, by: Viewer, user_id: int, reason: str) -> bool:
    """Lift a suspension; return whether the account was suspended."""
    cleaned = _checked(by, reason)
    user = queries.by_id(user_id)
    if user.active:
        return False
    if user.status != AccountStatus.SUSPENDED:
        raise NotFound
    standing.require_rank(by, user, "reason")
    _lift(user, cleaned, by)
    return True


def has_ended(user: User) -> bool:
    """Tell whether a suspension reached its end."""
    return (
        user.status == AccountStatus.SUSPENDED
        and user.suspended_until is not None
        and user.suspended_until <= clock.now()
    )


def sentence(user: User) -> LazyString:
    """Return what a suspended person reads when she signs in."""
    if user.suspended_until is None:
        return _l("This account is suspended. Please write to the moderators.")
    # She is not signed in, so that no page knows her clock.
    day = LazyString(_day_there, user.suspended_until, user.timezone)
    return _l("This account is suspended until %(date)s. Please write to the moderators.", date=day)


def _day_there(moment: datetime, timezone: str) -> str:
    with on_clock_of(timezone):
        return as_date(moment)


def lift_if_ended(user: User) -> None:
    """Let somebody sign in again whose suspension reached its end."""
    if has_ended(user):
        _lift(user, "", SYSTEM)


def lift_ended() -> None:
    """Lift every suspension that reached its end. Run once a day or so; signing in does not wait for it."""
    over = select(User).where(
        User.status == AccountStatus.SUSPENDED.value, User.suspended_until <= clock.now()
    )
    for user in db.session.scalars(over.limit(500)):
        lift_if_ended(user)


def _lift(user: User, reason: str, by: Viewer) -> None:
    user.status, user.suspended_until = AccountStatus.ACTIVE.value, None
    record(events.SuspensionLifted(user_id=user.id, reason=reason), actor_id=by.id)
    db.session.flush()


def _checked(by: Viewer, reason: str, ready: str = "") -> str:
    """Return the reason as it is kept, or raise what stands against it or against who gives it."""
    if not (by.system or by.has(Grant.MODERATOR, Grant.ADMIN)):
        raise NotFound
    cleaned = clean(reason, multiline=False)
    if not (cleaned or ready):
        raise Invalid("reason", _l("Please give a reason; it is kept in the log."))
    if len(cleaned) > REASON_LIMIT:
        raise Invalid("reason", _l("Use at most %(number)s characters.", number=REASON_LIMIT))
    return cleaned
