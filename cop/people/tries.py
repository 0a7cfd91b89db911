"""How often things may be tried, and the sentence that says when to try again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from cop.core.db import db
from cop.core.errors import Invalid, TooMany
from cop.core.i18n import _ln
from cop.people import addresses, handles
from cop.web.limits import client_address, limit, limits

if TYPE_CHECKING:
    from cop.web.forms import BaseForm

#: One account may be tried this often from one client address, so that nobody locks out somebody elsewhere.
LOGIN_ACCOUNT = "10/15minutes"
#: One account may be tried this often from all addresses together: far more than its owner needs.
LOGIN_EVERYWHERE = "100/hour"
#: One client address may try this often, whatever accounts; an office or a school may share it.
LOGIN_CLIENT = "60/15minutes"
#: A whole workshop may join from one address, and mistype now and then.
REGISTER_CLIENT = "80/hour"
#: Part of these may be answers that an account name is taken; more would be a search for names.
TAKEN_CLIENT = "30/hour"
#: Mails that one address is sent on the wish of people who are not signed in.
MAIL_ADDRESS = "4/hour"
MAIL_CLIENT = "40/hour"
#: Tries of one's own password within the account.
OWN_PASSWORD = "10/15minutes"  # noqa: S105 (a rate)


def count_login(identifier: str) -> None:
    """Count a try to sign in, or raise TooMany; the same for accounts that do not exist."""
    limit("login-client", LOGIN_CLIENT, key=client_address())
    limit("login-account", LOGIN_ACCOUNT, key=_account_here(identifier))
    limit("login-everywhere", LOGIN_EVERYWHERE, key=handles.normal(identifier))


def forgive_login(identifier: str) -> None:
    """Forget the tries on an account from here after the right password."""
    limits().clear("login-account", LOGIN_ACCOUNT, _account_here(identifier))


def count_registration() -> None:
    """Count a registration, or raise TooMany."""
    limit("register-client", REGISTER_CLIENT, key=client_address())


@contextmanager
def counting_taken_names() -> Iterator[None]:
    """Count where the block refuses an account name; beyond the limit TooMany is raised instead."""
    try:
        yield
    except Invalid as error:
        if error.field == "handle":
            limit("taken-client", TAKEN_CLIENT, key=client_address())
        raise


def count_mail(to: str) -> None:
    """Count a wish for a mail to an address or account, or raise TooMany."""
    limit("mail-client", MAIL_CLIENT, key=client_address())
    count_mail_to(to)


def count_mail_to(to: str) -> None:
    """Count a mail that is about to be queued for an address or account, or raise TooMany."""
    limit("mail-address", MAIL_ADDRESS, key=addresses.normal(to) or handles.normal(to))


def count_own_password(user_id: int | None) -> None:
    """Count a try of one's own password, or raise TooMany."""
    limit("own-password", OWN_PASSWORD, key=str(user_id))


class showing_limits:  # noqa: N801 (used like the context manager of forms)
    """Within the block, TooMany becomes a sentence above the form that says when to try again.

    `with showing_limits(form) as reached`: the dictionary then holds `retry_after` for `headers`.
    """

    def __init__(self, form: BaseForm) -> None:
        """Take the form whose page is shown again."""
        self._form = form
        self._reached: dict[str, int] = {}

    def __enter__(self) -> dict[str, int]:
        """Begin, with nothing reached."""
        return self._reached

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> bool:
        """Turn TooMany into the sentence, and let everything else pass."""
        if not isinstance(error, TooMany):
            return False
        db.session.rollback()
        minutes = max(1, -(-error.retry_after // 60))
        self._form.put_error(
            "",
            _ln(
                "This was tried too often. Please try again in %(num)d minute.",
                "This was tried too often. Please try again in %(num)d minutes.",
                minutes,
            ),
        )
        self._reached["retry_after"] = error.retry_after
        return True


def headers(reached: dict[str, int]) -> dict[str, str]:
    """Return the headers of an answer, which say when to try again where a limit was reached."""
    return {"Retry-After": str(reached["retry_after"])} if reached else {}


def _account_here(identifier: str) -> str:
    # An account name holds no blank, so no two pairs give the same key.
    return f"{client_address()} {handles.normal(identifier)}"
