"""Lists of documents are put together, and their values counted, as plain Python would do it."""

from __future__ import annotations

from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from cop.search.matched import _first
from cop.search.room import Room, firsts
from cop.search.values import Names, counted, in_a_row, laid_out

if TYPE_CHECKING:
    from random import Random

SIZE = 400

lists = st.lists(st.sets(st.integers(0, SIZE - 1), max_size=SIZE), min_size=1, max_size=4)
# The documents of a segment, each with the values it has.
documents = st.lists(st.sets(st.integers(1, 9), max_size=6), min_size=1, max_size=60)


@pytest.fixture(autouse=True)
def _database_of_each_test() -> None:
    """Leave the database alone: nothing here has one."""


@settings(max_examples=200, deadline=None)
@given(lists)
def test_room_is_empty_again_after_each_use(given_lists: list[set[int]]) -> None:
    room = Room(SIZE)
    ids = [np.array(sorted(one), np.intp) for one in given_lists]
    worth = [(one, one + at + 1) for at, one in enumerate(ids)]
    for _ in range(2):
        assert room.distinct(ids).tolist() == sorted(set().union(*given_lists))
        assert room.in_all(ids).tolist() == sorted(set.intersection(*given_lists))
        assert room.among(ids[0], ids[-1]).tolist() == [n in given_lists[-1] for n in ids[0]]
        _same(room.sums(worth), given_lists, sum)
        _same(room.highest(worth), given_lists, max)
        room.marks[ids[0]] = True
        assert room.marked().tolist() == ids[0].tolist()
    assert not room.numbers.any()
    assert not room.marks.any()


def _same(found: object, given_lists: list[set[int]], put_together: object) -> None:
    ids, worth = found
    expected = {
        n: put_together(n + at + 1 for at, one in enumerate(given_lists) if n in one)
        for n in sorted(set().union(*given_lists))
    }
    assert dict(zip(ids.tolist(), worth.tolist(), strict=True)) == expected


@given(st.lists(st.integers(1, 4)))
def test_runs_begin_where_a_number_differs_from_the_one_before(numbers: list[int]) -> None:
    expected = [at for at, n in enumerate(numbers) if not at or numbers[at - 1] != n]
    assert firsts(np.array(numbers, np.int64)).tolist() == expected


@settings(max_examples=200, deadline=None)
@given(st.lists(documents, min_size=1, max_size=4), st.data())
def test_values_are_counted_over_all_segments(
    segments: list[list[set[int]]], data: st.DataObject
) -> None:
    values = in_a_row([_laid_out(segment) for segment in segments])
    every = list(chain.from_iterable(segments))
    chosen = sorted(data.draw(st.sets(st.integers(0, len(every) - 1))))
    often = counted(values, np.array(chosen, np.intp), 10)
    expected = Counter(chain.from_iterable(every[n] for n in chosen))
    assert {n: c for n, c in enumerate(often.tolist()) if n and c} == expected


def _laid_out(segment: list[set[int]]) -> object:
    pairs = [
        (number, np.array([at for at, held in enumerate(segment) if number in held], np.int32))
        for number in range(1, 10)
    ]
    return laid_out(pairs, len(segment))


def test_each_value_of_a_facet_has_one_number() -> None:
    names = Names()
    assert names.number("place", "cn") == names.number("place", "cn") == 1
    assert names.number("place", "cn-53") == 2
    assert names.number("kind", "note") == 1
    assert names.of("place")[1:] == ["cn", "cn-53"]


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 3000), st.integers(1, 12), st.integers(1, 500), st.randoms())
def test_the_largest_by_several_keys_come_first(
    size: int, wanted: int, different: int, rng: Random
) -> None:
    rows = [(rng.randrange(different), rng.randrange(3), n) for n in range(size)]
    rng.shuffle(rows)
    table = np.array(rows, np.int64)
    keys = [lambda at, column=column: table[at, column] for column in range(3)]
    found = _first(keys, size, wanted)
    assert [rows[at] for at in found.tolist()] == sorted(rows, reverse=True)[:wanted]
