"""Being told that one is mentioned: once, only what one may read, and by what is newly said."""

from __future__ import annotations

from typing import Any

import pytest

from cop.core.db import db
from cop.core.types import Lang
from cop.entries import commenting, holding, operations
from cop.entries.commenting import CommentDraft
from cop.notifications.models import Notice
from tests.web.entries.conftest import edited
from tests.web.notifications.conftest import bell, notices, watch
from tests.web.notifications.test_mails import text_of


def name(user: Any) -> str:
    return f"@[{user.name}](person:{user.id})"


def edit(by: Any, comment: Any, body: str) -> None:
    commenting.edit_comment(
        by=by, comment_id=comment.id, base=comment.number, draft=CommentDraft(Lang.EN, body)
    )
    db.session.commit()


def test_who_is_mentioned_in_a_comment_is_told_and_mailed_once(
    make, desk, reader, note, run_jobs, post
):
    said = make.comment(note, f"Ask {name(reader)}!", by=make.user(name="Invented Colleague"))
    run_jobs()
    page = notices(desk)
    assert page.count("<article") == 1
    assert "A comment by Invented Colleague mentions you." in page
    assert "Ask @Invented Reader!" in page
    assert "Whoever is mentioned is told so." in page
    assert f'href="/comments/{said.id}"' in page
    assert bell(desk) == "1"
    (mail,) = [one for one in post if "reader@" in one["To"]]
    assert mail["Subject"] == "Re: An invented title"
    assert "Ask @Invented Reader!" in text_of(mail)
    assert f"person:{reader.id}" not in mail.as_string()


def test_who_watches_too_has_one_line_of_it_and_its_mail_answers(
    make, desk, reader, note, run_jobs, post
):
    watch(desk, f"/entries/{note.id}")
    writer = make.user(name="Invented Colleague")
    make.comment(note, "Without her", by=writer)
    make.comment(note, name(reader), by=writer)
    run_jobs()
    page = notices(desk)
    assert page.count("<article") == 2
    assert "1 new comment, by Invented Colleague" in page
    assert len([one for one in post if "reader@" in one["To"]]) == 2


def test_an_answer_that_mentions_whom_it_answers_is_an_answer(make, desk, reader, note, run_jobs):
    mine = make.comment(note, "A question", by=reader)
    make.comment(note, f"{name(reader)} yes", answers=mine, by=make.user(name="Invented Colleague"))
    run_jobs()
    page = notices(desk)
    assert page.count("<article") == 1
    assert "1 answer to you" in page


def test_an_edit_tells_only_whom_it_newly_mentions(make, desk, reader, note, run_jobs, post):
    writer = make.member(name="Invented Colleague")
    other = make.user()
    said = make.comment(note, name(other), by=writer)
    run_jobs()
    before = len(post)
    edit(writer, said, f"{name(other)} and {name(reader)}")
    run_jobs()
    assert "mentions you" in notices(desk)
    assert [one["To"] for one in post[before:]] == [
        one["To"] for one in post[before:] if "reader@" in one["To"]
    ]
    assert len(post) == before + 1
    edit(writer, said, f"{name(other)} and {name(reader)}, again")
    run_jobs()
    assert len(post) == before + 1


def test_a_mention_taken_out_before_it_was_told_is_told_to_nobody(
    make, desk, reader, note, run_jobs, post
):
    writer = make.member()
    said = make.comment(note, name(reader), by=writer)
    edit(writer, said, "Nobody after all")
    run_jobs()
    assert "mentions you" not in notices(desk)
    assert not [one for one in post if "reader@" in one["To"]]


def test_a_mention_taken_out_later_is_no_line_any_more(make, desk, reader, note, run_jobs):
    writer = make.member()
    said = make.comment(note, name(reader), by=writer)
    run_jobs()
    assert bell(desk) == "1"
    edit(writer, said, "Nobody after all")
    run_jobs()
    assert bell(desk) == ""


def test_a_quotation_tells_nobody(make, desk, reader, note, run_jobs):
    make.comment(note, f"> {name(reader)} said\n\nIndeed.")
    run_jobs()
    assert bell(desk) == ""


def test_what_waits_tells_once_it_is_let_through(make, desk, reader, note, run_jobs):
    held = make.comment(note, name(reader), by=make.newcomer(name="Invented Newcomer"))
    run_jobs()
    assert bell(desk) == ""
    holding.approve_comment(by=make.member("moderator"), comment_id=held.id, reason="Fine")
    db.session.commit()
    run_jobs()
    assert "A comment by Invented Newcomer mentions you." in notices(desk)


def test_who_may_not_read_it_when_it_is_sent_hears_nothing(
    make, desk, reader, note, run_jobs, post
):
    make.comment(note, name(reader))
    operations.hide(by=make.member("moderator"), entry_id=note.id, reason="Invented")
    db.session.commit()
    run_jobs()
    assert bell(desk) == ""
    assert not [one for one in post if "reader@" in one["To"]]


def test_a_note_and_its_later_edit_tell_whom_they_mention(
    make, desk, author, reader, run_jobs, post
):
    note = make.note(by=author, title="With her", what_happened=f"With {name(reader)}.")
    plain = make.note(by=author, title="Without her")
    db.session.commit()
    run_jobs()
    page = notices(desk)
    assert "With her" in page
    assert "You are mentioned in this." in page
    edited(make, author, plain, what_happened=f"With {name(reader)}.")
    edited(make, author, note, what_happened=f"Still with {name(reader)}.")
    run_jobs()
    assert notices(desk).count("You are mentioned in this.") == 2
    hers = [one for one in post if "reader@" in one["To"]]
    assert [one["Subject"] for one in hers] == ["With her", "Without her"]


def test_the_author_of_an_unnamed_note_is_told_and_nobody_learns_who_she_is(
    make, app, author, desk, run_jobs, post
):
    note = make.note(by=author, name_mask="unnamed", visibility="members", title="Unnamed")
    db.session.commit()
    desk.post(f"/entries/{note.id}/comments/", data={"act": "post", "body": "@[x](author) why?"})
    run_jobs()
    hers = make.signed_in(app.test_client(), author)
    page = notices(hers)
    assert "A comment by Invented Reader mentions you." in page
    assert "@the author why?" in page
    assert "Invented Author" not in page
    (mail,) = [one for one in post if "author@" in one["To"]]
    assert "@the author why?" in text_of(mail)
    assert "Invented Author" not in text_of(mail)


@pytest.mark.parametrize(("level", "told"), [("mentions", 2), ("mute", 0), ("everything", 3)])
def test_the_level_of_the_watch_decides(make, desk, reader, note, run_jobs, level, told):
    writer = make.user(name="Invented Colleague")
    watch(desk, f"/entries/{note.id}", level)
    mine = make.comment(note, "Mine", by=reader)
    make.comment(note, "Nothing to her", by=writer)
    make.comment(note, name(reader), by=writer)
    make.comment(note, "To her", answers=mine, by=writer)
    run_jobs()
    assert notices(desk).count("<article") == told


def test_a_level_chosen_after_the_event_holds_for_its_mail(
    make, desk, reader, note, run_jobs, post
):
    watch(desk, f"/entries/{note.id}")
    make.comment(note, "Nothing to her")
    make.comment(note, name(reader))
    watch(desk, f"/entries/{note.id}", "mentions")
    run_jobs()
    assert len([one for one in post if "reader@" in one["To"]]) == 1


def test_who_left_is_told_nothing_and_nobody_of_herself(make, desk, reader, note, run_jobs):
    make.comment(note, name(reader), by=reader)
    gone = make.user(name="Gone")
    make.comment(note, name(gone))
    gone.status = "suspended"
    db.session.commit()
    run_jobs()
    assert "mentions you" not in notices(desk)
    assert not db.session.query(Notice).filter_by(user_id=gone.id).count()


def test_a_told_event_is_told_once_however_often_the_job_runs(
    make, desk, reader, note, run_jobs, post
):
    from cop.events.models import Event
    from cop.notifications.telling import tell

    make.comment(note, name(reader))
    run_jobs()
    event = db.session.query(Event).filter_by(verb="CommentPosted").one()
    tell([{"event_id": event.id}, {"event_id": event.id}])
    db.session.commit()
    run_jobs()
    assert notices(desk).count("<article") == 1
    assert len([one for one in post if "reader@" in one["To"]]) == 1


def test_a_circle_that_is_mentioned_is_told_as_far_as_it_may_read(
    make, desk, reader, note, run_jobs
):
    host, outside = make.user(name="Invented Host"), make.user()
    circle = make.circle(by=host, members=[reader])
    db.session.commit()
    make.comment(note, f"@[x](circle:{circle.id}) look", by=make.viewer(host))
    run_jobs()
    assert "A comment by Invented Host mentions you." in notices(desk)
    assert not db.session.query(Notice).filter_by(user_id=outside.id).count()
