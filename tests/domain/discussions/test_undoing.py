"""Undoing a joining or a split tells no name and opens nothing; nor does what is opened or begun meanwhile."""

from __future__ import annotations

import pytest

from cop.core.db import db
from cop.core.errors import Invalid
from cop.core.i18n import speaking
from cop.core.types import Lang
from cop.discussions import rearranged, undoing
from cop.entries import operations, queries, thread
from cop.entries.draft import Signature
from cop.entries.models import Comment, NameMask, Visibility
from cop.people.viewer import VISITOR
from tests.domain.discussions.test_joining import join, read
from tests.domain.discussions.test_splitting import split


@pytest.fixture(autouse=True)
def _in_english():
    with speaking(Lang.EN):
        yield


@pytest.fixture
def moderator(make):
    return make.member("moderator")


@pytest.fixture
def author(make):
    return make.user(name="Invented Secret")


@pytest.fixture
def host(make):
    return make.user()


@pytest.fixture
def circle(make, host, author):
    return make.circle(by=host, members=[author])


def undo(by, row):
    undoing.undo(by=by, rearrangement_id=row.id, reason="They differ.")
    db.session.expire_all()


def open_to_all(make, author, entry):
    viewer = make.viewer(author)
    operations.sign(
        by=viewer,
        entry=queries.get(viewer, entry.id),
        signature=Signature(Visibility.PUBLIC, NameMask.SHOWN),
    )
    db.session.flush()
    db.session.expire_all()


def lines(viewer, entry):
    return rearranged.happened(viewer, queries.get(viewer, entry.id))


@pytest.mark.parametrize("how", ["joined", "split"])
def test_what_the_unnamed_asker_answered_meanwhile_goes_back_without_her_name(
    make, moderator, author, how
):
    source, target = make.discussion(), make.discussion(by=author, name_mask=NameMask.UNNAMED)
    said = make.comment(source, "Said first")
    if how == "joined":
        row = join(moderator, source, target)
        db.session.expire_all()
    else:
        row = split(make, moderator, source, said, to=target.id)
    answered = db.session.get_one(Comment, said.id)
    make.comment(queries.get(VISITOR, target.id), "I asked", by=author, answers=answered)
    undo(moderator, row)
    assert ("The author of another discussion", "<p>I asked</p>") in read(VISITOR, source)
    (one,) = thread.talk(VISITOR, queries.get(VISITOR, source.id)).threads
    assert not hasattr(one.below[0].at, "hour")


def test_who_takes_her_name_away_later_takes_it_from_what_went_back_too(make, moderator, author):
    source, target = make.discussion(), make.discussion(by=author)
    said = make.comment(source, "Said first")
    row = join(moderator, source, target)
    db.session.expire_all()
    answered = db.session.get_one(Comment, said.id)
    make.comment(queries.get(VISITOR, target.id), "I asked", by=author, answers=answered)
    undo(moderator, row)
    assert ("Invented Secret", "<p>I asked</p>") in read(VISITOR, source)
    viewer = make.viewer(author)
    operations.sign(
        by=viewer,
        entry=queries.get(viewer, target.id),
        signature=Signature(Visibility.PUBLIC, NameMask.UNNAMED),
    )
    db.session.expire_all()
    assert "Invented Secret" not in str(read(VISITOR, source))


def test_what_the_unnamed_author_began_goes_back_without_her_name(make, moderator, author):
    unnamed, other = make.discussion(by=author, name_mask=NameMask.UNNAMED), make.discussion()
    begins = make.comment(unnamed, "I begin", by=author)
    join(moderator, unnamed, other)
    db.session.expire_all()
    row = split(make, moderator, other, begins)
    make.comment(queries.get(VISITOR, row.target_id), "I go on", by=author)
    undo(moderator, row)
    assert read(VISITOR, other) == [
        ("The author of another discussion", "<p>I begin</p>"),
        ("The author of another discussion", "<p>I go on</p>"),
    ]


@pytest.mark.parametrize("how", ["joined", "split"])
def test_what_was_said_in_a_circle_does_not_come_back_under_what_was_opened_since(
    make, host, author, circle, how
):
    source = make.discussion(by=author, circle=circle)
    said = make.comment(source, "For the circle", by=host)
    viewer = make.viewer(host)
    if how == "joined":
        row = join(viewer, source, make.discussion(by=author, circle=circle))
    else:
        row = split(make, viewer, source, said)
    db.session.expire_all()
    open_to_all(make, author, source)
    with pytest.raises(Invalid, match="stays there"):
        undo(viewer, row)


def test_a_split_in_a_circle_that_stays_closed_can_be_undone(make, host, author, circle):
    source = make.discussion(by=author, circle=circle)
    said = make.comment(source, "For the circle", by=host)
    viewer = make.viewer(host)
    undo(viewer, split(make, viewer, source, said))
    assert [html for _name, html in read(viewer, source)] == ["<p>For the circle</p>"]


def test_what_a_host_did_and_why_is_not_told_once_it_is_opened(make, host, author, circle):
    first, second = (make.discussion(by=author, circle=circle) for _ in range(2))
    make.comment(first, by=host)
    viewer = make.viewer(host)
    join(viewer, first, second, "The circle's own reason")
    split(make, viewer, second, make.comment(second, by=host))
    open_to_all(make, author, second)
    assert lines(VISITOR, second) == []
    assert "The circle's own reason" in str(lines(viewer, second))


def test_an_opening_that_is_opened_too_is_read_without_the_reason(make, host, author, circle):
    first, second = (make.discussion(by=author, circle=circle) for _ in range(2))
    join(make.viewer(host), first, second, "The circle's own reason")
    for one in (first, second):
        open_to_all(make, author, one)
    told = lines(VISITOR, second)
    assert [(line.what, line.reason) for line in told] == [("joined", "")]
    assert rearranged.openings(VISITOR, queries.get(VISITOR, second.id), told)


def test_the_author_a_reply_mentions_is_not_its_writer_once_it_begins_a_discussion(
    make, moderator, author
):
    source = make.discussion(by=author)
    begins = make.comment(source, "Ask @[](author) yourself")
    row = split(make, moderator, source, begins)
    made = queries.get(VISITOR, row.target_id)
    words = queries.current(made.texts[0]).sections["body"]
    assert words == "Ask @the author of another discussion yourself"
    undo(moderator, row)
    back = db.session.get_one(Comment, begins.id)
    assert (back.body, back.number) == ("Ask @[](author) yourself", 1)
