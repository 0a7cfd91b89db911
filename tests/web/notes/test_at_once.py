"""Two requests at the same moment, over a database that really commits: one note, one order, no words lost."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from cop.core.db import db
from cop.entries import queries
from cop.entries.models import Entry, Revision
from cop.people.viewer import SYSTEM
from tests.at_once import committing, together
from tests.make import Make

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask


@pytest.fixture(scope="module")
def real_app(tmp_path_factory: pytest.TempPathFactory, migrated: str) -> Iterator[Flask]:
    """Return an application whose commits are real."""
    folder = tmp_path_factory.mktemp("at-once")
    with committing(folder, migrated) as app:
        with app.app_context():
            Make().term("open-space")
            db.session.commit()
        yield app


@pytest.fixture
def desks(real_app: Flask) -> list[Any]:
    """Return four browsers of one author."""
    with real_app.app_context():
        make = Make()
        number = db.session.scalar(select(func.count()).select_from(Entry))
        user = make.user(handle=f"author-{number}-{id(make)}")
        clients = [make.signed_in(real_app.test_client(), user) for _ in range(4)]
        db.session.commit()
        db.session.remove()
    return clients


FIELDS = {
    "lang": "en",
    "title": "Sent at once",
    "outcome": "mixed",
    "outcome_reason": "A reason",
    "strategies": ["open-space"],
    "what_happened": "One.\n\nTwo.\n\nThree.\n\nFour.",
    "what_we_learned": "A lesson",
    "visibility": "public",
    "name_mask": "shown",
    "organisation_mask": "named",
    "evidence": "own-experience",
    "act": "publish",
}


def statuses(answers: list[Any]) -> list[Any]:
    return sorted(getattr(answer, "status_code", repr(answer)) for answer in answers)


def test_one_form_sent_four_times_at_once_makes_one_note(real_app, desks):
    fields = {**FIELDS, "form_key": f"double-{id(desks)}"}
    answers = together(*[lambda desk=desk: desk.post("/notes/", data=fields) for desk in desks])
    assert statuses(answers) == [303] * 4
    assert len({answer.headers["Location"] for answer in answers}) == 1


def test_edits_of_different_paragraphs_at_once_are_all_kept(real_app, desks):
    location = desks[0].post("/notes/", data={**FIELDS, "form_key": "par"}).headers["Location"]
    note = int(re.search(r"/notes/(\d+)", location).group(1))
    page = desks[0].get(f"/notes/{note}/edit").text
    base = re.search(r'name="base"[^>]*value="(\d+)"', page).group(1)
    words = ["One.", "Two.", "Three.", "Four."]

    def edit(place: int) -> Any:
        changed = [f"Changed {word}" if at == place else word for at, word in enumerate(words)]
        fields = {**FIELDS, "what_happened": "\n\n".join(changed), "base": base, "facts_base": base}
        return desks[place].post(f"/notes/{note}/edit", data=fields)

    answers = together(*[lambda place=place: edit(place) for place in range(4)])
    assert statuses(answers) == [303] * 4
    with real_app.app_context():
        entry = queries.get(SYSTEM, note)
        text = entry.texts[0]
        kept = queries.current(text).sections["what_happened"]
        assert kept == "\n\n".join(f"Changed {word}" for word in words)
        rows = db.session.scalars(select(Revision.number).where(Revision.text_id == text.id))
        assert sorted(rows) == [1, 2, 3, 4, 5]
        db.session.remove()


def test_edits_of_one_passage_at_once_publish_one_and_show_the_others_both(real_app, desks):
    location = desks[0].post("/notes/", data={**FIELDS, "form_key": "one"}).headers["Location"]
    note = int(re.search(r"/notes/(\d+)", location).group(1))
    page = desks[0].get(f"/notes/{note}/edit").text
    base = re.search(r'name="base"[^>]*value="(\d+)"', page).group(1)

    def edit(place: int) -> Any:
        fields = {**FIELDS, "what_we_learned": f"Lesson {place}", "base": base, "facts_base": base}
        return desks[place].post(f"/notes/{note}/edit", data=fields)

    answers = together(*[lambda place=place: edit(place) for place in range(4)])
    assert statuses(answers) == [303, 409, 409, 409]
    for place, answer in enumerate(answers):
        if answer.status_code == 409:
            assert f"Lesson {place}" in answer.text


def test_withdrawing_while_somebody_hides_ends_in_one_of_both(real_app, desks):
    with real_app.app_context():
        make = Make()
        user = make.user(handle=f"moderator-{id(desks)}", grants=["moderator"])
        moderator = make.signed_in(real_app.test_client(), user)
        db.session.commit()
        db.session.remove()
    location = desks[0].post("/notes/", data={**FIELDS, "form_key": "end"}).headers["Location"]
    note = int(re.search(r"/notes/(\d+)", location).group(1))
    answers = together(
        lambda: desks[0].post(f"/entries/{note}/withdrawal"),
        lambda: moderator.post(f"/entries/{note}/hiding", data={"reason": "A name"}),
    )
    assert statuses(answers)[0] == 303
    assert statuses(answers)[1] in (303, 403, 410)
    with real_app.app_context():
        entry = queries.get(SYSTEM, note)
        assert (entry.status, entry.audience) in (("hidden", "moderators"), ("withdrawn", "nobody"))
        db.session.remove()


def test_a_note_told_in_the_other_language_by_two_at_once_is_told_once(real_app, desks):
    location = desks[0].post("/notes/", data={**FIELDS, "form_key": "tell"}).headers["Location"]
    note = int(re.search(r"/notes/(\d+)", location).group(1))
    told = {
        "lang": "zh",
        "title": "标题",
        "outcome_reason": "理由",
        "what_happened": "经过",
        "what_we_learned": "教训",
        "act": "publish",
    }
    answers = together(
        *[lambda desk=desk: desk.post(f"/notes/{note}/translate/zh", data=told) for desk in desks]
    )
    assert statuses(answers) == [303] * 4
    with real_app.app_context():
        assert [text.number for text in queries.get(SYSTEM, note).texts] == [1, 1]
        db.session.remove()
