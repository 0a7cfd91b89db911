"""A mail as we write it, and as it goes over the wire; a line break can never become a header."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr
from types import MappingProxyType

from cop.core import clock
from cop.core.types import Lang

#: RFC 5322: no line, and so no folded header part we write ourselves, may be longer.
_LONGEST_HEADER = 900
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
#: Headers we set ourselves.
_OURS = frozenset(
    {
        "auto-submitted",
        "bcc",
        "cc",
        "content-language",
        "content-transfer-encoding",
        "content-type",
        "date",
        "from",
        "message-id",
        "mime-version",
        "sender",
        "subject",
        "to",
    }
)


class BadMail(ValueError):
    """A mail that must not be sent as it is."""


@dataclass(frozen=True)
class Message:
    """One mail to one person, in the person's language."""

    to: str
    subject: str
    text: str
    html: str | None = None
    lang: Lang = Lang.ZH
    #: The person's name, as far as it may be shown beside the address.
    name: str = ""
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def __post_init__(self) -> None:
        """Refuse line breaks and other control characters in whatever becomes a header."""
        for part in (self.to, self.name, self.subject, *self.headers.values()):
            _plain(part)
        for header in self.headers:
            if not _HEADER_NAME.fullmatch(header) or header.lower() in _OURS:
                raise BadMail(f"the header {header!r} cannot be set")
        if not self.subject.strip():
            raise BadMail("a mail needs a subject")
        _address(self.to, self.name)


def domain_of(sender: str) -> str:
    """Return the domain mails of this sender come from, in its ASCII form."""
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    return domain.encode("idna").decode()


def new_id(sender: str) -> str:
    """Return a fresh Message-ID in the sender's domain."""
    domain = parseaddr(sender)[1].rpartition("@")[2]
    return make_msgid(domain=domain or "localhost")


def compose(
    message: Message,
    *,
    sender: str,
    message_id: str | None = None,
    at: datetime | None = None,
) -> EmailMessage:
    """Return the mail as it is sent: UTF-8, text first and HTML beside it, marked as automatic."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _sender(sender)
    mail["To"] = _address(message.to, message.name)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(at or clock.now())
    mail["Message-ID"] = _plain(message_id or new_id(sender))
    # Out-of-office programs must not answer us, nor mailing lists pass us on.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    for header, value in message.headers.items():
        mail[header] = value
    mail.set_content(message.text, charset="utf-8", cte="base64")
    if message.html is not None:
        mail.add_alternative(message.html, subtype="html", charset="utf-8", cte="base64")
    # Last, because making a mail of two parts moves the Content headers it has into the first.
    mail["Content-Language"] = message.lang.value
    return mail


def _plain(value: str) -> str:
    if _CONTROL.search(value):
        raise BadMail("a header may contain no line break")
    if len(value) > _LONGEST_HEADER:
        raise BadMail("a header is too long")
    return value


def _address(address: str, name: str = "") -> Address:
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain or any(c in address for c in ' ,;<>"()'):
        raise BadMail("the address is not one address")
    try:
        # An internationalised domain travels in its ASCII form; every server understands that.
        return Address(display_name=name, username=local, domain=domain.encode("idna").decode())
    except (HeaderParseError, ValueError, IndexError) as error:
        raise BadMail("the address is not valid") from error


def _sender(sender: str) -> Address:
    name, address = parseaddr(_plain(sender))
    return _address(address, name)
