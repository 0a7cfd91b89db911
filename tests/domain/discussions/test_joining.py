"""Joining discussions: what stands where afterwards, under which names, and how it is made undone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Forbidden, Gone, Invalid, Moved, NotFound
from cop.core.i18n import speaking
from cop.core.types import Lang
from cop.discussions import joining, judging, rearranged, undoing
from cop.discussions.models import Discussion
from cop.discussions.operations import facts_now
from cop.entries import commenting, holding, operations, policy, queries, thread
from cop.entries.draft import Signature
from cop.entries.models import Case, Comment, CommentStatus, Entry, NameMask, Status, Visibility
from cop.people.viewer import VISITOR


@pytest.fixture(autouse=True)
def _in_english():
    with speaking(Lang.EN):
        yield


@pytest.fixture
def moderator(make):
    return make.member("moderator")


@pytest.fixture
def first(make):
    return make.discussion(title="Who signs?", terms=[make.term("signing")])


@pytest.fixture
def second(make):
    return make.discussion(title="Who may sign?", terms=[make.term("contracts")])


def join(by, source, target, reason="They ask the same."):
    row = joining.merge(by=by, entry_id=source.id, into_id=target.id, reason=reason)
    db.session.flush()
    return row


def read(viewer, entry):
    """Return what a page of a discussion says: (name, words), by threads."""
    entry = queries.get(viewer, entry.id)
    return [
        (said.byline.name if said.byline else "", said.html.strip())
        for one in thread.talk(viewer, entry).threads
        for said in (*filter(None, [one.root]), *one.below)
    ]


def test_replies_of_both_stand_by_time_with_what_answers_them(make, moderator, first, second):
    ada = make.comment(first, "One")
    make.comment(second, "Two")
    make.comment(first, "Three, to One", answers=ada)
    make.comment(first, "Four")
    row = join(moderator, first, second)
    words = [html for _name, html in read(VISITOR, second)]
    assert [one[3:-4] for one in words] == ["One", "Three, to One", "Two", "Four"]
    assert row.number == 3
    target = queries.get(VISITOR, second.id)
    assert target.replies == 4
    assert queries.get(moderator, first.id).replies == 0


def test_the_old_address_leads_to_the_new_one_and_the_old_is_in_no_list(
    make, moderator, first, second
):
    join(moderator, first, second)
    with pytest.raises(Moved) as moved:
        queries.get(VISITOR, first.id)
    assert moved.value.entry_id == second.id
    assert not list(db.session.scalars(queries.recent(VISITOR).where(Entry.id == first.id)))
    assert db.session.get_one(Discussion, first.id).audience == policy.MODERATORS


def test_what_joined_leads_nowhere_further_than_its_reader_may_go(make, moderator, first, second):
    join(moderator, first, second)
    operations.hide(by=moderator, entry_id=second.id, reason="Unsafe")
    with pytest.raises(Gone):
        queries.get(VISITOR, first.id)


def test_the_opening_is_read_below_with_its_own_name(make, moderator, first, second):
    join(moderator, first, second)
    entry = queries.get(VISITOR, second.id)
    lines = rearranged.happened(VISITOR, entry)
    (opening,) = rearranged.openings(VISITOR, entry, lines)
    assert (opening.title, opening.byline.name) == (
        "Who signs?",
        policy.byline(VISITOR, queries.get(moderator, first.id)).name,
    )
    (line,) = lines
    assert (line.what, line.title, line.reason) == ("joined", "Who signs?", "They ask the same.")
    assert not line.may_undo


def test_its_author_can_still_take_the_opening_back(make, moderator, second):
    author = make.user()
    first = make.discussion(by=author, title="Who signs?")
    join(moderator, first, second)
    operations.withdraw(by=make.viewer(author), entry_id=first.id)
    entry = queries.get(VISITOR, second.id)
    assert not rearranged.openings(VISITOR, entry, rearranged.happened(VISITOR, entry))
    assert "Who signs?" not in str(rearranged.happened(VISITOR, entry))
    with pytest.raises(Moved):
        queries.get(VISITOR, first.id)
    operations.give_back(by=make.viewer(author), entry_id=first.id)
    assert queries.get(moderator, first.id).status == Status.MERGED


def test_an_opening_meant_for_members_is_not_read_by_visitors(make, moderator, second):
    author = make.user()
    first = make.discussion(by=author, title="Who signs?")
    join(moderator, first, second)
    operations.sign(
        by=make.viewer(author),
        entry=queries.get(make.viewer(author), first.id),
        signature=Signature(Visibility.MEMBERS, NameMask.SHOWN),
    )
    entry = queries.get(VISITOR, second.id)
    assert not rearranged.openings(VISITOR, entry, rearranged.happened(VISITOR, entry))
    assert "Who signs?" not in str(rearranged.happened(VISITOR, entry))
    member = make.member()
    assert rearranged.openings(member, entry, rearranged.happened(member, entry))


def test_terms_and_notes_come_along_and_survive_the_next_edit(make, moderator, second):
    note = make.note()
    first = make.discussion(terms=[make.term("signing")], notes=[note])
    join(moderator, first, second)
    facts = facts_now(queries.get(VISITOR, second.id))
    assert facts.terms == ("contracts", "signing")
    assert facts.notes == (note.key,)


def test_the_accepted_answer_comes_where_the_other_has_none(make, moderator, first, second):
    said = make.comment(first)
    judging.accept(by=moderator, comment_id=said.id)
    join(moderator, first, second)
    assert db.session.get_one(Discussion, second.id).accepted_id == said.id
    assert db.session.get_one(Discussion, first.id).accepted_id is None


def test_an_accepted_answer_stays_where_both_have_one(make, moderator, first, second):
    theirs, ours = make.comment(first), make.comment(second)
    for one in (theirs, ours):
        judging.accept(by=moderator, comment_id=one.id)
    join(moderator, first, second)
    assert db.session.get_one(Discussion, second.id).accepted_id == ours.id


def test_the_unnamed_asker_stays_unnamed_where_her_thread_is_taken(make, moderator, second):
    asker = make.user(name="Invented Secret")
    first = make.discussion(by=asker, name_mask=NameMask.UNNAMED)
    make.comment(first, "As I said", by=asker)
    join(moderator, first, second)
    assert ("The author of another discussion", "<p>As I said</p>") in read(VISITOR, second)
    # What she says there from now on does not tell either.
    make.comment(second, "And again", by=asker)
    assert "Invented Secret" not in str(read(VISITOR, second))
    assert "Invented Secret" not in str(read(moderator, second))


def test_who_was_named_there_is_named_although_she_asked_here_without_a_name(make, moderator):
    asker = make.user(name="Invented Person")
    target = make.discussion(by=asker, name_mask=NameMask.UNNAMED)
    source = make.discussion()
    make.comment(source, "Under my name", by=asker)
    make.comment(target, "Without it", by=asker)
    join(moderator, source, target)
    assert {name for name, _html in read(VISITOR, target)} == {"Invented Person", "The author"}


def test_two_unnamed_askers_who_are_one_are_not_seen_to_be_one(make, moderator):
    asker = make.user()
    source = make.discussion(by=asker, name_mask=NameMask.UNNAMED)
    target = make.discussion(by=asker, name_mask=NameMask.UNNAMED)
    make.comment(source, by=asker)
    make.comment(target, by=asker)
    join(moderator, source, target)
    names = [name for name, _html in read(VISITOR, target)]
    assert names == ["The author of another discussion", "The author"]


def test_what_came_from_an_unnamed_thread_lets_all_tell_the_day_alone(make, moderator, second):
    make.comment(second)
    join(moderator, make.discussion(name_mask=NameMask.UNNAMED), second)
    entry = queries.get(VISITOR, second.id)
    (one,) = thread.talk(VISITOR, entry).threads
    assert one.root
    assert not hasattr(one.root.at, "hour")


def test_taking_the_name_away_later_takes_it_from_replies_elsewhere_too(make, moderator, second):
    asker = make.user(name="Invented Person")
    first = make.discussion(by=asker)
    make.comment(first, by=asker)
    join(moderator, first, second)
    assert "Invented Person" in str(read(VISITOR, second))
    operations.sign(
        by=make.viewer(asker),
        entry=queries.get(make.viewer(asker), first.id),
        signature=Signature(Visibility.PUBLIC, NameMask.UNNAMED),
    )
    db.session.expire_all()
    assert "Invented Person" not in str(read(VISITOR, second))


def test_held_removed_and_deleted_replies_stay_what_they_are(make, moderator, first, second):
    newcomer = make.newcomer()
    held = make.comment(first, "Waits", by=newcomer)
    removed = make.comment(first, "Gone")
    commenting.remove_comment(by=moderator, comment_id=removed.id, reason="Rude")
    author = make.user()
    deleted = make.comment(first, "Mine", by=author)
    commenting.delete_comment(by=make.viewer(author), comment_id=deleted.id)
    join(moderator, first, second)
    db.session.expire_all()
    states = [db.session.get_one(Comment, one.id).status for one in (held, removed, deleted)]
    assert states == [CommentStatus.HELD, CommentStatus.REMOVED, CommentStatus.DELETED]
    assert queries.get(VISITOR, second.id).replies == 0
    case = db.session.scalars(select(Case).where(Case.comment_id == held.id)).one()
    assert case.entry_id == second.id
    holding.approve_comment(by=moderator, comment_id=held.id, reason="Fits")
    assert queries.get(VISITOR, second.id).replies == 1


def test_nothing_joins_itself_or_what_takes_nothing(make, moderator, first, second):
    def refused(target_id: int) -> str:
        with pytest.raises(Invalid) as error:
            joining.merge(by=moderator, entry_id=first.id, into_id=target_id, reason="Same")
        return str(error.value)

    assert "same discussion" in refused(first.id)
    assert "no such discussion" in refused(10**6)
    assert "no such discussion" in refused(make.note().id)
    commenting.lock(by=moderator, entry_id=second.id, reason="Settled")
    assert "locked" in refused(second.id)
    operations.hide(by=moderator, entry_id=second.id, reason="Unsafe")
    assert "not published" in refused(second.id)
    author = make.user()
    third = make.discussion(by=author)
    operations.withdraw(by=make.viewer(author), entry_id=third.id)
    assert "no such discussion" in refused(third.id)
    fourth, fifth = make.discussion(), make.discussion()
    join(moderator, fourth, fifth)
    assert "joined with another" in refused(fourth.id)


def test_what_was_meant_for_members_is_not_joined_with_what_everybody_reads(make, moderator):
    closed = make.discussion(visibility=Visibility.MEMBERS)
    with pytest.raises(Invalid, match="More people read"):
        join(moderator, closed, make.discussion())
    # The other way round nobody reads more than before.
    join(moderator, make.discussion(), closed)


def test_joining_twice_is_joining_once_and_who_comes_second_learns_it(
    make, moderator, first, second
):
    row = join(moderator, first, second)
    assert join(make.member("moderator"), first, second).id == row.id
    with pytest.raises(Invalid, match="meanwhile"):
        join(make.member("moderator"), first, make.discussion())
    # Nor round in a circle.
    with pytest.raises(Invalid, match="joined with another"):
        join(moderator, second, first)


def test_only_moderators_join(make, first, second):
    with pytest.raises(Forbidden):
        join(make.member(), first, second)
    with pytest.raises(NotFound):
        undoing.undo(by=make.member(), rearrangement_id=1, reason="No")


def test_what_joined_earlier_leads_straight_to_the_last(make, moderator, first, second):
    third = make.discussion(title="The third")
    make.comment(first, "One")
    join(moderator, first, second)
    join(moderator, second, third)
    with pytest.raises(Moved) as moved:
        queries.get(VISITOR, first.id)
    assert moved.value.entry_id == third.id
    entry = queries.get(VISITOR, third.id)
    assert len(rearranged.openings(VISITOR, entry, rearranged.happened(VISITOR, entry))) == 2
    assert "One" in str(read(VISITOR, third))


def test_undoing_brings_everything_back_with_what_was_answered_since(
    make, moderator, first, second
):
    one, two = make.comment(first, "One"), make.comment(second, "Two")
    judging.accept(by=moderator, comment_id=one.id)
    row = join(moderator, first, second)
    make.comment(second, "To One", answers=db.session.get_one(Comment, one.id))
    make.comment(second, "To Two", answers=db.session.get_one(Comment, two.id))
    undoing.undo(by=moderator, rearrangement_id=row.id, reason="They differ.")
    db.session.expire_all()
    assert [html for _name, html in read(VISITOR, first)] == ["<p>One</p>", "<p>To One</p>"]
    assert [html for _name, html in read(VISITOR, second)] == ["<p>Two</p>", "<p>To Two</p>"]
    assert facts_now(queries.get(VISITOR, second.id)).terms == ("contracts",)
    assert db.session.get_one(Discussion, first.id).accepted_id == one.id
    assert db.session.get_one(Discussion, second.id).accepted_id is None
    assert not db.session.scalar(select(Comment.id).where(Comment.mask != ""))
    assert not rearranged.happened(VISITOR, queries.get(VISITOR, second.id))
    # Once is enough.
    undoing.undo(by=moderator, rearrangement_id=row.id, reason="They differ.")


def test_after_a_day_it_stays(make, moderator, first, second, monkeypatch):
    row = join(moderator, first, second)
    later = clock.now() + timedelta(days=1, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(Invalid, match="longer ago"):
        undoing.undo(by=moderator, rearrangement_id=row.id, reason="They differ.")


def test_the_later_of_two_is_undone_first(make, moderator, first, second):
    third = make.discussion()
    make.comment(first, "One")
    row = join(moderator, first, second)
    later = join(moderator, second, third)
    with pytest.raises(Invalid, match="first"):
        undoing.undo(by=moderator, rearrangement_id=row.id, reason="They differ.")
    undoing.undo(by=moderator, rearrangement_id=later.id, reason="They differ.")
    undoing.undo(by=moderator, rearrangement_id=row.id, reason="They differ.")
    db.session.expire_all()
    assert [html for _name, html in read(VISITOR, first)] == ["<p>One</p>"]
