"""What discussions promise below the pages: spaces, what they are about, and the copies their lists go by."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.core.errors import Forbidden, Invalid, NotFound
from cop.discussions import judging, queries
from cop.discussions.models import Discussion, Space
from cop.discussions.operations import facts_now, put_space
from cop.discussions.revising import restore, revise_discussion
from cop.entries import queries as entries
from cop.entries.draft import TextDraft
from cop.entries.models import Status, Visibility
from cop.entries.policy import audience_of
from cop.people.viewer import SYSTEM, VISITOR, Grant

TEXTS = {"en": "A space", "zh-Hans": "讨论区"}


@pytest.mark.parametrize("grants", [(), (Grant.CURATOR,), (Grant.MODERATOR,)])
def test_only_the_site_and_its_administrators_make_spaces(make, grants):
    with pytest.raises(Forbidden):
        put_space(by=make.member(*grants), key="x", name=TEXTS, purpose=TEXTS, lang=None, digest="")
    for by in (SYSTEM, make.member(Grant.ADMIN)):
        put_space(by=by, key="x", name=TEXTS, purpose=TEXTS, lang=None, digest=None)
    assert len(db.session.scalars(select(Space)).all()) == 1


def test_spaces_stand_in_the_order_in_which_they_came(make):
    made = [make.space().key for _ in range(3)]
    assert [space.key for space in queries.all_spaces()] == made


def test_a_space_counts_what_each_reader_may_open(make):
    space = make.space()
    for visibility in ("public", "members"):
        make.discussion(space=space, visibility=visibility)
    assert [row.count for row in queries.spaces(VISITOR)] == [1]
    assert [row.count for row in queries.spaces(make.member())] == [2]


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("visibility", list(Visibility))
def test_lists_hold_exactly_what_is_published_and_may_be_read(make, status, visibility):
    from cop.entries.operations import touch

    host = make.user()
    circle = make.circle(by=host) if visibility is Visibility.CIRCLE else None
    asked = make.discussion(by=host, visibility=visibility, circle=circle)
    asked.status, asked.audience = status.value, audience_of(status, visibility, asked.circle_id)
    touch(asked)
    row = db.session.get_one(Discussion, asked.id)
    assert (row.audience, row.active_at) == (asked.audience, asked.active_at)
    open_to = {
        "visitor": status is Status.PUBLISHED and visibility is Visibility.PUBLIC,
        "member": status is Status.PUBLISHED and visibility is not Visibility.CIRCLE,
        "moderator": status is Status.PUBLISHED and visibility is not Visibility.CIRCLE,
        "host": status is Status.PUBLISHED,
    }
    viewers = {
        "visitor": VISITOR,
        "host": make.viewer(host),
        "member": make.member(),
        "moderator": make.member("moderator"),
    }
    for who, viewer in viewers.items():
        for narrowed in ({}, {"space_id": row.space_id}, {"unanswered": True}):
            found = [entry.id for entry in queries.threads(viewer, **narrowed).items]
            assert found == ([asked.id] if open_to[who] else []), (who, narrowed)


def test_a_move_makes_no_revision_and_an_older_form_does_not_undo_it(make):
    by, moderator = make.member(), make.member("moderator")
    asked = make.discussion(by=by)
    loaded = entries.get(by, asked.id)
    text = loaded.texts[0]
    base = entries.current(text)
    other = make.space("elsewhere")
    old = facts_now(loaded)
    judging.move(by=moderator, entry_id=asked.id, space="elsewhere", reason="It belongs there")
    assert entries.get(by, asked.id).texts[0].number == 1
    done = revise_discussion(
        by=by,
        entry_id=asked.id,
        base_id=base.id,
        draft=TextDraft(loaded.texts[0].lang, "Another title", base.sections),
        facts=old,
        signature=None,
    )
    assert done.changed
    assert db.session.get_one(Discussion, asked.id).space_id == other.id
    restore(by=by, entry_id=asked.id, revision_id=base.id)
    assert db.session.get_one(Discussion, asked.id).space_id == other.id
    assert facts_now(entries.get(by, asked.id)).space == "elsewhere"


def test_what_is_moved_loses_its_pin(make):
    moderator = make.member("moderator")
    asked = make.discussion()
    make.space("elsewhere")
    judging.pin(by=moderator, entry_id=asked.id, wanted=True)
    judging.move(by=moderator, entry_id=asked.id, space="elsewhere", reason="It belongs there")
    assert not db.session.get_one(Discussion, asked.id).pinned


def test_a_note_is_no_discussion_to_judge(make):
    moderator = make.member("moderator")
    note = make.note()
    with pytest.raises(NotFound):
        judging.pin(by=moderator, entry_id=note.id, wanted=True)
    with pytest.raises(NotFound):
        judging.accept(by=moderator, comment_id=make.comment(note).id)


def test_changes_of_different_passages_are_merged(make):
    by = make.member()
    asked = make.discussion(by=by, body="First passage.\n\nSecond passage.")
    base = entries.current(entries.get(by, asked.id).texts[0])
    facts = facts_now(asked)

    def revised(body: str):
        return revise_discussion(
            by=by,
            entry_id=asked.id,
            base_id=base.id,
            draft=TextDraft(entries.get(by, asked.id).texts[0].lang, base.title, {"body": body}),
            facts=facts,
            signature=None,
        )

    revised("First passage, changed.\n\nSecond passage.")
    revised("First passage.\n\nSecond passage, changed.")
    now = entries.current(entries.get(by, asked.id).texts[0])
    assert now.sections["body"] == "First passage, changed.\n\nSecond passage, changed."


def test_a_conversation_takes_no_answer(make):
    by = make.member()
    talk = make.discussion(by=by, form="conversation")
    with pytest.raises(Invalid):
        judging.accept(by=by, comment_id=make.comment(talk).id)
