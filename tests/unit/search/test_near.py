"""Words that stand together count more than the same words far apart."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from cop.search.engine import Concept, Option, Query
from cop.search.near import FAR, Nearness
from cop.search.plan import plan


def near(text: str, *words: str, **more: object) -> float:
    query = Query(words=words, **more)
    return Nearness(query, plan(query)).of(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("我们用开放空间开场", ("开放空间",)),
        ("我們用開放空間開場", ("开放空间",)),
        ("An Open Space meeting", ("open", "spaces")),
        ("small organisations", ("small", "organizing")),
        ("family meetings", ("families", "meet")),
        ("为FIC资助", ("FIC", "资助")),
        ("Émigré café", ("emigre", "cafe")),
    ],
)
def test_words_that_touch_are_as_near_as_can_be(text: str, words: tuple[str, ...]) -> None:
    assert near(text, *words) == 1


def test_the_further_apart_the_less_and_at_last_nothing() -> None:
    told = [near(f"换届{'。' * gap}选举", "换届", "选举") for gap in (0, 20, 100, FAR + 1, 3 * FAR)]
    assert told == sorted(told, reverse=True)
    assert told[0] == 1
    assert told[-2:] == [0, 0]


def test_the_nearest_occurrences_count_wherever_they_are() -> None:
    assert near("换届" + "话" * 900 + "选举" + "话" * 50 + "换届选举", "换届", "选举") == 1


def test_one_word_alone_is_near_nothing() -> None:
    assert near("换届换届", "换届", "选举") == 0
    query = Query(words=("换届",))
    assert not Nearness(query, plan(query)).matters


def test_pieces_of_other_words_are_not_the_word() -> None:
    assert near("reopen airspace", "open", "space") == 0
    assert near("opened space", "open", "space") == 1


def test_fewer_of_the_words_are_less_near() -> None:
    assert 0 < near("open space", "open", "space", "meeting") < 1


def test_another_name_of_a_concept_stands_for_all_its_words() -> None:
    concept = Concept("open space", ("开放空间",), "open-space")
    assert near("开放空间会议", "open", "space", "会议", concepts=(concept,)) == 1
    either = ((Option("换届"), Option("选举")),)
    assert near("选举监督", "监督", either=either) == 1


@settings(max_examples=200, deadline=None)
@given(
    st.text(st.sampled_from("开放空间ab c。é"), max_size=60),
    st.lists(st.sampled_from(("开放", "空间", "ab", "abc", "c", "é")), min_size=1, max_size=4),
)
def test_nearness_is_between_nothing_and_one(text: str, words: list[str]) -> None:
    assert 0 <= near(text, *words) <= 1
