"""What every engine promises, each as one sentence."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from cop.search.engine import FACETS, Health
from cop.search.text import pinyin_forms
from tests.contract.search.shelf import PUBLIC, document, facts

if TYPE_CHECKING:
    from tests.contract.search.shelf import Shelf

OLD = datetime(2019, 5, 1, tzinfo=UTC)
NEW = datetime(2024, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["开放空间", "開放空間", "放空", "空间会议", "间"])
def test_chinese_is_found_in_either_script_and_inside_sentences(shelf: Shelf, typed: str) -> None:
    """No dictionary decides where a word begins."""
    shelf.put(document(1, "我们用开放空间会议开场"), document(2, "空气很好，没有会"))
    assert shelf.ids(typed) == [1]


def test_simplified_finds_what_was_written_in_traditional(shelf: Shelf) -> None:
    """Folding works at both ends."""
    shelf.put(document(1, "我們用開放空間開場"), document(2, "別的"))
    assert shelf.ids("开放空间") == [1]


@pytest.mark.parametrize("typed", ["organization", "organisations", "ORGANISING", "Organized"])
def test_english_inflects_and_may_be_spelt_either_way(shelf: Shelf, typed: str) -> None:
    """Words are stemmed after British endings are levelled."""
    shelf.put(document(1, "Small organisations met.", lang="en"), document(2, "Nobody came"))
    assert shelf.ids(typed) == [1]


@pytest.mark.parametrize(
    "typed", ["kaifang kongjian", "kai fang kong jian", "kaifangkongjian", "Kāifàng kōngjiān"]
)
def test_a_label_is_found_by_its_pinyin_however_it_is_spaced(shelf: Shelf, typed: str) -> None:
    """The caller puts `pinyin_forms` into the tags."""
    shelf.put(
        document(1, "正文", tags_text="开放空间 Open space " + pinyin_forms("kai fang kong jian")),
        document(2, "正文", tags_text="能力建设 " + pinyin_forms("能力建设")),
    )
    assert shelf.ids(typed) == [1]


def test_abbreviations_are_found_whatever_their_case(shelf: Shelf) -> None:
    """FIC is a word like any other."""
    shelf.put(document(1, tags_text="FIC Funders' circle"), document(2, "fiction"))
    assert shelf.ids("fic") == [1]


def test_a_title_that_matches_comes_before_a_mention_in_a_comment(shelf: Shelf) -> None:
    """Fields have weights."""
    shelf.put(
        document(1, "别的事情", extra="换届 之后"),
        document(2, "别的事情", title="换届 之后"),
        document(3, "无关"), document(4, "无关"), document(5, "无关"),
    )  # fmt: skip
    assert shelf.ids("换届") == [2, 1]


def test_documents_that_hold_all_words_come_with_close_ones_but_not_with_distant_ones(
    shelf: Shelf,
) -> None:
    """Missing one of several words is forgiven when the rest says enough."""
    shelf.put(
        document(1, "换届 选举 监督"), document(2, "换届 选举"), document(3, "监督" + "很长的闲话" * 60),
        *(document(n, "无关 监督") for n in range(4, 8)), *(document(n, "无关") for n in range(8, 20)),
    )  # fmt: skip
    found = shelf.ids("换届 选举 监督")
    assert found[:2] == [1, 2]
    assert 3 not in found


def test_plus_and_quotes_require_every_word(shelf: Shelf) -> None:
    """Somebody who insists gets exactly that."""
    shelf.put(document(1, "换届 选举"), document(2, "换届"), document(3, "无关"), document(4, "无"))
    assert shelf.ids("换届 选举") == [1, 2]
    assert shelf.ids("+换届 选举") == [1]
    assert shelf.ids("“换届” 选举") == [1]


def test_a_phrase_is_exact_but_blind_to_script_case_and_spacing(shelf: Shelf) -> None:
    """The tokens only nominate; the text decides."""
    shelf.put(
        document(1, "先说空间开放，再说放空"), document(2, "開放空間"),
        document(3, "space, then open", lang="en"), document(4, "An Open\nSpace here", lang="en"),
        document(5, "reopen spaces", lang="en"),
    )  # fmt: skip
    assert shelf.ids("“开放空间”") == [2]
    assert shelf.ids('"open space"') == [4]
    assert shelf.ids("「没有这句」") == []


def test_of_several_phrases_each_must_be_there(shelf: Shelf) -> None:
    """One is not enough."""
    shelf.put(
        document(1, "开放空间与一把手工程"), document(2, "开放空间，一把，把手"),
        document(3, "空间开放，一把手，放空"),
    )  # fmt: skip
    assert shelf.ids("“开放空间” “一把手”") == [1]


def test_at_most_two_hundred_texts_are_loaded_for_a_phrase(shelf: Shelf) -> None:
    """Verification has a bound, however common the words are."""
    shelf.put(*(document(n, "开放空间会议") for n in range(1, 231)))
    assert shelf.hits("“开放空间会议”").total == 200
    assert shelf.asked == [200]


def test_no_text_is_loaded_for_a_phrase_of_two_characters(shelf: Shelf) -> None:
    """A pair is a token: the index knows."""
    shelf.put(document(1, "开放空间"), document(2, "空的房间"))
    assert shelf.ids("“空间”") == [1]
    assert shelf.asked == []


def test_an_excluded_word_keeps_its_documents_out(shelf: Shelf) -> None:
    """Also when nothing else is asked for."""
    shelf.put(document(1, "换届 选举"), document(2, "换届"), document(3, "无关"))
    assert shelf.ids("换届 -选举") == [2]
    assert shelf.ids("-换届") == [3]


@pytest.mark.parametrize("typed", ["？！", "the", '"', "-", "+", "\x00", "()"])
def test_a_query_without_any_word_finds_nothing(shelf: Shelf, typed: str) -> None:
    """Rather than everything, and never an error."""
    shelf.put(document(1, "the 正文 ？！"))
    found = shelf.hits(typed)
    assert (found.total, found.hits) == (0, ())
    assert found.facets == {facet: {} for facet in FACETS}


def test_an_empty_query_lists_everything_newest_first(shelf: Shelf) -> None:
    """Undated ones last, ties by id."""
    shelf.put(
        document(1, "一", published_at=OLD), document(2, "二", published_at=NEW),
        document(4, "四"), document(3, "三"),
    )  # fmt: skip
    assert shelf.ids("") == [2, 1, 3, 4]


def test_of_equal_hits_the_newer_comes_first_and_then_the_lower_number(shelf: Shelf) -> None:
    """So that a page never shuffles."""
    shelf.put(
        document(3, "换届", published_at=NEW), document(1, "换届", published_at=NEW),
        document(2, "换届", published_at=OLD), document(9, "无关"), document(8, "无关"),
    )  # fmt: skip
    assert shelf.ids("换届") == [1, 3, 2]


def test_nobody_meets_what_her_labels_do_not_allow(shelf: Shelf) -> None:
    """Not in hits, not in totals, not in facets."""
    shelf.put(
        document(1, "换届"),
        document(2, "换届", labels=frozenset({"members", "author:5"}), kind="term"),
    )
    assert shelf.ids("换届") == [1]
    assert shelf.hits("换届").facets["kind"] == {"note": 1}
    assert shelf.ids("换届", labels=PUBLIC | {"author:5"}) == [1, 2]
    assert shelf.hits("换届", labels=frozenset()).total == 0
    assert shelf.hits("", labels=frozenset({"author:6"})).total == 0


def test_an_entry_is_one_hit_in_the_reader_s_language_if_that_was_found(shelf: Shelf) -> None:
    """Otherwise in the language that matches best."""
    shelf.put(
        document(1, "Funding for FIC", lang="en"), document(1, "FIC 资助", lang="zh-Hans"),
        document(2, "Only FIC here", lang="en"), document(3, "无关"),
        document(4, "nothing", lang="en"), document(5, "nothing", lang="en"),
    )  # fmt: skip
    hits = shelf.hits("FIC", prefer_lang="zh-Hans")
    assert {hit.entry_id: hit.lang for hit in hits.hits} == {1: "zh-Hans", 2: "en"}
    assert hits.total == 2
    assert {h.entry_id: h.lang for h in shelf.hits("funding", prefer_lang="zh-Hans").hits} == {
        1: "en"
    }


def test_filters_narrow_by_every_kind_of_fact(shelf: Shelf) -> None:
    """Alternatives inside a filter, all filters together."""
    shelf.put(
        document(1, "换届", facets=facts(outcome="failed", evidence="told", place="cn-53 cn",
                                        strategy="a", sector="x")),
        document(2, "换届", facets=facts(outcome="worked", place="cn-11 cn", strategy="b",
                                        sector="x")),
        document(3, "换届", kind="term", lang="en"),
    )  # fmt: skip
    every = frozenset
    assert shelf.ids("换届", outcome=every({"failed"})) == [1]
    assert shelf.ids("换届", outcome=every({"failed", "worked"})) == [1, 2]
    assert shelf.ids("换届", place=every({"cn"})) == [1, 2]
    assert shelf.ids("换届", place=every({"cn-11"})) == [2]
    assert shelf.ids("换届", evidence=every({"told"})) == [1]
    assert shelf.ids("换届", lang=every({"en"})) == [3]
    assert shelf.ids("换届", strategy=every({"a", "b"}), sector=every({"x"})) == [1, 2]
    assert shelf.ids("换届", strategy=every({"a"}), outcome=every({"worked"})) == []
    assert shelf.ids("换届", unheard_of=every({"x"})) == []
    assert shelf.ids("换届", strategy=every(())) == [1, 2, 3]
    assert shelf.ids("换届", kind=every({"note"}), outcome=every({"nonsense"})) == []


def test_facets_count_entries_and_keep_the_numbers_of_values_not_chosen(shelf: Shelf) -> None:
    """The tabs above the results show what the other tabs hold."""
    shelf.put(
        document(1, "换届", facets=facts(outcome="failed")),
        document(1, "换届", lang="en", facets=facts(outcome="failed")),
        document(2, "换届", facets=facts(outcome="worked")), document(3, "换届", kind="term"),
        document(4, "无关"), document(5, "无关"), document(6, "无关"), document(7, "无关"),
    )  # fmt: skip
    plain = shelf.hits("换届")
    assert plain.total == 3
    assert plain.facets["kind"] == {"note": 2, "term": 1}
    assert plain.facets["lang"] == {"zh-Hans": 3, "en": 1}
    notes = shelf.hits("换届", kind=frozenset({"note"}))
    assert notes.total == 2
    assert notes.facets["kind"] == {"note": 2, "term": 1}
    assert notes.facets["outcome"] == {"failed": 1, "worked": 1}


def test_pages_follow_one_another_without_gap_or_overlap(shelf: Shelf) -> None:
    """The total is that of all pages."""
    shelf.put(*(document(n, "换届") for n in range(1, 8)))
    pages = [shelf.hits("换届", limit=3, offset=at) for at in (0, 3, 6, 9)]
    assert [h.entry_id for page in pages for h in page.hits] == [1, 2, 3, 4, 5, 6, 7]
    assert {page.total for page in pages} == {7}


def test_a_newer_version_replaces_all_languages_and_an_older_one_is_ignored(shelf: Shelf) -> None:
    """Jobs may come late and in any order."""
    shelf.put(document(1, "换届", version=2), document(1, "election", lang="en", version=2))
    shelf.put(document(1, "选举", version=3))
    assert shelf.ids("换届") == shelf.ids("election") == []
    assert shelf.ids("选举") == [1]
    shelf.put(document(1, "换届", version=2))
    assert shelf.ids("选举") == [1]
    assert shelf.engine.versions() == {1: 3}
    assert shelf.engine.count() == 1


def test_the_same_version_may_be_written_again_with_other_content(shelf: Shelf) -> None:
    """As when a term that the entry carries is renamed."""
    shelf.put(document(1, tags_text="旧名"))
    shelf.put(document(1, tags_text="新名"))
    assert shelf.ids("旧名") == []
    assert shelf.ids("新名") == [1]


def test_a_removed_entry_is_gone_and_a_late_job_does_not_bring_it_back(shelf: Shelf) -> None:
    """Its version is remembered, and reconcile can see it."""
    shelf.put(document(1, "换届", version=1), document(2, "换届", version=1))
    shelf.engine.replace([(1, 4, [])])
    shelf.put(document(1, "换届", version=3))
    assert shelf.ids("换届") == [2]
    assert shelf.ids("") == [2]
    assert shelf.engine.versions() == {1: 4, 2: 1}
    assert shelf.engine.count() == 1


def test_a_forgotten_entry_leaves_no_trace(shelf: Shelf) -> None:
    """Unlike one that was removed: the database has no row of it to compare with."""
    shelf.put(document(1, "换届", version=5), document(2, "换届"))
    shelf.engine.replace([(3, 2, [])])
    shelf.engine.forget([1, 3, 99])
    assert shelf.ids("换届") == [2]
    assert shelf.engine.versions() == {2: 1}
    shelf.engine.forget([])
    shelf.put(document(1, "换届", version=1))
    assert shelf.ids("换届") == [1, 2]


def test_one_batch_may_touch_many_entries_and_one_entry_twice(shelf: Shelf) -> None:
    """The later version wins."""
    shelf.engine.replace(
        [
            (1, 1, [document(1, "换届")]),
            (2, 1, [document(2, "换届")]),
            (1, 2, [document(1, "选举", version=2)]),
        ]
    )
    assert shelf.ids("换届") == [2]
    assert shelf.ids("选举") == [1]


def test_a_rebuild_replaces_everything_and_tells_how_far_it_is(shelf: Shelf) -> None:
    """Nothing of the old index remains."""
    shelf.put(document(1, "换届"))
    heard: list[int] = []
    built = shelf.engine.rebuild(
        ((n, 1, [document(n, "选举")]) for n in (2, 3)), progress=heard.append
    )
    assert (built.entries, heard) == (2, [1, 2])
    assert shelf.ids("换届") == []
    assert shelf.ids("选举") == [2, 3]
    assert (shelf.engine.check(), shelf.engine.healthy()) == (Health.OK, True)
