"""Being told of discussions: spaces that are watched, answers that were accepted, questions one may know."""

from __future__ import annotations

from datetime import timedelta

import pytest

from cop.core import clock
from cop.core.db import db
from cop.discussions import judging
from cop.entries import operations
from cop.entries.models import NameMask
from cop.notifications import asking
from cop.notifications.models import Notice
from tests.web.notifications.conftest import bell, notices, watch
from tests.web.notifications.test_mails import text_of


@pytest.fixture
def space(make):
    made = make.space("working-together")
    db.session.commit()
    return made


@pytest.fixture
def question(make, author, space):
    made = make.discussion(by=author, title="Who signs when nobody will?", space=space)
    db.session.commit()
    return made


def accept(make, entry, said, by):
    judging.accept(by=make.viewer(by), comment_id=said.id)
    db.session.commit()


def to(post, handle):
    return [mail for mail in post if mail["To"].addresses[0].username == handle]


def test_who_watches_a_space_hears_of_its_new_discussions_and_of_no_others(
    make, desk, space, run_jobs, post
):
    watch(desk, f"/spaces/{space.id}", "new")
    run_jobs()
    made = make.discussion(title="Asked in the space", space=space)
    make.discussion(title="Asked elsewhere")
    run_jobs()
    make.comment(made, "A reply nobody asked to hear of")
    run_jobs()
    page = notices(desk)
    assert "Asked in the space" in page
    assert "Asked elsewhere" not in page
    assert "A reply nobody" not in page
    assert "You watch the space “Working together”." in page
    assert f"/spaces/{space.id}/watch" in page
    (mail,) = to(post, "reader")
    assert "You watch the space “Working together”." in text_of(mail)


def test_everything_of_a_space_is_its_replies_too(make, desk, space, question, run_jobs):
    run_jobs()
    watch(desk, f"/spaces/{space.id}", "everything")
    make.comment(question, "We let the oldest sign.")
    run_jobs()
    assert "We let the oldest sign." in notices(desk)


def test_a_space_stands_in_the_list_of_everything_watched_and_is_changed_there(
    make, desk, space, run_jobs
):
    page = desk.get(f"/spaces/{space.id}", follow_redirects=True).text
    assert f'action="/spaces/{space.id}/watch"' in page
    watch(desk, f"/spaces/{space.id}", "new")
    assert "You watch this" in desk.get(f"/spaces/{space.id}", follow_redirects=True).text
    listed = desk.get("/account/watching").text
    assert "Working together" in listed
    watch(desk, f"/spaces/{space.id}", "mute")
    make.discussion(title="Asked in the space", space=space)
    run_jobs()
    assert "Nothing yet" in notices(desk)
    assert desk.post("/spaces/999/watch", data={"level": "new"}).status_code == 404


def test_who_answered_and_who_watches_hear_that_the_answer_was_accepted(
    make, desk, reader, author, question, app, run_jobs, post
):
    helper = make.user(name="Invented Helper")
    said = make.comment(question, "We let the oldest sign.", by=helper)
    watch(desk, f"/entries/{question.id}")
    run_jobs()
    post.clear()
    desk.get(f"/discussions/{question.id}", follow_redirects=True)
    accept(make, question, said, author)
    run_jobs()
    page = notices(desk)
    assert "A reply by Invented Helper is the accepted answer." in page
    assert f'href="/comments/{said.id}"' in page
    assert bell(desk) == "1"
    helpers_desk = make.signed_in(app.test_client(), helper)
    assert "Your reply is the accepted answer." in notices(helpers_desk)
    assert {mail["To"].addresses[0].addr_spec for mail in post} == {helper.email, reader.email}
    for mail in post:
        assert f"<comment-{said.id}@" in mail["In-Reply-To"]
        assert "We let the oldest sign." in text_of(mail)


def test_an_answer_accepted_and_taken_back_and_accepted_is_told_once(
    make, author, question, app, run_jobs, post
):
    helper = make.user(name="Invented Helper")
    said = make.comment(question, by=helper)
    helpers_desk = make.signed_in(app.test_client(), helper)
    run_jobs()
    post.clear()
    accept(make, question, said, author)
    run_jobs()
    judging.unaccept(by=make.viewer(author), comment_id=said.id)
    run_jobs()
    assert "accepted answer" not in notices(helpers_desk)
    accept(make, question, said, author)
    run_jobs()
    assert "Your reply is the accepted answer." in notices(helpers_desk)
    assert len(post) == 1


def test_an_accepted_reply_of_an_unnamed_asker_names_nobody(make, desk, author, run_jobs, post):
    made = make.discussion(by=author, title="Asked unnamed", name_mask=NameMask.UNNAMED)
    said = make.comment(made, "I found it out myself.", by=author)
    watch(desk, f"/entries/{made.id}")
    run_jobs()
    moderator = make.user(grants=["moderator"])
    accept(make, made, said, moderator)
    run_jobs()
    assert "A reply by The author is the accepted answer." in notices(desk)
    told = to(post, "reader")
    assert told
    assert all("Invented Author" not in mail.as_string() for mail in told)


def test_a_question_reaches_who_wrote_notes_on_the_same_term_with_the_way_to_answer(
    make, desk, reader, author, run_jobs, post
):
    term = make.term("savings-groups", name="Savings groups")
    make.note(by=reader, strategies=[term])
    run_jobs()
    made = make.discussion(by=author, title="How large is a savings group?", terms=[term])
    make.discussion(by=author, title="Something else altogether", terms=[make.term()])
    run_jobs()
    page = notices(desk)
    assert "How large is a savings group?" in page
    assert "Something else" not in page
    assert "It is a question on “Savings groups”, which case notes of yours are about." in page
    assert len(post) == 1
    assert f"/entries/{made.id}/comments/new" in text_of(post[0])
    listed = desk.get("/discussions/?show=known").text.partition("<main")[2]
    assert "How large is a savings group?" in listed
    assert "Something else" not in listed
    make.comment(made, by=make.user())
    assert "How large" not in desk.get("/discussions/?show=known").text.partition("<main")[2]


def test_a_conversation_and_ones_own_question_are_brought_to_nobody(make, desk, reader, run_jobs):
    term = make.term("savings-groups")
    make.note(by=reader, strategies=[term])
    make.discussion(title="Let us talk", terms=[term], form="conversation")
    make.discussion(by=reader, title="I ask myself", terms=[term])
    run_jobs()
    assert "Nothing yet" in notices(desk)
    assert "I ask myself" not in desk.get("/discussions/?show=known").text.partition("<main")[2]


def test_nobody_is_asked_more_than_three_times_a_week(make, desk, reader, run_jobs, monkeypatch):
    term = make.term("savings-groups")
    make.note(by=reader, strategies=[term])
    for number in range(asking.OFTEN + 1):
        make.discussion(title=f"Question {number}", terms=[term])
        run_jobs()
    assert db.session.query(Notice).filter_by(user_id=reader.id).count() == asking.OFTEN
    later = clock.now() + asking.WHILE + timedelta(minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    make.discussion(title="A week later", terms=[term])
    run_jobs()
    assert "A week later" in notices(desk)


def test_who_does_not_want_to_be_asked_is_not(make, desk, reader, run_jobs):
    term = make.term("savings-groups")
    make.note(by=reader, strategies=[term])
    assert "three times a week at most" in desk.get("/account/watching").text
    assert desk.post("/account/watching", data={"mail": "now", "own": "y"}).status_code == 303
    make.discussion(title="How large?", terms=[term])
    run_jobs()
    assert "Nothing yet" in notices(desk)


def test_a_withdrawn_note_brings_no_questions(make, desk, reader, run_jobs):
    term = make.term("savings-groups")
    note = make.note(by=reader, strategies=[term])
    operations.withdraw(by=make.viewer(reader), entry_id=note.id)
    make.discussion(title="How large?", terms=[term])
    run_jobs()
    assert "Nothing yet" in notices(desk)


def test_the_list_of_what_one_could_answer_is_for_members(client):
    page = client.get("/discussions/?show=known&lang=en", follow_redirects=True).text
    assert "You could answer" not in page
