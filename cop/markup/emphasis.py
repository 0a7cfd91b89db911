"""Emphasis that works in Chinese: ``**注意！**请看`` is bold.

CommonMark decides whether ``**`` opens or closes by the white space and punctuation around it.
Chinese puts no spaces around punctuation, so marks beside it are taken for plain asterisks. Here
Chinese punctuation counts as a letter, and a Han neighbour on the far side does what a space does
elsewhere. Text without CJK characters is treated exactly as CommonMark says.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline.state_inline import Delimiter, Scanned

from cop.core.text import is_cjk

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

_VARIATION_SELECTORS = frozenset(map(chr, (*range(0xFE00, 0xFE0F), *range(0xE0100, 0xE01F0))))


def cjk_emphasis(md: MarkdownIt) -> None:
    """Put our rules for ``*``, ``_`` and ``~~`` in the place of CommonMark's."""
    md.inline.ruler.at("emphasis", emphasis)
    md.inline.ruler.at("strikethrough", strikethrough)


def emphasis(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (markdown-it's signature)
    """Take a run of ``*`` or ``_`` and note whether it can open or close emphasis."""
    marker = state.src[state.pos]
    if silent or marker not in "*_":
        return False
    # Underscores stay as they are: between letters they never mark emphasis (snake_case).
    scanned = scan(state) if marker == "*" else state.scanDelims(state.pos, canSplitWord=False)
    for _ in range(scanned.length):
        _push(state, marker, scanned, length=scanned.length)
    state.pos += scanned.length
    return True


def strikethrough(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    """Take a run of two or more ``~``; an odd one out is text."""
    if silent or state.src[state.pos] != "~":
        return False
    scanned = scan(state)
    if scanned.length < 2:
        return False
    if scanned.length % 2:
        state.push("text", "", 0).content = "~"
    for _ in range(scanned.length // 2):
        _push(state, "~~", scanned, length=0)  # 0 switches CommonMark's rule of three off
    state.pos += scanned.length
    return True


def scan(state: StateInline) -> Scanned:
    """Say whether the run of marks at the state's position can open and close."""
    start = end = state.pos
    marker = state.src[start]
    while end < state.posMax and state.src[end] == marker:
        end += 1
    before = _Side(state.src, start - 1, step=-1, limit=-1)
    after = _Side(state.src, end, step=1, limit=state.posMax)
    can_open = not after.space and (not after.punctuation or before.lets_open_or_close)
    can_close = not before.space and (not before.punctuation or after.lets_open_or_close)
    return Scanned(can_open, can_close, end - start)


class _Side:
    """What stands on one side of a run of marks; the edge of the text counts as a space."""

    def __init__(self, src: str, at: int, *, step: int, limit: int) -> None:
        near = src[at] if at != limit else " "
        if near in _VARIATION_SELECTORS and at + step != limit:  # it belongs to the next one
            at += step
            near = src[at]
        beyond = src[at + step] if at not in (limit, limit - step) else " "
        self.space = isWhiteSpace(ord(near))
        cjk = is_cjk(near) and not self.space
        punctuation = isMdAsciiPunct(ord(near)) or isPunctChar(near)
        # “ ” ‘ ’ … — are shared by both scripts; beside a Han character they are Chinese.
        if punctuation and unicodedata.east_asian_width(near) == "A":
            cjk = is_cjk(beyond)
        self.punctuation = punctuation and not cjk
        self.lets_open_or_close = self.space or punctuation or cjk


def _push(state: StateInline, text: str, scanned: Scanned, *, length: int) -> None:
    state.push("text", "", 0).content = text
    state.delimiters.append(
        Delimiter(
            marker=ord(text[0]),
            length=length,
            token=len(state.tokens) - 1,
            end=-1,
            open=scanned.can_open,
            close=scanned.can_close,
        )
    )
