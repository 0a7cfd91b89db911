"""Two tellings of one text side by side: paragraph beside paragraph where they run in step, else whole beside whole."""

import re
from collections.abc import Sequence
from html.parser import HTMLParser

from markupsafe import Markup

_VOID = frozenset({"br", "hr", "img", "input", "wbr"})
_LIST = re.compile(r"<(?P<kind>ul|ol)>(?P<items>.*)</(?P=kind)>", re.DOTALL)
#: Addresses that lead into the site.
_INTO_THE_SITE = re.compile(r'\bhref="/(?!/)')


def whole(html: str, base: str) -> Markup:
    """Return rendered text whose links into the site name their full address, as they must outside of it.

    They are marked: their addresses are long, and the words say what is meant, so they are not printed behind them.
    """
    return Markup(_INTO_THE_SITE.sub(f'data-here href="{base}/', html))  # noqa: S704  rendered and sanitized


def beside(html: Sequence[str]) -> list[tuple[str, ...]]:
    """Return the rows of tellings that stand beside each other."""
    if len(html) < 2:
        return [tuple(html)]
    parts = [blocks(one) for one in html]
    if len({len(one) for one in parts}) != 1:
        return [tuple(html)]
    return [piece for row in zip(*parts, strict=True) for piece in _by_items(row)]


def _by_items(row: Sequence[str]) -> list[tuple[str, ...]]:
    """Return lists of as many items item by item, so that a page can end between them."""
    lists = [_LIST.fullmatch(one) for one in row]
    kinds = {one["kind"] if one else "" for one in lists}
    items = [blocks(one["items"]) for one in lists if one]
    if kinds not in ({"ul"}, {"ol"}) or len({len(one) for one in items}) != 1:
        return [tuple(row)]
    kind = kinds.pop()
    return [
        tuple(f"<{kind}{_from(kind, at)}>{item}</{kind}>" for item in told)
        for at, told in enumerate(zip(*items, strict=True), 1)
    ]


def _from(kind: str, at: int) -> str:
    return f' start="{at}"' if kind == "ol" and at > 1 else ""


def blocks(html: str) -> list[str]:
    """Return the blocks of rendered text: its paragraphs, lists, quotations and headings, in order."""
    reader = _Blocks(html)
    reader.feed(html)
    reader.close()
    return reader.found or [html]


class _Blocks(HTMLParser):
    """Finds where the elements of the outermost level end."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.found: list[str] = []
        self._html = html
        self._depth = 0
        self._began = 0
        self._lines = [0]
        for line in html.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self._depth += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        self._depth -= 1
        if self._depth == 0:
            end = self._here() + len(f"</{tag}>")
            self.found.append(self._html[self._began : end].strip())
            self._began = end

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column
