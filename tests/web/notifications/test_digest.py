"""Digests: in the morning of their reader, of what she may read then, to nobody twice."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from cop.core import clock
from cop.core.db import db
from cop.entries import operations
from cop.jobs.queue import enqueue
from cop.mail.models import OutgoingMail
from cop.notifications import digest
from cop.notifications.digest import DIGEST_JOB
from cop.notifications.models import Frequency, NoticeSettings
from cop.notifications.times import next_digest
from tests.web.notifications.conftest import watch

#: A day that has not begun: who signed in before it is still known on it.
DAY = clock.now().date() + timedelta(days=1)


def on(hour: int, minute: int = 0, *, later: int = 0) -> datetime:
    """Return a moment of that day, or of one so many days later, in UTC."""
    return datetime.combine(DAY + timedelta(days=later), time(hour, minute), UTC)


def due(run_jobs: Any) -> None:
    """Let a digest run happen now."""
    enqueue(db.session, DIGEST_JOB, {}, key=DIGEST_JOB)
    run_jobs()


def choose(desk: Any, mail: str) -> None:
    assert desk.post("/account/watching", data={"mail": mail, "own": "y"}).status_code == 303


def to_reader(post: list[Any]) -> list[Any]:
    return [mail for mail in post if mail["To"].addresses[0].username == "reader"]


@pytest.fixture
def news(make, desk, note, run_jobs, post, time_machine):
    """Let there be a comment on a watched note for somebody who reads once a day; it is evening in China."""
    time_machine.move_to(on(10), tick=False)
    choose(desk, "daily")
    watch(desk, f"/entries/{note.id}")
    time_machine.move_to(on(12), tick=False)
    make.comment(note, "We tried it too.", by=make.user(name="Ada"))
    run_jobs()
    return note


def test_a_digest_comes_in_the_morning_with_what_is_new_and_once(
    news, run_jobs, post, time_machine
):
    due(run_jobs)
    assert to_reader(post) == []
    time_machine.move_to(on(0, 5, later=1), tick=False)
    due(run_jobs)
    due(run_jobs)
    [mail] = to_reader(post)
    assert mail["Subject"] == "1 thing is new on 同行 Tongxing"
    text = mail.get_body(("plain",)).get_content()
    assert "An invented title" in text
    assert "1 new comment, by Ada" in text
    assert "http://localhost/comments/" in text
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    time_machine.move_to(on(0, 5, later=2), tick=False)
    due(run_jobs)
    assert len(to_reader(post)) == 1


def test_a_line_whose_job_was_still_writing_when_the_digest_ran_comes_in_the_next_one(
    make, note, news, run_jobs, post, time_machine
):
    morning = on(0, 5, later=1)
    time_machine.move_to(morning, tick=False)
    due(run_jobs)
    assert len(to_reader(post)) == 1
    # Written before the digest ran, and committed after it.
    time_machine.move_to(morning - timedelta(seconds=20), tick=False)
    make.comment(note, "A late one.", by=make.user(name="Bo"))
    run_jobs()
    time_machine.move_to(morning + timedelta(days=1), tick=False)
    due(run_jobs)
    assert "by Bo" in to_reader(post)[1].get_body(("plain",)).get_content()


@pytest.mark.parametrize("change", ["read", "hidden", "never", "now"])
def test_a_digest_tells_nothing_that_need_not_or_may_not_be_told_any_more(
    make, desk, news, run_jobs, post, time_machine, change
):
    time_machine.move_to(on(0, 5, later=1), tick=False)
    if change == "read":
        desk.get(f"/entries/{news.id}", follow_redirects=True)
    elif change == "hidden":
        operations.hide(by=make.member("moderator"), entry_id=news.id, reason="Why")
    else:
        choose(desk, change)
    due(run_jobs)
    assert to_reader(post) == []
    assert [row for row in db.session.query(OutgoingMail) if row.key.startswith("digest")] == []


def test_a_run_that_is_killed_goes_on_where_it_was_and_mails_nobody_twice(
    make, monkeypatch, post, run_jobs, time_machine
):
    monkeypatch.setattr(digest, "BATCH", 3)
    entry = make.note(title="For everybody")
    people = [make.user() for _ in range(8)]
    morning = clock.now() + timedelta(hours=1)
    for user in people:
        row = NoticeSettings(user_id=user.id, mail="daily", own=True)
        row.digested_at, row.next_digest_at = clock.now(), morning
        db.session.add(row)
        make.comment(entry, by=user)
    for _ in people:
        make.comment(entry)
    run_jobs()
    post.clear()
    time_machine.move_to(morning, tick=False)
    real, calls = digest.queue_unwritten, []

    def dies(*args: Any, **more: Any) -> int:
        calls.append(1)
        done = real(*args, **more)
        if len(calls) == 2:
            raise RuntimeError("killed")
        return done

    monkeypatch.setattr(digest, "queue_unwritten", dies)
    due(run_jobs)
    for _ in range(4):
        time_machine.move_to(clock.now() + timedelta(minutes=20), tick=False)
        run_jobs()
    addresses = sorted(
        str(mail["To"].addresses[0].addr_spec) for mail in post if "new on" in mail["Subject"]
    )
    assert addresses == sorted(user.email for user in people)


@pytest.mark.parametrize(
    ("mail", "now", "zone", "then"),
    [
        ("daily", "2026-11-23T10:00", "Asia/Shanghai", "2026-11-24T00:00"),
        ("daily", "2026-11-23T23:59", "Asia/Shanghai", "2026-11-24T00:00"),
        ("daily", "2026-11-24T00:00", "Asia/Shanghai", "2026-11-25T00:00"),
        ("weekly", "2026-11-24T00:00", "Asia/Shanghai", "2026-11-30T00:00"),
        ("weekly", "2026-11-23T06:00", "Europe/Berlin", "2026-11-23T07:00"),
        ("daily", "2026-03-28T12:00", "Europe/Berlin", "2026-03-29T06:00"),
    ],
)
def test_the_morning_is_that_of_the_reader(mail, now, zone, then):
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert next_digest(Frequency(mail), moment, zone) == datetime.fromisoformat(then).replace(
        tzinfo=UTC
    )
    assert next_digest(Frequency.NEVER, moment, zone) is None


def test_a_digest_follows_its_reader_to_another_time_zone(desk, make, run_jobs, reader):
    choose(desk, "weekly")
    form = {"language": "en", "timezone": "America/New_York", "theme": ""}
    assert desk.post("/account/preferences", data=form).status_code == 303
    run_jobs()
    [due_at] = db.session.scalars(select(NoticeSettings.next_digest_at))
    there = due_at.astimezone(ZoneInfo("America/New_York"))
    assert (there.weekday(), there.hour) == (0, 8)


def test_each_line_of_a_weekly_digest_says_when_why_and_how_to_hear_no_more(
    make, app, desk, reader, note, run_jobs, post, time_machine
):
    reader.timezone = "America/New_York"
    db.session.commit()
    monday = on(12, later=(7 - DAY.weekday()) % 7)
    time_machine.move_to(monday - timedelta(days=5), tick=False)
    choose(desk, "weekly")
    watch(desk, f"/entries/{note.id}")
    # It is the next day in China already, and not yet in New York.
    said_at = (monday - timedelta(days=3)).replace(hour=20)
    time_machine.move_to(said_at, tick=False)
    make.comment(note, "We tried it too.", by=make.user(name="Ada"))
    run_jobs()
    time_machine.move_to(monday + timedelta(hours=1, minutes=30), tick=False)
    due(run_jobs)
    [mail] = to_reader(post)
    text = mail.get_body(("plain",)).get_content()
    assert f"{said_at.day} {said_at:%B %Y}: 1 new comment, by Ada" in text
    assert "You watch this." in text
    assert "This mail comes once a week, as you chose." in text
    mute = re.search(r"Hear no more of this: http://localhost(\S+)", text)
    assert mute
    assert "nothing more of the thread" in app.test_client().get(f"{mute[1]}?lang=en").text
    assert mute[1] in mail.get_body(("html",)).get_content()


@pytest.mark.parametrize("renewed", [False, True])
def test_what_is_told_of_late_is_in_the_next_digest(
    make, desk, note, run_jobs, post, time_machine, renewed
):
    time_machine.move_to(on(10), tick=False)
    choose(desk, "daily")
    watch(desk, f"/entries/{note.id}")
    if renewed:
        make.comment(note, "We tried it too.", by=make.user(name="Ada"))
        run_jobs()
        desk.get(f"/entries/{note.id}", follow_redirects=True)
    time_machine.move_to(on(23, 59), tick=False)
    make.comment(note, "So did we.", by=make.user(name="Bo"))
    db.session.commit()
    time_machine.move_to(on(0, 5, later=1), tick=False)
    digest.queue_digests([])
    db.session.commit()
    time_machine.move_to(on(0, 6, later=1), tick=False)
    run_jobs()
    assert to_reader(post) == []
    time_machine.move_to(on(0, 5, later=2), tick=False)
    due(run_jobs)
    [mail] = to_reader(post)
    assert "1 new comment, by Bo" in mail.get_body(("plain",)).get_content()


def test_what_concerns_her_stands_first_and_is_not_pushed_out_by_what_she_watches(
    make, desk, reader, author, run_jobs, post, time_machine, monkeypatch
):
    monkeypatch.setattr(digest, "MOST_LINES", 3)
    time_machine.move_to(on(10), tick=False)
    choose(desk, "daily")
    watch(desk, "/people/author")
    hers = make.note(by=reader, title="Her own note")
    time_machine.move_to(on(12), tick=False)
    make.comment(hers, "Thank you for this.", by=make.user(name="Ada"))
    time_machine.move_to(on(13), tick=False)
    for number in range(4):
        make.note(by=author, title=f"News {number}")
    run_jobs()
    time_machine.move_to(on(0, 5, later=1), tick=False)
    due(run_jobs)
    [mail] = to_reader(post)
    text = mail.get_body(("plain",)).get_content()
    order = ["What concerns you", "Her own note", "What else is new", "News 3", "News 2"]
    places = [text.index(words) for words in order]
    assert places == sorted(places)
    assert "News 1" not in text
    assert "There is more on the site" in text
    assert mail["Subject"].startswith("Much is new")
    html = mail.get_body(("html",)).get_content()
    assert html.index("What concerns you") < html.index("Her own note") < html.index("News 3")


def test_a_digest_of_one_sort_has_no_headings(news, run_jobs, post, time_machine):
    time_machine.move_to(on(0, 5, later=1), tick=False)
    due(run_jobs)
    [mail] = to_reader(post)
    assert "What concerns you" not in mail.get_body(("plain",)).get_content()
    assert "What else is new" not in mail.get_body(("html",)).get_content()
