"""The README says what is so."""

from __future__ import annotations

import re
from pathlib import Path

from cop.cli import cli
from cop.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_readme_lists_every_setting_as_the_program_describes_it() -> None:
    listed = dict(re.findall(r"^\| `(COP_\w+)` \|.*?\| (.+?) \|$", README, re.MULTILINE))
    assert listed == {name: sentence for name, _default, sentence in Settings.described()}


def test_the_readme_names_every_command() -> None:
    table = README.partition("## Commands")[2].partition("## Settings")[0]
    assert [
        name for name in cli.commands or cli.list_commands(None) if f"`cop {name}" not in table
    ] == []  # type: ignore[arg-type]


def test_the_two_lines_stand_in_the_readme_as_they_are_run() -> None:
    start = "python3 -m venv .venv && .venv/bin/pip install -r {} && .venv/bin/python -m cop {}"
    lines = README.splitlines()
    assert start.format("requirements.lock", "up") in lines
    assert start.format("requirements-dev.lock", "check") in lines


def test_every_handbook_page_is_there_in_both_languages() -> None:
    pages = {path.name for path in (ROOT / "cop" / "docs").rglob("*.??.md")}
    assert {page.replace(".zh.", ".en.") for page in pages if ".zh." in page} == {
        page for page in pages if ".en." in page
    }
