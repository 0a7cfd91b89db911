"""A button pressed twice at the same moment does one thing, over a database that really commits."""

from __future__ import annotations

from functools import partial
from typing import Any

from cop.core import clock
from cop.core.db import db, writing
from cop.core.types import Lang
from cop.entries.draft import Signature, TextDraft
from cop.entries.drafts import save_draft
from cop.entries.models import Visibility
from cop.people.viewer import SYSTEM
from cop.workshops import following_up
from cop.workshops.draft import WorkshopDraft, WorkshopFacts
from cop.workshops.operations import publish_workshop
from cop.workshops.participant_models import DraftRemark, DraftShare
from cop.workshops.running_models import FollowUp
from cop.workshops.session_models import CalendarFeed, SignUp, SignUpState
from tests.make import Make
from tests.web.notes.test_at_once import real_app, together
from tests.web.workshops.dating import give

__all__ = ["real_app"]


def workshop(trainer: Any) -> Any:
    """Publish a workshop in somebody's name."""
    return publish_workshop(
        by=SYSTEM,
        author_id=trainer.id,
        draft=WorkshopDraft(
            (TextDraft(Lang.EN, "Invented", {}),), WorkshopFacts(), Signature(Visibility.PUBLIC)
        ),
    )


def test_an_address_a_share_and_a_remark_are_made_once(real_app: Any) -> None:
    with real_app.app_context():
        make = Make()
        trainer, person = make.user(handle="pressing-trainer"), make.user(handle="pressing-person")
        session, now = give(workshop(trainer)), clock.now()
        seat = SignUp(session_id=session.id, user_id=person.id, queued_at=now, changed_at=now)
        seat.state = SignUpState.GOING.value
        db.session.add(seat)
        draft = save_draft(by=make.viewer(person), kind="note", lang="en", data={}, draft_id=None)
        clients = [make.signed_in(real_app.test_client(), person) for _time in range(4)]
        path = f"/workshops/{session.entry_id}/participants/drafts/{draft.id}"
        db.session.commit()
        db.session.remove()
    for address, typed in (
        ("/workshops/own/calendar", {}),
        (path, {}),
        (f"{path}/remarks", {"body": "Once"}),
    ):
        answers = together(*(partial(one.post, address, data=typed) for one in clients))
        assert [answer.status_code for answer in answers] == [303] * 4, address
    with real_app.app_context():
        assert [
            db.session.query(one).count() for one in (CalendarFeed, DraftShare, DraftRemark)
        ] == [
            1,
            1,
            1,
        ]
        db.session.remove()


def test_who_is_told_that_it_is_time_and_says_it_in_that_moment_is_heard(real_app: Any) -> None:
    def tell() -> None:
        with writing(), real_app.app_context():
            following_up.tell_due([])
            db.session.commit()
            db.session.remove()

    with real_app.app_context():
        make = Make()
        trainer = make.user(handle="telling-trainer")
        entry = workshop(trainer)
        dates = [give(entry, days=-100 - one) for one in range(6)]
        paths = [f"/workshops/{entry.id}/dates/{one.number}/follow-up" for one in dates]
        ids = [one.id for one in dates]
        client = make.signed_in(real_app.test_client(), trainer)
        db.session.commit()
        db.session.remove()
    said = {"words": "It came to something.", "base": "1"}
    answers = together(tell, *(lambda one=one: client.post(one, data=said) for one in paths))
    assert answers[0] is None
    assert [answer.status_code for answer in answers[1:]] == [303] * len(paths)
    with real_app.app_context():
        assert all(db.session.get_one(FollowUp, one).words for one in ids)
        db.session.remove()
