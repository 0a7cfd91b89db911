"""Whom mentions mean and who is offered for one where replies were moved: the author of where they were written."""

from __future__ import annotations

import io
import json
import zipfile

import pytest

from cop.circles import exporting
from cop.core.db import db
from cop.discussions import joining
from cop.notifications.models import LineKind, Notice


@pytest.fixture
def unnamed(make, asker, space):
    made = make.discussion(by=asker, name_mask="unnamed", space=space)
    db.session.commit()
    return made


@pytest.fixture
def merge(make):
    def merge(source, target, by=None):
        by = by or make.member("moderator")
        joining.merge(by=by, entry_id=source.id, into_id=target.id, reason="The same.")
        db.session.commit()

    return merge


def offered(desk, entry):
    return [one["text"] for one in desk.get(f"/mentions?q=&entry={entry.id}").json["options"]]


def mentioned():
    rows = db.session.query(Notice).filter_by(kind=LineKind.MENTION.value)
    return {row.user_id for row in rows}


def test_who_asked_unnamed_is_not_offered_where_her_thread_was_taken(
    make, members_desk, merge, unnamed, asker, space
):
    other = make.discussion(space=space)
    make.comment(unnamed, "It is me again", by=asker)
    make.comment(unnamed, "A reply", by=make.user(name="Invented Replier"))
    merge(unnamed, other)
    make.comment(other, "Still me", by=asker)
    db.session.commit()
    names = offered(members_desk, other)
    assert "Invented Replier" in names
    assert "Invented Asker" not in names


def test_a_mention_of_the_author_moved_before_it_was_told_tells_the_author_it_meant(
    make, merge, unnamed, asker, space, run_jobs
):
    other = make.discussion(by=(owner := make.user()), space=space)
    run_jobs()
    make.comment(unnamed, "@[x](author) why?")
    merge(unnamed, other)
    run_jobs()
    assert mentioned() == {asker.id}
    make.comment(other, "@[x](author) and you?", by=asker)
    db.session.commit()
    run_jobs()
    assert mentioned() == {asker.id, owner.id}


def test_the_file_of_a_circle_gives_a_moved_mention_of_the_author_no_other_name(
    make, merge, run_jobs
):
    host = make.user(name="Invented Host")
    circle = make.circle(by=host)
    one, other = (make.discussion(by=make.viewer(host), circle=circle) for _ in range(2))
    moved = make.comment(one, "@[x](author) why?", by=host)
    here = make.comment(other, "@[x](author) who?", by=host)
    merge(one, other, by=make.viewer(host))
    row = exporting.ask(by=make.viewer(host), circle_id=circle.id)
    db.session.commit()
    run_jobs()
    made = exporting.content(make.viewer(host), circle.id, row.id)
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        told = json.loads(packed.read(f"discussions/{other.key}.json"))
    said = {comment["number"]: comment["body"] for comment in told["comments"]}
    assert said == {moved.id: "@the author why?", here.id: "@Invented Host who?"}
