"""Files to import, written by a test, and what came of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from cop.core.db import db
from cop.entries import queries
from cop.entries.models import Entry
from cop.exchange.importer import import_files
from cop.exchange.report import Report
from cop.people.viewer import SYSTEM, Viewer

Write = Callable[..., Path]


def note(key: str = "a-note", **more: Any) -> str:
    """Return a note as YAML with everything that is required; `more` replaces or adds keys."""
    values: dict[str, Any] = {
        "id": key,
        "title": {"en": f"Title of {key}"},
        "strategies": ["open-space"],
        "outcome": "mixed",
        "outcome_reason": {"en": "Because."},
        "sections": {"what_happened": {"en": "This."}, "what_we_learned": {"en": "That."}},
    }
    values |= more
    lines = [f"    {name}: {json.dumps(value)}" for name, value in values.items() if value != "-"]
    return "  - " + "\n".join(lines).lstrip() + "\n"


def notes(*items: str, head: str = "") -> str:
    return f"format: cop-notes/1\n{head}notes:\n" + "".join(items)


def load(*paths: Path, by: Viewer = SYSTEM, keep_going: bool = False) -> Report:
    return import_files(paths, by=by, keep_going=keep_going)


def reasons(report: Report) -> list[str]:
    return [str(problem) for problem in report.problems]


def entry(key: str) -> Entry:
    found = queries.by_key(key)
    assert found is not None
    return found


def count() -> int:
    return db.session.scalar(select(func.count()).select_from(Entry)) or 0
