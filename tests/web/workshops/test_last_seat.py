"""Two people press the button at the same moment, over a database that really commits: one has the seat, one waits."""

from __future__ import annotations

from typing import Any

from cop.core.db import db
from cop.core.types import Lang
from cop.entries.draft import Signature, TextDraft
from cop.entries.models import Visibility
from cop.people.viewer import SYSTEM
from cop.workshops.draft import WorkshopDraft, WorkshopFacts
from cop.workshops.operations import publish_workshop
from cop.workshops.session_models import WorkshopSession
from tests.make import Make
from tests.web.notes.test_at_once import real_app, together
from tests.web.workshops.dating import give, line

__all__ = ["real_app"]


def test_the_last_seat_is_given_once(real_app: Any) -> None:
    with real_app.app_context():
        make = Make()
        entry = publish_workshop(
            by=SYSTEM,
            author_id=None,
            draft=WorkshopDraft(
                (TextDraft(Lang.EN, "Invented", {}),),
                WorkshopFacts(),
                Signature(Visibility.PUBLIC),
            ),
        )
        session = give(entry, seats=1)
        path = f"/workshops/{entry.id}/dates/{session.number}/sign-up"
        users = [make.user(handle=f"at-once-{number}-{entry.id}") for number in range(4)]
        clients = [make.signed_in(real_app.test_client(), user) for user in users]
        number = session.id
        db.session.commit()
        db.session.remove()
    answers = together(*(lambda one=one: one.post(path) for one in clients))
    assert [answer.status_code for answer in answers] == [303] * 4
    with real_app.app_context():
        states = [state for _who, state in line(db.session.get(WorkshopSession, number))]
        assert states == ["going", "waiting", "waiting", "waiting"]
        db.session.remove()
