"""The mails about accounts: which one an asked-for link becomes, written in its reader's language.

These run as jobs. Only here is it known whether an address has an account, so no answer of the site and no
timing of one can tell.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from flask import current_app
from sqlalchemy import select

from cop.core import clock
from cop.core.db import db
from cop.core.i18n import _, _n, speaking
from cop.core.types import Json, Lang
from cop.jobs.queue import enqueue
from cop.mail.message import Message
from cop.mail.outbox import queue_mail
from cop.people import queries, tokens
from cop.people.models import Token, TokenPurpose, User
from cop.web.negotiate import on_clock_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from cop.settings import Settings

#: The job that tells somebody of a changed password.
PASSWORD_NOTICE_JOB = "people.password-notice"  # noqa: S105 (the name of a job)


@dataclass(frozen=True)
class Letter:
    """What a mail says: sentences, perhaps one link, and what to know besides."""

    subject: str
    lines: tuple[str, ...]
    link: str = ""
    link_text: str = ""
    after: tuple[str, ...] = field(default=())


def send_asked(payloads: Sequence[Json]) -> None:
    """Write the mails that rows of `tokens` ask for (job `people.mail`); rows gone or used ask for nothing."""
    for payload in payloads:
        row = db.session.get(Token, payload["token_id"], populate_existing=True)
        if row is not None and row.used_at is None and row.expires_at > clock.now():
            _MAKERS[TokenPurpose(row.purpose)](row)


def send_password_notices(payloads: Sequence[Json]) -> None:
    """Tell people that their password was changed (job `people.password-notice`)."""
    for payload in payloads:
        user = db.session.get(User, payload["user_id"])
        if user is not None and user.active:
            post_to(user, _password_changed)


def _confirm(row: Token) -> None:
    owner = queries.by_address(row.address)
    if owner is not None:
        row.used_at, row.data = clock.now(), {}
        post_to(owner, _known_address)
        return
    lang = Lang.of_tag(row.data["lang"]) or Lang.ZH
    token = tokens.renewed(row)
    handle = row.data["handle"]
    _post(row.address, lang, lambda: _confirm_letter(handle, token))


def _resend(row: Token) -> None:
    row.used_at = clock.now()
    waiting = _waiting_registration(row.address)
    if waiting is not None:
        _confirm(waiting)


def _reset(row: Token) -> None:
    identifier = row.data["identifier"]
    user = queries.by_identifier(identifier)
    if user is not None and user.active and user.email:
        row.user_id, row.address, row.data = user.id, user.email, {}
        token = tokens.renewed(row)
        post_to(user, lambda: _reset_letter(user.handle, token))
        return
    row.used_at, row.data = clock.now(), {}
    # Somebody who never confirmed and forgot that too is helped by the link she still needs.
    waiting = _waiting_registration(identifier.strip().lower())
    if waiting is not None and user is None:
        _confirm(waiting)


def _change_address(row: Token) -> None:
    user = queries.by_id(row.user_id or 0)
    if not user.active:
        return
    owner = queries.by_address(row.address)
    if owner is not None:
        row.used_at = clock.now()
        post_to(owner, _wanted_by_other)
    else:
        token = tokens.renewed(row)
        _post(row.address, user.language, lambda: _new_address(user.handle, token))
    post_to(user, _change_asked)


_MAKERS: dict[TokenPurpose, Callable[[Token], None]] = {
    TokenPurpose.CONFIRM: _confirm,
    TokenPurpose.RESEND: _resend,
    TokenPurpose.RESET: _reset,
    TokenPurpose.EMAIL: _change_address,
    TokenPurpose.FIRST_ADMIN: lambda _row: None,
}


def _waiting_registration(address: str | None) -> Token | None:
    if not address:
        return None
    return db.session.scalars(
        select(Token)
        .where(
            Token.address == address,
            Token.purpose == TokenPurpose.CONFIRM.value,
            Token.used_at.is_(None),
            Token.expires_at > clock.now(),
        )
        .order_by(Token.id.desc())
        .limit(1)
    ).first()


def _confirm_letter(handle: str, token: str) -> Letter:
    days = tokens.LIFETIMES[TokenPurpose.CONFIRM].days
    return Letter(
        subject=_("Please confirm your e-mail address"),
        lines=(
            _(
                "Somebody, hopefully you, wants to join %(site)s with this e-mail address, under the account "
                "name %(handle)s.",
                site=site_name(),
                handle=handle,
            ),
            _("To make the account, open this page and press the button on it:"),
        ),
        link=url(f"/confirm/{token}"),
        link_text=_("Confirm my address"),
        after=(
            _n("The link works for %(num)d day.", "The link works for %(num)d days.", days),
            _("If it was not you, do nothing: no account is made, and the address is forgotten."),
        ),
    )


def _known_address() -> Letter:
    return Letter(
        subject=_("You have an account already"),
        lines=(
            _(
                "Somebody, hopefully you, wanted to join %(site)s with this e-mail address. It has an account "
                "already, so no new one was made. You can sign in here, and set a new password if you "
                "forgot yours:",
                site=site_name(),
            ),
        ),
        link=url("/login"),
        link_text=_("Sign in"),
        after=(_("If it was not you, you need do nothing."),),
    )


def _reset_letter(handle: str, token: str) -> Letter:
    hours = int(tokens.LIFETIMES[TokenPurpose.RESET].total_seconds()) // 3600
    return Letter(
        subject=_("Set a new password"),
        lines=(
            _(
                "Somebody, hopefully you, forgot the password of the account %(handle)s at %(site)s. You can "
                "set a new one here:",
                site=site_name(),
                handle=handle,
            ),
        ),
        link=url(f"/reset/{token}"),
        link_text=_("Set a new password"),
        after=(
            _n(
                "The link works once, for %(num)d hour.",
                "The link works once, for %(num)d hours.",
                hours,
            ),
            _("If it was not you, do nothing: your password stays as it is."),
        ),
    )


def _new_address(handle: str, token: str) -> Letter:
    hours = int(tokens.LIFETIMES[TokenPurpose.EMAIL].total_seconds()) // 3600
    return Letter(
        subject=_("Please confirm your new e-mail address"),
        lines=(
            _(
                "The account %(handle)s at %(site)s is to use this e-mail address from now on. To confirm it, "
                "open this page and press the button on it:",
                site=site_name(),
                handle=handle,
            ),
        ),
        link=url(f"/account/address/{token}"),
        link_text=_("Confirm my new address"),
        after=(
            _n(
                "The link works once, for %(num)d hour.",
                "The link works once, for %(num)d hours.",
                hours,
            ),
            _("If it was not you, do nothing: nothing changes."),
        ),
    )


def _change_asked() -> Letter:
    return Letter(
        subject=_("Your e-mail address is about to change"),
        lines=(
            _(
                "Somebody who knows your password asked %(site)s to use another e-mail address for your "
                "account. It changes as soon as the new address is confirmed.",
                site=site_name(),
            ),
            _("If it was not you, set a new password now. That also ends every other session:"),
        ),
        link=url("/forgot"),
        link_text=_("Set a new password"),
    )


def _wanted_by_other() -> Letter:
    return Letter(
        subject=_("Somebody entered your e-mail address"),
        lines=(
            _(
                "Somebody with another account at %(site)s entered your e-mail address as theirs. Nothing "
                "was changed. If that other account is yours too, please use another address for it.",
                site=site_name(),
            ),
        ),
    )


def _password_changed() -> Letter:
    return Letter(
        subject=_("Your password was changed"),
        lines=(
            _(
                "The password of your account at %(site)s was changed, and all other sessions were ended.",
                site=site_name(),
            ),
            _("If it was not you, set a new password now:"),
        ),
        link=url("/forgot"),
        link_text=_("Set a new password"),
    )


def post_to(user: User, make: Callable[[], Letter]) -> None:
    """Queue a letter to somebody, made in her language and on her clock."""
    with on_clock_of(user.timezone):
        _post(user.email, user.language, make)


def _post(to: str | None, lang: Lang, make: Callable[[], Letter]) -> None:
    """Queue a letter, made and rendered in this language."""
    if not to:
        return
    with speaking(lang):
        letter = make()
        words: dict[str, Any] = {
            "letter": letter,
            "site": site_name(),
            "home": url("/"),
            "mail_lang": lang,
        }
        # Not `render_template`: a mail belongs to no request and to no signed-in person.
        env = current_app.jinja_env
        message = Message(
            to=to,
            subject=letter.subject,
            text=env.get_template("email/letter.txt").render(words),
            html=env.get_template("email/letter.html").render(words),
            lang=lang,
        )
    queue_mail(db.session, message, sender=_settings().mail_from, enqueue=enqueue)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings


def site_name() -> str:
    """Return what the site is called."""
    return _settings().site_name


def url(path: str) -> str:
    """Return the whole address of a path of this site."""
    return _settings().base_url.rstrip("/") + path
