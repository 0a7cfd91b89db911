"""Splitting discussions: replies become a discussion of their own, or stand in another one."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from cop.core.db import db
from cop.core.errors import Forbidden, Invalid, Moved
from cop.core.i18n import speaking
from cop.core.types import Lang
from cop.discussions import judging, rearranged, splitting, undoing
from cop.discussions.models import Discussion
from cop.discussions.splitting import Choice, Own
from cop.entries import commenting, policy, queries
from cop.entries.models import Comment, CommentStatus, Decision, NameMask
from cop.people.viewer import VISITOR
from tests.domain.discussions.test_joining import read


@pytest.fixture(autouse=True)
def _in_english():
    with speaking(Lang.EN):
        yield


@pytest.fixture
def moderator(make):
    return make.member("moderator")


@pytest.fixture
def source(make):
    return make.discussion(title="Who signs?", terms=[make.term("signing")])


def split(make, by, source, *chosen, rest=False, to=None, title="Off on its own"):
    row = splitting.split(
        by=by,
        entry_id=source.id,
        choice=Choice({one.id for one in chosen}, rest=rest),
        to=to or Own(title, make.space().key, "conversation"),
        reason="Another matter.",
    )
    db.session.expire_all()
    return row


def words(viewer, entry_id):
    class At:
        id = entry_id

    return [html for _name, html in read(viewer, At)]


def test_a_reply_with_its_answers_becomes_a_discussion_of_its_author(make, moderator, source):
    author = make.user(name="Invented Sidetrack")
    make.comment(source, "Stays")
    begins = make.comment(source, "By the way", by=author)
    one = make.comment(source, "To that", answers=begins)
    make.comment(source, "And to that", answers=one)
    row = split(make, moderator, source, begins)
    made = queries.get(VISITOR, row.target_id)
    assert policy.byline(VISITOR, made).name == "Invented Sidetrack"
    text = made.texts[0]
    assert text.title == "Off on its own"
    assert queries.current(text).sections == {"body": "By the way"}
    assert words(VISITOR, made.id) == ["<p>To that</p>", "<p>And to that</p>"]
    assert words(VISITOR, source.id) == ["<p>Stays</p>"]
    assert (made.replies, queries.get(VISITOR, source.id).replies) == (2, 1)
    # The second answer stands below the first one.
    assert db.session.get_one(Comment, one.id).thread_id == one.id
    # It is hers: she says what answers it.
    judging_viewer = make.viewer(author)
    assert policy.may(judging_viewer, policy.Act.ACCEPT, made)


def test_both_say_what_happened(make, moderator, source):
    row = split(make, moderator, source, make.comment(source), make.comment(source))
    (went,) = rearranged.happened(VISITOR, queries.get(VISITOR, source.id))
    (came,) = rearranged.happened(VISITOR, queries.get(VISITOR, row.target_id))
    assert (went.what, went.number, went.title) == ("went", 2, "Off on its own")
    assert went.href.startswith(f"/discussions/{row.target_id}-")
    assert (came.what, came.title, came.reason) == ("came", "Who signs?", "Another matter.")


def test_who_wrote_the_replies_reads_the_reason(make, moderator, source):
    author = make.user()
    split(make, moderator, source, make.comment(source, by=author))
    (told,) = db.session.scalars(select(Decision).where(Decision.user_id == author.id))
    assert told.words == "Another matter."


def test_an_answer_moves_without_what_it_answers(make, moderator, source):
    root = make.comment(source, "Root")
    answer = make.comment(source, "Answer", answers=root)
    make.comment(source, "To the answer", answers=answer)
    make.comment(source, "To the root", answers=root)
    other = make.discussion()
    split(make, moderator, source, answer, to=other.id)
    assert words(VISITOR, source.id) == ["<p>Root</p>", "<p>To the root</p>"]
    assert words(VISITOR, other.id) == ["<p>Answer</p>", "<p>To the answer</p>"]


def test_and_everything_said_after_it_comes_too(make, moderator, source):
    make.comment(source, "Before")
    begins = make.comment(source, "Begins")
    make.comment(source, "After")
    other = make.discussion()
    split(make, moderator, source, begins, rest=True, to=other.id)
    assert words(VISITOR, source.id) == ["<p>Before</p>"]
    assert words(VISITOR, other.id) == ["<p>Begins</p>", "<p>After</p>"]


def test_an_accepted_answer_that_goes_answers_no_more(make, moderator, source):
    said = make.comment(source)
    judging.accept(by=moderator, comment_id=said.id)
    split(make, moderator, source, said)
    assert db.session.get_one(Discussion, source.id).accepted_id is None
    assert db.session.get_one(Discussion, source.id).unanswered


def test_the_unnamed_asker_begins_the_new_one_unnamed(make, moderator):
    asker = make.user(name="Invented Secret")
    source = make.discussion(by=asker, name_mask=NameMask.UNNAMED)
    begins = make.comment(source, "By the way", by=asker)
    other = make.comment(source, "To that", answers=begins, by=make.user(name="Invented Other"))
    make.comment(source, "Thanks", answers=other, by=asker)
    row = split(make, moderator, source, begins)
    made = queries.get(VISITOR, row.target_id)
    assert policy.byline(VISITOR, made).name == "Unnamed practitioner"
    assert [name for name, _html in read(VISITOR, made)] == ["Invented Other", "The author"]


def test_the_unnamed_asker_stays_so_in_somebody_elses_discussion(make, moderator):
    asker = make.user(name="Invented Secret")
    source = make.discussion(by=asker, name_mask=NameMask.UNNAMED)
    begins = make.comment(source, by=make.user(name="Invented Other"))
    make.comment(source, "Thanks", answers=begins, by=asker)
    row = split(make, moderator, source, begins)
    made = queries.get(VISITOR, row.target_id)
    assert [name for name, _html in read(VISITOR, made)] == ["The author of another discussion"]
    make.comment(made, "More", by=asker)
    assert "Invented Secret" not in str(read(moderator, made))


def test_what_begins_a_new_one_must_be_read_by_others(make, moderator, source):
    held = make.comment(source, by=make.newcomer())
    with pytest.raises(Invalid, match="others can read"):
        split(make, moderator, source, held)
    with pytest.raises(Invalid, match="at least one"):
        split(make, moderator, source)
    with pytest.raises(Invalid) as lacking:
        split(make, moderator, source, make.comment(source), title=" ")
    assert lacking.value.field == "title"
    with pytest.raises(Forbidden):
        split(make, make.member(), source, make.comment(source))


def test_a_reply_of_another_discussion_is_not_moved(make, moderator, source):
    elsewhere = make.comment(make.discussion())
    with pytest.raises(Invalid, match="at least one"):
        split(make, moderator, source, elsewhere)


def test_undoing_brings_the_replies_back_and_the_new_address_leads_to_them(make, moderator, source):
    author = make.user()
    begins = make.comment(source, "By the way", by=author)
    one = make.comment(source, "To that", answers=begins)
    row = split(make, moderator, source, begins)
    made = queries.get(VISITOR, row.target_id)
    make.comment(made, "Said since", answers=db.session.get_one(Comment, one.id))
    make.comment(made, "Said by itself")
    undoing.undo(by=moderator, rearrangement_id=row.id, reason="One matter after all.")
    db.session.expire_all()
    assert words(VISITOR, source.id) == [
        "<p>By the way</p>",
        "<p>To that</p>",
        "<p>Said since</p>",
        "<p>Said by itself</p>",
    ]
    assert db.session.get_one(Comment, one.id).thread_id == begins.id
    with pytest.raises(Moved) as moved:
        queries.get(VISITOR, made.id)
    assert moved.value.entry_id == source.id
    assert queries.get(VISITOR, source.id).replies == 4


def test_what_was_edited_meanwhile_is_not_lost(make, moderator, source):
    author = make.user()
    viewer = make.viewer(author)
    begins = make.comment(source, "By the way", by=author)
    row = split(make, moderator, source, begins)
    made = queries.get(viewer, row.target_id)
    from cop.discussions.operations import facts_now
    from cop.discussions.revising import revise_discussion
    from cop.entries.draft import TextDraft

    revise_discussion(
        by=viewer,
        entry_id=made.id,
        base_id=queries.current(made.texts[0]).id,
        draft=TextDraft(made.texts[0].lang, "Off on its own", {"body": "Better said"}),
        facts=facts_now(made),
        signature=None,
    )
    undoing.undo(by=moderator, rearrangement_id=row.id, reason="One matter after all.")
    db.session.expire_all()
    comment = db.session.get_one(Comment, begins.id)
    assert (comment.status, comment.body) == (CommentStatus.PUBLISHED, "Better said")
    assert comment.number == 2


def test_what_begins_a_discussion_is_no_reply_there(make, moderator, source):
    begins = make.comment(source, "By the way")
    row = split(make, moderator, source, begins)
    assert words(moderator, row.target_id) == []
    entry, found = commenting.get_comment(VISITOR, begins.id)
    assert (entry.id, found.status) == (row.target_id, CommentStatus.OPENING)
    counted = select(func.count()).where(Comment.entry_id == source.id)
    assert db.session.scalar(counted) == 0
