"""Blocks in which Markdown would drop words, or take tildes for code, are left as text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markdown_it.rules_block import fence, table

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock

#: A wider table is left as text: a short source could ask for a page of empty cells.
MOST_COLUMNS = 40

_CODE = re.compile(r"`{3,}[ \t]*[A-Za-z0-9+#._-]*[ \t]*\Z")
_BAR = re.compile(r"(?<!\\)\|")


def keep_words(md: MarkdownIt) -> None:
    """Register the rules, and switch off those that surprise people who know no Markdown.

    People indent paragraphs and rule them off with dashes; neither makes code or a heading.
    """
    md.disable(["code", "lheading"])
    before = ["paragraph", "reference"]
    md.block.ruler.at("table", whole_table, {"alt": before})
    md.block.ruler.at("fence", plain_fence, {"alt": [*before, "blockquote", "list"]})


def plain_fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Take code fenced by backticks and at most the name of a language.

    In ``~~~哈哈`` and ``` ```说明 ``` the words after the fence would not be shown.
    """
    return bool(_CODE.match(_line(state, start))) and fence(state, start, end, silent)


def whole_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Take a table, unless a row has more cells than its head, which would not be shown."""
    columns = _cells(_line(state, start))
    if columns > MOST_COLUMNS:
        return False
    before = len(state.tokens)
    if not table(state, start, end, silent):
        return False
    if not silent and any(_cells(_line(state, row)) > columns for row in range(start, state.line)):
        del state.tokens[before:]
        state.line = start
        return False
    return True


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]].strip()


def _cells(row: str) -> int:
    bars = len(_BAR.findall(row))
    return bars + 1 - row.startswith("|") - (bars > 1 and row.endswith("|") and row[-2:] != "\\|")
