"""Suspending accounts, with a reason that stays in the log."""

from cop.core.db import db
from cop.core.errors import Invalid, NotFound
from cop.core.i18n import _l
from cop.core.text import clean
from cop.events.record import record
from cop.people import devices, events, queries
from cop.people.models import AccountStatus
from cop.people.viewer import Grant, Viewer

REASON_LIMIT = 300


def suspend(*, by: Viewer, user_id: int, reason: str) -> bool:
    """Suspend an account; return whether it was not suspended before.

    Every session ends; what the person posted stays as it is.
    """
    cleaned = _checked(by, reason)
    user = queries.by_id(user_id)
    if user.status == AccountStatus.SUSPENDED:
        return False
    if not user.active:
        raise NotFound
    if user.id == by.id:
        raise Invalid("reason", _l("You cannot suspend yourself."))
    if Grant.ADMIN in queries.grants_of(user.id) and queries.administrators() <= 1:
        raise Invalid(
            "reason",
            _l("This is the only administrator. Please make somebody else administrator first."),
        )
    user.status = AccountStatus.SUSPENDED.value
    devices.end_all_of(user)
    record(events.AccountSuspended(user_id=user.id, reason=cleaned), actor_id=by.id)
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
    user.status = AccountStatus.ACTIVE.value
    record(events.SuspensionLifted(user_id=user.id, reason=cleaned), actor_id=by.id)
    db.session.flush()
    return True


def _checked(by: Viewer, reason: str) -> str:
    """Return the reason as it is kept, or raise what stands against it or against who gives it."""
    if not (by.system or by.has(Grant.MODERATOR, Grant.ADMIN)):
        raise NotFound
    cleaned = clean(reason, multiline=False)
    if not cleaned:
        raise Invalid("reason", _l("Please give a reason; it is kept in the log."))
    if len(cleaned) > REASON_LIMIT:
        raise Invalid("reason", _l("Use at most %(number)s characters.", number=REASON_LIMIT))
    return cleaned
