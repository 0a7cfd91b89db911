"""Terms are recognised in what people write, by any name and in any spelling."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from cop.core.db import db
from cop.people.viewer import SYSTEM
from cop.terms.draft import SchemeDraft, TermDraft
from cop.terms.models import Term
from cop.terms.operations import put_schemes, put_term
from cop.terms.recognising import recognised, terms_called

ZH, EN = "zh-Hans", "en"


def term(key: str, zh: str, en: str, scheme: str = "strategy", **more: object) -> None:
    put_term(by=SYSTEM, draft=TermDraft(key=key, scheme=scheme, name={ZH: zh, EN: en}, **more))  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _terms() -> None:
    put_schemes(
        by=SYSTEM,
        drafts=[
            SchemeDraft(key, {EN: key.capitalize(), ZH: key})
            for key in ("strategy", "place", "resource", "outcome")
        ],
    )
    term(
        "circles", "圆圈会议", "Circle meetings",
        alternatives={EN: ("Circle Talks", "CM", "talk in a circle"), ZH: ("圆圈会", "圓圈會議", "围坐")},
        hidden={EN: ("yuanquan huiyi",)},
    )  # fmt: skip
    term("meetings", "会议", "Meetings")
    term("greeting", "问候（当面）", "Greeting (in person)")
    term("law", "法律", "Law", "resource")
    term(
        "mist",
        "云雾省",
        "Mist",
        "place",
        alternatives={ZH: ("云雾",)},
        abbreviations=("雾",),
        pinyin="Yúnwù",
    )
    term("fog", "云务省", "Fog", "place", pinyin="Yùnwù")
    term("worked", "有效", "Worked", "outcome", alternatives={EN: ("success",), ZH: ("做成了",)})  # fmt: skip


def keys(text: str, **more: object) -> list[str]:
    return [found.term.key for found in recognised(text, **more)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Circle Meetings", "Circle Meetings"),
        ("how do circle meetings end", "circle meetings"),
        ("a circle-meeting", "circle-meeting"),
        ("talks in circles", "talks in circles"),
        ("CM", "CM"),
        ("我们开了圆圈会议以后", "圆圈会议"),
        ("圓圈會議", "圓圈會議"),
        ("用圆圈会", "圆圈会"),
        ("yuanquan huiyi", "yuanquan huiyi"),
        ("yuan quan hui yi", "yuan quan hui yi"),
        ("yuanquanhuiyi how", "yuanquanhuiyi"),
        ("Yuánquān huìyì", "Yuánquān huìyì"),
    ],
)
def test_any_name_in_any_spelling_names_a_term(text: str, said: str) -> None:
    assert [(found.term.key, found.said) for found in recognised(text)] == [("circles", said)]


@pytest.mark.parametrize(
    "text",
    [
        "", "a circle", "圆圈", "雾", "雾气", "the circles we met in", "lawless", "CMS", "hui", "yuanquan",
    ],
)  # fmt: skip
def test_pieces_of_names_and_abbreviations_name_nothing(text: str) -> None:
    assert keys(text) == []


def test_the_longest_name_wins_and_none_overlap() -> None:
    assert keys("圆圈会议和会议") == ["circles", "meetings"]
    assert keys("meetings, circle meetings, law") == ["meetings", "circles", "law"]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("共同行动", []), ("同行互助", ["peers"]), ("请同行来看", ["peers"]), ("同行的行动", ["peers"]),
        ("社会员工", []), ("会员工作", ["helpers"]), ("员工时间", ["time"]), ("第一会员", ["helpers"]),
        ("云雾省心的会议", ["mist", "meetings"]),
    ],
)  # fmt: skip
def test_a_name_that_only_the_borders_of_words_spell_is_none(text: str, named: list[str]) -> None:
    term("peers", "同行", "Peers")
    term("helpers", "会员", "Helpers")
    term("hours", "工时", "Working hours")
    term("time", "时间", "Time")
    assert keys(text) == named


def test_a_name_does_not_reach_over_the_end_of_a_sentence() -> None:
    assert keys("We drew a circle. Meetings followed") == ["meetings"]
    assert keys("画了圆圈。会议开始") == ["meetings"]


def test_brackets_that_only_tell_a_name_from_others_need_not_be_said() -> None:
    assert keys("问候") == ["greeting"]
    assert keys("greetings") == ["greeting"]


def test_a_name_of_two_terms_names_both() -> None:
    term("statute", "法律", "Statute")
    assert set(keys("法律")) == {"law", "statute"}
    assert keys("yunwu") == ["mist", "fog"]


def test_everyday_words_count_only_where_they_are_all_there_is() -> None:
    assert keys("worked") == ["worked"]
    assert keys(" 做成了！") == ["worked"]
    assert keys("it worked with letters") == []
    assert keys("worked", alone=False) == []


def test_a_merged_term_is_named_as_what_it_was_merged_into() -> None:
    term("rounds", "轮谈", "Rounds")
    rows = {row.key: row for row in db.session.scalars(select(Term))}
    rows["rounds"].merged_into_id = rows["circles"].id
    term("meetings", "会议", "Meetings")  # any change of the vocabulary lets it be read again
    assert keys("轮谈") == ["circles"]
    assert [found.key for found in terms_called("Rounds", "strategy")] == ["circles"]


def test_terms_can_be_left_out() -> None:
    assert keys("circle meetings and law", skip={"circles"}) == ["law"]


def test_others_are_the_names_that_would_find_more() -> None:
    (found,) = recognised("Circle meetings")
    assert set(found.others) == {"CM", "围坐", "圆圈会", "Circle Talks"}
    (found,) = recognised("圆圈会")
    assert "圆圈会议" not in found.others
    assert "Circle meetings" in found.others


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("雾", ["mist"]), ("Mist", ["mist"]), ("云雾", ["mist"]), ("雲霧", ["mist"]), ("mist", ["mist"]),
        ("yunwu", ["mist", "fog"]), ("yun wu", ["mist", "fog"]), ("circles", []), ("", []), ("mi", []),
    ],
)  # fmt: skip
def test_where_a_place_is_asked_for_abbreviations_are_names(said: str, found: list[str]) -> None:
    assert [one.key for one in terms_called(said, "place")] == found
