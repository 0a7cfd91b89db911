"""What people change about their own accounts."""

from dataclasses import dataclass

from sqlalchemy import delete

from cop.core.db import db
from cop.core.errors import Conflict, Forbidden, Gone, Invalid
from cop.core.i18n import _l
from cop.core.types import Lang
from cop.events.record import record
from cop.jobs.queue import enqueue
from cop.mail import outbox
from cop.people import (
    addresses,
    devices,
    events,
    handles,
    leaving,
    organisations,
    passwords,
    queries,
    tokens,
)
from cop.people.joining import (
    ASK_LIMIT,
    LANGUAGES_LIMIT,
    checked_about,
    checked_line,
    checked_name,
    checked_timezone,
)
from cop.people.models import AccountStatus, GrantRow, OwnPlace, Token, TokenPurpose, User
from cop.people.operations import MAIL_JOB
from cop.people.viewer import Grant, Viewer

THEMES = ("", "light", "dark")
_WRONG = _l("This is not your present password.")


@dataclass(frozen=True)
class Profile:
    """What others read about a person."""

    name: str
    organisation: str = ""
    about: str = ""
    ask_about: str = ""
    languages: str = ""
    #: Whether members find her by what she knows, and whether visitors read what she says about herself.
    listed: bool = False
    opened: bool = False


@dataclass(frozen=True)
class Preferences:
    """How the site speaks and looks to a person."""

    lang: Lang
    timezone: str
    theme: str = ""


def own(viewer: Viewer) -> User:
    """Return the viewer's own account, or raise Forbidden for a visitor."""
    if viewer.id is None:
        raise Forbidden(_l("Please sign in first."))
    return queries.by_id(viewer.id)


def change_profile(*, by: Viewer, profile: Profile) -> User:
    """Change name, organisation (found or made by its name), what the person says about herself, and to whom."""
    user = own(by)
    name, about = checked_name(profile.name), checked_about(profile.about)
    ask_about = checked_line(profile.ask_about, field="ask_about", limit=ASK_LIMIT)
    languages = checked_line(profile.languages, field="languages", limit=LANGUAGES_LIMIT)
    home = organisations.find_or_make(profile.organisation)
    renamed = name != user.name
    user.name, user.about, user.organisation_id = name, about, home.id if home else None
    user.ask_about, user.languages = ask_about, languages
    user.listed, user.opened = profile.listed, profile.opened
    record(events.ProfileChanged(user_id=user.id, renamed=renamed), actor_id=by.id)
    return user


def change_preferences(*, by: Viewer, preferences: Preferences) -> User:
    """Change language, time zone and colours."""
    user = own(by)
    if preferences.theme not in THEMES:
        raise Invalid("theme", _l("Please choose one of the options offered."))
    user.timezone = checked_timezone(preferences.timezone)
    user.lang, user.theme = preferences.lang.value, preferences.theme
    record(events.PreferencesChanged(user_id=user.id), actor_id=by.id)
    return user


def remember_lang(*, by: Viewer, lang: Lang) -> None:
    """Keep the interface language a person switched to."""
    if by.id is not None and by.lang is not lang:
        own(by).lang = lang.value
        record(events.PreferencesChanged(user_id=by.id), actor_id=by.id)


def change_password(*, by: Viewer, current: str, password: str, session_id: int | None) -> User:
    """Change the password, knowing the present one; every other session ends."""
    user = proved(by, current)
    stored = user.password_hash
    passwords.require_strong(password, handle=user.handle, address=user.email or "")
    passwords.end_transaction()
    password_hash = passwords.hashed(password)
    user = own(by)
    if user.password_hash != stored:
        raise Invalid("current", _WRONG)
    user.password_hash = password_hash
    devices.end_others(by=by, keep=session_id)
    tokens.use_up_all_of(user.id)
    record(events.PasswordChanged(user_id=user.id), actor_id=by.id)
    return user


def ask_address_change(*, by: Viewer, current: str, email: str) -> None:
    """Have a link mailed to the new address, and a notice to the old one; nothing changes before the link is used.

    An address that belongs to somebody else is answered the same; its owner is told by mail.
    """
    user = proved(by, current)
    address = addresses.checked(email)
    if address == user.email:
        raise Invalid("email", _l("This is your present address."))
    row = tokens.make(
        TokenPurpose.EMAIL, user_id=user.id, address=address, data={"old": user.email or ""}
    )
    enqueue(db.session, MAIL_JOB, {"token_id": row.id})
    record(events.AddressChangeAsked(user_id=user.id), actor_id=by.id)


def confirm_address(*, by: Viewer, token: str) -> User:
    """Put the new address in place through the link that was mailed to it."""
    row = tokens.find(TokenPurpose.EMAIL, token)
    user = queries.by_id(row.user_id or 0)
    if not user.active or user.email != row.data.get("old"):
        raise Gone
    if queries.by_address(row.address) is not None:
        raise Conflict(_l("This address cannot be used. Please choose another."))
    user.email = row.address
    tokens.use_up_all_of(user.id)
    record(events.AddressChanged(user_id=user.id), actor_id=user.id)
    return user


def close_account(*, by: Viewer, current: str) -> None:
    """Close the account for good: name, address, organisation and text about the person go, contributions stay."""
    user = proved(by, current)
    if Grant.ADMIN in by.grants and queries.administrators() <= 1:
        raise Invalid(
            "current",
            _l("You are the only administrator. Please make somebody else administrator first."),
        )
    alone = leaving.only_host_of(user.id)
    if alone:
        raise Invalid(
            "current",
            _l(
                "You are the only host of “%(name)s”. Please make somebody else a host first, or close the circle.",
                name=alone[0],
            ),
        )
    leaving.leave_all(user.id)
    if user.email:
        outbox.forget_done_to(db.session, user.email)
    user.handle, user.email, user.password_hash = handles.of_closed(user.id), None, None
    user.name, user.about, user.organisation_id, user.theme = "", "", None, ""
    user.ask_about, user.languages, user.listed, user.opened = "", "", False, False
    user.status = AccountStatus.CLOSED.value
    devices.end_all_of(user)
    for table in (GrantRow, Token, OwnPlace):
        db.session.execute(delete(table).where(table.user_id == user.id))
    record(events.AccountClosed(user_id=user.id), actor_id=user.id)


def proved(by: Viewer, current: str) -> User:
    """Return the viewer's own account, read after her present password was found right, or raise Invalid.

    What was read before is read anew: the transaction ends while the password is compared.
    """
    stored = own(by).password_hash
    passwords.end_transaction()
    right = passwords.matches(stored, current)
    user = own(by)
    if not right or user.password_hash != stored:
        raise Invalid("current", _WRONG)
    return user
