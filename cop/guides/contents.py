"""The table of contents of a guide: its headings, each with a place that an address can name."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape

from markupsafe import Markup

#: Fewer headings need no table.
FEWEST = 2
_HEADING = re.compile(r"<h(?P<level>[3-6])>(?P<words>.*?)</h(?P=level)>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Heading:
    """One line of the table."""

    place: str
    words: str
    #: How deep it is: 1 for the parts of the text, 2 for parts of those; what lies deeper is not listed.
    depth: int


def with_contents(html: str) -> tuple[Markup, Sequence[Heading]]:
    """Return a rendered text with a place at each heading, and the table; none where there is little to list."""
    found: list[Heading] = []

    def placed(match: re.Match[str]) -> str:
        level = int(match["level"])
        words = unescape(_TAG.sub("", match["words"])).strip()
        found.append(Heading(f"part-{len(found) + 1}", words, level - 2))
        return f'<h{level} id="{found[-1].place}">{match["words"]}</h{level}>'

    text = Markup(_HEADING.sub(placed, html))  # noqa: S704  rendered and sanitized Markdown, headings named by us
    listed = [one for one in found if one.depth <= 2 and one.words]
    return text, listed if len(listed) >= FEWEST else ()
