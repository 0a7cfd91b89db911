"""Reading a page as people hear it: every run of words, with the language it is said to be in."""

from __future__ import annotations

from dataclasses import dataclass
from html.parser import HTMLParser

#: Elements that end without an end tag.
_EMPTY = frozenset(
    {"area", "br", "col", "hr", "img", "input", "link", "meta", "path", "use", "wbr"}
)
#: What nobody reads, or what a person typed.
_UNREAD = frozenset({"script", "style", "svg", "textarea"})
_SPOKEN = ("aria-label", "placeholder", "title", "alt")


@dataclass(frozen=True)
class Run:
    """Some words of a page: the text of an element, or an attribute that is read out."""

    text: str
    lang: str
    tags: tuple[str, ...]
    attribute: str = ""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.runs: list[Run] = []
        self.open: list[tuple[str, str]] = []
        self.page_lang = ""

    @property
    def lang(self) -> str:
        return self.open[-1][1] if self.open else ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        lang = given.get("lang", self.lang)
        if tag == "html":
            self.page_lang = lang
        tags = (*(name for name, _lang in self.open), tag)
        if not _UNREAD.intersection(tags) or tag == "textarea":
            spoken = [*_SPOKEN, *(name for name in given if name.startswith("data-say-"))]
            if tag == "input" and given.get("type") == "submit" and "hidden" not in given:
                spoken.append("value")
            if tag == "meta" and given.get("name") == "description":
                spoken.append("content")
            for name in spoken:
                if given.get(name):
                    self.runs.append(Run(given[name], lang, tags, name))
        if tag not in _EMPTY:
            self.open.append((tag, lang))

    def handle_endtag(self, tag: str) -> None:
        if tag in [name for name, _lang in self.open]:
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data: str) -> None:
        tags = tuple(name for name, _lang in self.open)
        if data.strip() and not _UNREAD.intersection(tags):
            self.runs.append(Run(data, self.lang, tags))


def read(html: str) -> tuple[str, list[Run]]:
    """Return the language of a page and its runs in the order they are read."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.page_lang, reader.runs
