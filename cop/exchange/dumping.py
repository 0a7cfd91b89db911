"""Records as YAML that people can read and compare.

There is one way to write each value, so that equal content gives equal bytes.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from cop.exchange.shapes import Record

#: Words that need no quotes in any reader of YAML; `yes`, `no`, `on` and their like are no such words.
_PLAIN = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
_RESERVED = frozenset({"yes", "no", "on", "off", "true", "false", "null", "y", "n"})
#: What a literal block cannot hold, or would change.
_UNFIT = re.compile(
    r"^[ \t\n]|[^\S\n]$|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff]|\n$",
    re.MULTILINE,
)
#: What readers of YAML take for a line end, or do not take at all.
_LINE_ENDS = re.compile("[\u007f-\u009f\u2028\u2029\ufeff]")


def dump(record: Record, indent: int = 2) -> str:
    """Return a record as an item of a list, `indent` spaces in."""
    space = " " * indent
    lines = list(_map(record, indent + 2))
    return f"{space}- {lines[0].lstrip()}\n" + "".join(f"{line}\n" for line in lines[1:])


def _map(values: Record, indent: int) -> Iterator[str]:
    space = " " * indent
    for key, value in values.items():
        if isinstance(value, dict):
            yield f"{space}{key}:"
            yield from _map(value, indent + 2)
        elif isinstance(value, list):
            yield from _list(key, value, indent)
        else:
            first, *rest = _scalar(value, indent + 2)
            yield f"{space}{key}: {first}"
            yield from rest


def _list(key: str, values: list[Any], indent: int) -> Iterator[str]:
    space = " " * indent
    if not any(isinstance(value, dict) for value in values):
        yield f"{space}{key}: [{', '.join(_inline(value) for value in values)}]"
        return
    yield f"{space}{key}:"
    for value in values:
        first, *rest = _map(value, indent + 4)
        yield f"{space}  - {first.lstrip()}"
        yield from rest


def _scalar(value: Any, indent: int) -> list[str]:
    if isinstance(value, str) and "\n" in value and not _UNFIT.search(value):
        space = " " * indent
        return ["|-", *(space + line if line else "" for line in value.split("\n"))]
    return [_inline(value)]


def _inline(value: Any) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value not in _RESERVED:
        return value
    # JSON is YAML: quoted texts, numbers, true and false read the same in both.
    text = json.dumps(value, ensure_ascii=False)
    return _LINE_ENDS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
