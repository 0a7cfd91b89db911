"""Replies to discussions: what counts as unanswered, the accepted answer, and what moderators arrange."""

from __future__ import annotations

import pytest

from cop.core.db import db
from cop.discussions.models import Discussion
from cop.entries import commenting
from cop.events.models import Event
from cop.people.viewer import Grant


def facts(question) -> Discussion:
    return db.session.get_one(Discussion, question.id)


def shown(reader, question, query=""):
    return reader.get(f"/discussions/{question.id}{query}", follow_redirects=True).text


def unanswered(reader) -> str:
    return reader.get("/discussions/?show=unanswered").text


def test_a_question_is_unanswered_until_somebody_else_replies(make, visitor, question, asker):
    title = "Who signs when nobody will?"
    assert title in unanswered(visitor)
    make.comment(question, "More about it", by=asker)
    assert title in unanswered(visitor)
    author = make.member()
    reply = make.comment(question, by=author)
    assert title not in unanswered(visitor)
    commenting.delete_comment(by=author, comment_id=reply.id)
    assert title in unanswered(visitor)


def test_a_conversation_is_never_unanswered(make, visitor, space):
    talk = make.discussion(title="Just talking", form="conversation", space=space)
    assert not facts(talk).unanswered
    assert "Just talking" not in unanswered(visitor)


def test_the_asker_accepts_an_answer_and_takes_it_back(make, desk, visitor, question):
    make.comment(question, "Not this")
    reply = make.comment(question, "A letter helps")
    assert "This answers it" in shown(desk, question)
    assert "This answers it" not in shown(visitor, question)
    path = f"/comments/{reply.id}/acceptance"
    assert desk.post(path).status_code == 303
    page = shown(visitor, question)
    assert page.count("A letter helps") == 2
    assert page.index("A letter helps") < page.index("Not this")
    assert "Answered" in page
    assert "Answered" in visitor.get("/discussions/").text
    desk.post(path, data={"wanted": "no"})
    page = shown(visitor, question)
    assert "Accepted answer" not in page
    assert page.count("A letter helps") == 1


def test_another_answer_takes_the_place_of_the_first(make, desk, question):
    first, second = make.comment(question), make.comment(question)
    for reply in (first, second):
        desk.post(f"/comments/{reply.id}/acceptance")
    assert facts(question).accepted_id == second.id


def test_others_cannot_accept_and_moderators_can(
    make, members_desk, moderators_desk, visitor, question
):
    reply = make.comment(question)
    path = f"/comments/{reply.id}/acceptance"
    assert members_desk.post(path).status_code == 403
    assert visitor.post(path).status_code == 401
    assert facts(question).accepted_id is None
    assert moderators_desk.post(path).status_code == 303
    assert facts(question).accepted_id == reply.id


def test_an_accepted_answer_that_is_taken_away_answers_nothing(make, desk, visitor, question):
    author = make.member()
    reply = make.comment(question, "Soon gone", by=author)
    desk.post(f"/comments/{reply.id}/acceptance")
    commenting.remove_comment(
        by=make.member(Grant.MODERATOR), comment_id=reply.id, reason="It names somebody"
    )
    assert facts(question).accepted_id is None
    assert "Soon gone" not in shown(visitor, question)
    desk.post(f"/comments/{reply.id}/acceptance")
    assert facts(question).accepted_id is None


def test_only_replies_to_questions_are_accepted(make, desk, asker, space):
    talk = make.discussion(by=asker, form="conversation", space=space)
    reply = make.comment(talk)
    assert "This answers it" not in shown(desk, talk)
    desk.post(f"/comments/{reply.id}/acceptance")
    assert facts(talk).accepted_id is None
    on_note = make.comment(make.note(by=asker))
    assert desk.post(f"/comments/{on_note.id}/acceptance").status_code == 404


def test_a_pin_puts_it_above_the_others_of_its_space(
    make, moderators_desk, visitor, space, question
):
    make.discussion(title="A newer one", space=space)
    path = f"/spaces/{space.id}-working-together"
    page = visitor.get(path).text
    assert page.index("A newer one") < page.index("Who signs")
    moderators_desk.post(f"/discussions/{question.id}/pin")
    page = visitor.get(path).text
    assert page.index("Who signs") < page.index("A newer one")
    assert page.count("Who signs") == 1
    moderators_desk.post(f"/discussions/{question.id}/pin", data={"wanted": "no"})
    assert facts(question).pinned is False


def test_moving_needs_a_reason_that_its_author_reads(
    make, desk, members_desk, moderators_desk, visitor, space, question
):
    other = make.space("other-things")
    path = f"/discussions/{question.id}/move"
    for fields in ({"space": other.key}, {"space": space.key, "reason": "Why"}, {"reason": "Why"}):
        assert moderators_desk.post(path, data=fields).status_code == 422
    fields = {"space": other.key, "reason": "It is about other things"}
    assert moderators_desk.post(path, data=fields).status_code == 303
    assert "Who signs" in visitor.get(f"/spaces/{other.id}", follow_redirects=True).text
    assert "Who signs" not in visitor.get(f"/spaces/{space.id}", follow_redirects=True).text
    assert "It is about other things" in shown(desk, question)
    assert "It is about other things" not in shown(visitor, question)
    event = db.session.query(Event).filter_by(verb="DiscussionMoved").one()
    assert event.data["reason"] == "It is about other things"
    assert "Other things" in shown(members_desk, question)


@pytest.mark.parametrize("act", ["pin", "move"])
def test_only_moderators_arrange(act, desk, members_desk, visitor, question):
    path = f"/discussions/{question.id}/{act}"
    for reader, status in ((desk, 403), (members_desk, 403), (visitor, 401)):
        assert reader.post(path, data={"space": "x", "reason": "x"}).status_code == status


def test_a_reply_brings_a_discussion_to_the_top(make, visitor, space, question):
    make.discussion(title="A newer one", space=space)
    for path in ("/discussions/", f"/spaces/{space.id}-working-together"):
        page = visitor.get(path).text
        assert page.index("A newer one") < page.index("Who signs"), path
    make.comment(question)
    for path in ("/discussions/", f"/spaces/{space.id}-working-together"):
        page = visitor.get(path).text
        assert page.index("Who signs") < page.index("A newer one"), path


def test_what_lists_go_by_follows_the_entry(make, desk, moderators_desk, question):
    acts = [
        (desk, f"/entries/{question.id}/withdrawal", {}),
        (desk, f"/entries/{question.id}/return", {}),
        (moderators_desk, f"/entries/{question.id}/hiding", {"reason": "Why"}),
        (moderators_desk, f"/entries/{question.id}/unhiding", {"reason": "Why"}),
        (moderators_desk, f"/entries/{question.id}/locking", {"reason": "Why"}),
    ]
    for reader, path, fields in acts:
        assert reader.post(path, data=fields).status_code == 303, path
        row = facts(question)
        assert (row.audience, row.active_at) == (question.audience, question.active_at), path


def test_pages_of_a_list_hold_every_discussion_once(make, visitor, space):
    import re

    for number in range(45):
        make.discussion(title=f"Number {number:02}", space=space)
    for start in ("/discussions/", f"/spaces/{space.id}-working-together"):
        seen: list[str] = []
        url = start
        while url:
            page = visitor.get(url).text
            seen += re.findall(r">(Number \d\d)<", page)
            older = re.search(r'rel="next" href="([^"]*)"', page)
            url = older.group(1).replace("&amp;", "&") if older else ""
        assert seen == [f"Number {number:02}" for number in range(44, -1, -1)], start


def test_a_list_counts_only_what_its_reader_may_open(make, visitor, members_desk, space):
    make.discussion(space=space)
    make.discussion(space=space, visibility="members")
    assert '<span class="sm muted">1</span>' in visitor.get("/discussions/").text
    assert '<span class="sm muted">2</span>' in members_desk.get("/discussions/").text
