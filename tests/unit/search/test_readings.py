"""The table of readings says what its source says, and what people type."""

from __future__ import annotations

import pytest

from cop.search import readings
from cop.search.text import fold


def test_the_table_is_the_one_its_source_gives() -> None:
    assert readings.FILE.read_text(encoding="utf-8") == readings.table()


def test_every_folded_character_of_the_block_can_be_read_but_ten_signs_of_units() -> None:
    block = [chr(code) for code in range(0x4E00, 0x9FA6)]
    unread = [one for one in block if fold(one) == one and not readings.readings(one)]
    assert len(unread) == 10, unread


@pytest.mark.parametrize(
    ("character", "said"),
    [("一", ("yi",)), ("行", ("xing", "hang")), ("女", ("nu",)), ("厦", ("sha", "xia"))],
)
def test_a_further_reading_stands_there_where_it_is_common(
    character: str, said: tuple[str, ...]
) -> None:
    assert readings.readings(character) == said


@pytest.mark.parametrize("character", ["a", "か", "。", "𠀀", "\uff11"])
def test_other_characters_have_no_reading(character: str) -> None:
    assert readings.readings(character) == ()


@pytest.mark.parametrize(
    ("one", "other"),
    [("zhi", "zi"), ("shou", "sou"), ("nan", "lan"), ("xing", "xin"), ("cheng", "cen")],
)
def test_what_many_do_not_tell_apart_is_heard_alike(one: str, other: str) -> None:
    assert readings.rough(one) == readings.rough(other)


def test_what_everybody_tells_apart_is_not() -> None:
    assert readings.rough("ma") != readings.rough("mo")
    assert readings.rough("shang") != readings.rough("shan")
