"""Parts that records of several kinds have, or that need words of their own: the import format, version 1."""

from collections.abc import Mapping
from typing import Any

from cop.core.i18n import _
from cop.entries.models import LinkKind
from cop.entries.operations import SECTION_LIMIT
from cop.entries.originals import RELATION_VALUES
from cop.entries.significance import Significance
from cop.exchange.located import Map
from cop.exchange.shapes import (
    At,
    Field,
    Reading,
    Record,
    by_language,
    flag,
    many,
    one_of,
    period,
    record,
    ref,
    text,
    texts,
)
from cop.notes.models import Durability, Outcome
from cop.notes.operations import DESCRIPTION_LIMIT
from cop.outside.naming import is_address
from cop.workshops.checking import ROW_LIMIT
from cop.workshops.links import day_of, latest_today

#: Longest label, definition, citation and line of a list.
LABEL, DEFINITION, CITATION, LINE = 160, 2000, 600, 1000
PLACE_IN_SOURCE = 200

how_much_it_changes = Field(by_language(one_of(*Significance)))
written_by_whom = Field(one_of("editors", "member"))
cited_sources = Field(
    many(record({"ref": Field(ref("source"), required=True), "at": Field(text(PLACE_IN_SOURCE))}))
)


def terms_of(scheme: str, most: int = 50) -> Field:
    """Read a list of terms of a scheme."""
    return Field(many(ref("term", scheme), unique=True, most=most))


def prose(limit: int = SECTION_LIMIT, *, required: bool = False) -> Field:
    """Read a text of several lines by language."""
    return Field(texts(limit, multiline=True), required)


def address(reading: Reading, value: Any, at: At) -> str | None:
    """Read the address of a page on the web."""
    found = str(value).strip()
    if is_address(found):
        return found
    sentence = _("“%(name)s” must be the address of a page: http:// or https://.", name=at.name)
    reading.wrong(at.line, sentence)
    return None


def day_looked(reading: Reading, value: Any, at: At) -> str | None:
    """Read the day somebody looked at a page: `2026-05-31`, and not one that is nowhere yet."""
    found = day_of(str(value))
    if found is not None and found <= latest_today():
        return found.isoformat()
    reading.wrong(at.line, _("“%(name)s” must be a past day, such as 2026-05-31.", name=at.name))
    return None


def rows_of(fields: Mapping[str, Field]) -> Field:
    """Read a list of rows, each with these keys."""
    return Field(many(record(fields), most=ROW_LIMIT))


def organisation_of_note(reading: Reading, value: object, at: At) -> Record | None:
    """Read who a note is about: a key of the directory, or a description that never becomes a page.

    Words beside a key are for people who read the file; the name is the directory's.
    """
    found: Record | None = _ORGANISATION_OF_NOTE(reading, value, at)
    if found is None:
        return None
    if "key" in found:
        if found.get("anonymous"):
            line = value.lines["key"] if isinstance(value, Map) else at.line
            sentence = _("An organisation that stays unnamed has no key; take “key” out.")
            reading.wrong(line, sentence)
        return {"key": found["key"]}
    return {tag: found[tag] for tag in ("zh", "en") if tag in found}


_ORGANISATION_OF_NOTE = record(
    {
        "anonymous": Field(flag),
        "key": Field(ref("organisation")),
        "zh": Field(text(DESCRIPTION_LIMIT)),
        "en": Field(text(DESCRIPTION_LIMIT)),
    }
)


def period_of_note(reading: Reading, value: object, at: At) -> Record | None:
    """Read when it happened; `exact: false` says that the dates only bound the case."""
    found: Record | None = _PERIOD_OF_NOTE(reading, value, at)
    if not found:
        return None
    start, end = found.get("start", ""), found.get("end", "")
    if start and end and end < start[: len(end)]:
        reading.wrong(at.line, _("The end lies before the beginning."))
    if found.get("exact", True):
        found.pop("exact", None)
    return found if found.keys() - {"exact"} else None


_PERIOD_OF_NOTE = record(
    {
        "start": Field(period),
        "end": Field(period),
        "zh": Field(text(LABEL)),
        "en": Field(text(LABEL)),
        "exact": Field(flag),
    }
)

_TRIED_AFTER = record(
    {"key": Field(ref("original"), required=True), "how": Field(one_of(*RELATION_VALUES))}
)


def tried_after(reading: Reading, value: object, at: At) -> Record | None:
    """Read what a note was tried after: a key alone, or with how it compares."""
    if isinstance(value, str):
        key_alone = ref("original")(reading, value, at)
        return {"key": key_alone, "how": LinkKind.ADAPTS.value} if key_alone else None
    found: Record | None = _TRIED_AFTER(reading, value, at)
    if found is None or "key" not in found:
        return None
    return {"key": found["key"], "how": found.get("how", LinkKind.ADAPTS.value)}


USE = record(
    {
        "strategy": Field(ref("term", "strategy"), required=True),
        "outcome": Field(one_of(*Outcome)),
        "effects": prose(DEFINITION),
        "side_effects": prose(DEFINITION),
        "durability": Field(one_of(*Durability)),
    }
)
