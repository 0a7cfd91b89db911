"""What stands around an entry: only what a reader meets in lists, the newest first, told in one question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cop.core.db import db
from cop.entries import attaching, operations
from cop.entries.around import MOST, around
from cop.entries.drafts import save_draft
from cop.entries.models import COMMENT_DRAFT, CommentStatus, Link, LinkKind
from cop.people.viewer import VISITOR
from tests.counting import counted

if TYPE_CHECKING:
    from tests.make import Make


def test_of_each_kind_of_link_the_newest_are_named_and_all_are_counted(make: Make) -> None:
    note = make.note()
    about = [make.discussion(notes=[note], title=f"Talk {number}") for number in range(MOST + 2)]
    make.note(after=note, relation="adapts")
    there = around(VISITOR, note)
    assert [one.id for one in there.linking["about"]] == [one.id for one in about[:1:-1]]
    assert there.counts == {"about": MOST + 2, "adapts": 1}
    assert there.headings(LinkKind.ABOUT)[0].title == f"Talk {MOST + 1}"
    assert there.headings(LinkKind.COLLECTS) == []


def test_what_a_reader_does_not_meet_is_not_there_for_her(make: Make) -> None:
    note = make.note()
    make.discussion(notes=[note], visibility="members")
    hidden = make.discussion(notes=[note])
    operations.hide(by=make.member("moderator"), entry_id=hidden.id, reason="Invented reason")
    assert around(VISITOR, note).counts == {}
    assert around(make.member(), note).counts == {"about": 1}


def test_it_is_known_what_else_hangs_on_it(make: Make) -> None:
    first, author = make.note(), make.member()
    tried = make.note(after=first)
    shown = make.note(by=author)
    attaching.place(by=author, entry=shown, images=[make.image(by=author)])
    told = [around(VISITOR, one) for one in (first, tried, shown)]
    assert [one.was_tried_after for one in told] == [False, True, False]
    assert [one.has_attachments for one in told] == [False, False, True]


def test_what_is_said_on_it_is_there_for_whom_it_exists(make: Make) -> None:
    note, author, moderator = make.note(), make.member(), make.member("moderator")
    comment = make.comment(note, by=author)
    assert around(VISITOR, note).has_comments
    comment.status = CommentStatus.HELD.value
    readers = (VISITOR, make.member(), author, moderator)
    assert [around(one, note).has_comments for one in readers] == [False, False, True, True]


def test_what_somebody_has_begun_to_say_is_there_for_her_alone(make: Make) -> None:
    note, other, writer = make.note(), make.note(), make.member()
    save_draft(by=writer, kind=COMMENT_DRAFT, lang="en", data={}, draft_id=None, entry_id=note.id)
    there = [around(writer, note), around(writer, other), around(make.member(), note)]
    assert [one.has_draft for one in there] == [True, False, False]


def test_what_is_named_beside_it_is_named_with_the_rest(make: Make) -> None:
    note, near = make.note(), make.note(title="Near", outcome="failed")
    db.session.add(Link(entry_id=make.note(title="A list").id, target_id=note.id, kind="collects"))
    db.session.flush()
    with counted() as asked:
        there = around(VISITOR, note, also=[near])
    # What there is, titles, outcomes.
    assert len(asked) == 3, asked
    assert [(one.title, one.outcome) for one in there.headings_of([near])] == [("Near", "failed")]
    assert [one.title for one in there.headings(LinkKind.COLLECTS)] == ["A list"]
