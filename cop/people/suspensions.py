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


def change(*, by: Viewer, user_id: int, reason: str) -> AccountStatus:
    """Suspend an account in use, or lift its suspension; return what it is now.

    Suspending ends every session; what the person posted stays as it is.
    """
    if not (by.system or by.has(Grant.MODERATOR, Grant.ADMIN)):
        raise NotFound
    cleaned = clean(reason, multiline=False)
    if not cleaned:
        raise Invalid("reason", _l("Please give a reason; it is kept in the log."))
    if len(cleaned) > REASON_LIMIT:
        raise Invalid("reason", _l("Use at most %(number)s characters.", number=REASON_LIMIT))
    user = queries.by_id(user_id)
    if user.status == AccountStatus.SUSPENDED:
        user.status = AccountStatus.ACTIVE.value
        record(events.SuspensionLifted(user_id=user.id, reason=cleaned), actor_id=by.id)
    elif user.active:
        if user.id == by.id:
            raise Invalid("reason", _l("You cannot suspend yourself."))
        if Grant.ADMIN in queries.grants_of(user.id) and queries.administrators() <= 1:
            raise Invalid(
                "reason",
                _l(
                    "This is the only administrator. Please make somebody else administrator first."
                ),
            )
        user.status = AccountStatus.SUSPENDED.value
        devices.end_all_of(user)
        record(events.AccountSuspended(user_id=user.id, reason=cleaned), actor_id=by.id)
    else:
        raise NotFound
    db.session.flush()
    return AccountStatus(user.status)
