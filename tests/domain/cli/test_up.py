"""`cop up`, from nothing to a running site and back."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, func, select

from cop.core import schema
from cop.entries.models import Entry
from cop.terms.models import Term
from tests.databases import server_url
from tests.domain.cli.conftest import ROOT, Place, Said

#: 开放空间, as an address holds it.
_SEARCH = "/search?q=%E5%BC%80%E6%94%BE%E7%A9%BA%E9%97%B4"


def _engine(place: Place) -> Any:
    return create_engine(
        place.environ.get("COP_DATABASE_URL") or f"sqlite:///{place.data / 'cop.db'}"
    )


def _rows(place: Place) -> dict[str, list[str]]:
    """Return everything in the database, table by table."""
    engine = _engine(place)
    with engine.connect() as connection:
        found = {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for table in schema.metadata().sorted_tables
        }
    engine.dispose()
    return found


def _count(place: Place, model: Any) -> int:
    engine = _engine(place)
    with engine.connect() as connection:
        found = connection.scalar(select(func.count()).select_from(model))
    engine.dispose()
    return found or 0


def _is_one_sentence(said: Said) -> bool:
    return (
        said.code == 2 and len(said.err.strip().splitlines()) == 1 and "Traceback" not in said.err
    )


@dataclass
class Made:
    """A place after its first run, with what was said and seen in it."""

    place: Place
    said: str
    code: int | None
    pages: dict[str, tuple[int, str]]


@pytest.fixture(scope="module")
def made(place: Place) -> Made:
    """Start a site for the first time, look at it as soon as it is ready, and end it with Ctrl-C."""
    site = place.start()
    pages = {"/healthz": site.get("/healthz"), "/notes/": site.get("/notes/")}
    pages["/readyz"] = (200, site.get_once("/readyz", lambda status, _text: status == 200))
    pages[_SEARCH] = site.get(_SEARCH)
    said = site.end(signal.SIGINT)
    return Made(place, said, site.process.returncode, pages)


def test_the_first_run_gives_41_notes_16_pages_10_questions_6_workshops_and_167_terms(
    made: Made,
) -> None:
    assert (_count(made.place, Entry), _count(made.place, Term)) == (41 + 16 + 10 + 6, 167)
    status, text = made.pages["/notes/"]
    assert status == 200
    assert text.count("/notes/") >= 10


def test_the_first_run_builds_an_index_that_finds_them(made: Made) -> None:
    status, text = made.pages[_SEARCH]
    assert status == 200
    assert "开放空间" in text
    assert re.search(r"/notes/\d+", text)


def test_the_first_run_prints_one_link_for_the_first_administrator(made: Made) -> None:
    assert made.said.count("/welcome/") == 1


def test_the_site_says_whether_it_lives_and_is_ready(made: Made) -> None:
    assert json.loads(made.pages["/healthz"][1]) == {"status": "ok"}
    assert json.loads(made.pages["/readyz"][1]) == {
        "status": "ok",
        "database": "ok",
        "search": "ok",
        "queue": "ok",
    }


def test_ctrl_c_ends_the_site_cleanly(made: Made) -> None:
    assert made.code == 0
    assert made.said.rstrip().endswith("Stopped.")
    assert "Traceback" not in made.said


def test_a_second_run_changes_nothing_and_prints_no_second_link(made: Made) -> None:
    before = _rows(made.place)
    site = made.place.start()
    assert site.get("/notes/")[0] == 200
    said = site.end(signal.SIGTERM)
    assert site.process.returncode == 0
    assert "/welcome/" not in said
    assert "Traceback" not in said
    # The worker goes on where the first run was ended; how far it had come is no matter of the start.
    before.pop("jobs")
    after = _rows(made.place)
    after.pop("jobs")
    assert after == before


def test_two_sites_may_not_share_a_port(place: Place) -> None:
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as other:
        port = other.getsockname()[1]
        said = place.program("up", "--port", str(port))
    assert _is_one_sentence(said)
    assert f"Port {port} on 127.0.0.1 is taken" in said.err


def test_a_first_run_that_was_killed_is_finished_by_the_next(fresh_place: Place) -> None:
    killed = fresh_place.start()
    killed.until("Loading the starter content")
    killed.end(signal.SIGKILL)
    site = fresh_place.start()
    site.until("Serving")
    site.end()
    assert _count(fresh_place, Entry) == 41 + 16 + 10 + 6
    assert _count(fresh_place, Term) == 167


@pytest.fixture
def empty_place(fresh_place: Place) -> Place:
    """Return a place where the site was made without content."""
    site = fresh_place.start("--empty")
    site.until("Serving")
    site.end()
    return fresh_place


def test_an_empty_site_stays_empty(empty_place: Place) -> None:
    site = empty_place.start()
    site.until("Serving")
    site.end()
    assert _count(empty_place, Entry) == 0


def test_half_written_files_of_an_earlier_run_do_no_harm(fresh_place: Place) -> None:
    fresh_place.data.mkdir()
    for name in ("cop.db", "secret_key", "starter.json"):
        (fresh_place.data / name).touch()
    (fresh_place.data / "index").mkdir()
    (fresh_place.data / "index" / "current").write_text('{"folder": "ind')
    site = fresh_place.start("--empty")
    site.get_once("/readyz", lambda status, _text: status == 200)
    assert "Traceback" not in site.end()
    assert (fresh_place.data / "secret_key").read_text()


@pytest.mark.parametrize(
    ("name", "value", "hint"),
    [
        ("COP_REGISTRTION", "open", "Did you mean COP_REGISTRATION?"),
        ("COP_REGISTRATION", "everybody", "use open, invite or closed"),
        ("COP_TRUSTED_PROXIES", "one", "whole number"),
        ("COP_DATABASE_URL", "no-such-database://", "COP_DATABASE_URL"),
        ("COP_DATABASE_URL", "postgresql://127.0.0.1:1/nowhere", "COP_DATABASE_URL"),
    ],
)
def test_a_wrong_setting_is_said_in_one_sentence(
    fresh_place: Place, name: str, value: str, hint: str
) -> None:
    fresh_place.environ[name] = value
    said = fresh_place.program("up", "--port", "0")
    assert _is_one_sentence(said), said
    assert hint in said.err


def test_a_data_folder_that_cannot_be_written_is_said_in_one_sentence(
    fresh_place: Place, tmp_path: Path
) -> None:
    (tmp_path / "a-file").touch()
    said = fresh_place.program("up", "--port", "0", "--data", str(tmp_path / "a-file" / "data"))
    assert _is_one_sentence(said), said
    assert "--data" in said.err


def test_a_file_that_is_no_database_is_left_alone(fresh_place: Place) -> None:
    fresh_place.environ.pop("COP_DATABASE_URL", None)
    fresh_place.data.mkdir()
    (fresh_place.data / "cop.db").write_text("not a database at all, but somebody's file")
    said = fresh_place.program("up", "--port", "0")
    assert _is_one_sentence(said), said
    assert "cop restore" in said.err
    assert (fresh_place.data / "cop.db").read_text().startswith("not a database")


def test_a_damaged_database_is_said_in_one_sentence(empty_place: Place) -> None:
    if server_url():
        pytest.skip("a server looks after its own files")
    path = empty_place.data / "cop.db"
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    said = empty_place.program("up", "--port", "0")
    assert _is_one_sentence(said), said
    assert "damaged" in said.err


def test_a_database_of_a_newer_version_is_left_alone(empty_place: Place) -> None:
    engine = _engine(empty_place)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    engine.dispose()
    said = empty_place.program("up", "--port", "0")
    assert _is_one_sentence(said), said
    assert "newer version" in said.err


def test_an_old_python_is_told_so_before_anything_else(tmp_path: Path) -> None:
    code = (
        "import collections, runpy, sys\n"
        "sys.version_info = (3, 9, 2, 'final', 0)\n"
        "runpy.run_module('cop', run_name='__main__')\n"
    )
    said = _python(code, tmp_path)
    assert _is_one_sentence(said)
    assert "This is Python 3.9" in said.err
    assert "3.11 or later" in said.err


def _python(code: str, folder: Path) -> Said:
    import subprocess

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"COP_DATA": str(folder / "data"), "PATH": "/usr/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    return Said(done.returncode, done.stdout, done.stderr)
