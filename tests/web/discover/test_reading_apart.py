"""Where a server runs, no request reads the names to suggest: a thread does, and requests follow what changes."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING

import pytest

from cop.discover import kept_names
from tests.counting import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask
    from flask.testing import FlaskClient

    from tests.make import Make


@pytest.fixture
def begun(app: Flask, db_session: object) -> list[str]:
    """Return what notes each time the thread would begin; nothing begins here."""
    noted: list[str] = []
    kept_names.kept_names(app).apart = lambda: noted.append("begun")
    return noted


@pytest.fixture
def offers(client: FlaskClient) -> Callable[[str], bool]:
    def offers(title: str) -> bool:
        answer = client.get("/search/suggest", query_string={"q": title})
        return title in answer.get_data(as_text=True)

    return offers


def test_requests_begin_it_once_and_read_nothing_themselves(
    app: Flask, make: Make, client: FlaskClient, begun: list[str], offers: Callable[[str], bool]
) -> None:
    make.note(title="Garden one")
    with counted() as seen:
        assert not offers("Garden one")
    assert not [one for one in seen if "texts.summary" in one]
    assert not offers("Garden one")
    client.get("/search?q=gardn")
    assert begun == ["begun"]


def test_what_it_has_read_is_offered_and_what_changes_then_is_known_at_once(
    app: Flask, make: Make, begun: list[str], offers: Callable[[str], bool]
) -> None:
    term = make.term()
    make.note(title="Garden one", strategies=[term])
    assert not offers("Garden one")
    kept_names.kept_names(app).read_all(nullcontext)
    assert offers("Garden one")
    make.note(title="Garden two", strategies=[term])
    assert offers("Garden two")
    assert begun == ["begun"]


def test_all_of_it_is_read_piece_by_piece(
    app: Flask,
    make: Make,
    begun: list[str],
    offers: Callable[[str], bool],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kept_names, "_PIECE", 2)
    for number in range(5):
        make.note(title=f"Garden {number}", organisation_name=f"Garden aid {number}")
    kept_names.kept_names(app).read_all(nullcontext)
    assert offers("Garden 0")
    assert offers("Garden aid 4")


def test_what_it_could_not_read_requests_read(
    app: Flask,
    make: Make,
    begun: list[str],
    offers: Callable[[str], bool],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make.note(title="Garden one")
    with monkeypatch.context() as broken:
        broken.setattr(kept_names.KeptNames, "_put", lambda *_: 1 / 0)
        kept_names.kept_names(app).read_all(nullcontext)
    assert offers("Garden one")


def test_the_thread_of_a_server_reads_them(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[object, object]] = []

    class Noted:
        def __init__(self, *, target: object, args: tuple[object, ...], **_more: object) -> None:
            self.work = target, args[0]

        def start(self) -> None:
            started.append(self.work)

    monkeypatch.setattr(kept_names, "Thread", Noted)
    kept_names.forget(app)
    kept_names.read_apart(app)
    with app.app_context():
        kept_names.kept_names().refresh()
    assert started == [(kept_names.kept_names(app).read_all, app.app_context)]
    kept_names.forget(app)
