"""Orders that two people change at once, or that one of them sees in part."""

from __future__ import annotations

import pytest

from cop.collections.ordering import merge_order, with_unseen


@pytest.mark.parametrize(
    ("mine", "theirs", "made"),
    [
        ("abc", "abc", "abc"),
        ("cba", "abc", "cba"),
        ("abc", "cba", "cba"),
        ("cba", "abcd", "cdba"),
        ("ab", "abcd", "abd"),
        ("abcx", "bac", "abcx"),
        ("xabc", "abcd", "xabcd"),
        ("abx", "ac", "ax"),
        ("", "abc", ""),
    ],
)
def test_two_orders_become_one_with_what_each_added_and_without_what_either_took_out(
    mine, theirs, made
):
    assert "".join(merge_order("abc", mine, theirs)) == made


def test_what_one_takes_out_stays_when_the_other_wrote_its_reason_anew():
    assert merge_order("abc", "ab", "abc", touched="c") == ("a", "b", "c")
    assert merge_order("abc", "abc", "ab", touched="c") == ("a", "b", "c")
    assert merge_order("abc", "bac", "ab", touched="c") == ("b", "a", "c")


@pytest.mark.parametrize(
    ("mine", "unseen", "made"),
    [
        ("ac", "b", "abc"),
        ("ca", "b", "cab"),
        ("bc", "a", "abc"),
        ("", "ab", "ab"),
        ("c", "b", "bc"),
    ],
)
def test_what_somebody_does_not_see_stays_behind_what_stood_before_it(mine, unseen, made):
    assert "".join(with_unseen(mine, "abc", unseen)) == made
