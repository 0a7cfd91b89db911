"""Discussions and comments in files: what is exported comes back, and what is closed stays out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.core.types import Lang
from cop.discussions.models import Discussion, Space
from cop.entries import commenting, operations
from cop.entries.models import Comment, Entry, Revision, Text
from cop.exchange.exporter import export_to
from cop.exchange.importer import import_files
from cop.exchange.kept import STATES
from cop.people.models import User
from cop.people.viewer import SYSTEM, VISITOR
from tests.domain.exchange.test_round_trip import again, files_in

if TYPE_CHECKING:
    from pathlib import Path

    from tests.make import Make


def written(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.usefixtures("starter")
def test_discussions_and_comments_survive_a_round_trip(make: Make, tmp_path: Path):
    person = make.user(handle="invented-li")
    note = make.note(by=make.user(handle="invented-wu"), strategies=["open-space"], title="Mine")
    asked = make.discussion(
        by=person, space=make.space("a-space", lang=Lang.ZH), terms=["open-space"], notes=[note]
    )
    make.discussion(by=person, form="conversation", name_mask="unnamed")
    first = make.comment(asked, "First\n\n> quoted", by=person)
    second = make.comment(asked, "第二条", answers=first, lang=Lang.ZH)
    second.author_id = None
    make.comment(note, "On a note", by=person)
    gone = make.comment(asked, "Words that go", by=(regretting := make.member()))
    make.comment(asked, "An answer that stays", answers=gone, by=person)
    unanswered = make.comment(asked, "Gone without an answer", by=regretting)
    for one in (gone, unanswered):
        commenting.delete_comment(by=regretting, comment_id=one.id)

    def people() -> None:
        for handle in ("invented-li", "invented-wu"):
            make.user(handle=handle)

    again(tmp_path, VISITOR, people=people)
    said = (tmp_path / "two" / "comments.yaml").read_text()
    assert "Words that go" not in said
    assert "taken_away: true" in said
    assert "former: true" in said
    assert "Gone without" not in said
    assert "author: invented-li" in said
    threads = db.session.execute(select(Comment.thread_id, Comment.answers_id, Comment.id)).all()
    assert sum(row.answers_id is not None for row in threads) == 2
    assert db.session.scalar(select(Space.lang).where(Space.key == "a-space")) == "zh-Hans"
    asked_again = db.session.scalars(select(Entry).where(Entry.key == asked.key)).one()
    assert asked_again.replies == 3
    assert not db.session.get_one(Discussion, asked_again.id).unanswered


def test_what_its_unnamed_author_says_is_exported_without_her(make: Make, tmp_path: Path):
    person = make.user(handle="hidden-handle", name="Hidden Name")
    asked = make.discussion(by=person, name_mask="unnamed")
    make.comment(asked, "Said by herself", by=person)
    export_to(tmp_path, viewer=SYSTEM)
    everything = b"".join(files_in(tmp_path).values()).decode()
    assert "Said by herself" in everything
    assert "hidden-handle" not in everything
    assert "Hidden Name" not in everything
    assert "T00:00:00Z" in (tmp_path / "comments.yaml").read_text()


def test_an_export_holds_nothing_its_reader_may_not_open(make: Make, tmp_path: Path):
    closed = make.discussion(title="Marker members", visibility="members")
    make.comment(closed, "Marker reply")
    hidden = make.note(title="Marker hidden", key="marker-hidden-note")
    asked = make.discussion(title="Open", notes=[hidden])
    moderator = make.member("moderator")
    operations.hide(by=moderator, entry_id=hidden.id, reason="Why")
    removed = make.comment(asked, "Marker removed")
    commenting.remove_comment(by=moderator, comment_id=removed.id, reason="Marker why")
    export_to(tmp_path / "visitor", viewer=VISITOR)
    everything = b"".join(files_in(tmp_path / "visitor").values()).decode()
    assert "Open" in everything
    assert "arker" not in everything


def test_a_comment_on_the_site_stays_as_it_is_there(make: Make, tmp_path: Path):
    said = make.comment(make.discussion(), "As it is here")
    db.session.commit()
    on = db.session.get_one(Entry, said.entry_id).key
    path = written(
        tmp_path,
        "c.yaml",
        f"format: cop-comments/1\ncomments:\n  - id: {said.key}\n    on: {on}\n    body: Changed\n",
    )
    report = import_files([path], by=SYSTEM)
    assert report.ok
    assert [one.key for one in report.kept] == [said.key]
    assert said.body == "As it is here"


def test_a_file_without_spaces_makes_the_first_one(tmp_path: Path):
    path = written(
        tmp_path,
        "d.yaml",
        "format: cop-discussions/1\ndiscussions:\n  - id: a-question\n    asked_by: editors\n"
        "    title: {zh: 问题}\n    body: {zh: 正文}\n    practices: []\n",
    )
    for _ in range(2):
        report = import_files([path], by=SYSTEM)
        assert report.ok, list(report.lines())
    assert report.unchanged["discussion"] == 1
    assert STATES["discussion"](["a-question"])["a-question"].record["space"] == "general"


def test_a_changed_file_changes_a_discussion_nobody_edited(make: Make, tmp_path: Path):
    text = (
        "format: cop-discussions/1\ndiscussions:\n  - id: a-question\n    title: {en: One}\n"
        "    body: {en: Body}\n"
    )
    path = written(tmp_path, "d.yaml", text)
    assert import_files([path], by=SYSTEM).ok
    path.write_text(
        text.replace("One", "Two")
        .replace("{en: Body}", "{en: Body, zh: 正文}")
        .replace("{en: Two}", "{en: Two, zh: 二}")
    )
    report = import_files([path], by=SYSTEM)
    assert report.ok, list(report.lines())
    assert report.changed["discussion"] == 1
    record = STATES["discussion"](["a-question"])["a-question"].record
    assert record["title"] == {"zh": "二", "en": "Two"}
    assert import_files([path], by=SYSTEM).unchanged["discussion"] == 1


@pytest.mark.parametrize(
    ("item", "sentence"),
    [
        ("id: c-1\n    on: nowhere\n    body: x", "There is nothing with the key “nowhere”"),
        ("id: c-1\n    on: a-note", "“body” is missing"),
        ("id: c-1\n    on: a-note\n    body: x\n    answers: c-9", "There is no comment “c-9”"),
        ("id: c-1\n    on: a-note\n    body: x\n    taken_away: true", "take “body” out"),
        ("id: c-1\n    on: a-note\n    body: x\n    author: nobody", "There is no account"),
    ],
)
def test_a_bad_comment_is_told_with_its_line(make: Make, tmp_path: Path, item: str, sentence: str):
    from cop.core.i18n import speaking

    make.note(key="a-note")
    db.session.commit()
    path = written(tmp_path, "c.yaml", f"format: cop-comments/1\ncomments:\n  - {item}\n")
    with speaking(Lang.EN):
        report = import_files([path], by=SYSTEM)
        said = "\n".join(report.lines())
    assert sentence in said
    assert db.session.scalars(select(Comment)).all() == []


def test_title_and_text_of_a_discussion_are_in_the_same_languages(tmp_path: Path):
    path = written(
        tmp_path,
        "d.yaml",
        "format: cop-discussions/1\ndiscussions:\n  - id: a-question\n"
        "    title: {zh: 问题, en: Question}\n    body: {zh: 正文}\n",
    )
    assert not import_files([path], by=SYSTEM).ok


@pytest.mark.usefixtures("starter")
def test_mentions_survive_a_round_trip_by_account_name(make: Make, tmp_path: Path):
    li, wu = make.user(handle="invented-li", name="李"), make.user(handle="invented-wu", name="吴")
    gone = make.user(handle="gone", name="Somebody")
    asked = make.discussion(by=li, space=make.space("a-space"), body=f"@[吴](person:{wu.id})?")
    make.comment(asked, f"@[李](author) and @[吴](person:{wu.id})", by=wu)
    make.comment(asked, f"> quoted @[x](person:{gone.id})", by=wu)
    note = make.note(by=li, strategies=["open-space"], what_happened=f"@[吴](person:{wu.id})")
    gone.email, gone.name, gone.handle = None, "", f"closed-{gone.id}"
    db.session.commit()

    def people() -> None:
        make.user(handle="somebody-else")
        for handle in ("invented-wu", "invented-li"):
            make.user(handle=handle)

    key, before = note.key, wu.id
    again(tmp_path, VISITOR, people=people)
    comments = (tmp_path / "two" / "comments.yaml").read_text()
    assert "@[](author) and @[invented-wu](person:invented-wu)" in comments
    assert "quoted @[](former)" in comments
    fresh = db.session.scalars(select(User).where(User.handle == "invented-wu")).one()
    assert fresh.id != before
    assert f"@[](person:{fresh.id})" in str(
        db.session.scalars(
            select(Revision.sections)
            .join(Text, Text.id == Revision.text_id)
            .join(Entry, Entry.id == Text.entry_id)
            .where(Entry.key == key)
        ).all()
    )


@pytest.mark.usefixtures("starter")
def test_whom_a_site_does_not_know_stays_text_and_importing_again_changes_nothing(
    make: Make, tmp_path: Path
):
    make.note(by=make.user(handle="invented-li"), strategies=["open-space"], key="a-note")
    file = written(
        tmp_path,
        "comments.yaml",
        "format: cop-comments/1\ncomments:\n  - id: c-one\n    on: a-note\n"
        "    author: invented-li\n    lang: en\n    body: Thanks @[Wu](person:nobody-here) and @[x](person:1)\n",
    )
    assert import_files([file], by=SYSTEM).ok
    made = db.session.scalars(select(Comment)).one()
    assert made.body == "Thanks @nobody-here and @1"
    assert import_files([file], by=SYSTEM).unchanged["comment"] == 1
