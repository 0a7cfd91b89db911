"""What the night forgets about people, and what it keeps."""

from datetime import timedelta

from sqlalchemy import func, select

from cop.core import clock
from cop.core.db import db
from cop.events.models import Event
from cop.events.record import record
from cop.mail.models import OutgoingMail
from cop.people import events as people_events, operations
from cop.people.models import Token
from tests.domain.people.registering import register


def test_old_links_are_forgotten(time_machine):
    register()
    time_machine.move_to(clock.now() + timedelta(days=40))
    operations.forget_old()
    assert db.session.scalar(select(func.count()).select_from(Token)) == 0


def test_who_signed_in_when_is_forgotten_after_a_month_and_what_was_done_is_not(make, time_machine):
    user = make.user()
    record(people_events.SignedIn(user_id=user.id, session_id=1), actor_id=user.id)
    record(people_events.SignedOut(user_id=user.id, session_id=1), actor_id=user.id)
    record(people_events.SessionsEnded(user_id=user.id, number=1), actor_id=user.id)
    record(people_events.PasswordChanged(user_id=user.id), actor_id=user.id)
    time_machine.move_to(clock.now() + timedelta(days=31))
    record(people_events.SignedIn(user_id=user.id, session_id=2), actor_id=user.id)
    operations.forget_old()
    verbs = list(db.session.scalars(select(Event.verb).order_by(Event.id)))
    assert verbs == ["PasswordChanged", "SignedIn"]


def test_the_night_forgets_whom_mails_went_to(time_machine, run_jobs):
    register()
    run_jobs()
    run_jobs()
    time_machine.move_to(clock.now() + timedelta(days=31))
    operations.forget_old()
    assert [mail.to for mail in db.session.scalars(select(OutgoingMail))] == [""]
