"""Emphasis beside Chinese punctuation works, and stays CommonMark's everywhere else."""

import pytest
from hypothesis import given, strategies as st
from markdown_it import MarkdownIt

from cop.markup import render
from cop.markup.emphasis import cjk_emphasis

CHINESE = [
    ("**注意！**请看", "<strong>注意！</strong>请看"),
    ("**“引号”**后", "<strong>“引号”</strong>后"),
    ("他说**“引号”**后", "他说<strong>“引号”</strong>后"),
    ("他说**“引号”**。", "他说<strong>“引号”</strong>。"),
    ("**（注）**后面", "<strong>（注）</strong>后面"),
    ("前面**（注）**后面", "前面<strong>（注）</strong>后面"),
    ("前面**「注」**后面", "前面<strong>「注」</strong>后面"),
    ("前面**《条例》**规定", "前面<strong>《条例》</strong>规定"),
    ("前面**增长50%**的", "前面<strong>增长50%</strong>的"),
    ("使用**Open Space。**后来", "使用<strong>Open Space。</strong>后来"),
    ("使用**Open Space (OST)**之后", "使用<strong>Open Space (OST)</strong>之后"),
    ("GDP**“引号”**GDP", "GDP<strong>“引号”</strong>GDP"),
    ("*强调，*然后", "<em>强调，</em>然后"),
    ("然后*——破折号——*然后", "然后<em>——破折号——</em>然后"),
    ("***都要！***请看", "<em><strong>都要！</strong></em>请看"),
    ("~~删去。~~请看", "<s>删去。</s>请看"),
    ("前~~“删去”~~后", "前<s>“删去”</s>后"),
    ("前~~~删去。~~~后", "前~<s>删去。</s>~后"),
    ("**[链接](/notes/1)。**后", "<strong><a"),
    ("**`代码`。**后", "<strong><code>代码</code>。</strong>后"),
    ("**葛\U000e0101！**请看", "<strong>葛\U000e0101！</strong>请看"),
    ("이것은**“인용”**이다", "이것은<strong>“인용”</strong>이다"),
    ("これは**「引用」。**です", "これは<strong>「引用」。</strong>です"),
]
UNTOUCHED = [
    ("a snake_case_name", "a snake_case_name"),
    ("他_不是_强调", "他_不是_强调"),
    ("3 * 4 * 5", "3 * 4 * 5"),
    ("** 空格 **", "** 空格 **"),
    ("**未完", "**未完"),
    (r"\*不是\*", "*不是*"),
    ("2 ~ 3 天", "2 ~ 3 天"),
    ("约~3天", "约~3天"),
]


@pytest.mark.parametrize(("source", "expected"), CHINESE)
def test_marks_beside_chinese_punctuation_mark_emphasis(source, expected):
    assert expected in render(source).html


@pytest.mark.parametrize(("source", "expected"), UNTOUCHED)
def test_what_is_no_emphasis_stays_as_it_was_typed(source, expected):
    assert render(source).html == f"<p>{expected}</p>"


def parsers():
    stock = MarkdownIt("commonmark", {"html": False}).enable("strikethrough")
    ours = MarkdownIt("commonmark", {"html": False}).enable("strikethrough")
    cjk_emphasis(ours)
    return stock, ours


STOCK, OURS = parsers()
#: Marks, Latin letters, spaces and punctuation of every kind, but nothing of CJK width.
LATIN = st.text(alphabet='ab1 \n*_~.,!"()[]“”’…—é€😀⭐️\u00a0\\`', max_size=40)


@given(LATIN)
def test_without_chinese_the_result_is_commonmarks(source):
    assert OURS.render(source) == STOCK.render(source)


@given(st.text(alphabet="中文 *_~。，！“”（）a", max_size=30))
def test_no_character_that_is_not_a_mark_is_lost(source):
    def letters(s):
        return [c for c in s if c not in "*_~ \n"]

    assert letters(render(source).text) == letters(source)
