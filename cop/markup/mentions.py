"""Mentions: ``@[王芳](person:12)`` in a source stands for somebody by her id, whatever she is called.

What is kept holds no name: the brackets are empty there, and whoever shows a text fills names in for the reader it is
shown to. ``@[作者](author)`` stands for the author of the entry a text belongs to, without saying who that is, and
``@[](former)`` for somebody whose account was closed before the text came here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markdown_it.token import Token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline

PERSON = "person"
CIRCLE = "circle"
AUTHOR = "author"
FORMER = "former"
#: What stands for a mention in plain text, where no reader is known whom it could name it to.
UNTOLD = "@…"

_TARGET = rf"(?P<kind>{PERSON}|{CIRCLE}):(?P<id>[1-9][0-9]{{0,9}})|(?P<alone>{AUTHOR}|{FORMER})"
_MENTION = re.compile(rf"(?<!\\)@\[(?P<name>[^\[\]\n]{{0,120}})\]\((?:{_TARGET})\)")
_PLACE = re.compile(rf'<span data-mention="(?:{_TARGET})"></span>')
#: Ids are 32 bits wide; what is larger is nobody's.
_MAX_ID = 2**31 - 1
_TYPE = "mention"


@dataclass(frozen=True, order=True)
class Mention:
    """Whom a text mentions; the author of its entry and former members have no id here."""

    kind: str
    id: int = 0

    @property
    def target(self) -> str:
        """What stands in the round brackets of a source."""
        return f"{self.kind}:{self.id}" if self.id else self.kind


def take_mentions(md: MarkdownIt) -> None:
    """Let mentions be places that are filled in when the text is shown."""
    md.inline.ruler.before("link", _TYPE, mention)
    md.add_render_rule(_TYPE, _place)


def mention(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 (markdown-it's signature)
    """Take a mention whose ``@`` stands right before the state's position."""
    if state.src[state.pos] != "[" or not state.pos or state.src[state.pos - 1] != "@":
        return False
    found = _MENTION.match(state.src, state.pos - 1, state.posMax)
    if found is None or not (silent or state.pending.endswith("@")):
        return False
    if not silent:
        state.pending = state.pending[:-1]
        token = state.push(_TYPE, "", 0)
        token.meta = {"mention": _of(found)}
    state.pos = found.end()
    return True


def _place(_self: object, tokens: list[Token], at: int, *_: object) -> str:
    return f'<span data-mention="{tokens[at].meta["mention"].target}"></span>'


def of_tokens(tokens: Iterable[Token]) -> tuple[Mention, ...]:
    """Return whom a parsed source mentions, each once in their order; not what it only quotes."""
    found: dict[Mention, None] = {}
    quoted = 0
    for token in tokens:
        quoted += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        if quoted == 0:
            found |= {
                child.meta["mention"]: None for child in token.children or () if child.type == _TYPE
            }
    return tuple(found)


def is_mention(token: Token) -> bool:
    """Tell whether a token of a line is a mention."""
    return token.type == _TYPE


def _of(found: re.Match[str]) -> Mention:
    if found["alone"]:
        return Mention(found["alone"])
    return Mention(found["kind"], min(int(found["id"]), _MAX_ID))


def in_source(source: str) -> list[tuple[Mention, str]]:
    """Return every mention of a source with the name written in its brackets."""
    return [(_of(found), found["name"]) for found in _MENTION.finditer(source)]


def is_one(source: str) -> bool:
    """Tell whether a source is one mention and nothing else."""
    return _MENTION.fullmatch(source) is not None


def rewritten(source: str, say: Callable[[Mention, str], str]) -> str:
    """Return a source with each mention as `say` says it, which is given the name that stood there."""
    if "@[" not in source:
        return source
    return _MENTION.sub(lambda found: say(_of(found), found["name"]), source)


def written(mentioned: Mention, name: str = "") -> str:
    """Return a mention as it stands in a source; brackets in a name would end it early."""
    return f"@[{name.translate(_ROUND)}]({mentioned.target})"


_ROUND = str.maketrans({"[": "(", "]": ")", "\n": " "})


def stored(source: str) -> str:
    """Return a source as it is kept: who is mentioned stands in it by id alone."""
    return rewritten(source, lambda mentioned, _name: written(mentioned))


def places(html: str) -> list[Mention]:
    """Return whom rendered text has places for."""
    if "data-mention" not in html:
        return []
    return [_of(found) for found in _PLACE.finditer(html)]


def filled(html: str, show: Callable[[Mention], str]) -> str:
    """Return rendered text with its places filled."""
    if "data-mention" not in html:
        return html
    return _PLACE.sub(lambda found: show(_of(found)), html)
