"""Mails that tell at once: threaded, in the reader's language, checked again when they leave, ended by one click."""

from __future__ import annotations

import email
import re
from datetime import timedelta
from email import policy

import pytest

from cop.core import clock
from cop.core.db import db
from cop.core.types import Lang
from cop.entries import commenting, operations
from cop.entries.models import NameMask
from cop.mail.mailer import MailError, MemoryMailer, SmtpMailer
from cop.mail.models import OutgoingMail
from cop.notifications import letters
from cop.notifications.links import Link, token_of
from cop.notifications.models import Level, NoticeSettings, Watch
from cop.people import posting
from tests.contract.mail.test_mailers import AnyPort, Inbox
from tests.web.notifications.conftest import bell, notices, watch


def text_of(mail) -> str:
    return mail.get_body(("plain",)).get_content()


def html_of(mail) -> str:
    return mail.get_body(("html",)).get_content()


def link_in(mail, words: str) -> str:
    found = re.search(rf"{words}:?\s+http://localhost(\S+)", text_of(mail))
    assert found, text_of(mail)
    return found[1]


@pytest.fixture
def told(make, desk, note, run_jobs, post):
    """Return a mail about a comment on a watched note."""
    watch(desk, f"/entries/{note.id}")
    make.comment(note, "We tried **it** too.\n\nSee [this](/notes/1).", by=make.user(name="Ada"))
    run_jobs()
    mine = [mail for mail in post if mail["To"].addresses[0].username == "reader"]
    assert len(mine) == 1
    return mine[0]


def test_a_mail_says_what_was_said_and_leads_to_the_answer_box(told, desk, note):
    assert told["Subject"] == "Re: An invented title"
    assert "1 new comment, by Ada" in text_of(told)
    assert "We tried **it** too." in text_of(told)
    assert "<strong>it</strong>" in html_of(told)
    assert 'href="http://localhost/notes/1"' in html_of(told)
    assert "<img" not in html_of(told)
    box = desk.get(link_in(told, "Answer here"))
    assert box.status_code == 200
    assert "<textarea" in box.text


def test_each_mail_tells_of_its_own_comment_where_nobody_looks_at_the_site(
    make, desk, note, run_jobs, post
):
    watch(desk, f"/entries/{note.id}")
    for name in ("Ada", "Bo"):
        make.comment(note, f"Said by {name}.", by=make.user(name=name))
        run_jobs()
    first, second = (text_of(mail) for mail in post if mail["To"].addresses[0].username == "reader")
    assert "1 new comment, by Ada" in first
    assert "1 new comment, by Bo" in second
    assert "Ada" not in second
    assert "2 new comments, by Bo and Ada" in notices(desk)


def test_a_comment_that_was_read_is_not_mailed_because_a_later_one_was_not(
    make, monkeypatch, desk, note, run_jobs, time_machine
):
    watch(desk, f"/entries/{note.id}")
    away(monkeypatch)
    make.comment(note, "Read on the site.")
    run_jobs()
    desk.get(f"/notes/{note.id}", follow_redirects=True)
    make.comment(note, "Not read yet.")
    run_jobs()
    mailer = MemoryMailer("tongxing@example.org")
    monkeypatch.setattr(posting, "mailer", lambda: mailer)
    for _ in range(3):
        time_machine.move_to(clock.now() + timedelta(hours=1))
        run_jobs()
    [mail] = [one for one in mailer.sent if one["To"].addresses[0].username == "reader"]
    assert "Not read yet." in text_of(mail)


def test_a_mail_carries_what_mail_programs_need(told, note):
    assert told["List-Id"] == "<notices.localhost>"
    assert told["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert told["List-Unsubscribe"].startswith("<http://localhost/mails/")
    assert told["Content-Language"] == "en"
    assert told["References"] == told["In-Reply-To"] == f"<entry-{note.id}@localhost>"


def test_the_mails_of_one_thread_hold_together(make, desk, author, post, run_jobs):
    watch(desk, "/people/author", "everything")
    entry = make.note(by=author, title="A thread")
    run_jobs()
    watch(desk, f"/entries/{entry.id}")
    first = make.comment(entry)
    second = make.comment(entry, answers=first)
    make.comment(entry, answers=second)
    run_jobs()
    root, one, two, three = (mail for mail in post if mail["To"].addresses[0].username == "reader")
    assert root["In-Reply-To"] is None
    assert one["In-Reply-To"] == root["Message-ID"]
    assert two["In-Reply-To"] == one["Message-ID"]
    assert three["In-Reply-To"] == two["Message-ID"]
    assert three["References"].split() == [
        root["Message-ID"],
        one["Message-ID"],
        two["Message-ID"],
    ]
    assert {mail["Subject"] for mail in (one, two, three)} == {"Re: A thread"}


def test_a_chinese_mail_arrives_whole_through_a_real_server(make, app, monkeypatch, note, run_jobs):
    inbox = Inbox()
    server = AnyPort(inbox, hostname="127.0.0.1", port=0)
    server.start()
    try:
        mailer = SmtpMailer("127.0.0.1", server.port, "同行 Tongxing <tongxing@example.org>")
        monkeypatch.setattr(posting, "mailer", lambda: mailer)
        reader = make.user(name="虚构的读者", lang=Lang.ZH)
        entry = make.note(title="一次虚构的居民会议", lang=Lang.ZH)
        desk = make.signed_in(app.test_client(), reader)
        watch(desk, f"/entries/{entry.id}")
        make.comment(entry, "我们也试过。", lang=Lang.ZH, by=make.user(name="虚构的同行"))
        run_jobs()
    finally:
        server.stop()
    [mail] = [one for one in inbox.mails if "虚构的读者" in str(one["To"])]
    assert mail["Subject"] == "Re: 一次虚构的居民会议"
    assert "我们也试过。" in text_of(mail)
    assert "虚构的同行" in text_of(mail)
    assert '<html lang="zh-Hans">' in html_of(mail)
    assert mail["Content-Language"] == "zh-Hans"
    assert isinstance(mail, email.message.EmailMessage)
    assert policy.default is not None


def test_an_address_in_a_mail_does_not_end_at_a_chinese_character(app, client, note):
    with app.app_context():
        short = letters.url(f"/notes/{note.id}-一次虚构的会议")
    assert short == f"http://localhost/notes/{note.id}"
    assert client.get(f"/notes/{note.id}", follow_redirects=True).status_code == 200


def test_the_outbox_holds_no_words_of_a_mail_that_waits(make, desk, note, app):
    from cop.jobs.worker import Worker
    from cop.notifications.telling import TELL_JOB, tell

    watch(desk, f"/entries/{note.id}")
    make.comment(note, "Qwyzz said")
    db.session.commit()
    from cop.jobs.models import Job

    for job in db.session.query(Job).filter_by(name=TELL_JOB).all():
        tell([job.payload])
    db.session.commit()
    rows = db.session.query(OutgoingMail).all()
    assert rows
    assert all(row.to == row.subject == row.text == "" for row in rows)
    assert Worker is not None


def away(monkeypatch):
    """Let the mail server be away, and return what it is asked to send."""

    class Away:
        sender = "tongxing@example.org"

        def send(self, message, *, message_id=None):
            raise MailError("421 come back later")

    monkeypatch.setattr(posting, "mailer", Away)


@pytest.mark.parametrize(
    "change",
    ["hidden", "removed", "muted", "ended", "never", "daily", "seen", "suspended"],
)
def test_a_mail_that_waited_is_not_sent_where_it_may_not_or_need_not_be_any_more(
    make, monkeypatch, time_machine, desk, reader, note, run_jobs, change
):
    watch(desk, f"/entries/{note.id}")
    said = make.comment(note, by=make.user(handle="writer"))
    away(monkeypatch)
    run_jobs()
    moderator = make.member("moderator")
    match change:
        case "hidden":
            operations.hide(by=moderator, entry_id=note.id, reason="Why")
        case "removed":
            commenting.remove_comment(by=moderator, comment_id=said.id, reason="Why")
        case "muted":
            watch(desk, f"/entries/{note.id}", "mute")
        case "ended":
            watch(desk, f"/entries/{note.id}", "none")
        case "never" | "daily":
            desk.post("/account/watching", data={"mail": change, "own": "y"})
        case "seen":
            desk.get(f"/entries/{note.id}", follow_redirects=True)
        case "suspended":
            from cop.people.suspensions import suspend

            suspend(by=make.member("admin"), user_id=reader.id, reason="Why")
    mailer = []

    class Back:
        sender = "tongxing@example.org"

        def send(self, message, *, message_id=None):
            mailer.append((message.to, message.text))

    monkeypatch.setattr(posting, "mailer", Back)
    time_machine.move_to(clock.now() + timedelta(hours=1))
    run_jobs()
    # Whoever is suspended is told that, and nothing else.
    assert not [text for to, text in mailer if to == "reader@example.org" and said.body in text]


def test_a_mail_that_could_not_leave_is_sent_once_later_as_things_are_then(
    make, monkeypatch, time_machine, desk, note, run_jobs
):
    watch(desk, f"/entries/{note.id}")
    writer = make.user(name="Ada")
    said = make.comment(note, "As it was", by=writer)
    away(monkeypatch)
    run_jobs()
    commenting.edit_comment(
        by=make.viewer(writer),
        comment_id=said.id,
        base=1,
        draft=commenting.CommentDraft(Lang.EN, "As it is"),
    )
    sent = []

    class Back:
        sender = "tongxing@example.org"

        def send(self, message, *, message_id=None):
            sent.append((message.to, message.text, message_id))

    monkeypatch.setattr(posting, "mailer", Back)
    for _ in range(3):
        time_machine.move_to(clock.now() + timedelta(hours=1))
        run_jobs()
    [(_, text, message_id)] = [one for one in sent if one[0] == "reader@example.org"]
    assert "As it is" in text
    assert "As it was" not in text
    assert message_id == f"<comment-{said.id}@localhost>"


def test_one_click_ends_the_mails_and_a_look_does_not(
    told, client, desk, make, note, run_jobs, post
):
    path = told["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
    asked = client.get(path)
    assert asked.status_code == 200
    assert "csrf_token" not in asked.text
    make.comment(note)
    run_jobs()
    before = len([mail for mail in post if mail["To"].addresses[0].username == "reader"])
    assert before == 2
    done = client.post(path, data={"List-Unsubscribe": "One-Click"})
    assert done.status_code == 200
    make.comment(note)
    run_jobs()
    assert len([mail for mail in post if mail["To"].addresses[0].username == "reader"]) == 2
    assert "3 new comments" in notices(desk)
    client.post(path, data={"act": "undo", "was": "now"})
    make.comment(note)
    run_jobs()
    assert len([mail for mail in post if mail["To"].addresses[0].username == "reader"]) == 3


def test_a_thread_is_muted_from_the_mail_without_signing_in(
    told, client, desk, make, note, run_jobs, post
):
    path = link_in(told, "Hear no more of this")
    assert client.get(path).status_code == 200
    assert db.session.query(Watch).one().level == Level.EVERYTHING
    assert client.post(path).status_code == 200
    assert db.session.query(Watch).one().level == Level.MUTE
    desk.get(f"/entries/{note.id}", follow_redirects=True)
    make.comment(note)
    run_jobs()
    assert bell(desk) == ""
    client.post(path, data={"act": "undo"})
    assert db.session.query(Watch).one().level == Level.EVERYTHING


def test_the_link_of_a_mail_opens_in_the_language_of_the_mail(make, app):
    reader = make.user(lang=Lang.ZH)
    db.session.commit()
    with app.app_context():
        link = f"/mails/{token_of(Link(reader.id))}"
    browser = app.test_client()
    page = browser.get(link, headers={"Accept-Language": "en"}).text
    assert '<html lang="zh-Hans">' in page
    assert "Do you want to get no more mails" in browser.get(f"{link}?lang=en").text


def test_a_made_up_or_foreign_link_does_nothing(told, client):
    path = told["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
    for wrong in (
        path[:-1] + "A" * (path[-1] != "A"),
        path + "x",
        "/mails/x",
        "/mails/" + "x" * 999,
    ):
        if wrong != path:
            assert client.post(wrong).status_code == 404
    assert client.get("/mails/W10.x").status_code == 404


def test_a_mail_about_an_unnamed_note_does_not_name_its_author(make, desk, author, run_jobs, post):
    entry = make.note(by=author, name_mask=NameMask.UNNAMED, title="Unnamed")
    watch(desk, f"/entries/{entry.id}")
    make.comment(entry, "By herself", by=author)
    run_jobs()
    [mail] = [mail for mail in post if mail["To"].addresses[0].username == "reader"]
    assert "by The author" in text_of(mail)
    assert "Invented Author" not in mail.as_string() + text_of(mail) + html_of(mail)


def test_a_moderators_reason_arrives_by_mail(make, author, note, run_jobs, post):
    operations.hide(by=make.member("moderator"), entry_id=note.id, reason="An invented reason")
    run_jobs()
    [mail] = post
    assert mail["To"].addresses[0].username == "author"
    assert "A moderator has hidden this. Reason: An invented reason" in text_of(mail)
    assert "Hear no more" not in text_of(mail)


def test_no_mail_leaves_before_what_it_tells_is_committed(make, desk, note, run_jobs, post):
    watch(desk, f"/entries/{note.id}")
    make.comment(note)
    db.session.rollback()
    run_jobs()
    assert post == []


def test_a_person_who_left_is_forgotten(make, desk, reader, note, run_jobs):
    from cop.events.record import record
    from cop.people.events import AccountClosed

    watch(desk, f"/entries/{note.id}")
    record(AccountClosed(user_id=reader.id), actor_id=reader.id)
    run_jobs()
    assert db.session.query(Watch).count() == 0


def test_undo_lets_mails_come_again_also_where_they_were_ended_twice(told, client, reader):
    path = told["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
    client.post(path, data={"List-Unsubscribe": "One-Click"})
    page = client.post(path).text
    was = re.search(r'name="was" value="(\w*)"', page)
    assert was
    assert was[1] == "never"
    client.post(path, data={"act": "undo", "was": was[1]})
    assert db.session.query(NoticeSettings.mail).scalar() == "now"
