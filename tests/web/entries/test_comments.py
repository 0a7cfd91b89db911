"""Comments: what people write under an entry, answer, edit and take back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from cop.core.db import db
from cop.entries import operations
from cop.entries.models import Comment, CommentRevision, Entry
from cop.people.viewer import Grant


def posted(desk: Any, note: Entry, **fields: str) -> Any:
    return desk.post(f"/entries/{note.id}/comments/", data={"act": "post", **fields})


def comments() -> int:
    return db.session.scalar(select(func.count()).select_from(Comment)) or 0


def page_of(reader: Any, note: Entry, query: str = "") -> str:
    return reader.get(f"/notes/{note.id}-{note_slug(note)}{query}").text


def note_slug(note: Entry) -> str:
    from cop.entries.models import Text

    return db.session.scalar(select(Text.slug).where(Text.entry_id == note.id)) or ""


def test_a_member_comments_and_everybody_who_reads_the_note_reads_it(members_desk, visitor, note):
    answer = posted(members_desk, note, body="We tried **this** too.")
    assert answer.status_code == 303
    made = db.session.scalars(select(Comment)).one()
    assert answer.headers["Location"].endswith(f"?comment={made.id}#comment-{made.id}")
    page = page_of(visitor, note)
    assert "<strong>this</strong>" in page
    assert f'id="comment-{made.id}"' in page
    assert "1 comment" in page


def test_a_comment_carries_the_language_it_is_written_in(members_desk, visitor, note):
    posted(members_desk, note, body="我们也试过，没有用。")
    assert '<div class="prose" lang="zh-Hans"><p>我们也试过' in page_of(visitor, note)
    posted(members_desk, note, body="OK", lang="zh")
    assert '<div class="prose" lang="zh-Hans"><p>OK' in page_of(visitor, note)


def test_a_visitor_is_asked_to_sign_in_and_comes_back(visitor, note):
    page = page_of(visitor, note)
    assert "Sign in to comment" in page
    assert "<textarea" not in page
    answer = posted(visitor, note, body="Words that must not be lost")
    assert answer.status_code == 401
    assert "Words that must not be lost" in answer.text
    assert comments() == 0


def test_the_link_of_a_comment_leads_to_the_page_that_holds_it(make, visitor, note):
    said = [make.comment(note, f"Said {number}") for number in range(60)]
    for one in (said[0], said[30], said[59]):
        answer = visitor.get(f"/comments/{one.id}")
        assert answer.headers["Location"].endswith(f"#comment-{one.id}")
        page = visitor.get(answer.headers["Location"], follow_redirects=True).text
        assert f'id="comment-{one.id}"' in page


def test_pages_of_comments_hold_every_comment_once(make, visitor, note):
    roots = [make.comment(note) for _ in range(30)]
    for root in roots[::3]:
        for _ in range(6):
            make.comment(note, answers=root)
    seen: list[str] = []
    url = f"/notes/{note.id}-{note_slug(note)}"
    while url:
        page = visitor.get(url).text
        seen += re.findall(r'id="comment-(\d+)"', page)
        later = re.search(r'rel="next" href="([^"#]*)', page)
        url = later.group(1).replace("&amp;", "&") if later else ""
    assert len(seen) == len(set(seen)) == comments() == 90
    last = visitor.get(f"/notes/{note.id}-{note_slug(note)}?before=last").text
    assert re.findall(r'id="comment-(\d+)"', last) == seen[-40:]
    earlier = re.search(r'rel="prev" href="([^"#]*)', last)
    before = visitor.get(earlier.group(1).replace("&amp;", "&")).text
    assert re.findall(r'id="comment-(\d+)"', before) == seen[-80:-40]


@pytest.mark.parametrize("key", ["x", "1.x", "99999999999.1", "٣.٣", "-1.-1", ".", "1"])
def test_a_made_up_key_shows_the_beginning(make, visitor, note, key):
    make.comment(note, "The beginning")
    assert "The beginning" in page_of(visitor, note, f"?after={key}")


def test_a_comment_of_another_entry_is_not_found_here(make, visitor, note):
    other = make.comment(make.note(by=make.member()))
    assert visitor.get(f"/notes/{note.id}-{note_slug(note)}?comment={other.id}").status_code == 404
    assert visitor.get("/comments/999999").status_code == 404


def test_an_answer_stands_below_what_it_answers_and_an_answer_to_it_stands_there_too(
    make, members_desk, visitor, note
):
    first = make.comment(note, "The first", by=make.member(name="Invented First"))
    second = make.comment(note, "The second")
    form = members_desk.get(f"/entries/{note.id}/comments/new?answer={first.id}").text
    assert "The first" in form
    posted(members_desk, note, body="Below the first", answers=str(first.id))
    below = db.session.scalars(select(Comment).where(Comment.answers_id == first.id)).one()
    posted(members_desk, note, body="To the answer", answers=str(below.id))
    last = db.session.scalars(select(Comment).order_by(Comment.id.desc())).first()
    assert last.thread_id == below.thread_id == first.id
    page = page_of(visitor, note)
    places = [page.index(words) for words in ("The first", "Below the first", "To the answer")]
    assert places == sorted(places)
    assert places[-1] < page.index("The second")
    assert "In answer to Invented Person" in page
    assert second.thread_id == second.id


def test_quoting_puts_the_words_into_the_form_and_no_name(make, members_desk, note):
    said = make.comment(note, "One line\nand **another**", by=make.member(name="Zebulon"))
    page = members_desk.get(f"/entries/{note.id}/comments/new?answer={said.id}&quote=1").text
    field = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", page, re.DOTALL).group(1)
    assert field.startswith("&gt; One line\r\n&gt; and" if "\r\n" in field else "&gt; One line\n")
    assert "Zebulon" not in field


@pytest.mark.parametrize(
    ("marked", "quoted"),
    [
        ("line\nand another", "&gt; line\n&gt; and another"),
        ("2 * 3", "&gt; 2 \\* 3"),
        ("words that nobody said", "&gt; One line\n&gt; and **another**, 2 * 3"),
        ("", "&gt; One line\n&gt; and **another**, 2 * 3"),
    ],
)
def test_words_that_are_marked_are_what_is_quoted_where_they_were_said(
    make, members_desk, note, marked, quoted
):
    said = make.comment(note, "One line\nand **another**, 2 * 3")
    asked = {"answer": said.id, "quote": 1, "marked": marked}
    page = members_desk.get(f"/entries/{note.id}/comments/new", query_string=asked).text
    field = re.search(r"<textarea[^>]*>\s*(.*?)</textarea>", page, re.DOTALL).group(1)
    assert field.replace("\r", "").strip() == quoted


def test_a_form_sent_twice_makes_one_comment(members_desk, note):
    form = members_desk.get(f"/entries/{note.id}/comments/new").text
    key = re.search(r'name="form_key"[^>]*value="([^"]*)"', form).group(1)
    answers = [posted(members_desk, note, body="Once", form_key=key) for _ in range(2)]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert comments() == 1
    posted(members_desk, note, body="Something else", form_key=key)
    assert comments() == 2


def test_what_cannot_be_taken_comes_back_with_everything_typed(members_desk, note):
    empty = posted(members_desk, note, body="   ")
    assert empty.status_code == 422
    assert "Please write something first." in empty.text
    long = posted(members_desk, note, body="字" * 20_001)
    assert long.status_code == 422
    assert "字" * 20_001 in long.text
    assert comments() == 0


def test_a_preview_publishes_nothing_and_keeps_the_text(members_desk, note):
    answer = posted(members_desk, note, body="**Bold**", act="preview")
    assert answer.status_code == 200
    assert "<strong>Bold</strong>" in answer.text
    assert "**Bold**" in answer.text
    assert comments() == 0


def test_too_many_comments_are_refused_with_the_text_kept(members_desk, note, monkeypatch):
    monkeypatch.setattr("cop.entries.comment_views.RATE", "1/hour")
    posted(members_desk, note, body="First")
    answer = posted(members_desk, note, body="Second, typed with care")
    assert answer.status_code == 429
    assert "Second, typed with care" in answer.text
    assert int(answer.headers["Retry-After"]) > 0
    assert comments() == 1


def test_a_note_hidden_meanwhile_leaks_nothing_and_loses_no_words(
    make, members_desk, moderators_desk, note
):
    operations.hide(by=make.member(Grant.MODERATOR), entry_id=note.id, reason="Why")
    answer = posted(members_desk, note, body="Typed while it was hidden")
    assert answer.status_code == 410
    assert "Typed while it was hidden" in answer.text
    assert "An invented title" not in answer.text
    never = posted(members_desk, Entry(id=987654), body="Typed for nothing")
    assert never.status_code == 404
    assert "Typed for nothing" in never.text
    held = posted(moderators_desk, note, body="A moderator’s words")
    assert held.status_code == 422
    assert "A moderator’s words" in held.text
    assert comments() == 0


def test_answering_what_was_taken_away_meanwhile_asks_once_and_then_stands_alone(
    make, members_desk, note
):
    first = make.comment(note, "Short-lived", by=(author := make.member()))
    from cop.entries.commenting import delete_comment

    delete_comment(by=author, comment_id=first.id)
    answer = posted(members_desk, note, body="My answer", answers=str(first.id))
    assert answer.status_code == 422
    assert "was taken away meanwhile" in answer.text
    assert f'name="answers" value="{first.id}"' not in answer.text
    assert "Short-lived" not in answer.text
    assert posted(members_desk, note, body="My answer", answers="").status_code == 303


def test_an_author_edits_and_the_history_keeps_what_was_said(make, desk, visitor, note, author):
    said = make.comment(note, "Before the edit", by=author)
    form = desk.get(f"/comments/{said.id}/edit").text
    assert "Before the edit" in form
    answer = desk.post(f"/comments/{said.id}/edit", data={"body": "After", "base": "1", "lang": ""})
    assert answer.status_code == 303
    page = page_of(visitor, note)
    assert "After" in page
    assert "edited" in page
    assert "Before the edit" not in page
    history = visitor.get(f"/comments/{said.id}/history").text
    assert "Before the edit" in history
    assert "After" in history


def test_two_edits_of_one_comment_lose_no_words(make, desk, note, author):
    said = make.comment(note, "Zero", by=author)
    path = f"/comments/{said.id}/edit"
    desk.post(path, data={"body": "On the phone", "base": "1"})
    answer = desk.post(path, data={"body": "On the desk", "base": "1"})
    assert answer.status_code == 409
    assert "On the desk" in answer.text
    assert 'name="base" type="hidden" value="2"' in answer.text
    assert desk.post(path, data={"body": "On the desk", "base": "2"}).status_code == 303
    kept = db.session.scalars(select(CommentRevision.body).order_by(CommentRevision.number)).all()
    assert kept == ["Zero", "On the phone"]


def test_deleting_leaves_a_trace_and_no_words_anywhere(make, desk, visitor, note, author):
    said = make.comment(note, "Regretted", by=author)
    make.comment(note, "An answer that stays", answers=said)
    desk.post(f"/comments/{said.id}/edit", data={"body": "Regretted twice", "base": "1"})
    assert "Regretted twice" in desk.get(f"/comments/{said.id}/deletion").text
    assert desk.post(f"/comments/{said.id}/deletion").status_code == 303
    page = page_of(visitor, note)
    assert "Deleted by its author." in page
    assert "Regretted" not in page
    assert "An answer that stays" in page
    assert visitor.get(f"/comments/{said.id}/history").status_code == 404
    assert visitor.get(f"/comments/{said.id}").status_code == 302
    assert db.session.scalars(select(CommentRevision)).all() == []
    assert said.body == said.html == ""
    assert desk.post(f"/comments/{said.id}/deletion").status_code == 303


def test_a_moderator_removes_for_a_reason_and_shows_again(
    make, desk, moderators_desk, members_desk, note, author
):
    said = make.comment(note, "It names somebody", by=author)
    path = f"/comments/{said.id}/removal"
    assert moderators_desk.post(path, data={"reason": " "}).status_code == 422
    assert moderators_desk.post(path, data={"reason": "Names a person"}).status_code == 303
    for reader in (desk, moderators_desk):
        page = page_of(reader, note)
        assert "It names somebody" in page
        assert "Names a person" in page
    page = page_of(members_desk, note)
    assert "Removed by a moderator." in page
    assert "It names somebody" not in page
    assert "Names a person" not in page
    assert members_desk.get(f"/comments/{said.id}/history").status_code == 404
    assert (
        moderators_desk.post(
            f"/comments/{said.id}/showing", data={"reason": "Corrected"}
        ).status_code
        == 303
    )
    assert "It names somebody" in page_of(members_desk, note)


def test_a_locked_entry_says_why_and_refuses_with_the_text_kept(
    make, moderators_desk, desk, visitor, note, author
):
    said = make.comment(note, "Mine", by=author)
    answer = moderators_desk.post(f"/entries/{note.id}/locking", data={"reason": "All is said"})
    assert answer.status_code == 303
    page = page_of(visitor, note)
    assert "All is said" in page
    assert "Sign in to comment" not in page
    assert "<textarea" not in page_of(desk, note)
    late = posted(desk, note, body="One more word")
    assert late.status_code == 422
    assert "A moderator has locked this" in late.text
    assert "One more word" in late.text
    late = desk.post(f"/comments/{said.id}/edit", data={"body": "Edited late", "base": "1"})
    assert late.status_code == 422
    assert "Edited late" in late.text
    moderators_desk.post(f"/entries/{note.id}/unlocking", data={"reason": "Again"})
    assert posted(desk, note, body="One more word").status_code == 303


def test_on_her_own_unnamed_note_its_author_is_the_author_in_comments_too(
    make, visitor, moderators_desk, author
):
    note = make.note(by=author, name_mask="unnamed")
    mine = make.comment(note, "By myself", by=author)
    make.comment(note, "To the author", answers=make.comment(note, answers=mine, by=author))
    for reader in (visitor, moderators_desk):
        page = page_of(reader, note)
        assert "Invented Author" not in page
        assert "/people/author" not in page
        assert "The author" in page
        assert "In answer to The author" in page
        comments_part = page[page.index('id="comments"') :]
        assert not re.search(r'<time datetime="[^"]*T', comments_part)


def test_comments_are_found_by_search_and_no_longer_when_they_are_gone(
    make, desk, visitor, note, author, index
):
    said = make.comment(note, "quagga reserve", by=author)
    index()
    assert "An invented title" in visitor.get("/search?q=quagga").text
    desk.post(f"/comments/{said.id}/deletion")
    index()
    assert "An invented title" not in visitor.get("/search?q=quagga").text


def test_a_comment_moves_the_entry_and_is_counted(make, note):
    before, version = note.active_at, note.version
    said = make.comment(note)
    assert note.replies == 1
    assert note.active_at > before
    assert note.version > version
    assert said.key.startswith("c-")


@pytest.mark.parametrize("number", ["0", "-1", "2147483648", "99999999999999999999"])
def test_a_number_that_no_comment_can_have_is_not_found(visitor, note, number: str) -> None:
    assert visitor.get(f"/notes/{note.id}-{note_slug(note)}?comment={number}").status_code in {
        200,
        404,
    }
