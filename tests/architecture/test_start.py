"""Starting is quick and small: what only some requests or commands need is imported when they need it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: Modules that cost tens of milliseconds or megabytes, each with what needs it.
HEAVY = {
    "numpy": "scoring",
    "whoosh": "the first search or write to the index",
    "pypinyin": "writing a name",
    "opencc": "folding a script",
    "PIL": "nothing yet",
    "ruamel": "imports",
    "email_validator": "an address that somebody types",
    "waitress": "cop up",
    "aiosmtpd": "tests",
}


def _loaded_by(statement: str) -> set[str]:
    code = f"{statement}\nimport json, sys; print(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.partition(".")[0] for name in json.loads(done.stdout)}


def test_the_application_loads_nothing_heavy() -> None:
    found = _loaded_by("import cop.app") & set(HEAVY)
    assert not found, "imported at start: " + ", ".join(f"{name} ({HEAVY[name]})" for name in found)


def test_the_command_line_loads_no_command_before_it_is_called() -> None:
    assert not _loaded_by("import cop.cli") & {*HEAVY, "flask", "sqlalchemy", "alembic"}
