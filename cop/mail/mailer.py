"""How mails leave: by SMTP, into files, or into memory. One protocol, one contract test suite."""

from __future__ import annotations

import os
import secrets
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from cop.core import clock
from cop.mail.message import BadMail, Message, compose, new_id
from cop.settings import Settings, SettingsError

#: Seconds a mail server has for each answer.
_PATIENCE = 20
#: Seconds it has for its goodbye, which changes nothing any more.
_GOODBYE = 2
_FIRST_PERMANENT = 500
_END_OF_MAIL = b"\r\n.\r\n"
_PRIVATE = 0o600
#: Composed when the settings are read, so that a bad sender is found before the first mail.
_PROBE = Message(to="probe@example.org", subject="Probe", text="")


class MailError(Exception):
    """A mail that could not be handed over. `permanent` says that trying again will not help.

    `unsure` says that the server heard all of it and never answered: it may have the mail.
    """

    def __init__(self, reason: str, *, permanent: bool = False, unsure: bool = False) -> None:
        """Say why, for the queue page; the reason names no password."""
        super().__init__(reason)
        self.permanent = permanent
        self.unsure = unsure


class Mailer(Protocol):
    """Hands mails over, one at a time."""

    @property
    def sender(self) -> str:
        """The address mails come from."""

    @property
    def kind(self) -> str:
        """`smtp`, `file` or `memory`, for the admin page."""

    def send(self, message: Message, *, message_id: str | None = None) -> None:
        """Hand the mail over, or raise MailError; a returned call means somebody else has it."""


@dataclass
class MemoryMailer:
    """Keeps mails in a list, for tests."""

    sender: str = "tongxing@example.org"

    kind = "memory"

    def __post_init__(self) -> None:
        """Start with no mails."""
        self.sent: list[EmailMessage] = []

    def send(self, message: Message, *, message_id: str | None = None) -> None:
        """Keep the mail."""
        self.sent.append(compose(message, sender=self.sender, message_id=message_id))


@dataclass(frozen=True)
class FileMailer:
    """Writes each mail into a folder as an `.eml` file, which any mail program opens."""

    folder: Path
    sender: str

    kind = "file"

    def send(self, message: Message, *, message_id: str | None = None) -> None:
        """Write the mail; the file appears whole, and only its owner may read it."""
        mail = compose(message, sender=self.sender, message_id=message_id)
        name = f"{clock.now():%Y%m%d-%H%M%S-%f}-{secrets.token_hex(3)}"
        draft = self.folder / f".{name}.part"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with open(draft, "wb", opener=_private) as file:
                file.write(mail.as_bytes())
                file.flush()
                os.fsync(file.fileno())
            draft.rename(self.folder / f"{name}.eml")
        except OSError as error:
            with suppress(OSError):
                draft.unlink()
            raise MailError(f"the mail folder cannot be written to: {error.strerror}") from error


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, _PRIVATE)


class _Said:
    """A connection that knows whether a whole mail was said and its answer is still to come."""

    is_said = False

    def send(self, words: Any) -> None:
        """Say something; only the words of a mail end with a full stop that stands alone."""
        super().send(words)  # type: ignore[misc]
        self.is_said = isinstance(words, bytes) and words.endswith(_END_OF_MAIL)

    def getreply(self) -> tuple[int, bytes]:
        """Hear the answer."""
        answer: tuple[int, bytes] = super().getreply()  # type: ignore[misc]
        self.is_said = False
        return answer


class _Plain(_Said, smtplib.SMTP):
    """A connection without TLS, or with STARTTLS."""


class _Tls(_Said, smtplib.SMTP_SSL):
    """A connection that begins with TLS."""


@dataclass(frozen=True)
class SmtpMailer:
    """Hands mails to a mail server; one connection a mail, as mails are few."""

    host: str
    port: int
    sender: str
    user: str = ""
    password: str = ""
    tls: bool = False
    starttls: bool = False

    kind = "smtp"

    def send(self, message: Message, *, message_id: str | None = None) -> None:
        """Hand the mail to the server."""
        mail = compose(message, sender=self.sender, message_id=message_id)
        server = None
        try:
            server = self._connected()
            try:
                server.send_message(mail)
            finally:
                _part(server)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()), (_FIRST_PERMANENT, b""))
            raise MailError(_said(code, said), permanent=code >= _FIRST_PERMANENT) from error
        except smtplib.SMTPResponseException as error:
            # A refused login is a setting to be corrected, so the mail waits for it.
            refused = error.smtp_code >= _FIRST_PERMANENT
            is_login = isinstance(error, smtplib.SMTPAuthenticationError)
            reason = _said(error.smtp_code, error.smtp_error)
            raise MailError(reason, permanent=refused and not is_login) from error
        except (smtplib.SMTPException, OSError) as error:
            reason = f"the mail server {self.host} cannot be used: {error}"
            unsure = server is not None and server.is_said
            raise MailError(reason, unsure=unsure) from error

    def _connected(self) -> _Plain | _Tls:
        context = ssl.create_default_context() if self.tls or self.starttls else None
        if self.tls:
            server: _Plain | _Tls = _Tls(self.host, self.port, timeout=_PATIENCE, context=context)
        else:
            server = _Plain(self.host, self.port, timeout=_PATIENCE)
        try:
            if self.starttls:
                server.starttls(context=context)
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


def _part(server: _Plain | _Tls) -> None:
    """Take leave. A server that fails only now has the mail: it must not be sent once more."""
    with suppress(smtplib.SMTPException, OSError):
        if server.sock is not None:
            server.sock.settimeout(_GOODBYE)
            server.quit()
    server.close()


def _said(code: int, said: bytes | str) -> str:
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return f"the mail server answered {code} {words}".strip()


def mailer_from(settings: Settings) -> Mailer:
    """Return the mailer the settings ask for: SMTP, or files in the data folder when they name none.

    Raises SettingsError, in a sentence that repeats no password, where it could never send a mail.
    """
    try:
        new_id(settings.mail_from)
        compose(_PROBE, sender=settings.mail_from)
    except (BadMail, ValueError) as error:
        raise SettingsError(
            f"COP_MAIL_FROM is {settings.mail_from!r}, which is no sender of mails ({error}); "
            "use name@example.org or Name <name@example.org>."
        ) from error
    try:
        return mailer_for(settings.mail_url, data=settings.data, sender=settings.mail_from)
    except ValueError as error:
        raise SettingsError(f"COP_MAIL_URL cannot be used: {error}.") from error


def mailer_for(url: str, *, data: Path, sender: str) -> Mailer:
    """Return the mailer of a URL: `smtp://`, `smtps://`, `memory:`, or "" for files."""
    if not url:
        return FileMailer(data / "mail", sender)
    try:
        parts = urlsplit(url)
        given_port = parts.port
    except ValueError:
        # What the library says may repeat a part of the password.
        raise ValueError(
            "its host or port is not valid, or the password holds a sign such as / # [ that must be escaped (%2F)"
        ) from None
    if parts.scheme == "memory":
        return MemoryMailer(sender)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("it looks like smtp://user:password@host:port, or smtps:// for TLS")
    tls = parts.scheme == "smtps"
    starttls = not tls and parse_qs(parts.query).get("starttls", ["0"])[-1] not in (
        "",
        "0",
        "no",
    )
    return SmtpMailer(
        host=parts.hostname,
        port=given_port or (465 if tls else 587 if starttls else 25),
        sender=sender,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=tls,
        starttls=starttls,
    )
