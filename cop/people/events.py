"""What happens to accounts, in the past tense. Events hold ids and words of ours, never addresses or names."""

from dataclasses import dataclass


@dataclass(frozen=True)
class AccountMade:
    """An account came to be: confirmed by mail, made by a command, or the first administrator's."""

    user_id: int
    #: The invitation it came from, if any.
    invitation_id: int | None = None


@dataclass(frozen=True)
class SignedIn:
    """A person signed in on a device."""

    user_id: int
    session_id: int


@dataclass(frozen=True)
class SignedOut:
    """A person signed out on a device."""

    user_id: int
    session_id: int


@dataclass(frozen=True)
class SessionsEnded:
    """Sessions on other devices were ended."""

    user_id: int
    number: int


@dataclass(frozen=True)
class PasswordChanged:
    """A person changed the password, knowing the old one."""

    user_id: int


@dataclass(frozen=True)
class PasswordReset:
    """A person set a new password through a link from a mail, or an administrator's command did."""

    user_id: int


@dataclass(frozen=True)
class AddressChangeAsked:
    """A person asked for another e-mail address; both addresses were written to."""

    user_id: int


@dataclass(frozen=True)
class AddressChanged:
    """A person proved the new e-mail address."""

    user_id: int


@dataclass(frozen=True)
class ProfileChanged:
    """A person changed her name, organisation or what she says about herself."""

    user_id: int
    #: Whether the name under her contributions is another now.
    renamed: bool


@dataclass(frozen=True)
class PreferencesChanged:
    """A person changed language, time zone, colours, or where what is coming is near to her."""

    user_id: int


@dataclass(frozen=True)
class AccountClosed:
    """A person closed her account; her name, address and organisation are gone."""

    user_id: int


@dataclass(frozen=True)
class GrantGiven:
    """Somebody was given a role."""

    user_id: int
    grant: str


@dataclass(frozen=True)
class GrantTaken:
    """Somebody lost a role."""

    user_id: int
    grant: str


@dataclass(frozen=True)
class AccountSuspended:
    """An account was suspended: nobody can sign in to it."""

    user_id: int
    reason: str
    #: A ready sentence before the reason, and when it ends, where it does.
    ready: str = ""
    until: str = ""


@dataclass(frozen=True)
class SuspensionLifted:
    """A suspended account may sign in again."""

    user_id: int
    reason: str


@dataclass(frozen=True)
class MemberLimited:
    """What somebody posts waits for a moderator until a moment."""

    user_id: int
    reason: str
    ready: str
    until: str


@dataclass(frozen=True)
class LimitLifted:
    """What somebody posts appears at once again."""

    user_id: int
    reason: str


@dataclass(frozen=True)
class MemberTrusted:
    """A newcomer is one no more: somebody vouched for her, or something of hers was approved."""

    user_id: int


@dataclass(frozen=True)
class InvitationMade:
    """An administrator made an invitation link."""

    invitation_id: int


@dataclass(frozen=True)
class InvitationRevoked:
    """An administrator ended an invitation link."""

    invitation_id: int


@dataclass(frozen=True)
class OrganisationsRenamed:
    """Organisations of the directory got other names."""

    organisation_ids: tuple[int, ...]
