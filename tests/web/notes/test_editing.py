"""Editing a note in the browser: the form as published, conflicts, restoring, and telling it in another language."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from cop.core.db import db
from cop.entries.models import Entry
from cop.people.viewer import SYSTEM
from tests.web.notes.conftest import hidden, published, revisions


def test_the_editor_shows_what_is_published(desk, typed, note):
    page = desk.get(f"/notes/{note}/edit").text
    for name in ("title", "outcome_reason", "what_happened", "what_we_learned"):
        assert typed[name] in page
    assert 'value="Invented Aid"' in page
    assert re.search(r'value="mixed" checked', page)
    assert re.search(r'<option value="open-space" selected', page)


def test_an_edit_is_published(desk, opened, note):
    answer = desk.post(f"/notes/{note}/edit", data={**opened, "title": "A better title"})
    assert answer.status_code == 303
    page = desk.get(answer.headers["Location"]).text
    assert "A better title" in page
    assert "Your changes are published." in page
    assert "2 revisions" in page


def test_an_edit_without_a_change_says_so(desk, opened, note):
    answer = desk.post(f"/notes/{note}/edit", data=opened, follow_redirects=True)
    assert "Nothing was changed" in answer.text
    assert revisions() == 1


def test_the_order_in_which_a_list_shows_terms_is_no_edit(desk, opened, note, make):
    for key in ("a-first", "b-second"):
        make.term(key)
    address = f"/notes/{note}/edit"
    desk.post(address, data={**opened, "strategies": ["b-second", "a-first"]})
    now = {**opened, "base": hidden(desk.get(address).text, "base")}
    asked = {**now, "strategies": ["a-first", "b-second"]}
    assert "Nothing was changed" in desk.post(address, data=asked, follow_redirects=True).text
    assert revisions() == 2


def test_edits_of_different_sections_meet_without_a_question(desk, opened, note):
    desk.post(f"/notes/{note}/edit", data={**opened, "what_happened": "Much more happened."})
    answer = desk.post(
        f"/notes/{note}/edit", data={**opened, "title": "A better title"}, follow_redirects=True
    )
    assert "together with those somebody else made meanwhile" in answer.text
    assert "Much more happened." in answer.text
    assert "A better title" in answer.text


def test_a_clash_shows_both_texts_and_saving_again_decides_knowingly(desk, opened, note):
    desk.post(f"/notes/{note}/edit", data={**opened, "what_we_learned": "Ask the residents first."})
    mine = {**opened, "what_we_learned": "Ask the director first.", "context": "Typed meanwhile"}
    answer = desk.post(f"/notes/{note}/edit", data=mine)
    assert answer.status_code == 409
    words = re.sub(r"<[^>]+>", "", answer.text)
    assert "Ask the residents first." in words
    assert "Ask the director first." in words
    assert "Typed meanwhile" in words
    assert published(note).sections["what_we_learned"] == "Ask the residents first."
    again = {
        **mine,
        "base": hidden(answer.text, "base"),
        "facts_base": hidden(answer.text, "facts_base"),
    }
    assert desk.post(f"/notes/{note}/edit", data=again).status_code == 303
    assert published(note).sections["what_we_learned"] == "Ask the director first."


def test_a_clash_of_facts_shows_both_and_saving_again_decides_knowingly(desk, opened, note):
    desk.post(
        f"/notes/{note}/edit", data={**opened, "outcome": "failed", "organisation": "Their Aid"}
    )
    mine = {**opened, "outcome": "worked", "organisation": "My Aid"}
    answer = desk.post(f"/notes/{note}/edit", data=mine)
    assert answer.status_code == 409
    table = re.search(r"<table.*?</table>", answer.text, re.DOTALL).group(0)
    for said in ("Did not work", "Worked", "Their Aid", "My Aid"):
        assert said in table
    again = {
        **mine,
        "base": hidden(answer.text, "base"),
        "facts_base": hidden(answer.text, "facts_base"),
    }
    assert desk.post(f"/notes/{note}/edit", data=again).status_code == 303
    page = desk.get(f"/notes/{note}", follow_redirects=True).text
    assert "My Aid" in page


@pytest.mark.parametrize("base", ["", "0", "abc", "999999", "9" * 40, "-1", "\u0661"])
def test_a_made_up_base_loses_nothing(desk, opened, note, base):
    mine = {**opened, "what_we_learned": "Something else.", "base": base, "facts_base": base}
    answer = desk.post(f"/notes/{note}/edit", data=mine)
    assert answer.status_code == 409
    assert "Something else." in answer.text
    assert published(note).sections["what_we_learned"] == opened["what_we_learned"]


def test_what_an_edit_lacks_is_said_beside_its_field_with_everything_kept(desk, opened, note):
    answer = desk.post(
        f"/notes/{note}/edit", data={**opened, "title": "", "context": "Typed context"}
    )
    assert answer.status_code == 422
    assert "Give the note a title" in answer.text
    assert "Typed context" in answer.text
    assert f'action="/notes/{note}/edit"' in answer.text
    assert revisions() == 1


def test_an_expired_edit_comes_back_with_everything_typed(desk, opened, note, app):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = desk.post(f"/notes/{note}/edit", data={**opened, "title": "Typed title"})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 422
    assert "Typed title" in answer.text
    assert revisions() == 1


def test_naming_the_organisation_no_more_takes_its_name_off_the_note(desk, opened, note):
    described = {
        **opened,
        "organisation_mask": "described",
        "organisation": "Invented Aid",
        "described_as": "A group in a county town",
    }
    assert desk.post(f"/notes/{note}/edit", data=described).status_code == 303
    for path in (
        f"/notes/{note}",
        f"/entries/{note}/history",
        f"/entries/{note}/diff",
        f"/entries/{note}/revisions/1",
        f"/notes/{note}/edit",
        "/notes/",
    ):
        page = desk.get(path, follow_redirects=True).text
        page = re.sub(r"<datalist.*?</datalist>", "", page, flags=re.DOTALL)
        assert "Invented Aid" not in page, path


def test_a_comparison_names_the_organisation_the_note_names_today_and_no_other(
    desk, opened, note, make
):
    desk.post(f"/notes/{note}/edit", data={**opened, "organisation": "Other Aid"})
    page = desk.get(f"/entries/{note}/diff").text
    assert "<td>Other Aid</td>" in page or "<ins>Other Aid</ins>" in page
    assert "Invented Aid" not in page


def test_nobody_else_edits(client, app, make, note, opened):
    assert app.test_client().get(f"/notes/{note}/edit").status_code == 303
    other = make.signed_in(app.test_client(), make.user(grants=["moderator"]))
    assert other.get(f"/notes/{note}/edit").status_code == 403
    assert other.post(f"/notes/{note}/edit", data=opened).status_code == 403
    assert other.get(f"/entries/{note}/translate/zh").status_code == 403


def test_a_note_is_told_in_the_other_language(desk, note, opened):
    page = desk.get(f"/entries/{note}/translate/zh", follow_redirects=True)
    assert page.status_code == 200
    assert opened["what_happened"] in page.text.replace("<strong>", "**").replace("</strong>", "**")
    told = {
        "lang": "zh",
        "title": "一次虚构的开放空间",
        "outcome_reason": "居民来了，办事处没有回应。",
        "what_happened": "我们请了所有人。",
        "what_we_learned": "先问办事处。",
        "act": "publish",
    }
    answer = desk.post(f"/notes/{note}/translate/zh", data=told)
    assert answer.status_code == 303
    chinese = desk.get(f"/notes/{note}?text=zh", follow_redirects=True).text
    english = desk.get(f"/notes/{note}?text=en", follow_redirects=True).text
    assert '<h1 lang="zh-Hans">一次虚构的开放空间</h1>' in chinese
    assert f'<h1 lang="en">{opened["title"]}</h1>' in english
    for page in (chinese, english):
        assert "text=zh" in page
        assert "text=en" in page
    again = desk.get(f"/notes/{note}/translate/zh")
    assert again.headers["Location"].endswith(f"/notes/{note}/edit?text=zh")


def test_a_telling_that_lacks_something_comes_back_whole(desk, note):
    told = {"lang": "zh", "title": "", "what_happened": "我们请了所有人。", "act": "publish"}
    answer = desk.post(f"/notes/{note}/translate/zh", data=told)
    assert answer.status_code == 422
    assert "我们请了所有人。" in answer.text
    assert revisions() == 1


def test_a_reader_of_the_missing_language_is_told_so(app, note):
    page = app.test_client().get(f"/notes/{note}?lang=zh", follow_redirects=True).text
    with app.test_request_context("/?lang=zh"):
        from cop.core.i18n import _

        sentence = _("This note is in English; nobody has told it in Chinese yet.")
    assert sentence in page
    assert '<h1 lang="en">' in page


@pytest.mark.parametrize("lang", ["fr", "zh-Hans", "%E4%B8%AD", "x" * 300])
def test_a_language_we_do_not_speak_is_no_page(desk, note, lang):
    assert desk.get(f"/notes/{note}/translate/{lang}").status_code in (200, 404)
    if lang != "zh-Hans":
        assert desk.get(f"/notes/{note}/translate/{lang}").status_code == 404


def test_a_note_whose_term_was_merged_can_be_edited(desk, make, note):
    into = make.term("group-talk")
    from cop.terms.models import Term

    term = db.session.scalars(select(Term).where(Term.key == "open-space")).one()
    term.merged_into_id = into.id
    page = desk.get(f"/notes/{note}/edit")
    assert page.status_code == 200
    assert desk.get(f"/notes/{note}", follow_redirects=True).status_code == 200


def test_sending_the_form_of_a_new_note_again_with_more_words_goes_on_as_an_edit(desk, typed):
    desk.post("/notes/", data=typed)
    answer = desk.post("/notes/", data={**typed, "what_we_learned": "Written after going back."})
    assert answer.status_code == 409
    assert "Written after going back." in answer.text
    assert db.session.scalar(select(func.count()).select_from(Entry)) == 1
    entry = db.session.scalars(select(Entry)).one()
    again = {
        **typed,
        "what_we_learned": "Written after going back.",
        "base": hidden(answer.text, "base"),
        "facts_base": hidden(answer.text, "facts_base"),
    }
    assert desk.post(f"/notes/{entry.id}/edit", data=again).status_code == 303
    assert published(entry.id).sections["what_we_learned"] == "Written after going back."


def test_sending_the_form_of_a_new_note_again_with_another_outcome_loses_no_outcome(desk, typed):
    desk.post("/notes/", data=typed)
    answer = desk.post("/notes/", data={**typed, "outcome": "failed"})
    assert answer.status_code == 409
    assert re.search(r'value="failed" checked', answer.text)


@pytest.mark.parametrize(
    "choice",
    [
        {"visibility": "members"},
        {"name_mask": "unnamed"},
        {"organisation": "Another Aid"},
        {"organisation_mask": "described", "described_as": "A group in a county town"},
    ],
    ids=str,
)
def test_a_more_careful_choice_made_after_going_back_is_not_dropped(desk, typed, choice):
    typed = {**typed, "organisation": "Invented Aid"}
    desk.post("/notes/", data=typed)
    assert desk.post("/notes/", data=typed).status_code == 303
    again = {**typed, **choice}
    answer = desk.post("/notes/", data=again)
    assert answer.status_code == 409
    for name, value in choice.items():
        radio = re.search(rf'name="{name}" value="{value}" checked', answer.text)
        assert radio or f'value="{value}"' in answer.text
    entry = db.session.scalars(select(Entry)).one()
    again |= {name: hidden(answer.text, name) for name in ("base", "facts_base")}
    assert desk.post(f"/notes/{entry.id}/edit", data=again).status_code == 303
    page = desk.get(f"/notes/{entry.id}/edit").text
    for name, value in choice.items():
        radio = re.search(rf'name="{name}" value="{value}" checked', page)
        assert radio or f'value="{value}"' in page


def test_a_clash_keeps_what_the_other_changed_elsewhere(desk, opened, note, make):
    make.term("small-wins")
    make.term("letters")
    desk.post(
        f"/notes/{note}/edit",
        data={
            **opened,
            "what_we_learned": "Ask the residents first.",
            "context": "Their context.",
            "outcome": "failed",
            "started": "2019",
            "organisation": "Their Aid",
            "strategies": ["open-space", "small-wins"],
        },
    )
    mine = {
        **opened,
        "what_we_learned": "Ask the director first.",
        "outcome": "worked",
        "strategies": ["open-space", "letters"],
        "title": "My own title",
    }
    answer = desk.post(f"/notes/{note}/edit", data=mine)
    assert answer.status_code == 409
    page = answer.text
    assert 'value="My own title"' in page
    assert re.search(r"<textarea[^>]*name=\"context\"[^>]*>\s*Their context.</textarea>", page)
    assert re.search(r"name=\"what_we_learned\"[^>]*>\s*Ask the director first.</textarea>", page)
    assert re.search(r'name="outcome" value="worked" checked', page)
    assert 'value="2019"' in page
    assert re.search(r'name="organisation"[^>]*value="Their Aid"', page)
    chosen = re.findall(r'<option value="([^"]*)" selected', page)
    assert {"open-space", "small-wins", "letters"} <= set(chosen)
    table = re.search(r"<table.*?</table>", page, re.DOTALL).group(0)
    assert "Did not work" in table
    assert "Worked" in table
    assert "Their Aid" not in table


def test_the_editor_shows_a_merged_term_as_what_it_was_merged_into(desk, make, note, typed):
    from cop.terms.draft import TermDraft
    from cop.terms.operations import put_term

    make.term("group-talk")
    name = {"zh-Hans": "旧", "en": "Old"}
    merged = TermDraft(key="open-space", scheme="strategy", name=name, merged_into="group-talk")
    put_term(by=SYSTEM, draft=merged)
    refused = desk.post(f"/notes/{note}/edit", data={**typed, "title": ""})
    for page in (desk.get(f"/notes/{note}/edit").text, refused.text):
        assert re.search(r'<option value="group-talk" selected', page)
