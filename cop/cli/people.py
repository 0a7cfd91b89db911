"""`cop user`: accounts made and given roles by whoever runs the machine."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from cop.cli.console import Refusal, application, data_option, settings_of
from cop.people.viewer import SYSTEM, Grant, Viewer

_GRANTS = [grant.value for grant in Grant if grant is not Grant.MEMBER]


def acting(handle: str | None) -> Viewer:
    """Return the viewer of `--as HANDLE`, or the system."""
    if not handle:
        return SYSTEM
    return _viewer(handle)


def _viewer(handle: str) -> Viewer:
    from cop.people import queries

    user = queries.by_handle(handle)
    if user is None:
        raise Refusal(f"There is no account {handle}.")
    return queries.viewer_of(user)


@click.group(short_help="Make accounts and give roles.")
def user() -> None:
    """Make accounts and give roles."""


@user.command(short_help="Make an account; the password comes on standard input.")
@click.argument("handle")
@click.option("--email", required=True)
@click.option("--name", help="The name shown; otherwise the handle.")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True)
@data_option
def add(handle: str, email: str, name: str | None, lang: str, data: Path | None) -> None:
    """Make the account HANDLE, confirmed at once; its password is read from standard input."""
    from cop.core.db import db, writing
    from cop.core.types import Lang
    from cop.people import operations
    from cop.people.joining import Joining

    joining = Joining(
        handle=handle,
        name=name or handle,
        email=email,
        password=_password(),
        lang=Lang.of_tag(lang) or Lang.ZH,
    )
    with application(data), writing():
        made = operations.add_user(by=SYSTEM, joining=joining.prepared(official=True))
        db.session.commit()
        click.echo(f"Made the account {made.handle}.")


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))
    given = sys.stdin.readline().rstrip("\r\n")
    if not given:
        raise Refusal(
            "Give the password on standard input, say `cop user add HANDLE --email E < file`."
        )
    return given


@user.command(short_help="Give a role.")
@click.argument("handle")
@click.argument("grant", type=click.Choice(_GRANTS))
@data_option
def grant(handle: str, grant: str, data: Path | None) -> None:
    """Give the account HANDLE the role GRANT."""
    from cop.core.db import db, writing
    from cop.people import operations

    with application(data), writing():
        holder = _viewer(handle)
        new = operations.grant(by=SYSTEM, user_id=holder.id or 0, grant=Grant(grant))
        db.session.commit()
        click.echo(
            f"{holder.handle} is {grant} now." if new else f"{holder.handle} is {grant} already."
        )


@user.command("first-admin", short_help="Print a new link for the first administrator.")
@data_option
def first_admin(data: Path | None) -> None:
    """Print a new link for the first administrator; links printed earlier stop working."""
    from cop.core.db import db, writing
    from cop.people import operations

    with application(data) as app, writing():
        token = operations.first_admin_link(by=SYSTEM)
        db.session.commit()
        if token is None:
            raise Refusal(
                "There is an administrator already; `cop user grant HANDLE admin` makes another."
            )
        click.echo(f"{settings_of(app).base_url}/welcome/{token}")
