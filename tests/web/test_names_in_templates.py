"""Templates: what a page is given never hides what every page has."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import cop

if TYPE_CHECKING:
    from flask import Flask

ROOT = Path(cop.__file__).parent


def test_no_page_is_given_a_name_that_every_page_has(app: Flask) -> None:
    # A date of a workshop is called a session; no page asks for that of the browser.
    known = set(app.jinja_env.globals) - {"session"}
    hiding = []
    for path in ROOT.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "render_template":
                given = {one.arg for one in call.keywords if one.arg}
                hiding += [f"{path.relative_to(ROOT)}: {name}" for name in sorted(given & known)]
    assert not hiding
