"""What is mailed to somebody about whom moderators decided: whoever is suspended cannot read it on the site."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from cop.core.db import db
from cop.core.i18n import _
from cop.core.types import Json
from cop.entries import reasons
from cop.people import standing
from cop.people.mails import Letter, post_to, site_name, url
from cop.people.models import AccountStatus, User
from cop.web.filters import as_date

#: The jobs that write these letters, by what happened.
SUSPENDED_JOB = "people.suspended"
LIMITED_JOB = "people.limited"
LIFTED_JOB = "people.lifted"


def send_suspended(payloads: Sequence[Json]) -> None:
    """Job: tell people that their account was suspended, why and until when; not those it was lifted for since."""
    for payload in payloads:
        user = _user(payload)
        if user is not None and user.status == AccountStatus.SUSPENDED:
            post_to(user, lambda payload=payload: _suspended(payload))  # type: ignore[misc]


def send_limited(payloads: Sequence[Json]) -> None:
    """Job: tell people that what they post waits, why and until when; not those it was lifted for since."""
    for payload in payloads:
        user = _user(payload)
        if user is not None and user.active and standing.is_limited(user):
            post_to(user, lambda payload=payload: _limited(payload))  # type: ignore[misc]


def send_lifted(payloads: Sequence[Json]) -> None:
    """Job: tell people that they can sign in again, who could not read that on the site."""
    for payload in payloads:
        user = _user(payload)
        if user is not None and user.active:
            post_to(user, lambda payload=payload: _lifted(payload))  # type: ignore[misc]


def _user(payload: Json) -> User | None:
    return db.session.scalar(select(User).where(User.id == payload["user_id"]))


def _suspended(payload: Json) -> Letter:
    if payload.get("until"):
        sentence = _(
            "Moderators of %(site)s have suspended your account until %(date)s. You cannot sign in until then.",
            site=site_name(),
            date=as_date(datetime.fromisoformat(payload["until"])),
        )
    else:
        sentence = _(
            "Moderators of %(site)s have suspended your account. You cannot sign in until they lift that.",
            site=site_name(),
        )
    return Letter(
        subject=_("Your account was suspended"),
        lines=(sentence, _because(payload), _("What you posted stays as it is.")),
        after=(_("If you think that this is a mistake, please write to the moderators."),),
    )


def _limited(payload: Json) -> Letter:
    return Letter(
        subject=_("What you post is read first for a while"),
        lines=(
            _(
                "Moderators of %(site)s decided that everything you post waits for one of them, until %(date)s. "
                "You need do nothing: what keeps to the rules is let through.",
                site=site_name(),
                date=as_date(datetime.fromisoformat(payload["until"])),
            ),
            _because(payload),
        ),
        link=url("/account/moderation"),
        link_text=_("What was decided about you"),
    )


def _lifted(payload: Json) -> Letter:
    return Letter(
        subject=_("You can sign in again"),
        lines=(
            _("The suspension of your account at %(site)s has ended.", site=site_name()),
            *((_because(payload),) if payload.get("reason") else ()),
        ),
        link=url("/login"),
        link_text=_("Sign in"),
    )


def _because(payload: Json) -> str:
    said = reasons.said(payload.get("ready", ""), payload["reason"])
    return _("The reason given: %(reason)s", reason=said)
