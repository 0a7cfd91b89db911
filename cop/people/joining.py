"""What people type about themselves, checked once, wherever they type it."""

from dataclasses import dataclass
from zoneinfo import available_timezones

from cop.core.errors import Invalid
from cop.core.i18n import _l
from cop.core.text import clean
from cop.core.types import Lang
from cop.people import addresses, handles, organisations, passwords

NAME_LIMIT = 60
ABOUT_LIMIT = 2000
ASK_LIMIT = 300
LANGUAGES_LIMIT = 120
DEFAULT_TIMEZONE = "Asia/Shanghai"


@dataclass(frozen=True)
class Joining:
    """What somebody hands in to join."""

    handle: str
    name: str
    email: str
    password: str
    lang: Lang = Lang.ZH
    organisation: str = ""

    def prepared(self, *, official: bool = False) -> "Prepared":
        """Return it in the form that is stored, or raise Invalid for the first thing that cannot be.

        Ends the transaction, since the password is hashed: call it before anything is written.
        """
        handle = handles.checked(self.handle, official=official)
        email = addresses.checked(self.email)
        passwords.require_strong(self.password, handle=handle, address=email)
        name = checked_name(self.name)
        organisation = organisations.checked_name(self.organisation)
        passwords.end_transaction()
        return Prepared(
            handle=handle,
            name=name,
            email=email,
            password_hash=passwords.hashed(self.password),
            lang=self.lang,
            organisation=organisation,
        )


@dataclass(frozen=True)
class Prepared:
    """What somebody handed in to join, as it is stored."""

    handle: str
    name: str
    email: str
    password_hash: str
    lang: Lang
    organisation: str


def checked_name(text: str, *, field: str = "name") -> str:
    """Return a person's name as it is stored: free, in any script, on one line."""
    name = clean(text, multiline=False)
    if not name:
        raise Invalid(field, _l("Please enter a name. It need not be your legal name."))
    if len(name) > NAME_LIMIT:
        raise Invalid(field, _l("Use at most %(number)s characters.", number=NAME_LIMIT))
    return name


def checked_about(text: str, *, field: str = "about") -> str:
    """Return what a person says about herself, or raise Invalid where it is too long."""
    about = clean(text, multiline=True)
    if len(about) > ABOUT_LIMIT:
        raise Invalid(field, _l("Use at most %(number)s characters.", number=ABOUT_LIMIT))
    return about


def checked_line(text: str, *, field: str, limit: int) -> str:
    """Return a line that a person says about herself, or raise Invalid where it is too long."""
    line = clean(text, multiline=False)
    if len(line) > limit:
        raise Invalid(field, _l("Use at most %(number)s characters.", number=limit))
    return line


def checked_timezone(name: str, *, field: str = "timezone") -> str:
    """Return the name of a time zone that exists, or raise Invalid."""
    if name not in available_timezones():
        raise Invalid(field, _l("Please choose one of the options offered."))
    return name
