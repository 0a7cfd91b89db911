"""What a trainer is offered to build on while she types: what she may read, by words or by address."""

from __future__ import annotations


def offered(browser, words: str) -> list[dict]:
    answer = browser.get("/workshops/material/", query_string={"q": words, "in": "zh"})
    assert answer.status_code == 200
    return [option for group in answer.json["groups"] for option in group["options"]]


def test_entries_are_offered_by_title_by_words_and_by_address(desk, make, index):
    note = make.note(title="An invented failure in Haishu", what_happened="Umbrellas were given.")
    index()
    for words in ("haishu", "inv fail", "umbrellas", f"https://example.org/notes/{note.id}-an"):
        assert [one["key"] for one in offered(desk, words)] == [note.key], words
    assert offered(desk, " ") == []


def test_each_brings_the_row_it_becomes(desk, make):
    note = make.note(title="An invented failure in Haishu")
    row = offered(desk, "haishu")[0]["row"]
    assert f'name="materials" value="{note.key}"' in row
    assert 'name="material_why"' in row
    assert 'lang="zh-Hans"' in row


def test_what_a_trainer_may_not_read_and_what_is_no_material_is_not_offered(
    desk, make, hold, index
):
    stranger = make.user()
    circle = make.circle(by=stranger)
    make.note(by=stranger, circle=circle, visibility="circle", title="Hidden from trainers")
    hold(title="Hidden workshop")
    index()
    assert offered(desk, "hidden") == []


def test_a_visitor_is_sent_to_sign_in(english):
    assert english.get("/workshops/material/?q=a").status_code == 303
