"""Kept pieces of pages: the same for the same values, made anew for any other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from cop.core.i18n import speaking
from cop.core.types import Lang
from cop.web import fragments


@dataclass(frozen=True)
class Row:
    title: Any
    note: str = ""


@pytest.fixture
def said(site: Flask, tmp_path: Path) -> list[str]:
    """Add a template whose macro notes each time it is asked."""
    asked: list[str] = []
    (tmp_path / "templates" / "rows.html").write_text(
        "{% macro row(row) %}<p>{{ noted(row.title) }}{{ row.title }} {{ row.note }}</p>{% endmacro %}"
    )
    site.jinja_env.globals["noted"] = lambda title: asked.append(str(title)) or ""
    return asked


def _row(site: Flask, row: Row, lang: Lang = Lang.EN) -> str:
    with site.test_request_context(), speaking(lang):
        return str(fragments.kept("rows.html", "row", [row]))


def test_the_same_values_are_put_in_words_once(site: Flask, said: list[str]) -> None:
    assert _row(site, Row("one")) == _row(site, Row("one")) == "<p>one </p>"
    assert said == ["one"]


def test_any_other_value_or_language_is_put_in_words_anew(site: Flask, said: list[str]) -> None:
    assert _row(site, Row("one")) != _row(site, Row("one", note="seen"))
    _row(site, Row("one"), Lang.ZH)
    assert len(said) == 3


def test_what_cannot_be_compared_is_made_each_time(site: Flask, said: list[str]) -> None:
    for _ in range(2):
        assert _row(site, Row(["marked"])) == "<p>[&#39;marked&#39;] </p>"
    assert len(said) == 2


def test_what_is_in_the_values_stays_text(site: Flask, said: list[str]) -> None:
    assert "<script>" not in _row(site, Row("<script>"))


def test_items_stand_in_their_order(site: Flask, said: list[str]) -> None:
    with site.test_request_context():
        rows = fragments.kept("rows.html", "row", [Row("b"), Row("a"), Row("b")])
    assert rows == "<p>b </p><p>a </p><p>b </p>"
    assert said == ["b", "a"]
