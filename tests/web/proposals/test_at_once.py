"""Two curators and three proposers at work on one page at the same moment: nobody's words vanish."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.core.types import Lang
from cop.entries import queries
from cop.entries.draft import Origin, Signature, TextDraft
from cop.entries.models import Revision, Visibility
from cop.people.viewer import SYSTEM, Grant
from cop.practices.draft import PracticeDraft, PracticeFacts
from cop.practices.operations import start_page
from cop.proposals.models import Proposal
from tests.at_once import committing, together
from tests.make import Make
from tests.web.proposals.conftest import SECTIONS, fields_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Flask
    from flask.testing import FlaskClient

#: Each proposes so often, and each curator goes on until nothing waits.
ROUNDS = 2
PROPOSERS = 3


@pytest.fixture(scope="module")
def real_app(tmp_path_factory: pytest.TempPathFactory, migrated: str) -> Iterator[Flask]:
    """Return an application whose commits are real."""
    with committing(tmp_path_factory.mktemp("at-once"), migrated) as app:
        yield app


@pytest.fixture(scope="module")
def maker() -> Make:
    """Return one who makes for all tests here, so that no name comes twice."""
    return Make()


def _begun(app: Flask, make: Make) -> tuple[int, list[FlaskClient], list[FlaskClient]]:
    """Publish a page; return it, the browsers of proposers and those of curators."""
    with app.app_context():
        text = TextDraft(Lang.EN, "Small groups", SECTIONS)
        facts = PracticeFacts(strategy=make.term().key)
        draft = PracticeDraft((text,), facts, Signature(Visibility.PUBLIC))
        page = start_page(by=SYSTEM, draft=draft, origin=Origin(written_by="editors"))
        people = [make.user() for _number in range(PROPOSERS)]
        people += [make.user(grants=[Grant.CURATOR]) for _number in range(2)]
        browsers = [make.signed_in(app.test_client(), one) for one in people]
        db.session.commit()
        entry_id = page.id
        db.session.remove()
    for one in browsers:
        one.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return entry_id, browsers[:PROPOSERS], browsers[PROPOSERS:]


def _propose(desk: FlaskClient, page: int, section: str, words: str, *, instead: bool) -> None:
    fields = fields_of(desk, f"/entries/{page}/proposals/new?text=en")
    said = words if instead else f"{fields[section]}\n\n{words}"
    sent = {**fields, section: said, "note": "From our own year with it."}
    answer = desk.post(f"/entries/{page}/proposals/", data=sent)
    assert answer.status_code == 303, answer.text


def _decide(desk: FlaskClient, numbers: list[int]) -> Counter[int]:
    """Decide about what waits, as the pages of the proposals show it; what clashes is declined with a reason."""
    answers: Counter[int] = Counter()
    for number in numbers:
        shown = desk.get(f"/proposals/{number}").text
        if "/decision" not in shown:
            continue
        fields = fields_of(desk, f"/proposals/{number}")
        clashes = "In the same passage" in shown
        act = "decline" if clashes else "accept"
        sent = {**fields, "act": act, "reason": "Invented" if clashes else ""}
        answers[desk.post(f"/proposals/{number}/decision", data=sent).status_code] += 1
    return answers


def _all(app: Flask, page: int) -> list[Any]:
    with app.app_context():
        found = db.session.scalars(select(Proposal).where(Proposal.entry_id == page)).all()
        told = [(one.id, str(one.state), dict(one.sections)) for one in found]
        db.session.remove()
    return told


def _page_now(app: Flask, page: int) -> tuple[dict[str, str], list[int]]:
    with app.app_context():
        text = queries.get(SYSTEM, page).texts[0]
        sections = dict(queries.current(text).sections)
        numbers = select(Revision.number).where(Revision.text_id == text.id)
        revisions = sorted(db.session.scalars(numbers))
        db.session.remove()
    return sections, revisions


def _work(app: Flask, page: int, proposers: Any, curators: Any, *, instead: bool) -> Counter[int]:
    """Let all of them work at once, and the curators go on until nothing waits."""
    sections = ["how"] * PROPOSERS if instead else list(SECTIONS)

    def write(place: int) -> None:
        for number in range(ROUNDS):
            words = f"Words {place} {number}."
            _propose(proposers[place], page, sections[place], words, instead=instead)

    def decide(place: int) -> Counter[int]:
        answers: Counter[int] = Counter()
        for _again in range(2):
            waiting = [one for one, state, _sections in _all(app, page) if state == "open"]
            answers += _decide(curators[place], waiting)
        return answers

    acts = [lambda place=place: write(place) for place in range(PROPOSERS)]
    done = together(*acts, *[lambda place=place: decide(place) for place in range(2)])
    assert not [one for one in done if isinstance(one, BaseException)], done
    answers = done[-2] + done[-1]
    while waiting := [one for one, state, _sections in _all(app, page) if state == "open"]:
        for more in together(*[lambda desk=desk: _decide(desk, waiting) for desk in curators]):
            answers += more
    return answers


def test_paragraphs_added_by_three_are_all_on_the_page_each_accepted_once(real_app, maker):
    page, proposers, curators = _begun(real_app, maker)
    answers = _work(real_app, page, proposers, curators, instead=False)
    proposals = _all(real_app, page)
    assert len(proposals) == PROPOSERS * ROUNDS
    assert {state for _id, state, _sections in proposals} <= {"accepted", "amended", "declined"}
    now, revisions = _page_now(real_app, page)
    taken = [one for one in proposals if one[1] != "declined"]
    assert revisions == list(range(1, len(taken) + 2))
    assert answers[303] == len(proposals)
    assert set(answers) <= {303, 409}
    for place, section in enumerate(SECTIONS):
        assert SECTIONS[section].split("\n\n")[0] in now[section]
        of_her = [one for one in proposals if f"Words {place} " in one[2][section]]
        assert len(of_her) == ROUNDS
        assert f"Words {place} 0." in now[section]


def test_of_three_who_rewrite_one_passage_nobodys_words_vanish(real_app, maker):
    page, proposers, curators = _begun(real_app, maker)
    answers = _work(real_app, page, proposers, curators, instead=True)
    proposals = _all(real_app, page)
    said = {one[2]["how"] for one in proposals}
    assert said >= {
        f"Words {who} {number}." for who in range(PROPOSERS) for number in range(ROUNDS)
    }
    _now, revisions = _page_now(real_app, page)
    taken = [one for one in proposals if one[1] in ("accepted", "amended")]
    assert len(taken) >= 1
    assert "open" not in {state for _id, state, _sections in proposals}
    assert revisions == list(range(1, len(taken) + 2))
    assert answers[303] == len(proposals)
    assert set(answers) <= {303, 409}
