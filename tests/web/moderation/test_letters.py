"""What moderators decide about somebody is mailed to her, with the reason, in her language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cop.core import clock
from cop.core.db import db
from cop.core.types import Lang
from cop.people import standing, suspensions
from tests.web.notifications.conftest import post
from tests.web.notifications.test_mails import text_of

__all__ = ["post"]


@pytest.fixture
def person(make: Any) -> Any:
    """Return whom it concerns; she reads Chinese."""
    return make.user(handle="concerned", name="Invented Person", lang=Lang.ZH)


@pytest.fixture
def moderator(make: Any) -> Any:
    """Return who decides."""
    return make.member("moderator")


def test_who_is_suspended_gets_a_mail_with_the_reason_and_the_end(
    person, moderator, run_jobs, post
):
    until = clock.now() + timedelta(days=7)
    suspensions.suspend(
        by=moderator, user_id=person.id, reason="一再谩骂他人", ready="rude", until=until
    )
    db.session.commit()
    run_jobs()
    (mail,) = post
    assert "concerned@" in mail["To"]
    assert mail["Subject"] == "您的账号已停用"
    assert "一再谩骂他人" in text_of(mail)
    assert f"{until.astimezone(ZoneInfo(person.timezone)).year}年" in text_of(mail)


@pytest.mark.parametrize(("zone", "day"), [("America/New_York", 20), ("Asia/Shanghai", 21)])
def test_the_day_a_suspension_ends_is_that_of_her_clock(
    person, moderator, run_jobs, post, zone, day
):
    person.timezone = zone
    until = datetime(clock.now().year + 1, 3, 20, 20, tzinfo=UTC)
    suspensions.suspend(by=moderator, user_id=person.id, reason="一再谩骂他人", until=until)
    db.session.commit()
    run_jobs()
    assert f"{until.year}年3月{day}日" in text_of(post[0])


def test_a_suspension_lifted_before_the_mail_was_written_sends_none_but_the_good_news(
    person, moderator, run_jobs, post
):
    suspensions.suspend(by=moderator, user_id=person.id, reason="x")
    suspensions.lift(by=moderator, user_id=person.id, reason="看错了")
    db.session.commit()
    run_jobs()
    (mail,) = post
    assert mail["Subject"] == "您可以重新登录了"
    assert "看错了" in text_of(mail)


def test_who_is_limited_gets_a_mail_with_the_reason(make, moderator, run_jobs, post):
    person = make.user(handle="concerned")
    until = clock.now() + timedelta(days=30)
    standing.limit_until(person, until, by=moderator, reason="Too many links")
    db.session.commit()
    run_jobs()
    (mail,) = post
    assert mail["Subject"] == "What you post is read first for a while"
    assert "Too many links" in text_of(mail)
    assert "/account/moderation" in text_of(mail)


def test_nothing_is_mailed_of_what_was_not_committed(person, moderator, run_jobs, post):
    suspensions.suspend(by=moderator, user_id=person.id, reason="x")
    db.session.rollback()
    run_jobs()
    assert post == []
