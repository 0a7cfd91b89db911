"""A mention in a source means somebody by her id, and holds no name once it is kept."""

import pytest
from hypothesis import given, strategies as st

from cop.markup import render
from cop.markup.mentions import (
    AUTHOR,
    PERSON,
    Mention,
    filled,
    in_source,
    places,
    rewritten,
    stored,
    written,
)

FANG = Mention(PERSON, 12)


@pytest.mark.parametrize(
    "source",
    [
        "@[王芳](person:12)",
        "你好@[王芳](person:12)，请看",
        "**@[Mary Ann Lee](person:12)**",
        "- @[](person:12)\n- 二",
        "| a |\n|---|\n| @[x](person:12) |",
    ],
)
def test_a_mention_is_found_and_has_a_place_in_what_is_shown(source):
    assert render(source).mentions == (FANG,)
    assert places(render(source).html) == [FANG]
    assert "王芳" not in render(stored(source)).html


@pytest.mark.parametrize(
    "source",
    [
        r"\@[王芳](person:12)",
        "`@[王芳](person:12)`",
        "@[王芳](person:0)",
        "@[王芳](person:x)",
        "@[王芳](circle)",
        "@[王芳](person:12 )",
        "@王芳",
        "@ [王芳](person:12)",
        "@[a\nb](person:12)",
    ],
)
def test_what_only_looks_like_a_mention_stays_as_it_was_written(source):
    rendered = render(source)
    assert rendered.mentions == ()
    assert "data-mention" not in rendered.html


def test_what_is_quoted_is_shown_and_mentions_nobody_anew():
    rendered = render("> @[王芳](person:12)\n\n@[作者](author)")
    assert rendered.mentions == (Mention(AUTHOR),)
    assert places(rendered.html) == [FANG, Mention(AUTHOR)]


def test_the_same_person_is_mentioned_once():
    assert render("@[a](person:12) and @[b](person:12)").mentions == (FANG,)


def test_what_is_kept_holds_no_name_and_the_name_comes_back():
    source = "谢谢@[王芳](person:12)！"
    kept = stored(source)
    assert kept == "谢谢@[](person:12)！"
    assert rewritten(kept, lambda one, _name: written(one, "王芳")) == source
    assert in_source(source) == [(FANG, "王芳")]


def test_brackets_in_a_name_do_not_end_the_mention():
    assert in_source(written(FANG, "[x] y\nz")) == [(FANG, "(x) y z")]


def test_nobody_can_make_a_place_by_writing_one():
    forged = '<span data-mention="person:12"></span>'
    assert places(render(forged).html) == []
    assert "&lt;span" in render(forged).html


def test_a_number_too_large_for_any_id_is_nobody_and_breaks_nothing():
    (found,) = render("@[x](person:9999999999)").mentions
    assert found.id == 2**31 - 1


@given(st.text(alphabet="@[]()personauthr:12 王\\`*>\n", max_size=60))
def test_whatever_is_written_places_come_only_from_mentions(source):
    rendered = render(source)
    assert set(rendered.mentions) <= set(places(rendered.html))
    shown = filled(rendered.html, lambda _one: "N")
    assert "data-mention" not in shown
    assert stored(stored(source)) == stored(source)
