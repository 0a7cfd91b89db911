"""E-mail addresses: one form for storing and looking up. Only the mail itself shows whether one exists."""

from cop.core.errors import Invalid
from cop.core.i18n import _l

LONGEST = 254


def normal(text: str) -> str | None:
    """Return the address as it is stored and looked up, or None where it cannot be one."""
    # At first use: its tables of characters take longer to load than most rooms.
    from email_validator import EmailNotValidError, validate_email

    try:
        # example.org and the like are good enough here: nothing is asked of the network.
        found = validate_email(
            text.strip(), check_deliverability=False, test_environment=True, allow_smtputf8=False
        )
    except EmailNotValidError:
        return None
    address = found.normalized.lower()
    return address if len(address) <= LONGEST else None


def checked(text: str, *, field: str = "email") -> str:
    """Return the address in its normal form, or raise Invalid."""
    address = normal(text)
    if address is None:
        raise Invalid(field, _l("This is not an e-mail address. It looks like name@example.org."))
    return address
