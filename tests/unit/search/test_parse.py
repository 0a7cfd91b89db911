"""What somebody typed is never an error."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from cop.search.engine import Filters
from cop.search.parse import LONGEST_QUERY, parse
from cop.search.plan import holds_phrase, plan


@pytest.mark.parametrize(
    ("typed", "words", "phrases", "exclusions"),
    [
        ("开放空间 会议", ("开放空间", "会议"), (), ()),
        ('"open space" form', ("form",), ("open space",), ()),
        ("“开放空间”会议", ("会议",), ("开放空间",), ()),
        ("「一把手」『換屆』", (), ("一把手", "換屆"), ()),
        ("换届 -选举", ("换届",), (), ("选举",)),
        ("换届 －选举", ("换届",), (), ("选举",)),
        ('换届 -"open space"', ("换届",), (), ("open space",)),
        ("co-operation 2019-2020", ("co-operation", "2019-2020"), (), ()),
        ('an "open end', ("open", "end"), (), ()),
        ("换届 - 选举", ("换届", "选举"), (), ()),
        ("换届 换届", ("换届",), (), ()),
        ('""', ('""',), (), ()),
        ("？！", ("？！",), (), ()),
        ("", (), (), ()),
        (" \n\t", (), (), ()),
    ],
)
def test_quotes_and_signs_are_understood_and_everything_else_is_words(
    typed: str, words: tuple[str, ...], phrases: tuple[str, ...], exclusions: tuple[str, ...]
) -> None:
    query = parse(typed)
    assert (query.words, query.phrases, query.exclusions) == (words, phrases, exclusions)


def test_quotes_and_plus_insist_on_every_word() -> None:
    assert not parse("换届 选举").all_words
    assert parse("+换届 选举").all_words
    assert parse("“换届” 选举").all_words
    assert not parse("C++ 1+1").all_words


def test_filters_and_the_text_are_carried_along() -> None:
    chosen: Filters = {"kind": frozenset({"note"})}
    query = parse("  换届\n 选举 ", chosen)
    assert query.filters is chosen
    assert query.text == "换届 选举"


def test_an_endless_question_is_cut() -> None:
    assert len(parse("换" * 5_000_000).text) == LONGEST_QUERY


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.sampled_from("“”\"「」『』-+－ 开放ab\x00'*:()"), max_size=20) | st.text(max_size=60)
)
def test_nothing_is_an_error(typed: str) -> None:
    asked = plan(parse(typed))
    if not typed.strip():
        assert asked.everything
    if asked.everything:
        assert not typed.strip() or parse(typed).exclusions


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("我们用開放空間开会", "开放空间"), ("An OPEN\n  space", "open space"), ("在FIC里", "fic"),
        ("don’t know", "don't know"), ("开放 空间", "开放空间"), ("开放空间", "开放 空间"),
        ("end (open space).", "open space"), ("50% of it", "50%"),
    ],
)  # fmt: skip
def test_a_phrase_is_found_whatever_its_script_case_and_spacing(text: str, phrase: str) -> None:
    assert holds_phrase(text, phrase)


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("start", "art"),
        ("open spaces", "open space"),
        ("space open", "open space"),
        ("空间开放", "开放空间"),
    ],
)
def test_a_phrase_is_not_found_in_pieces_of_words_or_in_another_order(
    text: str, phrase: str
) -> None:
    assert not holds_phrase(text, phrase)
