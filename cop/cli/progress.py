"""Progress of long work: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import click

#: Tells how far something is: done, of how many (0 = not known), and with what.
Tell = Callable[[int, int, str], None]
#: Seconds between two lines where there is no terminal.
_PAUSE = 5.0


@contextlib.contextmanager
def bar(title: str) -> Iterator[Tell]:
    """Show a bar (or lines) under this title while the block runs."""
    if sys.stderr.isatty():
        with _on_terminal(title) as tell:
            yield tell
    else:
        click.echo(f"{title} …", err=True)
        yield _in_lines()


@contextlib.contextmanager
def _on_terminal(title: str) -> Iterator[Tell]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns: list[Any] = [
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    ]
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(title, total=None)

        def tell(done: int, total: int, what: str) -> None:
            name = f"{title}: {what}" if what else title
            progress.update(task, completed=done, total=total or None, description=name)

        yield tell


def _in_lines() -> Tell:
    last = time.monotonic()

    def tell(done: int, total: int, what: str) -> None:
        nonlocal last
        if time.monotonic() - last < _PAUSE:
            return
        last = time.monotonic()
        of = f" of {total}" if total else ""
        click.echo(f"  {what} {done}{of}".rstrip(), err=True)

    return tell
