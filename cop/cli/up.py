"""`cop up`: from nothing to a running site, and every later time straight to the running site."""

from __future__ import annotations

import contextlib
import errno
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cop.cli import preparing
from cop.cli.console import Refusal, data_option, settings_of, unchecked_application
from cop.people.viewer import SYSTEM
from cop.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

_THREADS = 8


@click.command(short_help="Start the site; the first time also make it.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@data_option
@click.option("--empty", is_flag=True, help="On the first run, load no starter content.")
def up(port: int, host: str, data: Path | None, *, empty: bool) -> None:
    """Start the site with its worker, and end it with Ctrl-C.

    The first run makes the data folder, the database and a first administrator's link, and loads the starter
    content. A run that was interrupted is finished by the next.
    """
    settings = Settings.from_env(data=data)
    with listening(host, port) as listener, ended_by_signals(), preparing.running(settings.data):
        base_url = settings.base_url
        if base_url == Settings.base_url:
            # Not set, so the site believes it is reached where it listens.
            base_url = _address(listener)
        with (
            unchecked_application(data, base_url=base_url) as app,
            preparing.alone(settings.data),
        ):
            _prepare(app, empty=empty)
        _serve(app, listener)


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextlib.contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Hold the port before anything else is done, so that a taken one costs nothing."""
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise Refusal(
            f"There is no address {host} to listen on; choose another with --host."
        ) from error
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(address)
        except OSError as error:
            raise Refusal(_about_port(error, host, port)) from error
        yield listener


def _about_port(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} on {host} is taken, perhaps by another `cop up`. End that program, or choose another "
            f"port: `cop up --port {port + 1 if port < 65535 else 8000}`."
        )
    if error.errno in (errno.EACCES, errno.EPERM):
        return f"Port {port} may only be used by the system's administrator; choose one above 1023 with --port."
    return f"Nothing can listen on {host} port {port} ({error.strerror}); choose others with --host and --port."


@contextlib.contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let SIGTERM end the site as Ctrl-C does, and let either end it without a traceback."""

    def end(_number: int, _frame: Any) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    except KeyboardInterrupt:
        # Before the site serves: what is half done is finished by the next run.
        raise Refusal("Stopped. The next `cop up` goes on from here.", code=130) from None
    finally:
        signal.signal(signal.SIGTERM, before)


def _prepare(app: Flask, *, empty: bool) -> None:
    settings = settings_of(app)
    click.echo(f"Data folder: {settings.data}")
    preparing.upgrade(settings, click.echo)
    if preparing.wants_starter(settings):
        if empty:
            preparing.mark_starter(settings, "unwanted")
        else:
            from cop.cli.content import load_starter

            preparing.mark_starter(settings, "begun")
            load_starter()
            preparing.mark_starter(settings, "done")
    _print_admin_link(settings)


def _print_admin_link(settings: Settings) -> None:
    """Print the first administrator's link once; later only say how to get another."""
    from sqlalchemy import select

    from cop.core import clock
    from cop.core.db import db, writing
    from cop.people.models import Token, TokenPurpose
    from cop.people.operations import first_admin_link
    from cop.people.queries import administrators

    if administrators():
        return
    printed = select(Token.id).where(
        Token.purpose == TokenPurpose.FIRST_ADMIN,
        Token.used_at.is_(None),
        Token.expires_at > clock.now(),
    )
    if db.session.scalar(printed.limit(1)):
        click.echo("Nobody is administrator yet; `cop user first-admin` prints a new link.")
        return
    db.session.rollback()
    with writing():
        token = first_admin_link(by=SYSTEM)
        db.session.commit()
    click.echo(
        f"Become the first administrator here (works once): {settings.base_url}/welcome/{token}"
    )


def _serve(app: Flask, listener: socket.socket) -> None:
    from waitress.server import create_server

    from cop.core.db import db
    from cop.discover import kept_names
    from cop.discover.upkeep import every_minute
    from cop.jobs.worker import Worker
    from cop.subscriptions import HANDLERS

    kept_names.read_apart(app)
    worker = Worker(app, HANDLERS, every_minute)
    app.extensions["worker"] = worker
    try:
        server = create_server(app, sockets=[listener], threads=_THREADS, ident=None)
    except OSError as error:
        # Two programs may hold a port on which neither listens yet.
        host, port = listener.getsockname()[:2]
        raise Refusal(_about_port(error, host, port)) from error
    click.echo(f"Serving {settings_of(app).base_url} (Ctrl-C ends it)")
    sys.stdout.flush()
    worker.start()
    try:
        # Returns when a signal raised KeyboardInterrupt, after the requests in hand are answered.
        server.run()
    finally:
        server.close()
        worker.stop()
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
    click.echo("Stopped.")
