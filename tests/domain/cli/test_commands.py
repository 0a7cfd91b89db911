"""The commands a site is run with, on a small site of their own."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cop.core import clock
from cop.core.db import db
from cop.jobs.models import Job
from cop.mail.outbox import MAIL_JOB
from tests.databases import server_url

if TYPE_CHECKING:
    from tests.domain.cli.conftest import Cop

PASSWORD = "an invented password of nobody"
NOTES = """\
format: cop-notes/1
notes:
  - id: invented-note
    written_by: editors
    visibility: members
    title: {zh: 虚构的笔记, en: An invented note}
    outcome: failed
    outcome_reason: {zh: 没有人来, en: Nobody came}
    strategies: [invented-strategy]
    sections:
      what_happened: {zh: 我们试过开放空间。, en: We tried an Open Space.}
      what_we_learned: {zh: 先请人。, en: Invite people first.}
"""
TAXONOMY = """\
format: cop-taxonomy/1
schemes:
  - id: strategy
    title: {zh: 策略, en: Strategies}
    description: {zh: 虚构, en: Invented}
    concepts:
      - id: invented-strategy
        pref_label: {zh: 虚构策略, en: Invented strategy}
        definition: {zh: 虚构的定义, en: An invented definition}
"""


def _row(cop: Cop, *, name: str = "search.index", **values: object) -> None:
    """Write a job that failed for good, as a worker would have."""
    from cop.cli.console import application

    with application():
        db.session.add(Job(name=name, payload={}, run_at=clock.now(), tries=5, **values))
        db.session.commit()


def test_commands_on_an_empty_folder_say_what_to_run_first(cop: Cop) -> None:
    said = cop("search", "rebuild")
    assert said.code == 2
    assert "cop db upgrade" in said.err


def test_a_second_upgrade_finds_nothing_to_do(site: Cop) -> None:
    assert "up to date" in site("db", "upgrade").out


def test_an_account_made_on_the_command_line_holds_the_roles_it_is_given(site: Cop) -> None:
    made = site("user", "add", "mei", "--email", "mei@example.org", stdin=PASSWORD + "\n")
    assert made.code == 0, made.err
    assert site("user", "grant", "mei", "admin").out == "mei is admin now.\n"
    assert site("user", "grant", "mei", "admin").out == "mei is admin already.\n"


@pytest.mark.parametrize(
    ("arguments", "stdin", "hint"),
    [
        (("user", "add", "mei", "--email", "mei@example.org"), "", "standard input"),
        (("user", "add", "mei", "--email", "mei@example.org"), "short\n", ""),
        (("user", "add", "mei", "--email", "no address"), PASSWORD + "\n", "e-mail"),
        (("user", "grant", "nobody", "admin"), "", "There is no account nobody"),
        (("user", "grant", "nobody", "king"), "", "king"),
        (("import", "no-such-file.yaml"), "", "no-such-file.yaml"),
        (("search", "query"), "", "--stdin"),
        (("search", "query", "x", "--as", "nobody"), "", "There is no account nobody"),
        (("no-such-command",), "", "no-such-command"),
    ],
)
def test_what_cannot_be_done_is_said_without_a_traceback(
    site: Cop, arguments: tuple[str, ...], stdin: str, hint: str
) -> None:
    said = site(*arguments, stdin=stdin)
    assert said.code == 2
    assert hint in said.err
    assert "Traceback" not in said.err


def test_a_link_for_the_first_administrator_can_be_printed_again(site: Cop) -> None:
    first, second = site("user", "first-admin").out, site("user", "first-admin").out
    assert "/welcome/" in first
    assert "/welcome/" in second
    assert first != second
    site("user", "add", "mei", "--email", "mei@example.org", stdin=PASSWORD + "\n")
    site("user", "grant", "mei", "admin")
    assert site("user", "first-admin").code == 2


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Write a small import: one strategy and one note that members may read."""
    (tmp_path / "taxonomy.yaml").write_text(TAXONOMY, encoding="utf-8")
    (tmp_path / "notes.yaml").write_text(NOTES, encoding="utf-8")
    return [tmp_path / "taxonomy.yaml", tmp_path / "notes.yaml"]


def test_a_query_answers_in_json_as_a_visitor_unless_told_otherwise(
    site: Cop, files: list[Path]
) -> None:
    assert site("import", *files).code == 0
    assert site("worker", "--once").code == 0
    site("user", "add", "mei", "--email", "mei@example.org", stdin=PASSWORD + "\n")
    assert json.loads(site("search", "query", "开放空间", "--json").out) == {"total": 0, "hits": []}
    found = json.loads(site("search", "query", "开放空间", "--json", "--as", "mei").out)
    assert found["total"] == 1
    assert found["hits"][0].keys() == {"key", "id", "kind", "lang", "title", "score"}
    assert (found["hits"][0]["key"], found["hits"][0]["kind"]) == ("invented-note", "note")
    assert found["hits"][0]["lang"] == "zh"


def test_queries_on_standard_input_are_answered_line_by_line(site: Cop, files: list[Path]) -> None:
    site("import", *files)
    site("search", "rebuild")
    site("user", "add", "mei", "--email", "mei@example.org", stdin=PASSWORD + "\n")
    said = site(
        "search", "query", "--stdin", "--as", "mei", stdin="open space\n\nnothing like it xyzzy\n"
    )
    totals = [json.loads(line)["total"] for line in said.out.splitlines()]
    assert totals == [1, totals[1], 0]


def test_a_query_is_understood_as_on_the_page(site: Cop, files: list[Path]) -> None:
    site("import", *files)
    site("search", "rebuild")
    site("user", "add", "mei", "--email", "mei@example.org", stdin=PASSWORD + "\n")
    totals = {
        "open OR xyzzy": 1,
        "op*": 1,
        "开放空间 -开放": 0,
        "kind:note lang:en open": 1,
        "lang:中文 open": 0,
        "策略：虚构策略": 1,
        '"space open"': 0,
    }
    said = site("search", "query", "--stdin", "--as", "mei", stdin="\n".join(totals) + "\n")
    found = [json.loads(line)["total"] for line in said.out.splitlines()]
    assert dict(zip(totals, found, strict=True)) == totals


def test_an_import_with_a_bad_record_names_file_line_and_reason_and_writes_nothing(
    site: Cop, files: list[Path]
) -> None:
    files[1].write_text(files[1].read_text().replace("outcome: failed", "outcome: great"))
    said = site("import", *files)
    assert said.code == 1
    assert "notes.yaml:7: “outcome” is “great”" in said.err
    assert json.loads(site("search", "query", "x", "--json").out)["total"] == 0
    assert "Terms" not in said.out


def test_an_export_is_what_an_import_takes(site: Cop, files: list[Path], tmp_path: Path) -> None:
    site("import", *files)
    assert site("export", tmp_path / "out").code == 0
    again = site("import", *sorted((tmp_path / "out").iterdir()))
    assert again.code == 0
    assert "Case notes: 0 new, 0 changed, 1 as before" in again.out
    assert site("export", tmp_path / "out").code == 2


def test_the_index_is_repaired_where_it_differs(site: Cop, files: list[Path]) -> None:
    site("import", *files)
    assert "missing" in site("search", "reconcile").out
    assert "agree" in site("search", "reconcile").out
    assert "holds 1 entries" in site("search", "rebuild").out


def test_the_doctor_is_content_with_a_sound_site(site: Cop) -> None:
    site("search", "rebuild")
    said = site("doctor")
    assert said.code == 0, said.out
    assert "BAD" not in said.out
    assert {"settings", "disk", "database", "schema", "index", "queue", "mail", "clock"} <= {
        line.split(":")[0].split()[-1] for line in said.out.splitlines()
    }


def test_the_doctor_names_a_job_that_failed_for_good(site: Cop) -> None:
    site("search", "rebuild")
    _row(site, parked_at=clock.now(), last_error="an invented failure")
    said = site("doctor")
    assert said.code == 1
    assert "an invented failure" in said.out


def test_the_doctor_says_where_mails_that_were_given_up_are_tried_again(site: Cop) -> None:
    _row(site, name=MAIL_JOB, parked_at=clock.now(), last_error="an invented failure")
    said = site("doctor")
    assert said.code == 1
    assert "1 mails were given up after two days; retry on the queue page" in said.out
    assert "will be tried again" not in said.out


@pytest.mark.parametrize(("query", "port"), [("?starttls=1", 587), ("", 25)])
def test_the_doctor_knocks_where_mails_are_handed_over(
    site: Cop, monkeypatch: pytest.MonkeyPatch, query: str, port: int
) -> None:
    asked: list[tuple[str, int]] = []

    def refuse(place: tuple[str, int], **_more: object) -> None:
        asked.append(place)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setenv("COP_MAIL_URL", f"smtp://127.0.0.1{query}")
    assert f"127.0.0.1:{port} cannot be reached" in site("doctor").out
    assert ("127.0.0.1", port) in asked


def test_a_mail_setting_that_cannot_work_is_said_before_anything_is_served(
    site: Cop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COP_MAIL_URL", "smtp://me:hidden-word@mail.example.org:many")
    said = site("doctor")
    assert said.code == 2
    assert said.err.startswith("COP_MAIL_URL cannot be used")
    assert len(said.err.strip().splitlines()) == 1
    assert "hidden-word" not in said.err


def test_the_doctor_names_a_missing_index_and_an_empty_database(cop: Cop) -> None:
    assert "the database is empty" in cop("doctor").out
    assert cop("doctor").code == 1
    cop("db", "upgrade")
    said = cop("doctor")
    assert said.code == 1
    assert "cop search rebuild" in said.out


def test_the_doctor_warns_of_a_key_others_may_read(site: Cop) -> None:
    key = site.data / "secret_key"
    key.write_text("an invented key of nobody")
    key.chmod(0o644)
    said = site("doctor")
    assert said.code == 1
    assert "chmod 600" in said.out


def test_settings_say_where_they_come_from_and_keep_secrets(
    site: Cop, monkeypatch: pytest.MonkeyPatch
) -> None:
    (site.data / "cop.toml").write_text('site_name = "虚构"\n', encoding="utf-8")
    monkeypatch.setenv("COP_MAIL_URL", "smtp://me:hidden-word@mail.example.org")
    said = site("settings").out
    assert "COP_SITE_NAME = 虚构" in said
    assert str(site.data / "cop.toml") in said
    assert "the environment (COP_MAIL_URL)" in said
    assert "hidden-word" not in said
    assert (site.data / "secret_key").read_text() not in said


def test_every_command_explains_itself(cop: Cop) -> None:
    said = cop("--help")
    for name in (
        "up",
        "worker",
        "db",
        "search",
        "user",
        "import",
        "export",
        "backup",
        "restore",
        "doctor",
    ):
        assert f"  {name} " in said.out
        assert cop(name, "--help").code == 0


def test_a_database_server_is_not_backed_up_here(site: Cop, tmp_path: Path) -> None:
    if not server_url():
        pytest.skip("this run is on SQLite")
    said = site("backup", tmp_path / "file")
    assert said.code == 2
    assert "pg_dump" in said.err
