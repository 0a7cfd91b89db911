"""Who signed up is told when a date moves, is called off or gives her a seat: nobody else, as far as she may read."""

from __future__ import annotations

import pytest

from cop.core.db import db
from cop.entries.operations import withdraw
from cop.workshops.session_models import Spoken
from cop.workshops.sign_ups import members_of
from cop.workshops.signing import sign_up, withdraw as give_up
from tests.web.workshops.dating import filled, give


@pytest.fixture
def goes(make):
    """Return the function that signs a new member up."""

    def made(session):
        user = make.user()
        sign_up(by=make.viewer(user), entry_id=session.entry_id, number=session.number)
        db.session.commit()
        return user

    return made


def told(app, make, user):
    """Return the notices of somebody."""
    client = make.signed_in(app.test_client(), user)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client.get("/notices/?lang=en").text


def test_a_change_of_time_or_place_is_told_and_other_changes_are_not(
    app, make, desk, hold, goes, run_jobs, post
):
    session = give(hold(), spoken=Spoken.EN)
    user = goes(session)
    edit = f"/workshops/{session.entry_id}/dates/1/edit"
    desk.post(edit, data=filled(day=str(session.starts_local.date()), base="1", seats="9"))
    run_jobs()
    assert post == []
    desk.post(edit, data=filled(venue="Elsewhere Hall", base="2"))
    run_jobs()
    page = told(app, make, user)
    assert "Time or place have changed. It is now:" in page
    assert "Elsewhere Hall" in page
    assert f"/workshops/{session.entry_id}/dates/1" in page
    assert [mail["To"] for mail in post if user.email in mail["To"]]
    assert "You signed up for it." in page


def test_calling_off_is_told_with_its_reason(app, make, desk, hold, goes, run_jobs, post):
    session = give(hold())
    user = goes(session)
    data = {"reason": "The hall is flooded"}
    desk.post(f"/workshops/{session.entry_id}/dates/1/off", data=data)
    run_jobs()
    assert "The hall is flooded" in told(app, make, user)
    assert len(post) == 1
    stranger = make.user()
    assert "flooded" not in told(app, make, stranger)


def test_who_moves_up_is_told_and_who_gave_the_seat_is_not(app, make, hold, goes, run_jobs, post):
    session = give(hold(), seats=1)
    first, second = goes(session), goes(session)
    give_up(by=make.viewer(first), entry_id=session.entry_id, number=1)
    db.session.commit()
    run_jobs()
    assert "You have a seat now:" in told(app, make, second)
    assert "You have a seat now:" not in told(app, make, first)
    assert len(post) == 1


def test_who_may_not_read_the_workshop_any_more_is_told_nothing(
    app, make, desk, hold, goes, trainer, run_jobs, post
):
    session = give(hold())
    user = goes(session)
    desk.post(f"/workshops/{session.entry_id}/dates/1/off", data={"reason": "Flooded"})
    withdraw(by=make.viewer(trainer), entry_id=session.entry_id)
    db.session.commit()
    run_jobs()
    assert post == []
    assert "Flooded" not in told(app, make, user)
    assert members_of(session.id) == [user.id]
