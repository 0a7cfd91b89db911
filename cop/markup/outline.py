"""What members write fits into our pages: headings below the section's, pictures as links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markdown_it.token import Token

from cop.markup.addresses import is_safe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore

#: The title of a section is an h2, so the first heading in it is an h3.
TOP_HEADING = 3
LOWEST_HEADING = 6


def fit_into_page(md: MarkdownIt) -> None:
    """Register the changes to finished tokens."""
    md.core.ruler.push("demote_headings", demote_headings)
    md.core.ruler.push("pictures_as_links", pictures_as_links)
    md.core.ruler.push("tables", adapt_tables)


def demote_headings(state: StateCore) -> None:
    """Give headings the levels h3 to h6 in the order they are nested, so that none is skipped."""
    open_levels: list[int] = []
    tag = ""
    for token in state.tokens:
        if token.type == "heading_open":
            level = int(token.tag[1])
            while open_levels and open_levels[-1] >= level:
                open_levels.pop()
            open_levels.append(level)
            tag = f"h{min(TOP_HEADING - 1 + len(open_levels), LOWEST_HEADING)}"
            token.tag = tag
        elif token.type == "heading_close":
            token.tag = tag


def pictures_as_links(state: StateCore) -> None:
    """Link to pictures instead of showing them: a page asks nothing of any other host."""
    for token in state.tokens:
        if token.children and any(child.type == "image" for child in token.children):
            token.children = list(_without_images(token.children))


def adapt_tables(state: StateCore) -> None:
    """Say alignment by class, because our pages allow no style attribute; name column heads."""
    for token in state.tokens:
        if token.type not in ("th_open", "td_open"):
            continue
        style = token.attrs.pop("style", "")
        if style == "text-align:right":
            token.attrs["class"] = "num"
        if token.type == "th_open":
            token.attrs["scope"] = "col"


def _without_images(children: Iterable[Token]) -> Iterator[Token]:
    links = 0
    for child in children:
        links += {"link_open": 1, "link_close": -1}.get(child.type, 0)
        if child.type == "image":
            yield from _link_to(child, inside_link=links > 0)
        else:
            yield child


def _link_to(image: Token, *, inside_link: bool) -> Iterator[Token]:
    address = str(image.attrs.get("src", ""))
    alternative = _text_of(image.children or ()).strip()
    text = Token("text", "", 0, content=alternative or address)
    if inside_link or not is_safe(address):
        yield text
        return
    yield Token("link_open", "a", 1, attrs={"href": address})
    yield text
    yield Token("link_close", "a", -1)


def _text_of(children: Iterable[Token]) -> str:
    return "".join(
        _text_of(child.children or ()) if child.type == "image" else child.content or ""
        for child in children
    )
