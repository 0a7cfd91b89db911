"""Terms, the editor, one's account, administration: pages behind the front cost the same however much there is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cop.core import clock
from cop.core.db import db
from cop.jobs.models import Job
from cop.mail.models import OutgoingMail
from cop.notifications.models import Level
from cop.notifications.operations import Watched, watch
from cop.people import devices, invitations
from tests.counting import BUDGETS, assert_constant_queries

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from cop.people.models import User
    from tests.make import Make


@pytest.fixture
def admin(make: Make) -> User:
    return make.user(handle="keeper", grants=["admin"])


@pytest.fixture
def desk(client: FlaskClient, make: Make, admin: User) -> FlaskClient:
    return make.signed_in(client, admin)


@pytest.mark.parametrize("path", ["/terms/", "/terms/strategy/", "/notes/new"])
def test_the_vocabulary_and_the_editor_that_offers_it(
    desk: FlaskClient, make: Make, path: str
) -> None:
    def more(number: int) -> None:
        for _ in range(number):
            made = make.term()
            make.term(broader=made.key)

    assert_constant_queries(desk, path, grow=more, budget="vocabulary")


def test_the_list_of_people(desk: FlaskClient, make: Make) -> None:
    def more(number: int) -> None:
        for _ in range(number):
            make.user(grants=["curator", "trainer"])

    assert_constant_queries(desk, "/admin/people", grow=more, budget="admin")


def test_the_list_of_invitations(desk: FlaskClient, make: Make, admin: User) -> None:
    def more(number: int) -> None:
        for _ in range(number):
            maker = make.user(grants=["admin"])
            invitations.invite(by=make.viewer(maker), note="Invented", max_uses=2, days=3)

    assert_constant_queries(desk, "/admin/invitations", grow=more, budget="admin")


def test_the_queues(desk: FlaskClient) -> None:
    def more(number: int) -> None:
        for _ in range(number):
            db.session.add(
                Job(
                    name="invented",
                    payload={},
                    run_at=clock.now(),
                    tries=5,
                    parked_at=clock.now(),
                    last_error="An invented error",
                )
            )
            db.session.add(_letter())

    assert_constant_queries(desk, "/admin/queues", grow=more, budget="admin")


def _letter() -> Any:
    return OutgoingMail(
        to="nobody@example.org",
        name="",
        subject="Invented",
        text="Invented",
        lang="en",
        headers={},
        message_id=f"<{clock.now().timestamp()}@example.org>",
        created_at=clock.now(),
        tries=1,
        last_error="An invented error",
    )


def test_notices_and_what_one_watches(
    desk: FlaskClient, make: Make, admin: User, run_jobs: Any
) -> None:
    me = make.viewer(admin)

    def more(number: int) -> None:
        for _ in range(number):
            other, term = make.user(), make.term()
            watch(by=me, what=Watched("person", other.id), level=Level.EVERYTHING)
            watch(by=me, what=Watched("term", term.id), level=Level.NEW)
            note = make.note(by=other, strategies=[term])
            watch(by=me, what=Watched("entry", note.id), level=Level.EVERYTHING)
            make.comment(note, answers=make.comment(note, by=admin))
            make.note(strategies=[term])
        run_jobs()

    # The browser has come back to the list after each run, so its lines are all unread.
    assert_constant_queries(desk, "/notices/", grow=more, budget="notices")
    assert_constant_queries(desk, "/account/watching", grow=more, budget="watching")
    assert_constant_queries(desk, "/notices/count", grow=more, budget="bell")


def test_the_list_of_ones_devices(desk: FlaskClient, admin: User) -> None:
    def more(number: int) -> None:
        for _ in range(number):
            devices.begin(user=admin, user_agent="Invented browser")

    assert_constant_queries(desk, "/account/devices", grow=more, budget="account")


@pytest.mark.usefixtures("starter")
def test_a_form_that_comes_back_with_errors_stays_light_unpacked(
    desk: FlaskClient, app: Any
) -> None:
    """What repeats typed text without having brought a good token is never compressed: it must be light."""
    answer = desk.post("/notes/", data={"act": "publish"}, headers={"Accept-Encoding": "gzip"})
    assert answer.status_code == 422
    assert "Content-Encoding" not in answer.headers
    assert len(answer.data) <= BUDGETS["kilobytes"]["editor, unpacked"] * 1024
