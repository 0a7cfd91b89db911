"""Joining, proving an address, recovering an account, and what commands do to accounts.

No answer and no timing tells whether an address has an account: registering, asking for a reset and asking for
another mail write one row and one job whatever the address is. Which mail follows, if any, is decided in the job.
"""

from datetime import timedelta

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Conflict, Forbidden, Invalid, NotFound
from cop.core.i18n import _l
from cop.core.types import Json
from cop.events.record import record
from cop.jobs.queue import enqueue
from cop.mail import outbox
from cop.people import (
    addresses,
    devices,
    events,
    handles,
    invitations,
    organisations,
    passwords,
    queries,
    standing,
    suspensions,
    tokens,
)
from cop.people.joining import DEFAULT_TIMEZONE, Prepared
from cop.people.models import AccountStatus, GrantRow, Token, TokenPurpose, User
from cop.people.viewer import Grant, Viewer

#: The job that mails what a row of `tokens` asks for.
MAIL_JOB = "people.mail"
#: How long it is known to whom a mail went, for somebody who asks where it is.
_MAILS_KEPT = timedelta(days=30)

_ADDRESS_TAKEN = _l("There is an account with this e-mail address already. Please sign in.")
_HANDLE_TAKEN = _l("This account name is taken. Please choose another.")


def register(*, by: Viewer, joining: Prepared, registration: str, invitation: str = "") -> Token:
    """Take a registration and have a mail sent to its address; the account is made when the address is confirmed.

    `registration` is the site's setting open, invite or closed. For an address that has an account the owner
    is told by mail, and nothing here differs.
    """
    invited = require_open(registration, invitation)
    if queries.by_handle(joining.handle) is not None:
        raise Invalid("handle", _HANDLE_TAKEN)
    data: Json = {
        "handle": joining.handle,
        "name": joining.name,
        "password_hash": joining.password_hash,
        "lang": joining.lang.value,
        "organisation": joining.organisation,
        "invitation_id": invited,
        "invitation_needed": registration != "open",
    }
    row = tokens.make(TokenPurpose.CONFIRM, address=joining.email, data=data)
    enqueue(db.session, MAIL_JOB, {"token_id": row.id})
    return row


def require_open(registration: str, invitation: str = "") -> int | None:
    """Return the id of the invitation used (None where there is none), or raise Forbidden with the reason.

    An open site needs none, so an invitation that does not work any more is passed over there.
    """
    if registration == "open":
        found = invitations.usable(invitation) if invitation else None
        return found.id if found else None
    if registration == "closed":
        raise Forbidden(_l("New accounts cannot be made at the moment."))
    if not invitation:
        raise Forbidden(
            _l("New accounts are made by invitation. Please use the link you were sent.")
        )
    return invitations.find(invitation).id


def confirm(*, by: Viewer, token: str, handle: str = "", password: str | None = None) -> User:
    """Make the account a confirmation link stands for; `handle` replaces one that was taken meanwhile.

    `password` replaces the one of the registration: whoever owns the address need not be who registered,
    and nobody may be left with an account that a stranger can sign in to. Raises Gone for a used or expired
    link, Conflict where the address has an account meanwhile.
    """
    row = tokens.find(TokenPurpose.CONFIRM, token)
    password_hash = row.data["password_hash"]
    if password is not None:
        name = handles.checked(handle or row.data["handle"])
        passwords.require_strong(password, handle=name, address=row.address or "")
        passwords.end_transaction()
        password_hash = passwords.hashed(password)
        row = tokens.find(TokenPurpose.CONFIRM, token)
    data = row.data
    if queries.by_address(row.address) is not None:
        raise Conflict(_ADDRESS_TAKEN)
    wanted = handles.checked(handle or data["handle"])
    invited = data["invitation_id"]
    if invited is not None and not invitations.use(invited):
        if data.get("invitation_needed", True):
            raise Forbidden(invitations.UNUSABLE)
        invited = None
    user = _add(
        User(
            handle=wanted,
            email=row.address,
            name=data["name"],
            password_hash=password_hash,
            lang=data["lang"],
            timezone=DEFAULT_TIMEZONE,
            trusted_at=standing.trusted_at_joining(invited=invited is not None),
        )
    )
    home = organisations.find_or_make(data["organisation"])
    user.organisation_id = home.id if home else None
    _use_up(TokenPurpose.CONFIRM, address=row.address)
    record(events.AccountMade(user_id=user.id, invitation_id=invited), actor_id=user.id)
    return user


def resend(*, by: Viewer, email: str) -> None:
    """Have the confirmation mail sent again, where there is something to confirm."""
    row = tokens.make(TokenPurpose.RESEND, address=addresses.checked(email))
    enqueue(db.session, MAIL_JOB, {"token_id": row.id})


def forgot(*, by: Viewer, identifier: str) -> None:
    """Have a link for a new password mailed, where the handle or address belongs to an account."""
    row = tokens.make(TokenPurpose.RESET, data={"identifier": identifier[: addresses.LONGEST]})
    enqueue(db.session, MAIL_JOB, {"token_id": row.id})


def reset(*, by: Viewer, token: str, password: str) -> User:
    """Set a new password through a mailed link; every session and every other link of the account ends.

    So an address that an intruder asked for before cannot be put in place afterwards.
    """
    row = tokens.find(TokenPurpose.RESET, token)
    user = queries.by_id(row.user_id or 0)
    if not user.active:
        raise NotFound
    passwords.require_strong(password, handle=user.handle, address=user.email or "")
    passwords.end_transaction()
    password_hash = passwords.hashed(password)
    row = tokens.find(TokenPurpose.RESET, token)
    user = queries.by_id(row.user_id or 0)
    if not user.active:
        raise NotFound
    user.password_hash = password_hash
    tokens.use_up_all_of(user.id)
    devices.end_all_of(user)
    record(events.PasswordReset(user_id=user.id), actor_id=user.id)
    return user


def check_password(*, identifier: str, password: str) -> User:
    """Return the account these belong to; raise Invalid with one sentence whatever is wrong, after the same work."""
    found = queries.by_identifier(identifier)
    stored = found.password_hash if found else None
    passwords.end_transaction()
    right = passwords.matches(stored, password)
    outdated = right and stored is not None and passwords.is_outdated(stored)
    fresh = passwords.hashed(password) if outdated else stored
    user = queries.by_identifier(identifier)
    if user is None or not right or user.system or user.password_hash != stored:
        raise Invalid(
            "",
            _l(
                "The account name or e-mail address and the password do not belong together. Please try again."
            ),
        )
    suspensions.lift_if_ended(user)
    if user.status == AccountStatus.SUSPENDED:
        raise Invalid("", suspensions.sentence(user))
    if not user.active:
        raise Invalid(
            "",
            _l("This account cannot be used yet. Please follow the link in the mail we sent you."),
        )
    user.password_hash = fresh
    return user


def first_admin_link(*, by: Viewer) -> str | None:
    """Return a fresh token for `/welcome/<token>` while nobody is an administrator, else None.

    Earlier tokens stop working, so that the one printed last is the one that counts.
    """
    if queries.administrators():
        return None
    _use_up(TokenPurpose.FIRST_ADMIN)
    token = tokens.fresh()
    tokens.make(TokenPurpose.FIRST_ADMIN, token=token)
    return token


def require_first_admin_link(token: str) -> Token:
    """Return the row of a first administrator's link that still works, else raise NotFound or Gone."""
    row = tokens.find(TokenPurpose.FIRST_ADMIN, token)
    if queries.administrators():
        raise NotFound
    return row


def welcome_first_admin(*, by: Viewer, token: str, joining: Prepared) -> User:
    """Make the first administrator's account through the printed link."""
    row = require_first_admin_link(token)
    row.used_at = clock.now()
    return add_user(by=by, joining=joining, grants=(Grant.ADMIN, Grant.MODERATOR))


def add_user(*, by: Viewer, joining: Prepared, grants: tuple[Grant, ...] = ()) -> User:
    """Make an account that needs no confirmation (commands and the first administrator)."""
    if queries.by_address(joining.email) is not None:
        raise Invalid("email", _ADDRESS_TAKEN)
    user = _add(
        User(
            handle=joining.handle,
            email=joining.email,
            name=joining.name,
            password_hash=joining.password_hash,
            lang=joining.lang.value,
            timezone=DEFAULT_TIMEZONE,
            trusted_at=standing.trusted_at_joining(invited=bool(grants)),
        )
    )
    home = organisations.find_or_make(joining.organisation)
    user.organisation_id = home.id if home else None
    record(events.AccountMade(user_id=user.id), actor_id=by.id)
    for given in grants:
        _give(user, given, by=by)
    return user


def grant(*, by: Viewer, user_id: int, grant: Grant) -> bool:
    """Give somebody a role; return whether she did not hold it before."""
    invitations.require_admin(by)
    user = queries.by_id(user_id)
    if not user.active:
        raise Invalid("grant", _l("This account is not in use, so it cannot be given a role."))
    if grant is Grant.MEMBER or grant in queries.grants_of(user.id):
        return False
    _give(user, grant, by=by)
    return True


def ungrant(*, by: Viewer, user_id: int, grant: Grant) -> bool:
    """Take a role from somebody; return whether she held it. The last administrator stays one."""
    invitations.require_admin(by)
    row = db.session.get(GrantRow, (queries.by_id(user_id).id, grant.value))
    if row is None:
        return False
    if grant is Grant.ADMIN and queries.administrators() <= 1:
        raise Invalid(
            "grant",
            _l("This is the only administrator. Please make somebody else administrator first."),
        )
    db.session.delete(row)
    record(events.GrantTaken(user_id=user_id, grant=grant.value), actor_id=by.id)
    return True


def _give(user: User, grant: Grant, *, by: Viewer) -> None:
    db.session.add(
        GrantRow(user_id=user.id, grant=grant.value, given_by_id=by.id, given_at=clock.now())
    )
    user.trusted_at = user.trusted_at or clock.now()
    record(events.GrantGiven(user_id=user.id, grant=grant.value), actor_id=by.id)


def _add(user: User) -> User:
    """Add an active account; a handle that somebody else took a moment ago is refused in the same words."""
    user.status = AccountStatus.ACTIVE.value
    user.created_at = user.confirmed_at = clock.now()
    if queries.by_handle(user.handle) is not None:
        raise Invalid("handle", _HANDLE_TAKEN)
    try:
        with db.session.begin_nested():
            db.session.add(user)
    except IntegrityError:
        if queries.by_address(user.email) is not None:
            raise Conflict(_ADDRESS_TAKEN) from None
        raise Invalid("handle", _HANDLE_TAKEN) from None
    return user


def _use_up(purpose: TokenPurpose, *, address: str | None = None) -> None:
    """Make every open link of this purpose (and address) used, and forget what it held."""
    statement = update(Token).where(Token.purpose == purpose.value, Token.used_at.is_(None))
    if address is not None:
        statement = statement.where(Token.address == address)
    db.session.execute(statement.values(used_at=clock.now(), data={}))


def forget_old() -> None:
    """Delete sessions and links nobody can use any more, who signed in when, and whom mails went to.

    Suspensions that reached their end are lifted.

    Run once a day or so.
    """
    now = clock.now()
    suspensions.lift_ended()
    devices.forget_old(now)
    tokens.forget_old(now)
    outbox.forget_old(db.session, now - _MAILS_KEPT)
