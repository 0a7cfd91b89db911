"""The life of an entry after it is published: history, suppression, withdrawal, hiding, and what others then see."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, text

from cop.core.db import db
from cop.core.types import Lang
from cop.discover.indexing import engine
from cop.entries import operations, queries
from cop.entries.models import Entry, Revision
from cop.events.models import Event
from cop.notes.draft import NoteFacts
from cop.notes.operations import add_text
from cop.people.viewer import SYSTEM
from tests.web.entries.conftest import edited

WORD = "Xylophonist"


@pytest.fixture
def named(make, author):
    """Return a note in both languages whose first English revision holds a word that must go."""
    made = make.note(
        by=author,
        texts=(
            make.text(Lang.EN, f"The {WORD} spoke", what_happened=f"{WORD} came."),
            make.text(Lang.ZH, "一位居民发言", what_happened="有人来了。"),
        ),
    )
    edited(make, author, made, title="A resident spoke", what_happened="Somebody came.")
    return made


def everything_stored() -> str:
    """Return all rows of all tables as text."""
    return "\n".join(
        str(row)
        for table in db.metadata.sorted_tables
        for row in db.session.execute(text(f'SELECT * FROM "{table.name}"'))
    )


def test_the_history_names_each_revision_and_marks_the_current_one(desk, make, author, note):
    edited(make, author, note, what_happened="More.")
    page = desk.get(f"/entries/{note.id}/history").text
    assert page.count("Invented Author") >= 2
    assert re.search(r'revisions/2\?text=en">2</a>.*?current', page, re.DOTALL)


def test_the_history_is_paged_by_number_without_loss_or_repeat(visitor, make, author, note):
    for number in range(2, 46):
        edited(make, author, note, what_happened=f"Telling {number}.")
    seen, path = [], f"/entries/{note.id}/history"
    while path:
        page = visitor.get(path).text
        seen += [int(number) for number in re.findall(r"/revisions/(\d+)\?text=en\"", page)]
        older = re.search(r'rel="next" href="([^"]+)"', page)
        path = older.group(1).replace("&amp;", "&") if older else ""
    assert seen == list(range(45, 0, -1))


def test_two_revisions_are_compared_by_section_english_by_word(visitor, make, author, note):
    edited(make, author, note, what_happened="The quick fox sleeps.")
    edited(make, author, note, what_happened="The slow fox sleeps.")
    page = visitor.get(f"/entries/{note.id}/diff?from=2&to=3").text
    assert "What happened" in page
    assert "What we learned" not in re.search(r"<article.*</article>", page, re.DOTALL).group(0)
    assert "<del>quick</del>" in page
    assert "<ins>slow</ins>" in page


def test_two_revisions_are_compared_chinese_by_character(visitor, make, author):
    note = make.note(by=author, lang=Lang.ZH, what_happened="居民同意开会。")
    edited(make, author, note, Lang.ZH, what_happened="居民反对开会。")
    page = visitor.get(f"/entries/{note.id}/diff").text
    assert "<del>同意</del>" in page
    assert "<ins>反对</ins>" in page


def test_any_two_revisions_can_be_compared_in_either_order(visitor, make, author, note):
    for word in ("one", "two", "three"):
        edited(make, author, note, what_happened=f"Telling {word}.")
    there = visitor.get(f"/entries/{note.id}/diff?from=2&to=4")
    back = visitor.get(f"/entries/{note.id}/diff?from=4&to=2")
    assert "<del>one</del>" in there.text
    assert "<ins>three</ins>" in there.text
    assert "<del>one</del>" in back.text
    same = visitor.get(f"/entries/{note.id}/diff?from=2&to=2")
    assert "say the same" in same.text


@pytest.mark.parametrize(
    "path",
    [
        "revisions/0",
        "revisions/99",
        "revisions/99999999999999999999999",
        "diff?from=0&to=1",
        "diff?from=1&to=99",
        "diff?from=99999999999999999999999",
    ],
)
def test_revisions_that_do_not_exist_are_no_page(visitor, note, path):
    assert visitor.get(f"/entries/{note.id}/{path}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "history?before=abc",
        "history?before=99999999999999999999999",
        "history?before=",
        "history?text=xx",
        "diff?from=abc&to=def",
        "diff?text=%F0%9F%98%80",
    ],
)
def test_made_up_values_show_what_there_is(visitor, make, author, note, path):
    edited(make, author, note, what_happened="More.")
    assert visitor.get(f"/entries/{note.id}/{path}").status_code == 200


def test_an_earlier_text_is_published_again(desk, make, author, note):
    edited(make, author, note, title="A worse title")
    answer = desk.post(f"/entries/{note.id}/revisions/1/restoration?text=en")
    assert answer.status_code == 303
    assert "An invented title" in desk.get(answer.headers["Location"]).text
    assert "Revision 1 restored" in desk.get(f"/entries/{note.id}/history").text


def test_the_words_of_a_suppressed_revision_are_nowhere(desk, visitor, named, index):
    index()
    path = f"/entries/{named.id}/revisions/1/suppression?text=en"
    assert desk.get(path).status_code == 200
    assert desk.post(path, data={"reason": "  "}).status_code == 422
    assert WORD in everything_stored()
    assert desk.post(path, data={"reason": "It named somebody."}).status_code == 303
    assert WORD not in everything_stored()
    index()
    for reader in (desk, visitor):
        for page in (
            f"/notes/{named.id}",
            f"/entries/{named.id}/history?text=en",
            f"/entries/{named.id}/diff?text=en&from=1&to=2",
            f"/entries/{named.id}/revisions/1?text=en",
            f"/search?q={WORD}+spoke",
            "/notes/",
            "/",
        ):
            body = reader.get(page, follow_redirects=True).text
            echoed = body.replace(f"{WORD} spoke", "").replace(f"{WORD}+spoke", "")
            assert WORD not in echoed, page
    page = desk.get(f"/entries/{named.id}/history?text=en").text
    assert "It named somebody." in page
    assert "words of this revision were removed" in page


def test_number_date_and_hash_of_a_suppressed_revision_stay(desk, named):
    first = select(Revision).where(Revision.number == 1, Revision.title.contains(WORD))
    revision = db.session.scalars(first).one()
    kept = (revision.sha256, revision.created_at, revision.number)
    desk.post(f"/entries/{named.id}/revisions/1/suppression?text=en", data={"reason": "A name"})
    fresh = db.session.get(Revision, revision.id)
    assert (fresh.sha256, fresh.created_at, fresh.number) == kept
    assert (fresh.title, fresh.sections, fresh.facts, fresh.html) == ("", {}, {}, {})


def test_the_text_people_read_now_cannot_be_suppressed(desk, note):
    path = f"/entries/{note.id}/revisions/1/suppression"
    answer = desk.post(path, data={"reason": "A name"})
    assert answer.status_code == 422
    assert "Edit it first" in answer.text


def test_moderators_suppress_too_and_others_do_not(moderators_desk, members_desk, visitor, named):
    path = f"/entries/{named.id}/revisions/1/suppression?text=en"
    assert visitor.post(path, data={"reason": "x"}).status_code == 401
    assert members_desk.post(path, data={"reason": "x"}).status_code == 403
    assert moderators_desk.post(path, data={"reason": "A name"}).status_code == 303


def test_withdrawing_leaves_a_tombstone_that_says_nothing(
    desk, visitor, members_desk, moderators_desk, note
):
    path = f"/entries/{note.id}/withdrawal"
    assert desk.get(path).status_code == 200
    assert desk.post(path).status_code == 303
    for reader in (visitor, members_desk, moderators_desk):
        for page in (f"/notes/{note.id}", f"/entries/{note.id}", f"/entries/{note.id}/history"):
            answer = reader.get(page, follow_redirects=True)
            assert answer.status_code == 410
            assert "What was here is no longer available." in answer.text
            for told in ("An invented title", "Invented Author", "Invented reason", "withdr"):
                assert told not in answer.text
        assert "An invented title" not in reader.get("/notes/").text
    assert (
        "You have withdrawn this note." in desk.get(f"/notes/{note.id}", follow_redirects=True).text
    )


def test_what_a_reader_could_never_open_is_not_even_a_tombstone(
    desk, make, author, visitor, members_desk
):
    note = make.note(by=author, visibility="members")
    assert visitor.get(f"/notes/{note.id}").status_code == 404
    desk.post(f"/entries/{note.id}/withdrawal")
    assert visitor.get(f"/notes/{note.id}").status_code == 404
    assert members_desk.get(f"/notes/{note.id}").status_code == 410
    never = visitor.get("/notes/123456789")
    gone = visitor.get(f"/notes/{note.id}")
    ids = re.compile(r"<code>.*?</code>|[0-9a-f]{10}|\d+")
    assert ids.sub("", never.text) == ids.sub("", gone.text)


def test_a_withdrawn_note_can_be_given_back(desk, visitor, members_desk, note):
    desk.post(f"/entries/{note.id}/withdrawal")
    assert members_desk.post(f"/entries/{note.id}/return").status_code == 410
    assert desk.post(f"/entries/{note.id}/return").status_code == 303
    page = visitor.get(f"/notes/{note.id}", follow_redirects=True)
    assert page.status_code == 200
    assert "An invented title" in visitor.get("/notes/").text


def test_hiding_acts_at_once_in_every_language_and_everywhere(
    moderators_desk, visitor, members_desk, named, index
):
    index()
    paths = ["/", "/notes/", "/search?q=resident", "/search?q=发言"]
    for reader in (visitor, members_desk):
        for lang in ("en", "zh"):
            reader.get(f"/?lang={lang}")
            for path in paths:
                assert f"/notes/{named.id}-" in reader.get(path).text, (path, lang)
    answer = moderators_desk.post(
        f"/entries/{named.id}/hiding", data={"reason": "Names a resident"}
    )
    assert answer.status_code == 303
    for reader in (visitor, members_desk):
        for lang in ("en", "zh"):
            reader.get(f"/?lang={lang}")
            for path in paths:
                page = reader.get(path).text
                assert f"/notes/{named.id}" not in page, (path, lang)
                assert "1 result" not in page
            for path in ("", "?text=en", "?text=zh"):
                assert reader.get(f"/notes/{named.id}{path}").status_code == 410
            for path in ("history", "diff", "revisions/1"):
                assert reader.get(f"/entries/{named.id}/{path}?text=en").status_code == 410


def test_the_author_and_moderators_read_why_it_was_hidden(desk, moderators_desk, note):
    moderators_desk.post(f"/entries/{note.id}/hiding", data={"reason": "Names a resident"})
    for reader in (desk, moderators_desk):
        page = reader.get(f"/notes/{note.id}", follow_redirects=True)
        assert page.status_code == 200
        assert "Names a resident" in page.text
    assert desk.get(f"/notes/{note.id}/edit").status_code == 403


def test_hiding_and_showing_again_need_a_reason_and_leave_it_in_the_log(
    moderators_desk, visitor, note
):
    for act, verb in (("hiding", "EntryHidden"), ("unhiding", "EntryUnhidden")):
        path = f"/entries/{note.id}/{act}"
        assert moderators_desk.get(path).status_code == 200
        answer = moderators_desk.post(path, data={"reason": "\u3000"})
        assert answer.status_code == 422
        assert "Please give a reason" in answer.text
        assert moderators_desk.post(path, data={"reason": f"Because {act}"}).status_code == 303
        event = db.session.scalars(select(Event).where(Event.verb == verb)).one()
        assert event.data["reason"] == f"Because {act}"
    assert visitor.get(f"/notes/{note.id}", follow_redirects=True).status_code == 200


def test_only_moderators_hide(desk, members_desk, visitor, note):
    for reader, status in ((desk, 403), (members_desk, 403), (visitor, 401)):
        answer = reader.post(f"/entries/{note.id}/hiding", data={"reason": "x"})
        assert answer.status_code == status
    assert db.session.get(Entry, note.id).status == "published"


def test_the_list_of_hidden_entries_is_for_moderators_and_pages(make, author):
    from cop.people.viewer import VISITOR

    moderator = make.member("moderator")
    hidden = [make.note(by=author) for _ in range(5)]
    for entry in hidden:
        operations.hide(by=moderator, entry_id=entry.id, reason=f"Reason {entry.id}")
    first = queries.hidden(moderator, size=3)
    rest = queries.hidden(moderator, older=first.older, size=3)
    rows = [*first.items, *rest.items]
    assert [row.entry.id for row in rows] == [entry.id for entry in reversed(hidden)]
    assert all(row.reason == f"Reason {row.entry.id}" for row in rows)
    for viewer in (VISITOR, make.member(), make.member("curator"), make.viewer(author)):
        assert not queries.hidden(viewer).items


def test_what_is_hidden_or_withdrawn_leaves_the_index(make, author, named, note, index, run_jobs):
    index()
    assert engine().count() == 3
    operations.hide(by=make.member("moderator"), entry_id=named.id, reason="A name")
    operations.withdraw(by=make.viewer(author), entry_id=note.id)
    run_jobs()
    assert engine().count() == 0


def test_acts_that_change_something_need_the_token_of_the_session(app, desk, note):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert desk.post(f"/entries/{note.id}/withdrawal").status_code == 422
        assert desk.post(f"/entries/{note.id}/revisions/1/restoration").status_code == 400
        assert desk.post(f"/entries/{note.id}/return").status_code in (400, 403)
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert db.session.get(Entry, note.id).status == "published"


def test_a_restored_revision_whose_term_is_gone_says_so(desk, make, author):
    from cop.terms.models import Term

    one = make.term("one")
    note = make.note(by=author, strategies=[one])
    edited(make, author, note, what_happened="More.")
    two = make.term("two")
    db.session.get(Term, one.id).merged_into_id = two.id
    answer = desk.post(f"/entries/{note.id}/revisions/1/restoration?text=en")
    assert answer.status_code in (303, 422)
    if answer.status_code == 422:
        assert "is not in the term list" in answer.text


def test_both_languages_of_an_entry_have_a_history_of_their_own(visitor, make, author, note):
    add_text(
        by=make.viewer(author),
        entry=queries.get(SYSTEM, note.id),
        text=make.text(Lang.ZH, "标题"),
        facts=NoteFacts.from_json(queries.latest_facts(queries.get(SYSTEM, note.id)).facts),
    )
    edited(make, author, note, what_happened="More.")
    english = visitor.get(f"/entries/{note.id}/history?text=en").text
    chinese = visitor.get(f"/entries/{note.id}/history?text=zh").text
    assert "/revisions/2?text=en" in english
    assert "/revisions/2" not in chinese
    assert "标题" in chinese
