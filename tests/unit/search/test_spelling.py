"""Misspelt words lead to those that stand on the site, and the rest of the question stays as it was typed."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given, strategies as st

from cop.search.spelling import Spelt, cased, in_script_of, pieces, replaced, windows, words_in


@pytest.fixture
def spelt() -> Spelt:
    made = Spelt()
    made.put(words_in("The community and its leadership: government officials, and Qwertz"))
    made.put(words_in("Communities change. A government that listens"))
    made.labels(["Open Space forum", "Open Space", "一把手"], ["yi ba shou", "kai fang kong jian"])
    return made


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("comunity", "community"),
        ("communtiy", "community"),
        ("communnity", "community"),
        ("kommunity", "community"),
        ("Goverment", "government"),
        ("leedershop", "leadership"),
        ("openspace", "open space"),
        ("opnespace", "open space"),
        ("yibasou", "yibashou"),
        ("yibashuo", "yibashou"),
        ("kaifangkongjain", "kaifangkongjian"),
        ("ｃｏｍｕｎｉｔｙ", "community"),  # noqa: RUF001  as an input method types it
    ],
)
def test_a_slip_or_two_lead_to_the_word(spelt: Spelt, typed: str, meant: str) -> None:
    assert spelt.near(typed)[0] == meant


@pytest.mark.parametrize(
    "typed", ["zebra", "ab", "com", "社区", "x" * 500, "", "2019", "commu nity"]
)
def test_what_is_far_from_every_word_leads_nowhere(spelt: Spelt, typed: str) -> None:
    assert spelt.near(typed) == []


def test_a_short_word_may_hold_one_slip_only() -> None:
    made = Spelt()
    made.put({"fund", "funding"})
    assert made.near("fumd") == ["fund"]
    assert made.near("fumt") == []


def test_of_words_equally_near_the_commoner_comes_first() -> None:
    made = Spelt()
    made.put({"mater"})
    for _ in range(3):
        made.put({"meter"})
    assert made.near("moter") == ["meter", "mater"]


def test_words_of_a_text_that_is_gone_lead_nowhere(spelt: Spelt) -> None:
    assert spelt.near("qwertx") == ["qwertz"]
    spelt.drop(words_in("The community and its leadership: government officials, and Qwertz"))
    assert spelt.near("qwertx") == []
    assert spelt.near("comunity") == []
    assert spelt.near("goverment") == ["government"], "another text has it"
    spelt.clear()
    assert spelt.near("goverment") == []
    assert spelt.near("openspace")[0] == "open space", "labels are no texts"


def said(query: str) -> list[str]:
    return [piece.text for piece in pieces(query)]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("opne spaec", ["opne", "spaec"]),
        ('"opne spaec" meeting', ["opne", "spaec", "meeting"]),
        ("领导换了 opne", ["领导换了", "opne"]),
        ("NGO领导", ["NGO", "领导"]),
        ("opne OR spaec", ["opne", "spaec"]),
        ("opne -spaec", ["opne"]),
        ('opne -"spaec of" all', ["opne", "all"]),
        ("opne －领导", ["opne"]),
        ("strategy:opne spaec", ["spaec"]),
        ("策略：“一把 手” spaec", ["spaec"]),
        ("https://opne.example/spaec x2y 2019 10:30", []),
        ("organi* spaec", ["spaec"]),
        ("+opne", ["opne"]),
        ("don't", ["don't"]),
    ],
)
def test_words_may_be_doubted_and_signs_may_not(query: str, words: list[str]) -> None:
    assert said(query) == words


def test_everything_but_the_word_stays_as_it_was_typed() -> None:
    query = '  +"opne  spaec" -OPNE kind:note '
    first, second = pieces(query)
    assert replaced(query, {second: "space", first: "open"}) == (
        '  +"open  space" -OPNE kind:note '
    )


@given(st.text(max_size=60))
def test_pieces_are_where_they_say_they_are(query: str) -> None:
    found = pieces(query)
    assert all(query[one.start : one.end] == one.text for one in found)
    assert replaced(query, {one: one.text for one in found}) == query


@pytest.mark.parametrize(
    ("text", "like", "made"),
    [
        ("open", "opne", "open"),
        ("open", "Opne", "Open"),
        ("open", "OPNE", "OPEN"),
        ("open", "I", "Open"),
    ],
)
def test_capitals_stay(text: str, like: str, made: str) -> None:
    assert cased(text, like) == made


def test_who_writes_traditional_characters_is_answered_in_them() -> None:
    assert in_script_of("开放空间", "開放空見") == "開放空間"
    assert in_script_of("开放空间", "一把手") == "开放空间"


def test_windows_are_all_the_parts_of_a_run_longest_first() -> None:
    assert [text for _at, text in windows("一二三", 2, 5)] == ["一二三", "一二", "二三"]


def test_threads_may_ask_while_another_changes_the_words() -> None:
    made = Spelt()
    made.put({"community"})
    ended = threading.Event()
    failed: list[BaseException] = []

    def ask() -> None:
        try:
            while not ended.is_set():
                assert made.near("comunity") == ["community"]
        except BaseException as error:  # noqa: BLE001  told by the test's own thread
            failed.append(error)

    asking = [threading.Thread(target=ask) for _ in range(3)]
    for one in asking:
        one.start()
    for number in range(400):
        words = {f"zz{'abcdefghij'[number % 10]}{'klmnopqrst'[number // 40]}"}
        made.put(words)
        made.drop(words)
    ended.set()
    for one in asking:
        one.join()
    assert failed == []
    assert made.near("comunity") == ["community"]
