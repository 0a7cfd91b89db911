"""What is found only by what somebody said about it shows the comment, and leads to it."""

from __future__ import annotations

import re

from cop.core.db import db
from cop.core.types import Lang
from cop.entries import commenting


def test_a_comment_that_answers_is_shown_and_led_to(make, index, reader):
    note = make.note(title="A quiet meeting")
    make.comment(note, "Nothing to do with it.")
    answer = make.comment(note, "We landed a **zeppelin** on the roof & left.")
    make.comment(note, "Nor this.")
    index()
    page = reader.get("/search?q=zeppelin").text
    assert f'href="/comments/{answer.id}">Said in a comment:</a>' in page
    assert "We landed a <mark>zeppelin</mark> on the roof &amp; left." in page
    place = reader.get(f"/comments/{answer.id}", follow_redirects=True)
    assert f'id="comment-{answer.id}"' in place.text


def test_of_several_the_one_that_holds_most_is_shown_and_then_the_newest(make, index, reader):
    note = make.note(title="A quiet meeting")
    make.comment(note, "One zeppelin of long ago.")
    both = make.comment(note, "An airship is a zeppelin.")
    newest = make.comment(note, "Another zeppelin of today.")
    index()
    assert f"/comments/{newest.id}" in reader.get("/search?q=zeppelin").text
    assert f"/comments/{both.id}" in reader.get("/search?q=zeppelin+airship").text


def test_other_scripts_and_other_forms_of_a_word_are_marked_as_they_were_written(
    make, index, reader
):
    note = make.note(title="A quiet meeting")
    make.comment(note, "开放空间来了两架飞艇。", lang=Lang.ZH)
    index()
    page = reader.get("/search?q=飛艇").text
    assert re.search(r'<span lang="zh[^"]*">开放空间来了两架<mark>飞艇</mark>。</span>', page)


def test_a_note_that_holds_the_word_shows_its_own_text(make, index, reader):
    note = make.note(title="A zeppelin meeting")
    make.comment(note, "A zeppelin indeed.")
    index()
    assert "Said in a comment" not in reader.get("/search?q=zeppelin").text


def test_a_comment_that_was_taken_away_is_not_shown_though_the_index_still_knows_it(
    make, index, reader
):
    note = make.note(title="A quiet meeting")
    taken = make.comment(note, "We landed a zeppelin.")
    index()
    commenting.remove_comment(by=make.member("moderator"), comment_id=taken.id, reason="x")
    db.session.commit()
    page = reader.get("/search?q=zeppelin").text
    assert "We landed" not in page
    assert f"/comments/{taken.id}" not in page


def test_what_waits_for_a_moderator_is_not_shown(make, index, reader):
    note = make.note(title="A quiet meeting")
    make.comment(note, "We landed a zeppelin.")
    index()
    waiting = make.comment(note, "A second zeppelin waits.")
    waiting.status = "held"
    db.session.commit()
    page = reader.get("/search?q=zeppelin").text
    assert "We landed a" in page
    assert "waits" not in page
