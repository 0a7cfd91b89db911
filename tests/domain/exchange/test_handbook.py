"""The handbook's tables of the import format say exactly what the importer takes."""

from __future__ import annotations

import re

import pytest

from cop.core.paths import DOCS
from cop.exchange import kinds


def tables(lang: str) -> dict[str, dict[str, bool]]:
    """Return kind → key → whether the handbook calls it required."""
    found: dict[str, dict[str, bool]] = {}
    kind = ""
    for line in (DOCS / "handbook" / f"import-format.{lang}.md").read_text().splitlines():
        if line.startswith("## "):
            kind = re.split(r"[ （(]", line.removeprefix("## "))[0]
        elif line.startswith("| ") and kind in kinds.FIELDS:
            for name in line.split("|")[1].split(","):
                found.setdefault(kind, {})[name.strip().strip("*")] = "**" in name
    for rows in found.values():
        rows.pop("key", None)
        rows.pop("键", None)
    return found


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("kind", kinds.FIELDS)
def test_every_key_is_documented_and_rightly_called_required_or_not(lang: str, kind: str):
    said = tables(lang)[kind]
    assert said == {name: field.required for name, field in kinds.FIELDS[kind].items()}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_kind_has_its_table(lang: str):
    assert set(tables(lang)) == set(kinds.FIELDS)
