"""Text is cleaned, named, shortened and sorted the same way for both scripts."""

import unicodedata

import pytest
from hypothesis import example, given, strategies as st

from cop.core.text import (
    NAMELESS_SLUG,
    SLUG_LIMIT,
    clean,
    excerpt,
    guess_lang,
    han_share,
    is_cjk,
    slugify,
    sort_key,
    without_invisible,
)
from cop.core.types import Lang

NASTY = st.text(
    alphabet=st.characters()
    | st.sampled_from("\r\n\t \u3000\u200b\u200d\ufe0f\u202e\u2066")
    | st.sampled_from("\u0301\u0338\x00\x0b\x85\u2028ae中。")
    | st.just("\ud800"),
    max_size=60,
)
HARMFUL = {*map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A))), *"\u200e\u200f\u200b"}


@given(NASTY, st.booleans())
@example(s="e\u200b\u0301", multiline=True)
@example(s="\u0301\ufe0f", multiline=True)
@example(s="a \u2000 b", multiline=False)
def test_cleaning_twice_changes_nothing_more(s, multiline):
    once = clean(s, multiline=multiline)
    assert clean(once, multiline=multiline) == once


@given(NASTY, st.booleans())
def test_a_cleaned_text_can_be_stored_and_misleads_nobody(s, multiline):
    cleaned = clean(s, multiline=multiline)
    cleaned.encode()
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not HARMFUL & set(cleaned)
    assert cleaned == cleaned.strip()
    controls = {c for c in cleaned if unicodedata.category(c) == "Cc"}
    assert controls <= ({"\n", "\t"} if multiline else set())


@given(st.text(alphabet=st.characters(categories=["L", "N", "P"]), min_size=1, max_size=30))
def test_letters_numbers_and_punctuation_stay(s):
    nfc = unicodedata.normalize("NFC", s)
    if not set(nfc) & set("\u115f\u1160\u3164\uffa0"):
        assert clean(s, multiline=False) == nfc


@pytest.mark.parametrize(
    "s",
    [
        "",
        " ",
        "\u3000\u3000",
        "\u200b\u200b",
        "\ufeff",
        "\u200d\ufe0f",
        "\n \t",
        "\u3164",
        "\u2800",
    ],
)
@pytest.mark.parametrize("multiline", [True, False])
def test_what_shows_nothing_is_empty(s, multiline):
    assert clean(s, multiline=multiline) == ""


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("一\r\n二\r三\u2028四\x0b五", "一\n二\n三\n四\n五"),
        ("一\n\u3000\n二", "一\n\n二"),
        ("a\tb", "a\tb"),
        ("  - a\n    - b\n\n  - c", "- a\n  - b\n\n- c"),
        ("\u3000\u3000一\n\u3000\u3000二", "一\n二"),
        ("  一\n二", "一\n二"),
        ("user\u202etxt.exe", "usertxt.exe"),
        ("a\u0301b", "áb"),
        ("Z" + "\u0300\u0301" * 40, "Z" + "\u0300\u0301" * 2),
        ("👨‍👩‍👧 ❤️ 葛\U000e0101", "👨‍👩‍👧 ❤️ 葛\U000e0101"),
        ("a\ud800b", "a\ufffdb"),
        ("行尾  \n续", "行尾  \n续"),
    ],
)
def test_a_text_of_lines_keeps_its_lines(typed, kept):
    assert clean(typed, multiline=True) == kept


def test_a_single_line_has_single_spaces():
    assert clean(" 标题\u3000副题\r\n a\t\tb ", multiline=False) == "标题 副题 a b"


def test_invisible_characters_leave_html_without_composing_it():
    assert without_invisible("<p>\u0338\u202e") == "<p>\u0338"


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("社区服务中心怎么用：直接找一把手谈", "社区服务中心怎么用-直接找一把手谈"),
        ("Going straight to the “person in charge”", "going-straight-to-the-person-in-charge"),
        ("用 Open Space 开会", "用-open-space-开会"),
        ("A Café don't", "a-cafe-dont"),
        ("\uff21\uff22\uff23\uff11\uff12", "abc12"),
        ("𠮷野家", "𠮷野家"),
        ("../../etc/passwd?x=%00", "etc-passwd-x-00"),
        ("😀！！", NAMELESS_SLUG),
        ("", NAMELESS_SLUG),
    ],
)
def test_a_title_becomes_the_end_of_an_address(title, slug):
    assert slugify(title) == slug


@given(NASTY | st.text(alphabet="ab 中", min_size=60, max_size=200))
def test_a_slug_is_bounded_and_needs_no_escaping_but_for_letters(s):
    slug = slugify(s)
    assert 0 < len(slug) <= SLUG_LIMIT
    assert all(c.isalnum() or c == "-" for c in slug)
    assert slug == slug.strip("-")


def test_a_long_title_is_cut_between_words():
    slug = slugify("extraordinary " * 20)
    assert set(slug.split("-")) == {"extraordinary"}


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("短。", 10, "短。"),
        ("第一句话说完了。第二句话说得很长很长", 12, "第一句话说完了。"),
        ("他说：“好的。”然后走了，一直没有回来", 10, "他说：“好的。”"),
        ("没有句号的一段话一直写一直写下去", 9, "没有句号的一段话…"),
        ("One sentence here. Another one follows", 30, "One sentence here."),
        ("We met Dr. Invented at the office today", 24, "We met Dr. Invented at…"),
        ("Several words without an end", 16, "Several words…"),
        ("Incomprehensibilities", 10, "Incompreh…"),
        ("一行\n二行", 10, "一行二行"),
        ("one\ntwo", 10, "one two"),
        ("数到1.5的时候就可以停下来了", 8, "数到1.5的时…"),
        ("家👨‍👩‍👧人", 4, "家…"),
    ],
)
def test_an_excerpt_ends_with_a_sentence_or_between_words(text, limit, expected):
    assert excerpt(text, limit) == expected


@given(NASTY, st.integers(1, 40))
def test_an_excerpt_fits_and_is_one_line(s, limit):
    short = excerpt(s, limit)
    assert len(short) <= limit
    assert len(short.splitlines()) <= 1


@pytest.mark.parametrize(
    ("s", "lang"),
    [
        ("我们用 Open Space Technology 做会议", Lang.ZH),
        ("Open space (开放空间) is a method for meetings", Lang.EN),
        ("一把手", Lang.ZH),
        ("PRA 方法", Lang.ZH),
        ("GDP 与 NGO", Lang.ZH),
        ("The sub-district office (街道办事处) of Haishu asked us", Lang.EN),
        ("It's fine", Lang.EN),
        ("", Lang.ZH),
        ("123 😀", Lang.ZH),
    ],
)
def test_the_language_is_guessed_from_characters_and_words(s, lang):
    assert guess_lang(s) == lang


def test_without_anything_to_go_by_the_default_is_the_language():
    assert guess_lang("12", default=Lang.EN) == Lang.EN


def test_the_share_of_han_weighs_a_character_like_a_word():
    assert han_share("中文 two words") == 0.5
    assert han_share("…") == 0


@pytest.mark.parametrize("character", "中。ａあ한𠮷㈱《")
def test_full_width_characters_are_cjk(character):
    assert is_cjk(character)


@pytest.mark.parametrize("character", "aé“…😀⭐ ")
def test_latin_shared_punctuation_and_emoji_are_not_cjk(character):
    assert not is_cjk(character)


@pytest.mark.parametrize(
    "in_order",
    [
        ["阿坝", "北京", "重庆", "广州", "上海", "天津"],
        ["开", "开放空间", "开会", "凯旋"],
        ["Apple", "北京", "Éclair", "方法", "Zoo"],
        ["第2章", "第10章"],
        ["妈", "麻", "马", "骂"],
        ["路", "绿"],
    ],
)
def test_titles_sort_as_in_a_dictionary(in_order):
    shuffled = in_order[::-1]
    assert sorted(shuffled, key=sort_key) == in_order


def test_sorting_ignores_marks_and_case():
    assert sort_key("《公益》").split("\t")[0] == sort_key("公益").split("\t")[0]
    assert sort_key("“Zoo”") == sort_key("zoo")
    assert sort_key("!!") > sort_key("zoo")


@given(NASTY)
def test_a_sort_key_is_stored_and_bounded(s):
    key = sort_key(clean(s, multiline=False))
    key.encode()
    assert len(key) < 1000
