"""Two who decide at the same moment about what belongs together never wait for each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.entries.models import Case, Comment
from cop.people.viewer import Grant
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
        yield app


@pytest.fixture(scope="module")
def maker() -> Make:
    """Return one who makes for all tests here, so that no name comes twice."""
    return Make()


@pytest.mark.parametrize("crossed", [False, True])
def test_cases_of_the_same_newcomers_decided_at_once_are_all_decided(
    real_app: Flask, maker: Make, crossed: bool
):
    for _round in range(4):
        offices, cases = _waiting(real_app, maker, crossed=crossed)
        data = {"item": "approve", "ready": "fits", "words": "", "number": "1"}

        def decide(place: int, offices: Any = offices, cases: Any = cases, data: Any = data) -> Any:
            path = f"/moderation/{cases[place]}/decision"
            return offices[place].post(path, data=data).status_code

        answers = together(*[lambda place=place: decide(place) for place in range(len(cases))])
        # Whoever comes second finds it decided: what waits under a newcomer's name is let through together.
        assert set(answers) <= {303, 409}, answers
        assert 303 in answers
        with real_app.app_context():
            held = select(Comment.id).where(Comment.status == "held")
            assert db.session.scalars(held).all() == []
            db.session.remove()


def _waiting(app: Flask, make: Make, *, crossed: bool) -> tuple[list[Any], list[int]]:
    """Let two newcomers, or one, comment on two notes in opposite order; return who decides, and the cases."""
    with app.app_context():
        notes = [make.note(), make.note()]
        first = make.newcomer()
        second = make.newcomer() if crossed else first
        for note in notes:
            make.comment(note, by=first)
        for note in reversed(notes):
            make.comment(note, by=second)
        people = [make.user(grants=[Grant.MODERATOR]) for _ in range(4)]
        offices = [make.signed_in(app.test_client(), one) for one in people]
        db.session.commit()
        open_cases = select(Case.id).where(Case.decided_at.is_(None)).order_by(Case.id)
        found = list(db.session.scalars(open_cases))
        db.session.remove()
    return offices, [found[0], found[1], found[-1], found[-2]]
