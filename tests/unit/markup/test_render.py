"""What members write becomes safe HTML that fits into our pages, whatever they write."""

from html.parser import HTMLParser

import pytest
from hypothesis import example, given, strategies as st

from cop.markup import VERSION, render
from cop.markup.render import MARKDOWN_LIMIT, MAX_NESTING, MOST_BRACKETS
from cop.markup.sanitize import ATTRIBUTES, TAGS, sanitize

LEGAL = {(tag, name) for tag, names in ATTRIBUTES.items() for name in names} | {
    ("a", "rel"),
    ("div", "class"),
    ("div", "tabindex"),
    ("table", "class"),
    ("td", "class"),
    ("th", "class"),
    ("th", "scope"),
}
VOID = {"br", "hr"}
HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    '<a href="javascript:alert(1)">a</a>',
    "<iframe src=//example.org></iframe>",
    "<style>*{display:none}</style>",
    "<math><mi//xlink:href='javascript:alert(1)'>",
    '[a](https://example.org "\\"onmouseover=alert(1) x=\\"")',
    '[a](https://example.org/"onmouseover=alert(1))',
    '!["onerror=alert(1)](https://example.org/a.png)',
    'https://example.org/"onmouseover=alert(1)',
    '```"onmouseover=alert(1)\n<b>\n```',
    "|a|\n|:-:|\n|<script>|",
    "<!-- --><script>alert(1)//-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "*a*\u0338<b>",
    "&lt;script&gt;alert(1)",
]


class Reader(HTMLParser):
    """Reads HTML and keeps what it saw, to compare with what is allowed."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.attributes, self.tags, self.open, self.balanced = [], [], [], True

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        self.balanced &= bool(self.open) and self.open.pop() == tag


def read(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


def assert_safe(html):
    found = read(html)
    assert set(found.tags) <= TAGS
    assert {(tag, name) for tag, name, _ in found.attributes} <= LEGAL
    for _, name, value in found.attributes:
        if name == "href":
            assert value.lower().startswith(("http://", "https://", "mailto:", "/", "#"))
            assert not value.startswith("//")
    assert found.balanced
    assert not found.open
    html.encode()


@pytest.mark.parametrize("source", HOSTILE)
def test_nothing_active_survives(source):
    assert_safe(render(source).html)


# fmt: off
MARKS = [
    "\n\n", "> ", "- ", "1. ", "    ", "# ", "**", "~~", "```\n", "](", "![", "|-|\n", "“引”",
    "&#x202e;", "&#0;", "www.a.b",
]
# fmt: on
MARKDOWN = st.lists(
    st.sampled_from(
        [*HOSTILE, *"\n|a \"'&<>)[_`\\😀\u202e\x00", *MARKS, "javascript:", "https://a.b/", "中，"]
    ),
    max_size=25,
).map("".join)


@given(MARKDOWN | st.text(max_size=80))
@example("*a*\u0338")
@example("\ud800")
def test_whatever_is_written_only_allowed_tags_and_addresses_come_out(source):
    rendered = render(source)
    assert_safe(rendered.html)
    assert not set("\x00\u202e\u2066") & set(rendered.html + rendered.text)


@given(MARKDOWN)
def test_rendering_is_a_fixed_point_of_the_second_lock(source):
    html = render(source).html
    assert sanitize(html).strip() == html


def test_the_second_lock_holds_alone():
    assert sanitize('<p onclick="a()" style="x">a<script>b</script><h1>c</h1></p>') == (
        "<p>a</p>c<p></p>"
    )
    assert sanitize('<a href="javascript:a()">b</a>') == '<a rel="nofollow ugc noopener">b</a>'


def test_html_is_shown_as_it_was_typed():
    assert render("a <b>c</b>").html == "<p>a &lt;b&gt;c&lt;/b&gt;</p>"


@pytest.mark.parametrize(
    ("source", "tags"),
    [
        ("# a\n\n## b\n\n### c", ["h3", "h4", "h5"]),
        ("## a\n\n## b", ["h3", "h3"]),
        ("#### a\n\n# b\n\n###### c", ["h3", "h3", "h4"]),
        ("# a\n## b\n### c\n#### d\n##### e", ["h3", "h4", "h5", "h6", "h6"]),
    ],
)
def test_headings_lie_below_the_sections_title_and_skip_no_level(source, tags):
    assert read(render(source).html).tags == tags


def test_a_ruled_line_makes_no_heading_of_the_paragraph_above():
    assert render("正文\n---\n后文").html == "<p>正文</p>\n<hr>\n<p>后文</p>"


def test_an_indented_paragraph_is_not_code():
    assert render("前\n\n    后").html == "<p>前</p>\n<p>后</p>"
    assert render("前\n\n\u3000\u3000后").html == "<p>前</p>\n<p>后</p>"


def test_a_line_end_in_a_paragraph_is_kept():
    assert render("前\n后").html == "<p>前<br>\n后</p>"


def test_a_table_can_be_scrolled_by_keyboard_and_aligns_without_style():
    html = render("|a|b|\n|-|-:|\n|1|2|").html
    assert html.startswith('<div class="scroll" tabindex="0"><table class="data">')
    assert '<th class="num" scope="col">b</th>' in html
    assert "style" not in html


@pytest.mark.parametrize(
    "source",
    [
        "|a|b|\n|-|-|\n|1|2|三|",
        "a|b\n-|-\n1|2|三",
        "~~~哈哈\n后",
        "```这是说明\n后",
        "|a|\n|-|\n|1|三|后|",
    ],
)
def test_words_that_markdown_would_drop_are_shown_as_typed(source):
    assert render(source).html == f"<p>{source}</p>".replace("\n", "<br>\n")


@pytest.mark.parametrize("source", ["|a|b|\n|-|-|\n|1|", "a|b\n-|-\n1\\|2|3", "|a\n|-\n|1\\|"])
def test_a_table_with_no_cell_too_many_is_a_table(source):
    assert "<table" in render(source).html


def test_code_may_name_its_language():
    assert render("```python\na < b\n```").html == "<pre><code>a &lt; b\n</code></pre>"


def test_a_task_list_is_a_list():
    assert "<input" not in render("- [x] a").html


def test_the_text_has_a_line_for_every_paragraph_item_and_row():
    source = (
        "# 标题\n\n一**二**`三`\n四\n\n- 五\n  - 六\n\n> 七 [八](/n)\n\n"
        "|九|十|\n|-|-|\n|1|2|\n\n```\nx\n```"
    )
    assert render(source).text == "标题\n一二三\n四\n五\n六\n七 八\n九 十\n1 2\nx"


@pytest.mark.parametrize("source", ["", " \n\t", "\u3000\u200b", "\x00", "\u202e"])
def test_nothing_to_see_renders_as_nothing(source):
    assert (render(source).html, render(source).text) == ("", "")


def test_characters_beyond_the_basic_plane_survive():
    assert render("𠮷😀👨‍👩‍👧❤️").html == "<p>𠮷😀👨‍👩‍👧❤️</p>"


DEEP = {
    "items in one line": "- " * 10_000 + "末",
    "items line by line": "\n".join("  " * depth + "- x" for depth in range(300)) + "末",
    "quotes": ">" * 10_000 + "末",
    "quotes and items": "> - " * 5_000 + "末",
    "brackets": "[" * 20_000 + "末",
    "pictures": "![" * 15_000 + "末",
    "marks": "*a_ " * 9_000 + "末",
    "long runs of marks": "*" * 40_000 + "末",
    "backticks": "".join("`" * n + "a" for n in range(200)) + "末",
    "half addresses": "http://a.b/" + ")" * 30_000 + "末",
    "half references": "[a]: " * 9_000 + "末",
    "half tags": "<a " * 12_000 + "末",
    "wide tables": "|" + "a|" * 2_000 + "\n|" + "-|" * 2_000 + "\n" + "|\n" * 2_000 + "|末|",
    "no end of lines": "a\n" * 20_000 + "末",
    "five megabytes": "我们<b>写了\n\n" * 700_000 + "末",
    "five megabytes in one line": "a" * 5_000_000 + "末",
}


@pytest.mark.parametrize("source", DEEP.values(), ids=DEEP)
def test_hostile_sizes_and_depths_render_to_the_end(source):
    rendered = render(source)
    assert rendered.text.rstrip("|").endswith("末")
    assert "末" in rendered.html


def test_too_long_a_text_is_shown_as_plain_paragraphs():
    source = "**a** <b>\n\n" * (MARKDOWN_LIMIT // 11 + 1)
    html = render(source).html
    assert html.startswith("<p>**a** &lt;b&gt;</p>\n<p>")
    assert_safe(html)


def test_more_brackets_than_anybody_writes_are_plain():
    assert "<a" in render("[a](/b)" * 100).html
    assert "<a" not in render("[a](/b)" * (MOST_BRACKETS + 1)).html


def test_lists_nest_as_deep_as_people_read():
    depth = MAX_NESTING // 2 - 2
    source = "\n".join("  " * level + "- x" for level in range(depth))
    assert read(render(source).html).tags.count("ul") == depth


@given(st.integers(1, 40), st.sampled_from(["- ", "> ", "1. "]))
def test_no_depth_loses_words(depth, marker):
    assert "末" in render(marker * depth + "末").text


def test_the_version_is_kept_with_what_was_rendered():
    assert VERSION >= 1
