"""Who may do what with comments, in every state of the comment and of its entry."""

from __future__ import annotations

from itertools import product

import pytest
from sqlalchemy import select

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Forbidden, NotFound
from cop.core.i18n import speaking
from cop.core.types import Lang
from cop.entries import comment_policy, policy
from cop.entries.comment_policy import CommentAct
from cop.entries.commenting import get_comment
from cop.entries.models import Comment, CommentStatus, Status
from cop.people.viewer import VISITOR, Grant

WRITER, MODERATORS = {"writer"}, {"moderator", "admin"}
#: Who is in the circle that the entry was opened from.
INSIDE = {"author", "in the circle"}
MEMBERS = WRITER | MODERATORS | INSIDE | {"member", "curator"}
EVERYBODY = MEMBERS | {"visitor"}

#: (act, state of the comment) → who may do it on a public entry that is open; nobody where it is not named.
ALLOWED = {
    (CommentAct.READ, CommentStatus.PUBLISHED): EVERYBODY,
    (CommentAct.READ, CommentStatus.REMOVED): WRITER | MODERATORS,
    (CommentAct.ANSWER, CommentStatus.PUBLISHED): MEMBERS,
    (CommentAct.EDIT, CommentStatus.PUBLISHED): WRITER,
    (CommentAct.DELETE, CommentStatus.PUBLISHED): WRITER,
    (CommentAct.REMOVE, CommentStatus.PUBLISHED): MODERATORS,
    (CommentAct.SHOW, CommentStatus.REMOVED): MODERATORS,
    (CommentAct.READ, CommentStatus.HELD): WRITER | MODERATORS,
    (CommentAct.EDIT, CommentStatus.HELD): WRITER,
    (CommentAct.DELETE, CommentStatus.HELD): WRITER,
    (CommentAct.APPROVE, CommentStatus.HELD): MODERATORS,
    (CommentAct.REFUSE, CommentStatus.HELD): MODERATORS,
    (CommentAct.READ, CommentStatus.REFUSED): WRITER | MODERATORS,
    (CommentAct.SHOW, CommentStatus.REFUSED): MODERATORS,
    (CommentAct.FLAG, CommentStatus.PUBLISHED): MEMBERS - WRITER,
    (CommentAct.READ, CommentStatus.CIRCLE): WRITER | INSIDE,
    (CommentAct.DELETE, CommentStatus.CIRCLE): WRITER,
}


#: State of a comment → for whom there is one, if only its trace; everybody where it is not named.
THERE = {
    CommentStatus.HELD: WRITER | MODERATORS,
    CommentStatus.REFUSED: WRITER | MODERATORS,
    CommentStatus.CIRCLE: WRITER | INSIDE,
    CommentStatus.CIRCLE_GONE: INSIDE,
}


@pytest.fixture
def people(make):
    """Return viewers by what they are."""
    author, inside = make.user(), make.user()
    make.circle(by=author, members=[inside])
    return {
        "visitor": VISITOR,
        "author": make.viewer(author),
        "in the circle": make.viewer(inside),
        "writer": make.member(),
        "member": make.member(),
        "curator": make.member(Grant.CURATOR),
        "moderator": make.member(Grant.MODERATOR),
        "admin": make.member(Grant.ADMIN),
    }


@pytest.fixture
def entry(make, people):
    """Return a public note by the author, which was opened from a circle of hers."""
    made = make.note(by=people["author"])
    (made.circle_id,) = people["author"].circles
    return made


@pytest.fixture
def comment(make, people, entry):
    """Return a comment on it by the writer."""
    return make.comment(entry, by=people["writer"])


def allowed(people, act, comment, entry):
    return {who for who, one in people.items() if comment_policy.may(one, act, comment, entry)}


@pytest.mark.parametrize("status", list(CommentStatus))
def test_who_may_do_what_with_a_comment(people, comment, entry, status):
    comment.status = status.value
    for act in CommentAct:
        assert allowed(people, act, comment, entry) == ALLOWED.get((act, status), set()), act


def test_what_was_never_shown_does_not_exist_for_others_in_python_and_in_sql(
    people, comment, entry
):
    for status in CommentStatus:
        comment.status = status.value
        db.session.flush()
        there = THERE.get(status, EVERYBODY)
        for who, viewer in people.items():
            assert policy.comment_exists(viewer, comment, entry) == (who in there), (status, who)
            reached = policy.existing_for(viewer.id or 0, policy.reach(viewer, entry))
            found = db.session.scalars(select(Comment.id).where(reached)).all()
            assert (comment.id in found) == (who in there), (status, who)
            if who not in there:
                with pytest.raises(NotFound):
                    get_comment(viewer, comment.id)


def test_where_an_entry_is_locked_nothing_is_added_and_things_can_still_be_taken_away(
    people, comment, entry
):
    entry.locked_at = clock.now()
    for act in (CommentAct.ANSWER, CommentAct.EDIT):
        assert allowed(people, act, comment, entry) == set()
    assert allowed(people, CommentAct.DELETE, comment, entry) == WRITER
    assert allowed(people, CommentAct.REMOVE, comment, entry) == MODERATORS


def test_no_act_reaches_further_than_reading_the_entry(people, comment, entry):
    for status, state in product(Status, CommentStatus):
        entry.status, comment.status = status.value, state.value
        entry.audience = policy.audience_of(status, entry.visibility)
        for act, (who, viewer) in product(CommentAct, people.items()):
            if comment_policy.may(viewer, act, comment, entry):
                assert policy.may_read(viewer, entry), (status, state, act, who)


def test_a_refusal_tells_of_the_comment_only_to_those_who_may_read_the_entry(make, people):
    entry = make.note(by=people["author"], visibility="members")
    comment = make.comment(entry)
    with pytest.raises(Forbidden):
        comment_policy.require(people["member"], CommentAct.EDIT, comment, entry)
    with pytest.raises(NotFound):
        comment_policy.require(VISITOR, CommentAct.EDIT, comment, entry)


def test_only_the_author_of_an_unnamed_entry_is_the_author_in_comments(make, people, entry):
    ids = [make.comment(entry, by=people["author"]).id, make.comment(entry).id]
    db.session.expire_all()
    (entry, by_author), (_entry, by_another) = (get_comment(VISITOR, one) for one in ids)
    with speaking(Lang.EN):
        assert policy.byline(VISITOR, by_author, entry).handle == people["author"].handle
        entry.name_mask = "unnamed"
        assert policy.byline(people["admin"], by_author, entry).name == "The author"
        assert policy.byline(VISITOR, by_another, entry).name.startswith("Invented")
        entry.author_id = by_another.author_id = by_another.author = None
        assert policy.byline(VISITOR, by_another, entry).name == "A former member"
