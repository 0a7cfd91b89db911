"""A wiki link in a source names a page; what is shown of it without asking which is its words."""

import time

import pytest
from hypothesis import given, strategies as st

from cop.markup import render, words_of
from cop.markup.wiki import WikiLink, filled, places, worded


@pytest.mark.parametrize(
    ("source", "target", "words"),
    [
        ("见[[第一把手]]。", "第一把手", "第一把手"),
        ("见[[第一把手|领导]]。", "第一把手", "领导"),
        ("见【【第一把手｜领导】】。", "第一把手", "领导"),
        ("**[[ Open   Space ]]**", "Open Space", "Open Space"),
        ('- [[a & "b"|<i>]]', 'a & "b"', "<i>"),
        ("| a |\n|---|\n| [[x\\|y]] |", "x", "y"),
        ("## [[x|y]]", "x", "y"),
    ],
)
def test_a_link_has_a_place_and_its_words_in_plain_text(source, target, words):
    rendered = render(source)
    assert rendered.links == (target,)
    assert list(places(rendered.html)) == [target]
    assert words in rendered.text
    assert words in words_of(rendered.html)
    assert "[[" not in rendered.text + rendered.html
    seen = []
    filled(rendered.html, lambda link: seen.append(link) or "")
    assert seen == [WikiLink(target, words)]


@pytest.mark.parametrize(
    "source",
    ["[[", "[[a", "[[a]", "[[]]", "[[ ]]", "[[|b]]", "[[a|]]", "`[[a]]`", r"\[[a]]", "[[a\nb]]"],
)
def test_what_only_looks_like_a_link_stays_as_it_was_written(source):
    rendered = render(source)
    assert rendered.links == ()
    assert "data-page" not in rendered.html
    assert source.strip("`\\").split("\n")[0] in rendered.text


def test_mails_and_lists_show_the_words():
    assert worded("见[[第一把手]]和【【甲｜乙】】，[[没完") == "见第一把手和乙，[[没完"


def test_nobody_makes_a_place_by_hand():
    forged = '<span data-page="x">y</span>'
    assert list(places(render(forged).html)) == []


def test_thousands_of_links_and_of_brackets_never_closed_come_in_bounded_time():
    started = time.process_time()
    assert len(render(" ".join(f"[[第{at}]]" for at in range(3000))).links) == 3000
    for source in ("[[" * 1000, "[[a" * 10_000, "【【" * 20_000, "[[[[" * 500 + "]]" * 1000):
        assert render(source).links == ()
    assert time.process_time() - started < 10


@given(st.text(alphabet="[]|【】｜ab \n\\`*", max_size=80))
def test_no_arrangement_of_brackets_loses_a_letter(source):
    rendered = render(source)
    shown = words_of(rendered.html)
    assert all(link for link in rendered.links)
    assert shown.count("b") <= source.count("b")
