"""Small slips of people in a hurry, and how the site takes them."""

from __future__ import annotations

import pytest

from cop.entries import operations
from cop.notes.forms import as_period


def test_an_empty_form_is_told_everything_it_lacks_at_once(client, make) -> None:
    make.signed_in(client, make.user())
    answer = client.post("/notes/", data={"lang": "en"})
    assert answer.status_code == 422
    for sentence in (
        "Give the note a title: what happened, and where.",
        "Choose how it went.",
        "Say in one line why you judge the outcome so.",
        "Choose at least one strategy.",
        "Tell what happened; a few sentences are enough.",
        "Tell what you learned; one sentence is enough.",
    ):
        assert sentence in answer.text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("2023", "2023"),
        ("2023年", "2023"),
        ("2023年5月", "2023-05"),
        ("2023 年 5 月 9 日", "2023-05-09"),
        ("2023/05", "2023-05"),
        ("2023.8", "2023-08"),
        ("2023-5", "2023-05"),
        ("2023-05-31", "2023-05-31"),
        ("spring 2023", "spring 2023"),
    ],
)
def test_dates_are_taken_as_people_write_them(typed: str, kept: str) -> None:
    assert as_period(typed) == kept


def test_people_find_their_own_notes_whatever_became_of_them(client, make) -> None:
    user = make.user()
    author, moderator = make.viewer(user), make.member("moderator")
    unnamed = make.note(by=author, title="The unnamed one", name_mask="unnamed")
    withdrawn = make.note(by=author, title="The withdrawn one")
    hidden = make.note(by=author, title="The hidden one")
    make.note(title="Of somebody else")
    operations.withdraw(by=author, entry_id=withdrawn.id)
    operations.hide(by=moderator, entry_id=hidden.id, reason="invented")
    page = make.signed_in(client, user).get("/drafts/").text
    assert f"/notes/{unnamed.id}-" in page
    assert "The withdrawn one" in page
    assert "Withdrawn" in page
    assert "The hidden one" in page
    assert "Hidden by a moderator" in page
    assert "Of somebody else" not in page
