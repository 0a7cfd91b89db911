"""Folding and tokens: what the index, the query and the marks have to agree on."""
# ruff: noqa: RUF001  the look-alikes are the point

from __future__ import annotations

import threading

import pytest
import snowballstemmer
from hypothesis import given, settings, strategies as st

from cop.search.text import LONGEST_WORD, fold, pinyin_forms, token_texts, tokens

ANYTHING = st.text(st.characters(codec="utf-8"), max_size=40) | st.text(
    st.sampled_from("开放空間間一把手ＡbÉß İﬁ½㈱e\u0301'’-_.0年カﾞ한\U00020000"), max_size=40
)


def texts(s: str, *, query: bool = False) -> list[str]:
    return [token.text for token in tokens(s, query=query)]


@settings(max_examples=200, deadline=None)
@given(ANYTHING)
def test_folding_keeps_every_character_in_its_place_and_folding_again_changes_nothing(
    s: str,
) -> None:
    assert len(fold(s)) == len(s)
    assert fold(fold(s)) == fold(s)
    assert fold("".join(fold(c) for c in s)) == fold(s)
    # Long texts fold in another way, and to the same.
    assert fold(s * 100) == fold(s) * 100


@settings(max_examples=200, deadline=None)
@given(ANYTHING)
def test_offsets_lead_back_to_the_text_a_token_was_made_of(s: str) -> None:
    for token in tokens(s):
        assert 0 <= token.start < token.end <= len(s)
        assert token.text in [again.text for again in tokens(s[token.start : token.end])]
    assert sorted(texts(s)) == sorted(token_texts(s))
    assert {t.text for t in tokens(s, query=True)} <= set(texts(s))
    some = set(texts(s)[::2])
    assert tokens(s, only=some) == [token for token in tokens(s) if token.text in some]


@pytest.mark.parametrize(
    ("shown", "folded"),
    [
        ("開放空間", "开放空间"),
        ("ＦＩＣ　２０１９", "fic 2019"),
        ("Café Zürich", "cafe zurich"),
        ("İstanbul", "istanbul"),
        ("½ ﬁ ß", "½ ﬁ ß"),  # their normal forms are longer
        ("ｶﾀｶﾅ", "カタカナ"),
    ],
)
def test_script_width_case_and_accents_are_levelled(shown: str, folded: str) -> None:
    assert fold(shown) == folded


def test_chinese_gives_characters_and_pairs_in_reading_order() -> None:
    assert texts("开放空") == ["开", "开放", "放", "放空", "空"]
    assert texts("开放，空间") == ["开", "开放", "放", "空", "空间", "间"]


def test_a_query_asks_for_pairs_and_for_a_character_only_when_it_stands_alone() -> None:
    assert texts("开放空", query=True) == ["开放", "放空"]
    assert texts("间", query=True) == ["间"]
    assert texts("2015年", query=True) == ["2015", "年"]


def test_chinese_and_words_may_touch() -> None:
    assert texts("在FIC里3天") == ["在", "fic", "里", "3", "天"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("absorb", "absorption"), ("describe", "description"), ("registered", "registration"),
        ("produced", "production"), ("solving", "solutions"), ("decide", "decisions"), ("expand", "expansion"),
        ("permit", "permission"), ("respond", "response"), ("perceive", "perceptions"),
        ("suspicion", "suspicious"), ("extends", "extension"),
        ("organisation", "organizations"), ("meetings", "meeting"), ("funder's", "funders"),
        ("don't", "don’t"), ("Zürich", "zurich"), ("cafe\u0301", "café"), ("realise", "realizing"),
        ("labour", "labor"), ("neighbourhoods", "neighborhood"), ("centres", "center"), ("programme", "programs"),
    ],
)  # fmt: skip
def test_forms_of_a_word_are_one_token(one: str, other: str) -> None:
    assert texts(one) == texts(other)
    assert len(texts(one)) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("rise", "rize"),
        ("this", "thing"),
        ("no", "not"),
        ("four", "for"),
        ("tour", "tor"),
        ("mission", "permit"),
        ("tense", "tend"),
        ("sponsor", "spond"),
    ],
)
def test_other_words_stay_apart(one: str, other: str) -> None:
    assert texts(one) != texts(other)


def test_empty_words_are_left_out_but_not_those_that_deny() -> None:
    assert texts("The art of not meeting") == ["art", "not", "meet"]


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        ("怎么开会", ["开会"]), ("我们被举报了怎么办", ["被举", "举报", "报了"]), ("我们的会", ["的会"]),
        ("为什么停了", ["停了"]), ("怎么选", ["选"]), ("怎么", ["怎么"]), ("什么怎么", ["什么", "么怎", "怎么"]),
        ("開會怎麼辦", ["开会"]), ("我们的开会", ["的开", "开会"]), ("会", ["会"]),
    ],
)  # fmt: skip
def test_what_a_chinese_question_is_asked_with_need_not_be_held(
    asked: str, held: list[str]
) -> None:
    assert texts(asked, query=True) == held


@pytest.mark.parametrize("s", ["", " \t\n", "？！。“”", "\x00\u202e", "__ -- //", "\ud800"])
def test_what_is_no_word_gives_no_token(s: str) -> None:
    assert tokens(s) == []
    assert token_texts(s) == []


def test_an_endless_word_is_cut() -> None:
    (word,) = texts("x1" * 5000)
    assert len(word) == LONGEST_WORD


def test_many_threads_stem_at_once() -> None:
    words = [f"{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}nnings" for n in range(600)]
    found: list[list[str]] = []

    def stem() -> None:
        found.append(texts(" ".join(words)))

    threads = [threading.Thread(target=stem) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    alone = snowballstemmer.stemmer("english")
    assert found == [[alone.stemWord(word) for word in words]] * 4


def test_pinyin_is_given_by_syllable_by_word_and_as_a_whole() -> None:
    forms = pinyin_forms("开放空间").split()
    assert {"kai", "jian", "kaifang", "kongjian", "kaifangkongjian"} <= set(forms)
    assert pinyin_forms("kai fang kong jian") == pinyin_forms("开放空间")
    assert pinyin_forms("Kāi fàng kōng jiān") == pinyin_forms("开放空间")


def test_long_pinyin_has_runs_of_four_and_the_whole() -> None:
    forms = pinyin_forms("社会组织能力建设").split()
    assert "shehuizuzhi" in forms
    assert "shehuizuzhinenglijianshe" in forms
    assert "shehuizuzhineng" not in forms


def test_an_umlaut_is_typed_as_u_or_as_v() -> None:
    assert {"funu", "funv"} <= set(pinyin_forms("妇女").split())
    assert {"funu", "funv"} <= set(pinyin_forms("fu nü").split())


def test_what_has_no_pinyin_gives_none() -> None:
    assert pinyin_forms("！？") == ""
