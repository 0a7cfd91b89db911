"""Addresses in templates: found once, and the same as Flask's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import flask
import pytest

from cop.core.types import Lang
from cop.web import addresses

if TYPE_CHECKING:
    from flask import Flask


@pytest.fixture
def routed() -> Flask:
    app = flask.Flask("invented")
    app.add_url_rule("/rows/<int:row>", "row", str)
    app.add_url_rule("/rows/", "rows", str)
    return app


ASKED: list[tuple[str, dict[str, Any]]] = [
    ("rows", {}),
    ("rows", {"q": "开放 空间&more", "_anchor": "top"}),
    ("rows", {"q": None}),
    ("rows", {"q": ["one", "two"]}),
    ("rows", {"q": 1}),
    ("rows", {"q": True}),
    ("rows", {"q": "1"}),
    ("rows", {"lang": Lang.EN}),
    ("row", {"row": 7, "text": "en"}),
    ("row", {"row": 7, "_external": True}),
]


@pytest.mark.parametrize("root", ["", "/below"])
def test_an_address_is_what_flask_says_the_first_time_and_the_second(
    routed: Flask, root: str
) -> None:
    for _ in range(2):
        with routed.test_request_context("/rows/", base_url=f"http://one.example{root}"):
            for endpoint, values in ASKED:
                assert addresses.url_for(endpoint, **values) == flask.url_for(endpoint, **values)


def test_a_full_address_names_the_host_that_was_asked(routed: Flask) -> None:
    said = []
    for host in ("one.example", "two.example"):
        with routed.test_request_context("/rows/", base_url=f"http://{host}"):
            said.append(addresses.url_for("rows", _external=True))
    assert said == ["http://one.example/rows/", "http://two.example/rows/"]
