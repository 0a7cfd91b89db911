"""Dates, numbers and lists in the reader's manner."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from flask import render_template_string

from cop.core.types import Lang
from cop.web import Hooks, filters

ZH, EN = Lang.ZH, Lang.EN
EVENING = datetime(2026, 11, 16, 20, 40, tzinfo=UTC)


def test_a_day_is_written_as_each_language_writes_it() -> None:
    assert filters.as_date(date(2026, 11, 18), ZH) == "2026年11月18日"
    assert filters.as_date(date(2026, 11, 18), EN) == "18 November 2026"


def test_a_moment_is_told_on_the_readers_clock(make_site: Any) -> None:
    zones = ["Asia/Shanghai", "Europe/London", "Nowhere/At_All", None]
    site = make_site(Hooks(account_timezone=lambda: zones[0]))
    with site.test_request_context("/"):
        assert filters.as_datetime(EVENING, ZH) == "2026年11月17日 04:40"
        assert filters.as_date(EVENING, EN) == "17 November 2026"
        zones.pop(0)
        assert filters.as_datetime(EVENING, EN) == "16 November 2026, 20:40"
        for _ in range(2):
            zones.pop(0)
            assert filters.as_datetime(EVENING, ZH) == "2026年11月17日 04:40"


def test_what_is_missing_is_nothing() -> None:
    assert filters.as_date(None) == filters.as_datetime(None) == filters.ago(None) == ""
    assert filters.period(None, None) == ""


@pytest.mark.parametrize(
    ("passed", "zh", "en"),
    [
        ("2026-11-18T09:00:10Z", "1分钟前", "1 minute ago"),
        ("2026-11-18T12:00:00Z", "3小时前", "3 hours ago"),
        ("2026-11-20T09:00:00Z", "2天前", "2 days ago"),
        ("2027-01-18T09:00:00Z", "2026年11月18日", "18 November 2026"),
    ],
)
def test_how_long_ago_is_said_up_to_a_month(passed: str, zh: str, en: str) -> None:
    then = datetime(2026, 11, 18, 9, tzinfo=UTC)
    with time_machine.travel(passed, tick=False):
        assert filters.ago(then, ZH).replace(" ", "") == zh
        assert filters.ago(then, EN) == en


@pytest.mark.parametrize(
    ("started", "ended", "precision", "zh", "en"),
    [
        ((2009, 1, 1), None, "year", "2009年", "2009"),
        ((2009, 1, 1), (2012, 1, 1), "year", "2009—2012年", "2009–2012"),
        ((2009, 1, 1), (2009, 9, 1), "year", "2009年", "2009"),
        ((2026, 3, 1), (2026, 5, 1), "month", "2026年3—5月", "March–May 2026"),
        (
            (2025, 12, 1),
            (2026, 2, 1),
            "month",
            "2025年12月—2026年2月",
            "December 2025 – February 2026",
        ),
        ((2026, 12, 5), (2026, 12, 6), "day", "2026年12月5—6日", "5–6 December 2026"),
        (
            (2026, 11, 28),
            (2026, 12, 2),
            "day",
            "2026年11月28日—12月2日",
            "28 November – 2 December 2026",
        ),
        (
            (2025, 12, 31),
            (2026, 1, 1),
            "day",
            "2025年12月31日—2026年1月1日",
            "31 December 2025 – 1 January 2026",
        ),
        ((2026, 12, 5), (2026, 12, 5), "day", "2026年12月5日", "5 December 2026"),
        ((2026, 12, 5), (2026, 12, 6), "hidden", "", ""),
        ((2026, 12, 5), (2026, 12, 6), "made-up", "", ""),
        (None, (2026, 12, 6), "month", "2026年12月", "December 2026"),
    ],
)
def test_a_period_is_told_in_the_precision_its_author_chose(
    started: Any, ended: Any, precision: str, zh: str, en: str
) -> None:
    first = date(*started) if started else None
    last = date(*ended) if ended else None
    assert filters.period(first, last, precision, ZH) == zh
    assert filters.period(first, last, precision, EN) == en


def test_numbers_and_lists_follow_the_language() -> None:
    assert filters.number(1234567, EN) == "1,234,567"
    assert filters.join_list(["甲", "乙", "丙"], lang=ZH) == "甲、乙和丙"
    assert filters.join_list(["A", "B", "C"], lang=EN) == "A, B, and C"
    assert filters.join_list(["A", "B"], "or", lang=EN) == "A or B"
    assert filters.join_list([], lang=EN) == ""


def test_templates_have_them_all(site: Any) -> None:
    source = (
        "{{ day|date }} {{ 1200|number }} {{ ['甲', '乙']|join_list }} {{ lang|lang_tag }}"
        " {{ day|period(none, 'month') }} {{ static_url('css/app.css')[:8] }} {{ lang }} [{{ theme }}]"
    )
    with site.test_request_context("/"):
        text = render_template_string(source, day=date(2026, 11, 18))
    assert text == "2026年11月18日 1,200 甲和乙 zh 2026年11月 /static/ zh-Hans []"


def test_whole_sentences_follow_each_other_with_a_gap_only_where_the_language_types_one() -> None:
    assert filters.sentences(["先看。", "再写。"], lang=ZH) == "先看。再写。"
    assert filters.sentences(["Look first.", "Then write."], lang=EN) == "Look first. Then write."
