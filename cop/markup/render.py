"""From Markdown to HTML and plain text."""

from __future__ import annotations

import html as html_escapes
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from cop.core.text import clean, without_invisible
from cop.markup.addresses import link_addresses
from cop.markup.blocks import keep_words
from cop.markup.emphasis import cjk_emphasis
from cop.markup.mentions import UNTOLD, is_mention, of_tokens, take_mentions
from cop.markup.outline import fit_into_page
from cop.markup.sanitize import sanitize
from cop.markup.wiki import (
    in_source as wiki_links_in,
    is_wiki_link,
    of_tokens as links_of,
    take_wiki_links,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from markdown_it.token import Token

    from cop.markup.mentions import Mention

#: Kept with every rendered section; raise it when the same source would come out differently.
VERSION = 3

#: Longer sources are shown as plain paragraphs; no form of ours takes as much.
MARKDOWN_LIMIT = 50_000
#: Sources with more opening brackets that are no wiki links are too; trying each takes the parser too long.
MOST_BRACKETS = 2_000
#: Deeper lists and quotes are shown as plain paragraphs, because the parser would drop the rest.
MAX_NESTING = 24


@dataclass(frozen=True)
class Rendered:
    """A source as safe HTML, and as plain text with a line for every paragraph, item and row."""

    html: str
    text: str
    #: Whom it mentions, quotations aside.
    mentions: tuple[Mention, ...] = ()
    #: The names of the pages it links to.
    links: tuple[str, ...] = ()


def render(source: str) -> Rendered:
    """Render Markdown; whatever the input, the result is safe and comes in bounded time."""
    source = clean(source, multiline=True)
    if len(source) <= MARKDOWN_LIMIT and _brackets(source) <= MOST_BRACKETS:
        tokens = _parser.parse(source)
        if not _cut_off(tokens):
            markup = _parser.renderer.render(tokens, _parser.options, {})
            text = clean("\n".join(_lines(tokens)), multiline=True)
            # A character reference may have smuggled back what clean() took out.
            safe = without_invisible(sanitize(markup)).strip()
            return Rendered(safe, text, of_tokens(tokens), links_of(tokens))
    return _plain(source)


def _brackets(source: str) -> int:
    opening = source.count("[")
    return opening - 2 * wiki_links_in(source) if opening > MOST_BRACKETS else opening


def _make_parser() -> MarkdownIt:
    md = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": MAX_NESTING})
    md.enable(["table", "strikethrough"])
    keep_words(md)
    cjk_emphasis(md)
    link_addresses(md)
    take_mentions(md)
    take_wiki_links(md)
    fit_into_page(md)
    md.add_render_rule("table_open", _table_open)
    md.add_render_rule("table_close", _table_close)
    return md


def _table_open(*_: object) -> str:
    # Reachable by keyboard, because on a phone a wide table scrolls.
    return '<div class="scroll" tabindex="0"><table class="data">\n'


def _table_close(*_: object) -> str:
    return "</table></div>\n"


def _cut_off(tokens: Sequence[Token]) -> bool:
    """Return whether the parser may have met its limit of nesting and dropped what was inside."""
    return any(token.nesting == 1 and token.level >= MAX_NESTING - 1 for token in tokens)


def _plain(source: str) -> Rendered:
    """Show the source as it was typed; it is escaped whole, so there is nothing to sanitise."""
    between = "\0"  # cannot occur in a cleaned source
    text = re.sub(r"\n{2,}", between, source)
    markup = html_escapes.escape(text).replace("\n", "<br>\n").replace(between, "</p>\n<p>")
    return Rendered(f"<p>{markup}</p>" if source else "", text.replace(between, "\n"))


def _lines(tokens: Iterable[Token]) -> Iterator[str]:
    """Yield the text of each paragraph, heading, item, line of code and row of a table."""
    row: list[str] | None = None
    for token in tokens:
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            yield " ".join(filter(None, row))
            row = None
        elif token.type == "fence":
            yield token.content.rstrip("\n")
        elif token.type == "inline":
            text = "".join(map(_text, token.children or ()))
            if row is None:
                yield text
            else:
                row.append(text)


def _text(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if is_mention(token):
        return UNTOLD
    shown = token.type in ("text", "code_inline") or is_wiki_link(token)
    return token.content if shown else ""


_parser = _make_parser()
