"""What the tests of workshops share: a workshop, a trainer's desk, and the fields of the editor."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from cop.core.db import db
from cop.core.types import Lang
from cop.entries.draft import Signature, TextDraft
from cop.entries.models import Visibility
from cop.workshops.draft import AgendaRow, Exercise, Material, WorkshopDraft, WorkshopFacts
from cop.workshops.operations import publish_workshop
from tests.indexing import _no_waiting_for_the_worker, index
from tests.mails import sent as post

if TYPE_CHECKING:
    from collections.abc import Callable

    from cop.entries.models import Entry


__all__ = ["_no_waiting_for_the_worker", "index", "post"]

AGENDA = (
    AgendaRow("a", 20, {"en": "Arrival"}, {"en": "Name one meeting."}),
    AgendaRow("b", 40, {"en": "The case"}),
)
EXERCISES = (Exercise("x", {"en": "Swap"}, {"en": "Swap roles."}),)


@pytest.fixture
def english(client: Any) -> Any:
    """Return a visitor's browser that reads English."""
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def trainer(make: Any) -> Any:
    """Return the account of a trainer."""
    return make.user(grants=["trainer"], name="Invented Trainer")


@pytest.fixture
def desk(english: Any, make: Any, trainer: Any) -> Any:
    """Return the browser of the trainer."""
    return make.signed_in(english, trainer)


@pytest.fixture
def hold(make: Any, trainer: Any) -> Callable[..., Entry]:
    """Return the function that publishes a workshop in the trainer's name."""

    def held(
        *materials: Any,
        visibility: str = "public",
        title: str = "An invented workshop",
        **more: Any,
    ) -> Entry:
        entry = publish_workshop(
            by=make.viewer(trainer),
            draft=WorkshopDraft(
                (TextDraft(Lang.EN, title, {"for_whom": "Invented people"}),),
                WorkshopFacts(
                    agenda=more.pop("agenda", AGENDA),
                    exercises=more.pop("exercises", EXERCISES),
                    materials=tuple(
                        Material(one.key, {"en": "Because it failed."}, {"en": "Read in pairs."})
                        for one in materials
                    ),
                    **more,
                ),
                Signature(Visibility(visibility)),
            ),
        )
        db.session.commit()
        return entry

    return held


def typed(page: str) -> dict[str, Any]:
    """Return the fields of an editor as its page holds them: hidden ones, lines, texts and ticks."""
    form = re.sub(
        r"<template.*?</template>", "", page[page.index("data-autosave") :], flags=re.DOTALL
    )
    found: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name = re.search(r'name="([^"]+)"', tag)
        kind = re.search(r'type="([^"]+)"', tag)
        if name is None or (kind and kind[1] in ("radio", "checkbox") and "checked" not in tag):
            continue
        value = re.search(r'value="([^"]*)"', tag)
        found.setdefault(name[1], []).append(value[1] if value else "")
    for name, words in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\r?\n?([^<]*)<', form):
        found.setdefault(name, []).append(words)
    return found
