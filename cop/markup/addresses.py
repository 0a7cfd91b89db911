"""Bare web addresses become links, and end where Chinese text goes on.

``详见https://example.org/a。谢谢`` links ``https://example.org/a``: Chinese has no space to mark
the end, so an address ends before the first character that is not ASCII (an address with Han
characters can be written in angle brackets), before closing punctuation and before ``**``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

#: No address is longer; what follows stays text.
ADDRESS_LIMIT = 2000

_START = r"(?<![A-Za-z0-9])(?:https?://|www\.)"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(
    rf"(?P<scheme>https?://|www\.(?={_LABEL}\.[A-Za-z]))"
    rf"(?P<host>{_LABEL}(?:\.{_LABEL}){{0,20}})(?![A-Za-z0-9-])"
    r"(?P<port>:\d{1,5})?"
    r"(?P<rest>(?:[/?#](?:[A-Za-z0-9\-._:/?#@!$&'()+,;=%]|~(?!~)|\*(?!\*))*)?)",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&[a-z]{1,10};$", re.IGNORECASE)
_SAFE_ADDRESS = re.compile(r"https?://[^/\s]|mailto:[^@\s]+@|/(?![/\\])|#", re.IGNORECASE)


def link_addresses(md: MarkdownIt) -> None:
    """Let bare addresses be links, and no address be a link that is not plainly one."""
    ends = f"{md.inline.terminator_re.pattern}|{_START}|【【"
    stop = re.compile(ends, re.IGNORECASE)

    def text(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (markdown-it's signature)
        found = stop.search(state.src, state.pos, state.posMax)
        end = found.start() if found else state.posMax
        if end == state.pos:
            return False
        if not silent:
            state.append_pending(state.src[state.pos : end])
        state.pos = end
        return True

    md.inline.ruler.at("text", text)
    md.inline.ruler.after("text", "address", address)
    md.validateLink = is_safe  # type: ignore[method-assign]  # markdown-it's own way to set it
    normalize = md.normalizeLink
    md.normalizeLink = lambda url: normalize(complete(url))  # type: ignore[method-assign]


def is_safe(url: str) -> bool:
    """Return whether an address leads to the web, to a mailbox or to a page of this site.

    Anything else (``javascript:``, ``//host``, ``[注]: 说明``) is left as it was written.
    """
    return bool(_SAFE_ADDRESS.match(url.strip()))


def complete(url: str) -> str:
    """Return an address with its scheme where people leave it out."""
    return f"http://{url}" if url[:4].lower() == "www." else url


def address(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (markdown-it's signature)
    """Make a link of the bare address at the state's position, unless inside a link."""
    if state.linkLevel or state.src[state.pos] not in "hHwW":
        return False
    if state.pos and state.src[state.pos - 1].isascii() and state.src[state.pos - 1].isalnum():
        return False
    limit = min(state.posMax, state.pos + ADDRESS_LIMIT)
    found = _ADDRESS.match(state.src, state.pos, limit)
    if not found:
        return False
    shown = _without_trailing(found[0])
    url = state.md.normalizeLink(shown)
    if not state.md.validateLink(url):
        return False
    if not silent:
        _push_link(state, url, state.md.normalizeLinkText(shown))
    state.pos += len(shown)
    return True


def _push_link(state: StateInline, url: str, text: str) -> None:
    token = state.push("link_open", "a", 1)
    token.attrs = {"href": url}
    token.markup = token.info = "auto"
    state.push("text", "", 0).content = text
    token = state.push("link_close", "a", -1)
    token.markup = token.info = "auto"


def _without_trailing(found: str) -> str:
    """Leave out the punctuation that ends the sentence, and a bracket opened before the address."""
    end = len(found)
    surplus = found.count(")") - found.count("(")
    while True:
        if found[end - 1] in ".,:!?'*_~":
            end -= 1
        elif found[end - 1] == ")" and surplus > 0:
            end -= 1
            surplus -= 1
        elif found[end - 1] == ";":
            entity = _ENTITY.search(found, max(end - 12, 0), end)
            end = entity.start() if entity else end - 1
        else:
            return found[:end]
