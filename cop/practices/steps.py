"""Steps of a practice page one by one, so that those which are the editors' own can be marked."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser

from markupsafe import Markup

from cop.entries.draft import EDITORS
from cop.practices.draft import STEPS

#: In a citation of the editors: which steps are theirs, as `how 1, 3-5`.
_OWN = re.compile(rf"{STEPS}\s+(?P<numbers>[\d,\s–-]+)")
_SPAN = re.compile(r"(\d{1,3})(?:\s*[–-]\s*(\d{1,3}))?")


@dataclass(frozen=True)
class Step:
    """One step as it is shown, and whether the editors added it without a source."""

    html: Markup
    editors_own: bool


def steps(html: str, cited: Iterable[tuple[str, str]]) -> Sequence[Step]:
    """Return the steps of a section that is one numbered list; of any other section none.

    `cited` are the sources of the page as (key, place).
    """
    parser = _Items(html)
    own = own_steps(cited)
    return [
        Step(Markup(text), number in own)  # noqa: S704  rendered and sanitized Markdown, cut at its items
        for number, text in enumerate(parser.items, start=1)
    ]


def own_steps(cited: Iterable[tuple[str, str]]) -> frozenset[int]:
    """Return the numbers of the steps that are the editors' own."""
    found: set[int] = set()
    for key, at in cited:
        named = _OWN.search(at) if key == EDITORS else None
        for first, last in _SPAN.findall(named["numbers"]) if named else ():
            found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)


def with_own_steps(at: str, numbers: Collection[int]) -> str:
    """Return a citation of the editors that says these steps are theirs; "" where nothing is left to say."""
    told = f"{STEPS} {', '.join(_spans(sorted(numbers)))}" if numbers else ""
    more = _OWN.sub(lambda found: f"{told} " if found[0].endswith(" ") else told, at, count=1)
    return more.strip(" ,;")


def _spans(numbers: Sequence[int]) -> list[str]:
    """Return ascending numbers as they are cited: `1`, `3-5`."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][-1] == number - 1:
            spans[-1].append(number)
        else:
            spans.append([number])
    return [f"{span[0]}-{span[-1]}" if len(span) > 1 else str(span[0]) for span in spans]


class _Items(HTMLParser):
    """Cuts a list at its items; what stands inside them is left as it is."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.items: list[str] = []
        self._html = html
        self._lines = [0]
        for line in html.splitlines(keepends=True):
            self._lines.append(self._lines[-1] + len(line))
        self._depth = 0
        self._begin = 0
        self._is_list = True
        self.feed(html)
        self.close()
        if not self._is_list or self._depth:
            self.items = []

    def _place(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Go down; at the top there may be one `ol`, in it only `li`."""
        if self._depth == 0:
            self._is_list &= tag == "ol" and not attrs and not self.items
        elif self._depth == 1:
            self._is_list &= tag == "li"
            self._begin = self._place() + len(self.get_starttag_text() or "")
        if tag not in _VOID:
            self._depth += 1

    def handle_endtag(self, tag: str) -> None:
        """Go up; an item that ends is kept."""
        if tag in _VOID:
            return
        self._depth -= 1
        if self._depth == 1:
            self.items.append(self._html[self._begin : self._place()].strip())

    def handle_data(self, data: str) -> None:
        """Words outside of items are no list."""
        if self._depth < 2 and data.strip():
            self._is_list = False


_VOID = frozenset({"br", "hr", "img", "wbr"})
