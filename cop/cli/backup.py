"""`cop backup` and `cop restore`: the whole site in one file, on SQLite."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import click

from cop.cli import archive, preparing
from cop.cli.console import Refusal, data_option
from cop.core import clock, schema, sqlite
from cop.settings import Settings, default_data, make_folder

#: What a folder may hold and still count as empty: made by asking for the settings, or by a start that failed.
_NOTHING = frozenset({"secret_key", "i18n", "preparing.lock", "running.lock"})
#: What is moved aside together with the database it belongs to.
_OF_DATABASE = (
    "cop.db",
    "cop.db-wal",
    "cop.db-shm",
    "limits.db",
    "limits.db-wal",
    "limits.db-shm",
    "index",
    archive.FILES,
)


@click.command(short_help="Write the whole site into one file; the site may be running.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@data_option
def backup(file: Path, data: Path | None) -> None:
    """Write accounts, content, files, history and keys into FILE, while the site may be running.

    Left out are the search index, which is rebuilt, and mails kept as files. Keep FILE as safe as the site: it
    holds the key that signs cookies.
    """
    settings = Settings.from_env(data=data)
    database = sqlite.file_of(settings.database_url)
    if database is None:
        raise Refusal(
            "This site's database is a server; back it up with that server's own tools (`pg_dump`)."
        )
    if not database.exists():
        raise Refusal(f"There is no database at {database}; `cop up` makes one.")
    if file.exists():
        raise Refusal(f"{file} exists already. Name a new file.")
    if not file.resolve().parent.is_dir():
        raise Refusal(f"There is no folder {file.resolve().parent}.")
    manifest = archive.write(database, settings.data, file)
    click.echo(
        f"Wrote {file} ({file.stat().st_size / 1_000_000:.1f} MB, schema {manifest.revision})."
    )
    if "secret_key" not in manifest.files or os.environ.get("COP_SECRET_KEY"):
        click.echo("COP_SECRET_KEY is set outside the data folder; keep it beside the backup.")


@click.command(short_help="Bring a backup back.")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@data_option
@click.option(
    "--replace",
    is_flag=True,
    help="Move what the data folder holds aside, and put the backup there.",
)
def restore(file: Path, data: Path | None, *, replace: bool) -> None:
    """Bring the backup FILE back into an empty data folder.

    The backup is proved whole before anything is changed. The search index is rebuilt when the site starts.
    """
    if not file.is_file():
        raise Refusal(f"There is no file {file}.")
    folder = _folder(data)
    make_folder(folder)
    if not replace and not _is_empty(folder):
        raise Refusal(
            f"{folder} is not empty. Choose another with --data, or move its content aside with --replace."
        )
    with (
        preparing.nobody_running(folder),
        tempfile.TemporaryDirectory(prefix=".restore-", dir=folder) as name,
    ):
        staged = Path(name)
        manifest = archive.unpack(file, staged)
        if manifest.revision and not schema.known(manifest.revision):
            raise Refusal(
                f"{file} was made by a newer version of the program ({manifest.version}). Install that one."
            )
        with preparing.restoring(folder):
            aside = _move_aside(folder, manifest)
            for kept in dict.fromkeys(name.partition("/")[0] for name in manifest.files):
                (staged / kept).replace(folder / kept)
    click.echo(f"Brought back the state of {manifest.made_at} into {folder}.")
    if aside is not None:
        click.echo(f"What was there before lies in {aside}.")
    click.echo(f"Start the site with `cop up --data {folder}`.")


def _folder(data: Path | None) -> Path:
    """Return the data folder, without making in it what settings make."""
    given = data or os.environ.get("COP_DATA")
    folder = Path(given).expanduser().resolve() if given else default_data()
    url = os.environ.get("COP_DATABASE_URL", "")
    if url and sqlite.file_of(url) != folder / archive.DATABASE:
        raise Refusal(
            f"COP_DATABASE_URL names another database than {folder / archive.DATABASE}; unset it to restore."
        )
    return folder


def _is_empty(folder: Path) -> bool:
    return all(path.name in _NOTHING for path in folder.iterdir())


def _move_aside(folder: Path, manifest: archive.Manifest) -> Path | None:
    """Move what belongs to the old state into a folder of its own, and return that; None if there was nothing."""
    names = dict.fromkeys((*_OF_DATABASE, *(name.partition("/")[0] for name in manifest.files)))
    there = [folder / name for name in names if (folder / name).exists()]
    if not there:
        return None
    aside = folder / f"replaced-{preparing.stamp(clock.now())}"
    aside.mkdir()
    for path in there:
        shutil.move(path, aside / path.name)
    return aside
