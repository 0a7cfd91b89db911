"""What the files of the starter content say, read without the importer."""

from __future__ import annotations

from functools import cache
from typing import Any

from ruamel.yaml import YAML

from cop.core.paths import STARTER


@cache
def starter_file(name: str) -> Any:
    """Return what one file holds, which nobody may change: reading takes seconds, so it is read once."""
    return YAML(typ="safe", pure=True).load((STARTER / f"{name}.yaml").read_text(encoding="utf-8"))
