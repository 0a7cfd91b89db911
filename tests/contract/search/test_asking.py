"""What a query may be made of besides words, each promise as one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cop.search.engine import Concept, Option, Query, Sort
from tests.contract.search.shelf import PUBLIC, document
from tests.contract.search.test_promises import NEW, OLD

if TYPE_CHECKING:
    from cop.search.engine import Hits
    from tests.contract.search.shelf import Shelf

OPEN_SPACE = Concept("开放空间", ("open space", "OST"), "open-space")


def ask(shelf: Shelf, query: Query) -> Hits:
    return shelf.engine.search(query, labels=PUBLIC, prefer_lang="zh-Hans", limit=100)


def ids(shelf: Shelf, query: Query) -> list[int]:
    return [hit.entry_id for hit in ask(shelf, query).hits]


def fill(shelf: Shelf) -> None:
    """Put enough else on the shelf that no word is in half of it."""
    shelf.put(*(document(n, "无关的闲话说了又说") for n in range(100, 110)))


def test_another_name_of_a_concept_finds_as_a_whole_and_counts_less(shelf: Shelf) -> None:
    fill(shelf)
    shelf.put(
        document(1, "An open space for all", lang="en"), document(2, "开放空间很好"),
        document(3, "Open doors, no space", lang="en"), document(4, "An open door", lang="en"),
    )  # fmt: skip
    asked = Query(words=("开放空间",), concepts=(OPEN_SPACE,))
    assert ids(shelf, asked)[:2] == [2, 1]
    assert 4 not in ids(shelf, asked)


def test_a_concept_inside_a_longer_word_is_held_by_its_other_names(shelf: Shelf) -> None:
    """The pair across its border is nobody's word."""
    fill(shelf)
    shelf.put(document(1, "一把手换届"), document(2, "the leader, 换届"), document(3, "the leader"))
    leader = Concept("一把手", ("leader",), "leader")
    asked = Query(words=("一把手换届",), concepts=(leader,), all_words=True)
    assert ids(shelf, asked) == [1, 2]


def test_of_alternatives_one_is_enough_and_a_phrase_among_them_is_exact(shelf: Shelf) -> None:
    fill(shelf)
    shelf.put(
        document(1, "换届"), document(2, "an open space", lang="en"),
        document(3, "space, open", lang="en"), document(4, tags_text="换届"),
    )  # fmt: skip
    either = (Option("换届"), Option("open space", phrase=True))
    assert sorted(ids(shelf, Query(either=(either,), all_words=True))) == [1, 2, 4]


@pytest.mark.parametrize(
    ("prefix", "found"),
    [
        ("organi", [1, 2]),
        ("organisat", [1]),
        ("organis", [1, 2]),
        ("organiz", [1, 2]),
        ("labor", [5]),
        ("ORGANIZE", [2]),
        ("labour", [5]),
        ("spac", [4]),
        ("rgan", []),
    ],
)
def test_a_prefix_finds_words_that_begin_so(shelf: Shelf, prefix: str, found: list[int]) -> None:
    fill(shelf)
    shelf.put(
        document(1, "small organisations", lang="en"), document(2, "to organize", lang="en"),
        document(3, "an organ", lang="en"), document(4, "spaces", lang="en"),
        document(5, "hard labour", lang="en"),
    )  # fmt: skip
    assert sorted(ids(shelf, Query(prefixes=(prefix,)))) == found


def test_the_newest_or_the_most_discussed_come_first_when_asked_for(shelf: Shelf) -> None:
    fill(shelf)
    shelf.put(
        document(1, "换届", published_at=OLD, discussed=3),
        document(2, "换届换届", published_at=OLD),
        document(3, "换届", published_at=NEW, discussed=1),
    )  # fmt: skip
    words = ("换届",)
    assert ids(shelf, Query(words=words, sort=Sort.NEWEST)) == [3, 1, 2]
    assert ids(shelf, Query(words=words, sort=Sort.DISCUSSED)) == [1, 3, 2]
    assert ask(shelf, Query(words=words)).discussed
    assert not ask(shelf, Query(words=("无关",))).discussed


def test_words_that_stand_together_come_before_the_same_words_apart(shelf: Shelf) -> None:
    fill(shelf)
    apart = "换届之后" + "说了很多别的事情" * 12 + "才选举"
    together = "换届选举之后" + "说了很多别的事情" * 12 + "才"
    shelf.put(document(1, apart, published_at=NEW), document(2, together, published_at=OLD))
    assert ids(shelf, Query(words=("换届", "选举"))) == [2, 1]


def test_how_many_hold_something_is_told_of_what_the_reader_may_meet(shelf: Shelf) -> None:
    fill(shelf)
    shelf.put(
        document(1, "换届选举"), document(1, "election", lang="en"), document(2, "换届"),
        document(3, "换届", labels=frozenset({"members"})),
    )  # fmt: skip
    said = ["换届", "换届 选举", "没有", "？", "elections"]
    assert shelf.engine.holding(said, labels=PUBLIC) == [2, 1, 0, 0, 1]
    assert shelf.engine.holding(["换届"], labels=frozenset({"members"})) == [1]
    assert shelf.engine.holding([], labels=PUBLIC) == []
