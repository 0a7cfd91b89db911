"""The piece of a text that answers, and its marks."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from cop.search.engine import Concept, Query
from cop.search.parse import query as parse
from cop.search.passages import PASSAGE, Segment, highlight, passage

FILLER = "后来大家各自回去，再也没有消息，直到第二年春天。"


def shown(segments: list[Segment]) -> str:
    return "".join(f"[{s.text}]" if s.marked else s.text for s in segments)


@pytest.mark.parametrize(
    ("title", "typed", "marked"),
    [
        ("用开放空间开会", "開放空間", "用[开放空间]开会"),
        ("開放空間", "开放空间", "[開放空間]"),
        ("开会", "空间", "开会"),
        ("空气与空间", "空间", "空气与[空间]"),
        ("空气与空间", "空", "[空]气与[空]间"),
        ("Organising meetings", "organization meeting", "[Organising] [meetings]"),
        ("Open space 开放空间", '"open space" 空间', "[Open] [space] 开放[空间]"),
        ("<b>换届</b>", "换届", "<b>[换届]</b>"),
        ("换届", "", "换届"),
        ("", "换届", ""),
    ],
)
def test_matched_words_are_marked_as_they_were_written(title: str, typed: str, marked: str) -> None:
    assert shown(highlight(title, parse(typed))) == marked


@pytest.mark.parametrize(
    ("title", "typed", "marked"),
    [
        ("An open door in space, an open space", '"open space"', "An open door in space, an [open] [space]"),
        ("Organisers organise, the organ plays", "organis*", "[Organisers] [organise], the organ plays"),
        ("Organisers organise, the organ plays", "organiz*", "[Organisers] [organise], the organ plays"),
        ("Labour and labor law", "labor*", "[Labour] and [labor] law"),
        ("A forum, not a meeting", "forum OR meeting OR talk", "A [forum], not a [meeting]"),
        ("空间开放，开放空间", "“开放空间” 或 论坛", "空间开放，[开放空间]"),
    ],
)  # fmt: skip
def test_choices_beginnings_and_whole_phrases_are_marked(
    title: str, typed: str, marked: str
) -> None:
    assert shown(highlight(title, parse(typed))) == marked


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("他们先找一把手谈", "他们先找[一把手]谈"),
        ("First ask who is in command", "First ask who is in command"),
        ("The First in Command left", "The [First] in [Command] left"),
        ("He was command first", "He was command first"),
        ("先找FIC", "先找[FIC]"),
        ("All spaces open, 開放空間", "All [spaces] open, 開放空間"),
    ],
)
def test_other_names_of_a_term_are_marked_only_as_a_whole(text: str, marked: str) -> None:
    named = Concept("spaces", ("一把手", "First in Command", "FIC"), "invented-key")
    assert shown(highlight(text, Query(words=("spaces",), concepts=(named,)))) == marked


def test_a_passage_begins_and_ends_with_sentences_where_they_say_enough() -> None:
    long = "这一句很长，" * 8 + "到这里才说完。"
    found = shown(passage(long + FILLER * 2 + "换届以后停了。" + FILLER * 2 + long, parse("换届")))
    assert found == FILLER * 2 + "[换届]以后停了。" + FILLER * 2


def test_excluded_words_are_not_marked() -> None:
    assert shown(highlight("换届与选举", parse("换届 -选举"))) == "[换届]与选举"


def test_the_window_with_most_of_the_query_is_shown() -> None:
    text = "换届。" + FILLER * 8 + "换届之前先选举监督。" + FILLER * 8
    found = shown(passage(text, parse("换届 选举 监督")))
    assert "[换届]之前先[选举监督]" in found


def test_a_passage_of_whole_sentences_needs_no_ellipsis() -> None:
    text = FILLER * 6 + "我们在换届时停了下来。" + FILLER * 6
    found = shown(passage(text, parse("换届")))
    assert found.startswith("后来")
    assert found.endswith("。")


def test_a_passage_that_takes_a_sentence_apart_shows_where() -> None:
    text = "很长的一句话" * 60 + "说到换届" + "还没有说完" * 60
    found = shown(passage(text, parse("换届")))
    assert found.startswith("…")
    assert found.endswith("…")


def test_a_passage_does_not_cut_a_word_in_two() -> None:
    words = " ".join(f"wordnumber{n}" for n in range(200))
    found = shown(passage(words, parse("wordnumber100")))
    assert "[wordnumber100]" in found
    assert set(found.replace("…", " ").replace("[", "").replace("]", "").split()) <= set(
        words.split()
    )


def test_without_a_match_the_beginning_is_shown() -> None:
    found = shown(passage(FILLER * 20, parse("没写过的词")))
    assert found.startswith(FILLER)
    assert len(found) < len(FILLER * 20)


def test_a_short_text_is_shown_whole() -> None:
    assert shown(passage("一句 话。\n\n另一句。", parse("另一"))) == "一句 话。[另一]句。"
    assert passage("", parse("换届")) == []


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["换届", "選舉", "。", " ", "\n", "election", "Board's", "长" * 30, ". ", "x" * 150]
        ),
        max_size=60,
    ),
    st.sampled_from(["换届", "选举 election", "没有", '"换届选举"', "长", "board"]),
)
def test_a_passage_is_short_and_says_nothing_that_is_not_in_the_text(
    parts: list[str], typed: str
) -> None:
    text = "".join(parts)
    query = parse(typed)
    found = passage(text, query)
    plain = "".join(s.text for s in found)
    longest = max(PASSAGE, 152)
    assert len(plain) <= longest + 2
    whole = " ".join(text.split()).replace("。 ", "。")
    assert plain.strip("…").strip() in whole or plain.strip("…") == ""
    if any(s.marked for s in highlight(whole, query)):
        assert any(s.marked for s in found)
    assert "".join(s.text for s in highlight(text, query)) == text


def test_no_gap_stands_after_the_punctuation_of_chinese() -> None:
    text = "先听居民怎么说。\n再谈街道想办的事： Open Space。 Ask first. Then act."
    told = "先听居民怎么说。再谈[街道]想办的事：Open Space。Ask first. Then act."
    assert shown(passage(text, parse("街道"))) == told
