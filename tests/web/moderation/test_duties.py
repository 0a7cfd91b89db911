"""Who looks after the site or a circle hears that something waits: behind the bell, and by a mail an hour at most."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cop.circles import operations as circles
from cop.core import clock
from cop.core.db import db
from cop.entries.models import Case
from cop.notifications.models import NoticeSettings
from cop.people.models import Joining
from cop.people.operations import ungrant
from cop.people.viewer import Grant
from tests.indexing import _no_waiting_for_the_worker, index
from tests.mails import sent
from tests.web.moderation.conftest import decide, flag

__all__ = ["_no_waiting_for_the_worker", "index", "sent"]

ONE = "1 thing waits for your decision."


def rings(client) -> str:
    return str(client.get("/notices/count").json["text"])


def subjects(sent, handle: str) -> list[str]:
    return [str(mail["Subject"]) for mail in sent if handle in str(mail["To"])]


@pytest.fixture
def keeper(make):
    return make.user(handle="keeper", email="keeper@example.org", grants=["moderator"])


@pytest.fixture
def keepers_desk(app, make, keeper):
    return make.signed_in(app.test_client(), keeper)


@pytest.fixture
def reporter(app, make):
    return make.signed_in(app.test_client(), make.user(handle="reporter"))


def test_a_moderator_hears_of_a_report_by_bell_and_mail_and_no_longer_once_it_is_decided(
    make, keepers_desk, reporter, run_jobs, sent
):
    note = make.note(title="Invented rude note")
    db.session.commit()
    assert rings(keepers_desk) == ""
    flag(reporter, f"/entries/{note.id}")
    run_jobs()
    assert rings(keepers_desk) == "1"
    page = keepers_desk.get("/notices/").text
    assert ONE in page
    assert 'href="/moderation/"' in page
    assert "Nothing yet" not in page
    assert subjects(sent, "keeper@") == [ONE]
    (mail,) = (one for one in sent if "keeper@" in str(one["To"]))
    words = mail.get_body(("plain",)).get_content()
    assert "http://localhost/moderation/" in words
    assert "You look after this site." in words
    # What was reported may be what ought not to be read.
    assert "Invented rude note" not in mail.as_string() + words
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    decide(keepers_desk, db.session.query(Case).one(), item="keep")
    assert rings(keepers_desk) == ""


def test_nobody_else_hears_of_it(make, app, reporter, keeper, run_jobs, sent):
    note = make.note()
    db.session.commit()
    flag(reporter, f"/entries/{note.id}")
    run_jobs()
    assert rings(reporter) == ""
    assert "waits for your decision" not in reporter.get("/notices/").text
    assert {str(mail["To"].addresses[0].addr_spec) for mail in sent} == {"keeper@example.org"}


def test_what_a_newcomer_posts_first_is_told_at_once_also_to_who_reads_digests(
    make, app, keeper, keepers_desk, run_jobs, sent
):
    db.session.add(NoticeSettings(user_id=keeper.id, mail="weekly", own=True))
    newcomer = make.newcomer()
    made = make.note(by=newcomer)
    db.session.commit()
    assert made.status == "held"
    run_jobs()
    assert subjects(sent, "keeper@") == [ONE]
    assert rings(keepers_desk) == "1"


@pytest.mark.parametrize("change", ["never", "decided", "left"])
def test_no_mail_leaves_where_it_need_not_any_more(
    make, keeper, keepers_desk, reporter, run_jobs, sent, change
):
    note = make.note()
    db.session.commit()
    flag(reporter, f"/entries/{note.id}")
    if change == "never":
        db.session.add(NoticeSettings(user_id=keeper.id, mail="never", own=True))
        db.session.commit()
    elif change == "decided":
        decide(keepers_desk, db.session.query(Case).one(), item="keep")
    else:
        ungrant(by=make.member("admin"), user_id=keeper.id, grant=Grant.MODERATOR)
        db.session.commit()
    run_jobs()
    assert subjects(sent, "keeper@") == []


def test_however_much_comes_there_is_one_mail_an_hour(
    make, keeper, reporter, run_jobs, sent, time_machine
):
    hour = clock.now().replace(minute=10, second=0, microsecond=0) + timedelta(hours=1)
    time_machine.move_to(hour, tick=False)
    for minute in range(3):
        time_machine.move_to(hour + timedelta(minutes=minute), tick=False)
        note = make.note()
        db.session.commit()
        flag(reporter, f"/entries/{note.id}")
        run_jobs()
    assert subjects(sent, "keeper@") == [ONE]
    time_machine.move_to(hour + timedelta(hours=1), tick=False)
    run_jobs()
    assert subjects(sent, "keeper@") == [ONE, "3 things wait for your decision."]
    time_machine.move_to(hour + timedelta(hours=5), tick=False)
    run_jobs()
    assert len(subjects(sent, "keeper@")) == 2


def test_a_report_in_a_circle_is_told_to_its_hosts_alone(
    make, app, keeper, keepers_desk, run_jobs, sent
):
    host, member = make.user(email="host@example.org"), make.user()
    circle = make.circle(by=host, members=[member])
    # Something old waits for the moderators: no mail about it may come because of a circle.
    other = make.note()
    note = make.note(by=member, circle=circle)
    db.session.commit()
    desk = make.signed_in(app.test_client(), make.user())
    flag(desk, f"/entries/{other.id}")
    run_jobs()
    sent.clear()
    flag(make.signed_in(app.test_client(), host), f"/entries/{note.id}")
    run_jobs()
    assert subjects(sent, "keeper@") == []
    assert rings(keepers_desk) == "1"


def test_a_host_is_told_as_a_host(make, app, run_jobs, sent):
    host, member = make.user(email="host@example.org"), make.user()
    circle = make.circle(by=host, members=[member])
    note = make.note(by=host, circle=circle)
    said = make.comment(note, "Too loud", by=member)
    db.session.commit()
    other = make.user()
    circles.admit(circle, other.id, by=make.viewer(other), how=Joining.OPEN)
    db.session.commit()
    run_jobs()
    sent.clear()
    flag(make.signed_in(app.test_client(), other), f"/comments/{said.id}")
    run_jobs()
    assert subjects(sent, "host@") == [ONE]
    (mail,) = sent
    assert "You are a host of a circle." in mail.get_body(("plain",)).get_content()
