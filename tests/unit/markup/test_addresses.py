"""Bare web addresses become links that end where the sentence goes on."""

import re
from html import unescape

import pytest
from hypothesis import given, strategies as st

from cop.markup import render

LINKED = [
    ("https://example.org", "https://example.org"),
    ("详见https://example.org/a。谢谢", "https://example.org/a"),
    ("详见https://example.org/a，谢谢", "https://example.org/a"),
    ("（https://example.org/a）", "https://example.org/a"),
    ("《https://example.org/a》", "https://example.org/a"),
    ("“https://example.org/a”", "https://example.org/a"),
    ("https://example.org/a谢谢", "https://example.org/a"),
    ("https://example.org/a　谢谢", "https://example.org/a"),
    ("See https://example.org/a.", "https://example.org/a"),
    ("See https://example.org/a, please", "https://example.org/a"),
    ("(see https://example.org/a)", "https://example.org/a"),
    ("https://example.org/wiki/A_(b)", "https://example.org/wiki/A_(b)"),
    ("https://example.org/a_b_c", "https://example.org/a_b_c"),
    ("https://example.org/a?q=1&b=2#c", "https://example.org/a?q=1&amp;b=2#c"),
    ("https://example.org/%E5%BC%80", "https://example.org/%E5%BC%80"),
    ("**https://example.org/a**后", "https://example.org/a"),
    ("~~https://example.org/a~~后", "https://example.org/a"),
    ("https://example.org:8080/", "https://example.org:8080/"),
    ("HTTPS://EXAMPLE.ORG/A", "HTTPS://EXAMPLE.ORG/A"),
    ("网站www.example.org。", "http://www.example.org"),
    ("<https://例子.example/>", "https://xn--fsqu00a.example/"),
    ("[网站](www.example.org)", "http://www.example.org"),
    ("[这里](/notes/12-开放)", "/notes/12-%E5%BC%80%E6%94%BE"),
    ("[写信](mailto:a@example.org)", "mailto:a@example.org"),
    ("[网站][1]\n\n[1]: https://example.org/", "https://example.org/"),
]
NOT_LINKED = [
    "http://",
    "https://。",
    "www.",
    "xhttps://example.org",
    "ftp://example.org/",
    "`https://example.org`",
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](&#106;avascript:alert(1))",
    "[a](\tjavascript:alert(1))",
    "[a](vbscript:x)",
    "[a](data:text/html,x)",
    "[a](file:///etc/passwd)",
    "[a](//example.org)",
    "[a](没有地址)",
    "<javascript:alert(1)>",
    "a@example.org",
    "[注]: 这是说明",
]


def targets(source):
    return re.findall(r'href="([^"]*)"', render(source).html)


@pytest.mark.parametrize(("source", "target"), LINKED)
def test_an_address_is_linked_up_to_its_end(source, target):
    assert targets(source) == [target]


@pytest.mark.parametrize("source", NOT_LINKED)
def test_what_is_no_web_address_is_not_linked(source):
    assert targets(source) == []


def test_an_address_in_the_text_of_a_link_is_not_a_second_link():
    assert targets("[https://example.org/a](https://example.com/)") == ["https://example.com/"]


def test_a_definition_that_leads_nowhere_stays_readable():
    assert render("[注]: 这是说明").text == "[注]: 这是说明"


def test_every_link_tells_robots_and_windows_to_keep_off():
    html = render("https://example.org [a](/b) <https://example.com>").html
    assert html.count("<a ") == html.count('rel="nofollow ugc noopener"') == 3


def test_a_picture_is_a_link_with_its_description():
    html = render("![一张合影](https://example.org/a.jpg)").html
    assert ">一张合影</a>" in html
    assert "<img" not in html


def test_a_picture_without_description_is_linked_by_its_address():
    assert ">https://example.org/a.jpg</a>" in render("![](https://example.org/a.jpg)").html


def test_a_picture_inside_a_link_leaves_one_link():
    source = "[![合影](https://example.org/a.jpg)](https://example.org/)"
    assert targets(source) == ["https://example.org/"]


@given(st.text(alphabet="https://w.a中。)(*~_;&amp ", max_size=60))
def test_linking_changes_no_character_of_the_text(source):
    def shown(text):
        return re.sub(r"[*_~\s]", "", unescape(text))

    assert shown(render(source).text) == shown(source)
