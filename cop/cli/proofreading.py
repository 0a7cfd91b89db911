"""What a translated catalogue must keep: every sentence, its parts and tags, and good typesetting."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from babel.messages.catalog import Catalog, Message

_PART = re.compile(r"%\((\w+)\)[#0\- +]?\d*(?:\.\d+)?[a-zA-Z]|%%")
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
_HAN = r"\u3007\u3400-\u9fff\uf900-\ufaff"
_FULL = r"，。、；：！？（）“”《》〈〉【】"

#: What Chinese must not hold, and what to write instead.
_CHINESE = (
    (re.compile(rf"[{_HAN}][,;:?!()]"), "half-width punctuation after Chinese"),
    (re.compile(rf"[,;:?!(][{_HAN}]|\)[{_HAN}]"), "half-width punctuation before Chinese"),
    (re.compile(rf"[{_HAN}]\.(?:\s|$)"), "a half-width full stop after Chinese"),
    (re.compile(rf"[{_HAN}]\s+[{_HAN}]"), "a space between Chinese characters"),
    (re.compile(rf"\s[{_FULL}]|[{_FULL}]\s+\S"), "a space beside full-width punctuation"),
    (re.compile(rf"[{_HAN}] \d|\d [{_HAN}]"), "a typed space between Chinese and a figure"),
    (re.compile(r"\.\.\.|(?<!…)…(?!…)|…{3,}"), "an ellipsis that is not ……"),
    (re.compile(rf"[{_HAN}]\s*[\"']|[\"'][{_HAN}]"), "straight quotation marks"),
    (re.compile(r"[「」『』]"), "corner brackets instead of “ ”"),
    (re.compile(r"您们|你"), "您 is the reader, one or many"),
    (re.compile(r"[。，、；：]{2,}"), "doubled punctuation"),
    (re.compile(r"^\s|\s$"), "a space at an end"),
)
#: Examples of code, whose punctuation is their own.
_CODE = re.compile(r"\{[^}]*\}|\*\*|https?://\S*|“(?:-|1\.) ”")


def problems(catalogue: Catalog, locale: str) -> Iterator[str]:
    """Tell, sentence by sentence, what is missing or wrong."""
    for message in catalogue:
        if not message.id:
            continue
        for problem in _of_message(message, catalogue.num_plurals, locale):
            yield f"“{_first(message)}”: {problem}"


def _of_message(message: Message, forms: int, locale: str) -> Iterator[str]:
    if message.fuzzy:
        yield "marked fuzzy"
    strings = texts(message.string)
    wanted = forms if message.pluralizable else 1
    if len(strings) != wanted:
        yield f"{len(strings)} forms instead of {wanted}"
    if not all(strings):
        yield "not translated"
        return
    # Of a plural, the last form of the source names the number; the first may write it out.
    source = texts(message.id)[-1]
    for string in strings:
        if _counted(_PART, source) != _counted(_PART, string):
            yield f"other parts: {string}"
        if _counted(_TAG, source) != _counted(_TAG, string):
            yield f"other tags: {string}"
        if locale.startswith("zh"):
            yield from typesetting(string)


def texts(value: str | Sequence[str] | None) -> tuple[str, ...]:
    """Return the forms of a sentence: one, or those of a plural."""
    return (value or "",) if value is None or isinstance(value, str) else tuple(value)


def typesetting(chinese: str) -> Iterator[str]:
    """Tell what is set wrongly in a Chinese text."""
    # A part or a code stands for a word; a tag for nothing.
    text = _PART.sub("X", _TAG.sub("", _CODE.sub("X", chinese)))
    for rule, said in _CHINESE:
        if rule.search(text):
            yield f"{said}: {chinese}"


def _counted(what: re.Pattern[str], text: str) -> Counter[str]:
    return Counter(found.group() for found in what.finditer(text))


def _first(message: Message) -> str:
    return texts(message.id)[0]
