"""Posting a note: what is required, what comes back when something is missing, and that nothing happens twice."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from cop.core.db import db
from cop.entries.models import Draft, Entry, Revision, Text
from cop.people.models import Organisation
from cop.terms.models import Term


def count(model):
    return db.session.scalar(select(func.count()).select_from(model))


def beside(page: str, field: str) -> str:
    """Return the sentence that stands beside a field, or an empty string."""
    found = re.search(rf'id="{field}-err">(?:<svg.*?</svg>)?<span>(.*?)</span>', page, re.DOTALL)
    return found.group(1) if found else ""


def test_a_note_that_holds_what_is_required_is_published_and_shown(desk, typed):
    answer = desk.post("/notes/", data=typed)
    assert answer.status_code == 303
    page = desk.get(answer.headers["Location"])
    assert page.status_code == 200
    assert "An invented open space" in page.text
    assert "<strong>everybody</strong>" in page.text
    assert "Invented Author" in page.text
    assert "Mixed" in page.text


@pytest.mark.parametrize(
    ("field", "empty", "sentence"),
    [
        ("title", "", "Give the note a title"),
        ("outcome", None, "Choose how it went."),
        ("outcome_reason", "", "Say in one line why you judge the outcome so."),
        ("strategies", None, "Choose at least one strategy."),
        ("what_happened", "", "Tell what happened"),
        ("what_we_learned", "", "Tell what you learned"),
    ],
)
def test_each_required_field_asks_for_itself_and_keeps_the_rest(
    desk, typed, field, empty, sentence
):
    if empty is None:
        del typed[field]
    else:
        typed[field] = empty
    answer = desk.post("/notes/", data=typed)
    assert answer.status_code == 422
    assert sentence in beside(answer.text, field)
    assert count(Entry) == 0
    for name, value in typed.items():
        if isinstance(value, str) and name not in ("act", field) and value:
            assert value in answer.text, f"{name} is gone"
    if field != "strategies":
        assert re.search(r'<option value="open-space" selected', answer.text)


@pytest.mark.parametrize("blank", [" \t\n ", "\u3000\u3000", "\u200b\u2060", "\x00\x07"])
@pytest.mark.parametrize("field", ["title", "outcome_reason", "what_happened"])
def test_a_field_that_shows_nothing_is_empty(desk, typed, field, blank):
    answer = desk.post("/notes/", data={**typed, field: blank})
    assert answer.status_code == 422
    assert beside(answer.text, field)
    assert count(Entry) == 0


def test_the_sentences_are_in_the_language_of_the_reader(client, make, typed):
    from cop.core.types import Lang

    make.signed_in(client, make.user(lang=Lang.ZH))
    answer = client.post("/notes/", data={**typed, "title": ""})
    assert '<html lang="zh-Hans"' in answer.text


@pytest.mark.parametrize(("length", "status"), [(160, 303), (161, 422)])
@pytest.mark.parametrize("character", ["a", "开", "😀"])
def test_a_title_has_at_most_160_characters_in_any_script(desk, typed, length, status, character):
    title = character * length
    answer = desk.post("/notes/", data={**typed, "title": title})
    assert answer.status_code == status
    if status == 422:
        assert "160" in beside(answer.text, "title")
        assert title in answer.text
    else:
        assert db.session.scalar(select(Text.title)) == title


def test_control_characters_and_overrides_are_not_stored(desk, typed):
    desk.post(
        "/notes/",
        data={**typed, "title": "Seen\u202eneds\x07 twice\x00", "what_happened": "a\x00b\u2066c"},
    )
    revision = db.session.scalars(select(Revision)).one()
    assert revision.title == "Seenneds twice"
    assert revision.sections["what_happened"] == "abc"


def test_characters_of_four_bytes_come_back_whole(desk, typed):
    answer = desk.post(
        "/notes/", data={**typed, "title": "𠮷野家 meets 👩🏽‍🌾", "what_happened": "𡃁仔 🎉"}
    )
    page = desk.get(answer.headers["Location"])
    assert "𠮷野家 meets 👩🏽‍🌾" in page.text
    assert "𡃁仔 🎉" in page.text


def test_html_and_script_are_words_not_markup(desk, typed):
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    answer = desk.post(
        "/notes/",
        data={
            **typed,
            "title": evil,
            "outcome_reason": evil,
            "what_happened": f"{evil}\n\n[a](javascript:alert(3))",
        },
    )
    for page in (answer.headers["Location"], "/notes/", "/", "/entries/1/history"):
        text = desk.get(page, follow_redirects=True).text
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert 'href="javascript:' not in text


@pytest.mark.parametrize(
    "source",
    [
        "- " * 10_000 + "deep",
        "".join(f"{'  ' * depth}- x\n" for depth in range(150)),
        "> " * 10_000 + "deep",
        "**" * 9_000,
        "[" * 20_000,
        "`" * 9_999 + "\n```\nnever closed",
        "| a | b\n|--|\n| x",
        "&#x0;&#xD800;&nosuch;<!-- never closed",
    ],
    ids=["list", "nested", "quotes", "stars", "brackets", "ticks", "table", "entities"],
)
def test_broken_markdown_is_published_as_far_as_it_can_be_read(desk, typed, source):
    answer = desk.post("/notes/", data={**typed, "what_happened": source})
    assert answer.status_code == 303
    assert desk.get(answer.headers["Location"]).status_code == 200


def test_a_section_that_is_too_long_says_how_much_fits_and_comes_back_whole(desk, typed):
    long = "长" * 40_001
    answer = desk.post("/notes/", data={**typed, "what_happened": long})
    assert answer.status_code == 422
    assert "40,000" in beside(answer.text, "what_happened")
    assert long in answer.text


def test_a_paste_of_five_megabytes_answers_413_with_a_request_id(desk, typed):
    answer = desk.post("/notes/", data={**typed, "what_happened": "x" * 5_000_000})
    assert answer.status_code == 413
    assert answer.headers["X-Request-ID"] in answer.text
    assert "Shorten it" in answer.text
    assert count(Entry) == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("strategies", ["open-space", "no-such-term"]),
        ("place", "no-such-place"),
        ("sectors", ["open-space"]),
        ("strategies", ["open\x00space"]),
        ("place", "a\x00b"),
    ],
)
def test_a_term_that_is_not_in_the_list_is_named_beside_its_field(desk, typed, field, value):
    answer = desk.post("/notes/", data={**typed, field: value})
    assert answer.status_code == 422
    assert "is not in the term list" in beside(answer.text, field)
    assert typed["what_happened"] in answer.text
    assert count(Entry) == 0


def test_a_term_that_was_merged_meanwhile_is_kept_as_what_it_was_merged_into(desk, typed, make):
    into = make.term("group-talk")
    term = db.session.scalars(select(Term).where(Term.key == "open-space")).one()
    term.merged_into_id = into.id
    answer = desk.post("/notes/", data=typed, follow_redirects=True)
    assert answer.status_code == 200
    assert "/terms/strategy/group-talk" in answer.text
    assert "/terms/strategy/open-space" not in answer.text


@pytest.mark.parametrize("field", ["outcome", "evidence"])
def test_a_made_up_choice_is_refused_beside_its_field(desk, typed, field):
    answer = desk.post("/notes/", data={**typed, field: "splendid"})
    assert answer.status_code == 422
    assert beside(answer.text, field)


@pytest.mark.parametrize("field", ["visibility", "name_mask", "organisation_mask", "lang"])
def test_made_up_masks_are_refused_and_never_taken_for_the_wider_one(desk, typed, field):
    answer = desk.post("/notes/", data={**typed, field: "whatever"})
    assert answer.status_code == 422
    assert count(Entry) == 0


@pytest.mark.parametrize(
    ("started", "ended", "wrong"),
    [
        ("2020", "2019", "ended"),
        ("2019-06", "2019-05", "ended"),
        ("2019-05-02", "2019-05-01", "ended"),
        ("last year", "", "started"),
        ("2019-13", "", "started"),
        ("2019-02-31", "", "started"),
        ("", "2021-04-31", "ended"),
        ("20\uff119", "", "started"),
        ("2019-05-01", "2019-05", None),
        ("2019", "2019-05-01", None),
        ("2020-02-29", "", None),
    ],
)
def test_a_period_is_dates_that_exist_in_their_order(desk, typed, started, ended, wrong):
    answer = desk.post("/notes/", data={**typed, "started": started, "ended": ended})
    if wrong is None:
        assert desk.get(answer.headers["Location"]).status_code == 200
    else:
        assert answer.status_code == 422
        assert beside(answer.text, wrong)
        assert f'value="{started}"' in answer.text


def test_the_same_form_sent_twice_makes_one_note(desk, typed):
    first = desk.post("/notes/", data=typed)
    second = desk.post("/notes/", data=typed)
    assert first.headers["Location"] == second.headers["Location"]
    assert count(Entry) == count(Revision) == 1


def test_two_forms_opened_make_two_notes_though_they_say_the_same(desk, typed):
    desk.post("/notes/", data=typed)
    desk.post("/notes/", data={**typed, "form_key": "another-form"})
    assert count(Entry) == 2


def test_the_key_of_a_form_belongs_to_who_opened_it(desk, typed, app, make):
    desk.post("/notes/", data=typed)
    other = make.signed_in(app.test_client(), make.user(name="Invented Other"))
    answer = other.post("/notes/", data=typed)
    assert answer.status_code == 303
    assert count(Entry) == 2


def test_a_new_form_carries_a_key_of_its_own(desk):
    keys = {
        re.search(r'name="form_key"[^>]*value="([^"]+)"', desk.get("/notes/new").text).group(1)
        for _ in range(2)
    }
    assert len(keys) == 2


def test_what_was_refused_leaves_no_organisation_behind(desk, typed):
    answer = desk.post("/notes/", data={**typed, "organisation": "Invented Aid", "ended": "x"})
    assert answer.status_code == 422
    assert count(Organisation) == 0


def test_a_named_organisation_is_found_again_in_other_spelling(desk, typed):
    desk.post("/notes/", data={**typed, "organisation": "Invented Aid"})
    desk.post("/notes/", data={**typed, "organisation": "  INVENTED  aid", "form_key": "second"})
    assert count(Organisation) == 1


def test_a_name_of_an_organisation_that_is_too_long_is_refused_beside_its_field(desk, typed):
    answer = desk.post("/notes/", data={**typed, "organisation": "机" * 161})
    assert answer.status_code == 422
    assert beside(answer.text, "organisation")


def test_visitors_are_asked_to_sign_in_and_what_they_typed_is_kept(client, typed):
    answer = client.post("/notes/", data=typed)
    assert answer.status_code == 401
    assert typed["what_happened"] in answer.text
    assert count(Entry) == 0


def test_an_expired_form_comes_back_with_everything_typed(desk, typed, app):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = desk.post("/notes/", data=typed)
        assert answer.status_code == 422
        assert "Everything you typed is still here" in answer.text
        assert typed["what_happened"] in answer.text
        assert count(Entry) == 0
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.text).group(1)
        wrong = desk.post(
            "/notes/",
            data={**typed, "title": "", "csrf_token": token},
            headers={"Accept-Encoding": "gzip"},
        )
        assert (wrong.status_code, wrong.headers.get("Content-Encoding")) == (422, "gzip")
        again = desk.post("/notes/", data={**typed, "csrf_token": token})
        assert again.status_code == 303
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_a_preview_publishes_and_keeps_nothing(desk, typed):
    answer = desk.post("/notes/", data={**typed, "act": "preview"})
    assert answer.status_code == 200
    assert "<strong>everybody</strong>" in answer.text
    assert typed["outcome_reason"] in answer.text
    assert count(Entry) == count(Draft) == 0


def test_the_preview_of_a_section_is_what_the_page_will_show(desk):
    answer = desk.post("/entries/preview", data={"text": "**Bold** <script>x</script>"})
    assert "<strong>Bold</strong>" in answer.text
    assert "<script>" not in answer.text


@pytest.fixture
def own(author):
    """Give the author an organisation of her own."""
    from cop.people.organisations import find_or_make

    made = find_or_make("Invented Five")
    author.organisation_id = made.id
    db.session.flush()
    return "Invented Five"


def test_the_own_organisation_is_offered_first_and_not_filled_in(desk, own, make):
    make.note(organisation_name="An Earlier Aid")
    page = desk.get("/notes/new").text
    assert f"Your organisation: {own}" in page
    names = re.search(r'<datalist id="organisations">(.*?)</datalist>', page, re.DOTALL).group(1)
    assert re.findall(r'value="([^"]*)"', names) == [own, "An Earlier Aid"]
    assert not re.search(rf'name="organisation"[^>]*value="{own}"', page)


def test_the_fold_that_holds_an_organisation_is_open(desk, typed):
    answer = desk.post("/notes/", data={**typed, "title": "", "organisation": "Invented Aid"})
    assert re.search(r'data-more="facts" open', answer.text)


def test_an_unnamed_author_is_asked_once_whether_to_name_her_own_organisation(desk, own, typed):
    unnamed = {**typed, "name_mask": "unnamed", "organisation": "INVENTED five"}
    answer = desk.post("/notes/", data=unnamed)
    assert answer.status_code == 422
    assert "but name your own organisation" in answer.text
    assert 'name="own_named"' in answer.text
    answer = desk.post("/notes/", data={**unnamed, "own_named": "y"})
    assert answer.status_code == 303
    edit = re.sub(r"/notes/(\d+).*", r"/notes/\1/edit", answer.headers["Location"])
    base = re.search(r'name="base"[^>]*value="(\d+)"', desk.get(edit).text).group(1)
    changed = {**unnamed, "title": "Another title", "base": base, "facts_base": base}
    assert desk.post(edit, data=changed).status_code == 303


@pytest.mark.parametrize(
    "choice",
    [
        {"name_mask": "shown"},
        {"organisation": "Another Aid"},
        {"organisation_mask": "described", "described_as": "A group"},
    ],
    ids=str,
)
def test_nobody_else_is_asked_about_an_organisation(desk, own, typed, choice):
    fields = {**typed, "name_mask": "unnamed", "organisation": own, **choice}
    answer = desk.post("/notes/", data=fields)
    assert answer.status_code == 303
    assert 'name="own_named"' not in desk.get("/notes/new").text


def test_naming_the_own_organisation_later_is_asked_about_too(desk, own, typed):
    answer = desk.post("/notes/", data={**typed, "name_mask": "unnamed"})
    edit = re.sub(r"/notes/(\d+).*", r"/notes/\1/edit", answer.headers["Location"])
    base = re.search(r'name="base"[^>]*value="(\d+)"', desk.get(edit).text).group(1)
    fields = {**typed, "name_mask": "unnamed", "base": base, "facts_base": base}
    assert desk.post(edit, data={**fields, "organisation": own}).status_code == 422


def test_a_note_that_waits_is_not_announced_as_published(app, make, typed):
    own = make.signed_in(app.test_client(), make.user(newcomer=True))
    page = own.post("/notes/", data=typed, follow_redirects=True).text
    assert "It is sent. It is looked at first" in page
    assert "Your note is published" not in page
