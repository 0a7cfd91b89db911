"""Content in and out: the starter content, `cop import`, `cop export`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cop.cli.console import Refusal, application, data_option
from cop.cli.progress import bar

if TYPE_CHECKING:
    from cop.exchange.report import Report


def load_starter() -> None:
    """Load the starter content; what an earlier run has loaded is passed over."""
    from cop.core.db import db, writing
    from cop.exchange import starter
    from cop.notifications.telling import forget_where_nobody_is

    with bar("Loading the starter content") as tell:
        report = starter.load_starter(progress=tell)
    with writing():
        forget_where_nobody_is()
        db.session.commit()
    if not report.ok:
        raise Refusal("\n".join(report.lines()))
    _tell(report)


@click.command("import", short_help="Import YAML or JSONL files.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--as", "handle", help="Whose items those without an author are; otherwise the editors'."
)
@click.option("--keep-going", is_flag=True, help="Leave bad records out and import the others.")
@data_option
def import_(
    files: tuple[Path, ...], handle: str | None, data: Path | None, *, keep_going: bool
) -> None:
    """Import FILES, which may refer to each other.

    All of it is checked first. The same file twice changes nothing, edits made on the site are kept, and an
    interrupted import is finished by running it again.
    """
    from cop.cli.people import acting
    from cop.exchange.importer import import_files

    missing = next((path for path in files if not path.is_file()), None)
    if missing is not None:
        raise Refusal(f"There is no file {missing}.")
    with application(data):
        by = acting(handle)
        with bar("Importing") as tell:
            report = import_files(list(files), by=by, progress=tell, keep_going=keep_going)
        _tell(report)
    if not report.ok:
        sys.exit(1)


def _tell(report: Report) -> None:
    for line in report.lines():
        click.echo(line, err=not report.ok)


@click.command(short_help="Write the published content as files that `cop import` reads.")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@data_option
def export(folder: Path, data: Path | None) -> None:
    """Write the published content into FOLDER, one file a kind.

    Accounts, drafts, queues and old revisions belong to `cop backup`.
    """
    from cop.exchange.exporter import export_to, images_left_out

    if folder.exists() and any(folder.iterdir()):
        raise Refusal(f"{folder} is not empty. Name a new folder.")
    with application(data):
        with bar("Exporting") as tell:
            counts = export_to(folder, progress=tell)
        for name, count in counts.items():
            click.echo(f"{folder / name}: {count}")
        if left := images_left_out():
            click.echo(
                f"{left} images and files that people added are not in these files; `cop backup` keeps them."
            )
