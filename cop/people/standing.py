"""Standing: whose posts wait for a moderator before others read them, and until when."""

from datetime import datetime

from cop.core import clock
from cop.core.errors import Invalid
from cop.core.i18n import LazyString, _l
from cop.events.record import record
from cop.people import events, queries
from cop.people.models import User
from cop.people.viewer import Grant, Viewer
from cop.web.filters import as_date

#: Whether newcomers wait at all; a setting, told once when the application is made.
_holding: list[bool] = [True]
_FIRST_AS_IT_IS = _l(
    "A moderator reads the first public items of every new member, and others read this one already: it cannot be "
    "changed until something under your name was let through. Your text is still here: copy it if you want to keep "
    "it, and try again then."
)


def hold_newcomers(*, wanted: bool) -> None:
    """Set whether newcomers' first public items wait; called once when the application is made."""
    _holding[:] = [wanted]


def trusted_at_joining(*, invited: bool = False) -> datetime | None:
    """Return since when somebody is trusted who joins now: whom an administrator invited is at once."""
    return clock.now() if invited or not _holding[0] else None


def is_newcomer(user: User, grants: frozenset[Grant]) -> bool:
    """Tell whether somebody's first public items wait: nobody approved one, vouched for her or gave her a role."""
    return _holding[0] and user.trusted_at is None and not user.system and grants <= {Grant.MEMBER}


def is_limited(user: User) -> bool:
    """Tell whether a moderator let everything wait that somebody posts, and that has not ended."""
    return user.limited_until is not None and user.limited_until > clock.now()


def limit_of(user: User | None) -> datetime | None:
    """Return until when everything waits that somebody posts, if it does."""
    return user.limited_until if user is not None and is_limited(user) else None


def must_wait(by: Viewer, *, public: bool) -> bool:
    """Tell whether what somebody posts now waits for a moderator: of newcomers what is public, of the limited all."""
    if by.system or by.id is None:
        return False
    user = queries.by_id(by.id)
    return is_limited(user) or (public and is_newcomer(user, by.grants))


def require_at_once(by: Viewer, *, public: bool) -> None:
    """Raise Invalid where new words in what others read already would pass by the moderators who read them first."""
    if not must_wait(by, public=public):
        return
    until = limit_of(queries.by_id(by.id or 0))
    if until is None:
        raise Invalid("", _FIRST_AS_IT_IS)
    day = LazyString(as_date, until)
    raise Invalid(
        "",
        _l(
            "A moderator decided that everything you post is read first, until %(date)s. What others read already "
            "cannot be changed until then. Your text is still here: copy it if you want to keep it, and try again "
            "after that day.",
            date=day,
        ),
    )


def trust(user: User, *, by: Viewer) -> bool:
    """Let what somebody posts appear at once from now on; return whether it did not."""
    if user.trusted_at is not None:
        return False
    user.trusted_at = clock.now()
    record(events.MemberTrusted(user_id=user.id), actor_id=by.id)
    return True


def require_rank(by: Viewer, user: User, field: str) -> None:
    """Raise Invalid where somebody decides about an administrator who is none herself."""
    if by.system or by.has(Grant.ADMIN):
        return
    if Grant.ADMIN in queries.grants_of(user.id):
        raise Invalid(field, _l("Only administrators decide about an administrator."))


def limit_until(user: User, until: datetime, *, by: Viewer, reason: str, ready: str = "") -> None:
    """Let everything somebody posts wait for a moderator until then."""
    if user.id == by.id:
        raise Invalid("person", _l("You cannot limit yourself."))
    require_rank(by, user, "person")
    user.limited_until = until
    record(
        events.MemberLimited(user_id=user.id, reason=reason, ready=ready, until=until.isoformat()),
        actor_id=by.id,
    )


def lift_limit(user: User, *, by: Viewer, reason: str) -> bool:
    """Let what somebody posts appear at once again; return whether it waited."""
    if user.id == by.id:
        raise Invalid("reason", _l("You cannot lift what holds yourself."))
    require_rank(by, user, "reason")
    if not is_limited(user):
        return False
    user.limited_until = None
    record(events.LimitLifted(user_id=user.id, reason=reason), actor_id=by.id)
    return True
