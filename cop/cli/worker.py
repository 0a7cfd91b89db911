"""`cop worker`: the work after the answer, in a process of its own."""

from __future__ import annotations

import signal
from pathlib import Path
from typing import Any

import click

from cop.cli import preparing
from cop.cli.console import application, data_option, settings_of


@click.command(short_help="Do the queued work: indexing, mails.")
@click.option("--once", is_flag=True, help="Do what is due and end.")
@data_option
def worker(data: Path | None, *, once: bool) -> None:
    """Do the queued work until Ctrl-C. `cop up` has a worker inside; gunicorn needs one beside it."""
    from cop.discover.upkeep import every_minute
    from cop.jobs.worker import Worker, run_all
    from cop.subscriptions import HANDLERS

    with application(data) as app:
        if once:
            click.echo(f"Jobs done: {run_all(app, HANDLERS)}")
            return
        working = Worker(app, HANDLERS, every_minute)

        def end(_number: int, _frame: Any) -> None:
            # The batch in hand is finished first.
            working.stop(timeout=0)

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)
        click.echo("Working (Ctrl-C ends it)")
        with preparing.running(settings_of(app).data):
            working.run()
        click.echo("Stopped.")
