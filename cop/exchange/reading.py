"""Files as items: one source, scheme, term, organisation, note … each, with where it stands."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cop.core.i18n import _
from cop.exchange import kinds
from cop.exchange.located import Map, Seq, read_json_line, read_yaml
from cop.exchange.problems import Problem, Unreadable
from cop.exchange.shapes import Reading, Record, nearest

#: A YAML file is read whole; one larger than this belongs into JSONL, which is read line by line.
LARGEST_YAML = 32 * 1024 * 1024
#: The longest line of JSONL: far more than the longest note.
LONGEST_LINE = 4 * 1024 * 1024

#: `format:` of a file → the lists it may hold and the kind of their items.
FORMATS: Mapping[str, Mapping[str, str]] = {
    "cop-taxonomy/1": {"sources": "source", "schemes": "scheme"},
    "cop-organisations/1": {"organisations": "organisation"},
    "cop-notes/1": {"notes": "note"},
    "cop-practices/1": {"practices": "practice"},
    "cop-guides/1": {"guides": "guide"},
    "cop-spaces/1": {"spaces": "space"},
    "cop-discussions/1": {"discussions": "discussion"},
    "cop-collections/1": {"collections": "collection"},
    "cop-comments/1": {"comments": "comment"},
    "cop-workshops/1": {"workshops": "workshop"},
}
#: Keys beside the lists; those of notes are what their items mean by leaving the key out.
_HEADER = ("format", "languages", "written_by", "reviewed_by_organisations")
#: What no content is: who wrote it, when, and how much it changed of what stood there before.
_BESIDE = ("author", "dates", "significance")
_DEFAULTS = ("written_by", "reviewed_by_organisations")


@dataclass(frozen=True)
class Item:
    """One item of a file: its kind, where it stands, and its value as the file holds it."""

    kind: str
    file: str
    line: int
    value: Any

    def read(self) -> tuple[Record | None, Reading]:
        """Return the record in its one true form, and what was found on the way."""
        reading = Reading(self.file)
        return kinds.read(self.kind, reading, self.value, self.line), reading


def items_of(path: Path) -> Iterator[Item | Problem]:
    """Give the items of a file in their order, and what is wrong with the file around them."""
    try:
        if path.suffix.lower() in (".jsonl", ".ndjson"):
            yield from _of_jsonl(path)
        elif path.suffix.lower() in (".yaml", ".yml"):
            yield from _of_yaml(path)
        else:
            yield Problem(path.name, 1, _("The name must end in .yaml or .jsonl."))
    except OSError as error:
        yield Problem(path.name, 1, _("The file cannot be read: %(error)s.", error=error.strerror))
    except UnicodeDecodeError:
        yield Problem(path.name, 1, _("The file is not UTF-8 text."))
    except Unreadable as error:
        yield Problem(path.name, error.line, error.reason)


def _of_yaml(path: Path) -> Iterator[Item | Problem]:
    if path.stat().st_size > LARGEST_YAML:
        sentence = _(
            "The file is larger than %(megabytes)s MB; split it, or use JSONL.",
            megabytes=LARGEST_YAML // 1024 // 1024,
        )
        yield Problem(path.name, 1, sentence)
        return
    top = read_yaml(path.read_text(encoding="utf-8-sig"))
    if not isinstance(top, Map):
        yield Problem(
            path.name, 1, _("The file must begin with a line such as “format: cop-notes/1”.")
        )
        return
    lists = FORMATS.get(str(top.get("format")))
    if lists is None:
        yield _unknown_format(path.name, top)
        return
    for name in top:
        if name not in lists and name not in _HEADER:
            sentence = _("There is no key “%(key)s” here.", key=name)
            sentence += nearest(name, (*lists, *_HEADER))
            yield Problem(path.name, top.lines[name], sentence)
    yield from _header_problems(path.name, top)
    defaults = {name: top[name] for name in _DEFAULTS if top.get(name) is not None}
    for name, kind in lists.items():
        yield from _of_list(path.name, top, name, kind, defaults)


def _unknown_format(file: str, top: Map) -> Problem:
    given = str(top.get("format", ""))
    line = top.lines.get("format", 1)
    sentence = _("The file must say which format it has: %(formats)s.", formats=", ".join(FORMATS))
    return Problem(file, line, sentence + (nearest(given, FORMATS) if given else ""))


def _header_problems(file: str, top: Map) -> Iterator[Problem]:
    languages = top.get("languages")
    if languages is not None and (
        not isinstance(languages, Seq) or set(map(str, languages)) - {"zh", "en", "zh-Hans"}
    ):
        yield Problem(file, top.lines["languages"], _("“languages” must be a list of zh and en."))
    if top.get("written_by") not in (None, "editors", "member"):
        sentence = _("“written_by” must be one of: editors, member.")
        yield Problem(file, top.lines["written_by"], sentence)
    if not isinstance(top.get("reviewed_by_organisations", True), bool):
        sentence = _("“%(name)s” must be true or false.", name="reviewed_by_organisations")
        yield Problem(file, top.lines["reviewed_by_organisations"], sentence)


def _of_list(
    file: str, top: Map, name: str, kind: str, defaults: Mapping[str, Any]
) -> Iterator[Item | Problem]:
    found = top.get(name)
    if found is None:
        return
    if not isinstance(found, Seq):
        yield Problem(file, top.lines[name], _("“%(name)s” must be a list.", name=name))
        return
    for value, line in zip(found, found.lines, strict=True):
        if kind == "scheme" and isinstance(value, Map):
            yield from _scheme(file, value, line)
            continue
        if kind == "note" and isinstance(value, Map):
            _apply(value, defaults, line)
        yield Item(kind, file, line, value)


def _apply(value: Map, defaults: Mapping[str, Any], line: int) -> None:
    for name, default in defaults.items():
        if name not in value:
            value[name], value.lines[name] = default, line


def _scheme(file: str, value: Map, line: int) -> Iterator[Item | Problem]:
    """Give a scheme and then its terms, which say their scheme by where they stand."""
    concepts = value.pop("concepts", None)
    yield Item("scheme", file, line, value)
    if concepts is None:
        return
    if not isinstance(concepts, Seq):
        sentence = _("“%(name)s” must be a list.", name="concepts")
        yield Problem(file, value.lines["concepts"], sentence)
        return
    for term, at in zip(concepts, concepts.lines, strict=True):
        if isinstance(term, Map):
            if "scheme" in term:
                sentence = _("A term inside a list belongs to it; take “scheme” out.")
                yield Problem(file, term.lines["scheme"], sentence)
            term["scheme"], term.lines["scheme"] = value.get("id"), at
        yield Item("term", file, at, term)


def _of_jsonl(path: Path) -> Iterator[Item | Problem]:
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                yield Problem(path.name, number, _("This line is too long."))
                return
            if line.strip():
                yield _of_line(path.name, number, line)


def _of_line(file: str, number: int, line: bytes) -> Item | Problem:
    try:
        value = read_json_line(line.decode("utf-8-sig"), number)
    except Unreadable as error:
        return Problem(file, number, error.reason)
    except UnicodeDecodeError:
        return Problem(file, number, _("The file is not UTF-8 text."))
    if not isinstance(value, Map):
        return Problem(file, number, _('A line holds one item: {"kind": "note", …}.'))
    kind = str(value.pop("kind", ""))
    if kind not in kinds.FIELDS:
        sentence = _("“kind” must be one of: %(kinds)s.", kinds=", ".join(kinds.FIELDS))
        return Problem(file, number, sentence + nearest(kind, kinds.FIELDS))
    return Item(kind, file, number, value)


def digest(record: Record) -> str:
    """Return the digest of a record: equal content gives equal digests, whoever wrote it, when and from what."""
    compared = {name: value for name, value in record.items() if name not in _BESIDE}
    text = json.dumps(compared, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
