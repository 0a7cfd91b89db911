"""Mails and lines quote: a new question whole, so that it is answered from the mail; of other news how they begin."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.core.types import Lang
from cop.entries import commenting
from cop.entries.models import NameMask, Text
from tests.web.notifications.conftest import notices, watch
from tests.web.notifications.test_mails import html_of, link_in, text_of


@pytest.fixture
def space(make):
    made = make.space("working-together")
    db.session.commit()
    return made


def to_reader(post):
    return [mail for mail in post if mail["To"].addresses[0].username == "reader"]


def test_who_watches_a_space_reads_the_whole_question_and_answers_from_the_mail(
    make, desk, space, author, run_jobs, post
):
    watch(desk, f"/spaces/{space.id}", "new")
    long = "We have **twelve** members.\n\n" + "Nobody wants to sign. " * 40 + "\n\nWho signs?"
    asked = make.discussion(
        title="Who signs?", body=f"@[Invented Author](person:{author.id})\n\n{long}", space=space
    )
    run_jobs()
    (mail,) = to_reader(post)
    assert mail["Subject"] == "Who signs?"
    assert long in text_of(mail).replace("\r", "")
    assert "@Invented Author" in text_of(mail)
    assert "<strong>twelve</strong>" in html_of(mail)
    box = desk.get(link_in(mail, "Answer here"))
    assert box.status_code == 200
    assert "<textarea" in box.text
    assert link_in(mail, "Read it on the site") == f"/discussions/{asked.id}"


def test_a_question_told_in_both_languages_is_mailed_in_the_readers(
    make, desk, reader, space, run_jobs, post
):
    reader.lang = Lang.ZH.value
    watch(desk, f"/spaces/{space.id}", "new")
    make.discussion(title="谁来签字？", body="没有人愿意签字。", space=space, lang=Lang.ZH)
    run_jobs()
    (mail,) = to_reader(post)
    assert "没有人愿意签字。" in text_of(mail)
    assert '<blockquote lang="zh-Hans">' in html_of(mail)


def test_of_a_new_note_its_mail_and_its_line_say_how_it_begins(make, desk, author, run_jobs, post):
    watch(desk, "/people/author", "new")
    note = make.note(by=author, title="A loud meeting")
    db.session.commit()
    run_jobs()
    (mail,) = to_reader(post)
    opening = db.session.scalars(select(Text.summary).where(Text.entry_id == note.id)).one()
    assert opening
    assert opening in text_of(mail)
    assert f'<blockquote lang="en">{opening}</blockquote>' in html_of(mail)
    assert "Answer here" not in text_of(mail)
    assert opening in notices(desk)


def test_where_nothing_can_be_added_any_more_a_mail_offers_no_answer(
    make, desk, space, run_jobs, post
):
    watch(desk, f"/spaces/{space.id}", "new")
    asked = make.discussion(title="Who signs?", body="Nobody wants to.", space=space)
    commenting.lock(by=make.member("moderator"), entry_id=asked.id, reason="Enough said")
    run_jobs()
    (mail,) = to_reader(post)
    assert "Nobody wants to." in text_of(mail)
    assert "Answer here" not in text_of(mail)


def test_a_question_of_somebody_unnamed_is_mailed_without_her_name(
    make, desk, author, space, run_jobs, post
):
    watch(desk, f"/spaces/{space.id}", "new")
    make.discussion(
        by=author, title="Asked unnamed", body="Who?", space=space, name_mask=NameMask.UNNAMED
    )
    run_jobs()
    (mail,) = to_reader(post)
    assert "Who?" in text_of(mail)
    assert "Invented Author" not in mail.as_string() + text_of(mail) + html_of(mail)


def test_a_mail_says_that_images_go_with_a_comment(make, desk, note, author, run_jobs, post):
    watch(desk, f"/entries/{note.id}")
    helper = make.user(name="Ada")
    make.comment(note, "Without.", by=helper)
    image = make.image(by=make.viewer(helper), alt="A full room")
    make.comment(note, "With.", by=helper, images=[image])
    run_jobs()
    said = {"With." in text_of(mail): mail for mail in to_reader(post)}
    assert "Images or files go with it" in text_of(said[True])
    assert "Images or files go with it" in html_of(said[True])
    assert "Images or files" not in text_of(said[False])
