"""Wiki links: ``[[term or title]]`` and ``[[term or title|words]]`` lead to the page of that name.

A source holds the name as its writer typed it; which page that is, is asked when the text is shown, for whoever reads
it. Where nobody asks (search, lists), the words stand there as plain text. ``【【…｜…】】`` says the same, because
that is what Chinese keyboards type.
"""

from __future__ import annotations

import html as html_escapes
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markdown_it.token import Token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

#: The longest name and the longest words: longer than a title can be; what is longer stays text.
LONGEST = 200

_PART = rf"[^\[\]【】|｜\n]{{1,{LONGEST}}}"
_INNER = rf"({_PART})(?:[|｜]({_PART}))?"
_LINK = re.compile(rf"\[\[{_INNER}\]\]|【【{_INNER}】】")
_PLACE = re.compile(r'<span data-page="([^"]*)">([^<]*)</span>')
_TYPE = "wiki_link"


@dataclass(frozen=True)
class WikiLink:
    """The name of a page in a text, and the words that lead there."""

    target: str
    words: str

    @property
    def is_named(self) -> bool:
        """Whether its words are the name itself."""
        return self.words == self.target


def take_wiki_links(md: MarkdownIt) -> None:
    """Let wiki links be places that are filled in when the text is shown."""
    md.inline.ruler.before("link", _TYPE, wiki_link)
    md.add_render_rule(_TYPE, _place)


def wiki_link(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (markdown-it's signature)
    """Take a wiki link at the state's position."""
    if state.src[state.pos] not in "[【":
        return False
    found = _of(_LINK.match(state.src, state.pos, state.posMax))
    if found is None:
        return False
    link, end = found
    if not silent:
        token = state.push(_TYPE, "", 0)
        token.content = link.words
        token.meta = {"link": link}
    state.pos = end
    return True


def _of(found: re.Match[str] | None) -> tuple[WikiLink, int] | None:
    if found is None:
        return None
    target = " ".join((found[1] or found[3]).split())
    words = " ".join((found[2] or found[4] or target).split())
    return (WikiLink(target, words or target), found.end()) if target else None


def _place(_self: object, tokens: list[Token], at: int, *_: object) -> str:
    link: WikiLink = tokens[at].meta["link"]
    return f'<span data-page="{html_escapes.escape(link.target)}">{html_escapes.escape(link.words, quote=False)}</span>'


def is_wiki_link(token: Token) -> bool:
    """Tell whether a token of a line is a wiki link."""
    return token.type == _TYPE


def of_tokens(tokens: Iterable[Token]) -> tuple[str, ...]:
    """Return the names of the pages that a parsed source links to, each once in their order."""
    children = (child for token in tokens for child in token.children or ())
    return tuple(dict.fromkeys(one.meta["link"].target for one in children if is_wiki_link(one)))


def in_source(source: str) -> int:
    """Return how many things that look like wiki links a source has."""
    return sum(1 for _found in _LINK.finditer(source))


def worded(source: str) -> str:
    """Return a source with the words of wiki links in their places, as mails and lists show it."""
    if "[[" not in source and "【【" not in source:
        return source

    def say(found: re.Match[str]) -> str:
        link = _of(found)
        return link[0].words if link else found[0]

    return _LINK.sub(say, source)


def places(html: str) -> Iterator[str]:
    """Yield the names of the pages that rendered text has places for."""
    if "data-page" in html:
        yield from (html_escapes.unescape(found[1]) for found in _PLACE.finditer(html))


def filled(html: str, show: Callable[[WikiLink], str]) -> str:
    """Return rendered text with its places filled."""
    if "data-page" not in html:
        return html
    return _PLACE.sub(
        lambda found: show(
            WikiLink(html_escapes.unescape(found[1]), html_escapes.unescape(found[2]))
        ),
        html,
    )
