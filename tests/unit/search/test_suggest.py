"""Names are found by whatever way somebody types them, and by nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from cop.search.readings import readings
from cop.search.suggest import Found, Grade, Name, Names, fits, typed
from cop.search.text import fold

SPACE, LEADER, OFFICE, BANK = 1, 2, 3, 4
SHELF = Names.of(
    [
        Name(SPACE, 0, "Open Space forum"),
        Name(SPACE, 0, "开放空间论坛", "kai fang kong jian lun tan"),
        Name(LEADER, 1, "一把手策略"),
        Name(OFFICE, 2, "The residents’ council: a new office"),
        Name(BANK, 3, "绿色银行与 NGO"),
    ],
    near=True,
)


def owners(text: str) -> list[int]:
    return [one.owner for one in SHELF.find(typed(text), 10)]


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("open", SPACE),
        ("OPEN SP", SPACE),
        ("space", SPACE),
        ("forum op", SPACE),
        ("开放", SPACE),
        ("開放空間", SPACE),
        ("开放 空间", SPACE),
        ("论坛", SPACE),
        ("kaif", SPACE),
        ("kai fang", SPACE),
        ("kāi fàng kōng", SPACE),
        ("kai1fang4", SPACE),
        ("kongjian", SPACE),
        ("kfkj", SPACE),
        ("一把手", LEADER),
        ("yibashou", LEADER),
        ("yi ba sh", LEADER),
        ("ybs", LEADER),
        ("ybsh", LEADER),
        ("residents council", OFFICE),
        ("residents' cou", OFFICE),
        ("council resid", OFFICE),
        ("lvse", BANK),
        ("lüse", BANK),
        ("luse", BANK),
        ("yinhang", BANK),
        ("yinxing", BANK),
        ("银行", BANK),
        ("\uff2e\uff27\uff2f", BANK),
    ],
)
def test_a_name_is_found_however_it_is_typed(text: str, owner: int) -> None:
    assert owners(text) == [owner]


@pytest.mark.parametrize(
    "text", ["pace", "esidents", "aifang", "angkong", "", " ", "……", "fk", "空放"]
)
def test_the_middle_of_a_word_or_of_a_syllable_finds_nothing(text: str) -> None:
    assert owners(text) == []


def test_one_letter_finds_what_begins_with_it_and_not_every_word_there_is() -> None:
    assert owners("o") == [SPACE]
    assert owners("n") == []


def test_a_whole_name_comes_first_then_beginnings_then_what_stands_inside() -> None:
    shelf = Names.of(
        [Name(1, 0, "From office to office"), Name(2, 1, "Offices in town"), Name(3, 2, "Office")]
    )
    found = shelf.find(typed("office"), 10)
    assert found == [
        Found(3, Grade.EXACT, 2),
        Found(2, Grade.BEGINNING, 1),
        Found(1, Grade.INSIDE, 0),
    ]


def test_a_name_is_exact_by_its_whole_pinyin_too() -> None:
    shelf = Names.of([Name(1, 0, "开放空间论坛"), Name(2, 1, "开放空间")])
    assert shelf.find(typed("kaifangkongjian"), 1) == [Found(2, Grade.EXACT, 1)]


def test_the_newest_of_many_that_fit_alike_are_found() -> None:
    shelf = Names.of([Name(one, -one, f"社区里的第{one}件事") for one in range(2000)])
    assert [one.owner for one in shelf.find(typed("社区"), 3)] == [1999, 1998, 1997]
    assert [one.owner for one in shelf.find(typed("di"), 3)] == [1999, 1998, 1997]


def test_input_that_is_too_long_or_strange_finds_nothing_and_breaks_nothing() -> None:
    for text in ("x" * 5000, "开" * 500, "\x00", "\ud800", "a\x00b", "İ", "ß" * 100, "🙂🙂"):
        assert SHELF.find(typed(text), 5) == []
        assert not fits(typed(text), "Open Space forum")


def test_names_that_were_left_out_are_gone_and_those_put_in_are_there() -> None:
    less = SHELF.without({SPACE})
    assert less.find(typed("open"), 5) == []
    assert [one.owner for one in less.find(typed("一把"), 5)] == [LEADER]
    more = less.plus(Names.of([Name(SPACE, 0, "World café")]))
    assert [one.owner for one in more.find(typed("cafe"), 5)] == [SPACE]
    assert owners("open") == [SPACE], "what was made before is as it was"


def test_what_sounds_nearly_alike_is_found_where_it_was_asked_for() -> None:
    def near(text: str) -> list[int]:
        return SHELF.near([readings(one)[0] for one in text], 5)

    assert near("一把守") == [LEADER]
    assert near("一八手") == [LEADER]
    assert near("空见") == [SPACE]
    assert near("论谈") == [SPACE]
    assert near("一把刀") == []
    assert owners("一把守") == []


@pytest.mark.parametrize(
    ("text", "title", "does"),
    [
        ("open sp", "Open Space", True),
        ("kaifang", "用开放空间讨论", True),
        ("council residents", "The residents’ council", True),
        ("开放空间讨论服务中心并逐条回应", "用开放空间讨论服务中心，并逐条回应居民建议", True),
        ("开放空间讨论服务中心并逐个回应", "用开放空间讨论服务中心，并逐条回应居民建议", False),
        ("open spade", "Open Space", False),
    ],
)
def test_a_text_fits_as_it_stands_now_and_to_its_last_letter(
    text: str, title: str, *, does: bool
) -> None:
    assert fits(typed(text), title) is does


TITLES = st.lists(
    st.text(st.sampled_from("开放空间一把手行重aboké ’-，9"), min_size=1, max_size=14), max_size=12
)


@settings(max_examples=150, deadline=None)
@given(TITLES, TITLES, st.data())
def test_every_beginning_of_every_name_finds_it(
    titles: list[str], later: list[str], data: st.DataObject
) -> None:
    names = [Name(one, one, title) for one, title in enumerate([*titles, *later])]
    shelf = Names.of(names[: len(titles)]).plus(Names.of(names[len(titles) :]))
    for name in names:
        end = data.draw(st.integers(1, len(name.text)))
        asked = typed(name.text[:end])
        if asked and not (len(asked.words) == 1 and asked.words.isascii()):
            assert name.owner in [one.owner for one in shelf.find(asked, 100)]
            assert fits(asked, name.text)
    gone = {name.owner for name in names[::2]}
    left = shelf.without(gone)
    for name in names:
        found = [one.owner for one in left.find(typed(name.text), 100)]
        assert not gone.intersection(found)


@settings(max_examples=150, deadline=None)
@given(TITLES, st.text(st.sampled_from("开放空间手kaifngbo -9"), max_size=6))
def test_what_is_found_fits(titles: list[str], text: str) -> None:
    shelf = Names.of([Name(one, one, title) for one, title in enumerate(titles)])
    asked = typed(text)
    for found in shelf.find(asked, 100):
        assert fits(asked, titles[found.owner]), (fold(text), titles[found.owner])
