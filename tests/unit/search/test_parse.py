"""What somebody typed is never an error."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings, strategies as st

from cop.search.engine import Option, Query
from cop.search.parse import LONGEST_QUERY, Hint, HintCode, parse, query
from cop.search.plan import holds_phrase, plan
from cop.search.text import token_texts


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
    for asked in (query(typed), parse(typed).query):
        assert (asked.words, asked.phrases, asked.exclusions) == (words, phrases, exclusions)


def test_quotes_and_plus_insist_on_every_word() -> None:
    assert not query("换届 选举").all_words
    assert query("+换届 选举").all_words
    assert query("“换届” 选举").all_words
    assert query("+换届 OR 选举").all_words
    assert not query("C++ 1+1").all_words


def test_filters_and_the_text_are_carried_along() -> None:
    chosen = {"kind": frozenset({"note"})}
    asked = query("  换届\n 选举 ", chosen)
    assert asked.filters is chosen
    assert asked.text == "换届 选举"


def test_an_endless_question_is_cut_and_says_so() -> None:
    parsed = parse("换" * 5_000_000)
    assert len(parsed.query.text) == LONGEST_QUERY
    assert parsed.hints == (Hint(HintCode.CUT, ""),)
    assert parse("换" * LONGEST_QUERY + "  ").hints == ()


def options(*said: str) -> tuple[Option, ...]:
    return tuple(Option(text.strip('"'), phrase=text.startswith('"')) for text in said)


@pytest.mark.parametrize(
    ("typed", "either", "words"),
    [
        ("meeting OR forum", [options("meeting", "forum")], ()),
        ('meeting OR "open space" OR 论坛 library', [options("meeting", '"open space"', "论坛")], ("library",)),
        ("会议 或 论坛", [options("会议", "论坛")], ()),
        ("会议 或者 论坛 或 座谈", [options("会议", "论坛", "座谈")], ()),
        ("meeting | forum", [options("meeting", "forum")], ()),
        ("会议｜论坛", [options("会议", "论坛")], ()),
        ("books OR maps letters OR calls", [options("books", "maps"), options("letters", "calls")], ()),
        ("(meeting OR forum) library", [options("(meeting", "forum)")], ("library",)),
        ("forum OR forum", [], ("forum",)),
        ("会议或论坛", [], ("会议或论坛",)),
        ("meeting or forum", [], ("meeting", "forum")),
        ("| meeting | forum |", [options("meeting", "forum")], ()),
    ],
)  # fmt: skip
def test_or_joins_the_words_and_phrases_on_either_side(
    typed: str, either: list[tuple[Option, ...]], words: tuple[str, ...]
) -> None:
    parsed = parse(typed)
    assert list(parsed.query.either) == either
    assert tuple(w for w in parsed.query.words if token_texts(w)) == words
    assert parsed.hints == ()


@pytest.mark.parametrize(
    ("typed", "words", "prefixes"),
    [
        ("organi* meeting", ("meeting",), ("organi",)),
        ("organi\uff0a", (), ("organi",)),
        ("co-op* x1", ("x1",), ("op",)),
        ("the*", (), ("the",)),
        ("开放*", ("开放",), ()),
        ("**bold**", ("**bold**",), ()),
        ("f**k 2*3", ("f**k", "2*3"), ()),
        ("* x1", ("x1",), ()),
    ],
)
def test_a_star_behind_letters_looks_for_beginnings(
    typed: str, words: tuple[str, ...], prefixes: tuple[str, ...]
) -> None:
    asked = parse(typed).query
    said = tuple(word for word in asked.words if word != "co-")
    assert (said, asked.prefixes) == (words, prefixes)


@pytest.mark.parametrize(
    ("typed", "fields", "words"),
    [
        ("strategy:open-space turnover", [("strategy", "open-space")], ("turnover",)),
        ("地点：宁波、北京 会议", [("place", "宁波"), ("place", "北京")], ("会议",)),
        ("地點：寧波", [("place", "寧波")], ()),
        ("place:Ningbo,Beijing", [("place", "Ningbo"), ("place", "Beijing")], ()),
        ("place:Ningbo OR place:Beijing", [("place", "Ningbo"), ("place", "Beijing")], ()),
        ('by:"Invented House" x1', [("by", "Invented House")], ("x1",)),
        ("Outcome:failed OUTCOME:mixed", [("outcome", "failed"), ("outcome", "mixed")], ()),
        ("类型：案例 语言：中文", [("kind", "案例"), ("lang", "中文")], ()),
        ("领域：教育 证据：访谈 作者：张三", [("sector", "教育"), ("evidence", "访谈"), ("by", "张三")], ()),
        ("时期：2005-2009", [("period", "2005-2009")], ()),
        ("10:30 http://example.org/?a=b", [], ("10:30", "http://example.org/?a=b")),
        ("note: tomorrow", [], ("note:", "tomorrow")),
        ("我们的地点：宁波", [], ("我们的地点：宁波",)),
    ],
)  # fmt: skip
def test_fields_have_names_in_both_languages_and_only_at_the_start_of_a_word(
    typed: str, fields: list[tuple[str, str]], words: tuple[str, ...]
) -> None:
    parsed = parse(typed)
    assert [(one.name, one.value) for one in parsed.fields] == fields
    assert parsed.query.words == words
    assert parsed.hints == ()


def of_lists(facet: str, candidates: list[str]) -> int:
    there = {"place": {"ningbo", "inner mongolia"}, "strategy": {"open", "open space"}}
    found = [at for at, said in enumerate(candidates) if said.lower() in there.get(facet, ())]
    return max(found, default=-1)


@pytest.mark.parametrize(
    ("typed", "fields", "words"),
    [
        ("strategy:open space forum", [("strategy", "open space")], ("forum",)),
        ("place: Ningbo library", [("place", "Ningbo")], ("library",)),
        ("place:Inner Mongolia", [("place", "Inner Mongolia")], ()),
        ("place: the matter is open", [], ("place:", "matter", "open")),
    ],
)
def test_whoever_knows_the_values_says_where_one_ends(
    typed: str, fields: list[tuple[str, str]], words: tuple[str, ...]
) -> None:
    parsed = parse(typed, known=of_lists)
    assert [(one.name, one.value) for one in parsed.fields] == fields
    assert parsed.query.words == words
    assert parsed.hints == ()


@pytest.mark.parametrize(
    ("typed", "code", "searched"),
    [
        ("OR forum", HintCode.LONELY_OR, Query(words=("forum",))),
        ("论坛 或", HintCode.LONELY_OR, Query(words=("论坛", "或"))),
        ("forum OR -meeting", HintCode.OTHER_OR, Query(words=("forum",), exclusions=("meeting",))),
        ("forum OR meet*", HintCode.OTHER_OR, Query(words=("forum",), prefixes=("meet",))),
        ("o* forum", HintCode.SHORT_PREFIX, Query(words=("o", "forum"))),
        ("-organi* forum", HintCode.SIGNED_PREFIX, Query(words=("forum",), exclusions=("organi",))),
        ("place: ", HintCode.EMPTY_FIELD, Query(words=("place:",))),
        ('forum place:""', HintCode.EMPTY_FIELD, Query(words=("forum", "place:"))),
        ("-place:Ningbo x1", HintCode.SIGNED_FIELD, Query(words=("x1",), exclusions=("Ningbo",))),
        ("place:Mars x1", HintCode.UNKNOWN_VALUE, Query(words=("Mars", "x1"))),
    ],
)
def test_what_cannot_be_followed_is_searched_as_words_and_told(
    typed: str, code: HintCode, searched: Query
) -> None:
    parsed = parse(typed, known=of_lists)
    assert [hint.code for hint in parsed.hints] == [code]
    assert parsed.hints[0].piece in " ".join(typed.split())
    asked = parsed.query
    assert (asked.words, asked.exclusions, asked.prefixes) == (
        searched.words,
        searched.exclusions,
        searched.prefixes,
    )


def test_a_field_alone_asks_for_everything_it_leaves() -> None:
    parsed = parse("place:Ningbo")
    assert parsed.fields
    assert plan(parsed.query).everything


def test_words_without_signs_stand_together_for_whoever_looks_for_terms() -> None:
    parsed = parse(
        'a talk to you "small talk" first +more -last command place:Ningbo 论坛 或 座谈 x1'
    )
    assert parsed.plain == ("a talk to you", "first", "command", "x1")


SIGNS = "“”\"「」-+－|：:*\uff0a,、()或OR 开放ab\x00'"


@settings(max_examples=300, deadline=None)
@given(
    st.text(st.sampled_from(SIGNS), max_size=24)
    | st.lists(
        st.sampled_from(["place:", "地点：", "Ningbo", " ", "OR", "或", '"', "-", "organi*", "，", "开放"])
    ).map("".join)
    | st.text(max_size=60)
)  # fmt: skip
@example("-地点：")
@example("place:place:")
def test_nothing_is_an_error_and_no_word_is_lost_in_silence(typed: str) -> None:
    parsed = parse(typed, known=of_lists)
    asked = parsed.query
    assert parse(typed, known=of_lists) == parsed
    assert parse(asked.text, known=of_lists).query == asked
    if plan(asked).everything:
        assert not typed.strip() or asked.exclusions or parsed.fields
    told = [*asked.words, *asked.phrases, *asked.exclusions, *asked.prefixes]
    told += [option.text for either in asked.either for option in either]
    told += [field.raw for field in parsed.fields] + [hint.piece for hint in parsed.hints]
    joined = {"OR", "或", "或者"} if asked.either or parsed.fields else set()
    searched = {token for said in (*told, *joined) for token in token_texts(said)}
    single = {token for token in token_texts(asked.text) if len(token) == 1 or token.isascii()}
    assert single <= searched


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from(SIGNS), max_size=24))
def test_who_knows_no_fields_finds_their_words(typed: str) -> None:
    assert parse(typed).query.text == query(typed).text
    assert not plan(query(typed)).everything or not typed.strip() or query(typed).exclusions


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
