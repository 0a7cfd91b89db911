"""Plain values with the lines they stand on: maps and lists of texts, whole numbers, true, false, nothing.

YAML is read from its events, so that nothing but these values can come out: no tags, no aliases (which
can make a small file huge), no dates, no objects. JSON comes out in the same form.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentEndEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from cop.core.i18n import _
from cop.exchange.problems import Unreadable

#: Deeper nesting than this is no content; the deepest there is has seven levels.
DEEPEST = 20
_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,15})")
_PLAIN = {"": None, "~": None, "null": None, "true": True, "false": False}


class Map(dict[str, Any]):
    """A map that knows the line it begins on and the line of each of its keys."""

    def __init__(self, line: int) -> None:
        """Begin an empty map."""
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


class Seq(list[Any]):
    """A list that knows the line it begins on and the line of each of its items."""

    def __init__(self, line: int) -> None:
        """Begin an empty list."""
        super().__init__()
        self.line = line
        self.lines: list[int] = []


def read_yaml(text: str) -> Any:
    """Return the one document of a YAML text, or raise Unreadable."""
    events = iter(YAML(typ="safe", pure=True).parse(text))
    try:
        return _document(events)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark is not None else 1
        raise Unreadable(
            line, _("This is not valid YAML: %(error)s.", error=error.problem)
        ) from None
    except (YAMLError, ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise Unreadable(1, _("This is not valid YAML: %(error)s.", error=reason)) from None


def _document(events: Iterator[Event]) -> Any:
    found: Any = None
    documents = 0
    for event in events:
        if isinstance(event, DocumentStartEvent):
            documents += 1
            if documents > 1:
                sentence = _("A file holds one YAML document; put the second in a file of its own.")
                raise Unreadable(_line(event), sentence)
            found = _value(next(events), events, 0)
        elif isinstance(event, DocumentEndEvent):
            continue
    return found


def _line(event: Event) -> int:
    return int(event.start_mark.line) + 1


def _value(event: Event, events: Iterator[Event], depth: int) -> Any:
    if isinstance(event, AliasEvent):
        raise Unreadable(_line(event), _("Aliases (*name) are not read; write the text out."))
    if getattr(event, "tag", None) is not None:
        raise Unreadable(_line(event), _("Tags (!name) are not read; leave them out."))
    if depth > DEEPEST:
        raise Unreadable(_line(event), _("The file is nested too deeply."))
    if isinstance(event, ScalarEvent):
        return _scalar(event)
    if isinstance(event, SequenceStartEvent):
        return _list(event, events, depth)
    if isinstance(event, MappingStartEvent):
        return _map(event, events, depth)
    raise Unreadable(
        _line(event), _("This is not valid YAML: %(error)s.", error=type(event).__name__)
    )


def _scalar(event: ScalarEvent) -> Any:
    text: str = event.value
    if event.style:
        return text
    if text in _PLAIN:
        return _PLAIN[text]
    return int(text) if _INT.fullmatch(text) else text


def _list(start: Event, events: Iterator[Event], depth: int) -> Seq:
    found = Seq(_line(start))
    for event in events:
        if isinstance(event, SequenceEndEvent):
            break
        found.lines.append(_line(event))
        found.append(_value(event, events, depth + 1))
    return found


def _map(start: Event, events: Iterator[Event], depth: int) -> Map:
    found = Map(_line(start))
    for event in events:
        if isinstance(event, MappingEndEvent):
            break
        key = _value(event, events, depth + 1)
        if not isinstance(key, str):
            raise Unreadable(_line(event), _("A key is a word, such as “title”."))
        if key in found:
            raise Unreadable(_line(event), _("The key “%(key)s” stands here twice.", key=key))
        found.lines[key] = _line(event)
        found[key] = _value(next(events), events, depth + 1)
    return found


def read_json_line(text: str, line: int) -> Any:
    """Return the value of one line of JSONL, everything in it located on that line, or raise Unreadable."""

    def pairs(found: list[tuple[str, Any]]) -> Map:
        made = Map(line)
        for key, value in found:
            if key in made:
                raise Unreadable(line, _("The key “%(key)s” stands here twice.", key=key))
            made[key], made.lines[key] = value, line
        return made

    try:
        return _located(json.loads(text, object_pairs_hook=pairs), line, 0)
    except (ValueError, RecursionError) as error:
        raise Unreadable(line, _("This line is not valid JSON: %(error)s.", error=error)) from None


def _located(value: Any, line: int, depth: int) -> Any:
    if depth > DEEPEST:
        raise Unreadable(line, _("The file is nested too deeply."))
    if isinstance(value, list):
        found = Seq(line)
        found.extend(_located(item, line, depth + 1) for item in value)
        found.lines = [line] * len(found)
        return found
    if isinstance(value, Map):
        for key in value:
            value[key] = _located(value[key], line, depth + 1)
    return value
