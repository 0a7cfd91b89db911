"""The shapes of values in import files, as small readers that combine.

A reader takes what a file holds and gives it back in its one true form (texts cleaned, languages
short, empty parts left out), so that equal content is equal whatever file it came from. What does
not fit becomes a problem with its line; reading goes on, so that one run names all of them.
"""

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple, TypeAlias

from cop.core import clock
from cop.core.i18n import _
from cop.core.text import clean
from cop.exchange.located import Map, Seq
from cop.exchange.problems import Problem

Record: TypeAlias = dict[str, Any]

#: Short tags of the languages a text may come in.
TAGS = ("zh", "en")
_TAG_OF = {"zh": "zh", "zh-Hans": "zh", "en": "en"}
KEY_LIMIT = 80
_KEY = re.compile(r"[a-z0-9][a-z0-9-]*")
_PERIOD = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")


class Ref(NamedTuple):
    """Something a record names by key; for terms the scheme it must be of, or none."""

    kind: str
    key: str
    scheme: str = ""


@dataclass
class Reading:
    """One record being read: what is wrong with it, and what it refers to."""

    file: str
    problems: list[Problem] = field(default_factory=list)
    #: What is referred to → the line it is first named on.
    refs: dict[Ref, int] = field(default_factory=dict)

    def wrong(self, line: int, reason: str) -> None:
        """Note that something does not fit."""
        self.problems.append(Problem(self.file, line, reason))


class At(NamedTuple):
    """Where a value stands: its line, and its name for sentences."""

    line: int
    name: str


#: Gives the value in its one true form, or None for nothing (or for what does not fit).
Reader: TypeAlias = Callable[[Reading, Any, At], Any]


@dataclass(frozen=True)
class Field:
    """A key of a record: how its value is read, and whether it must be there."""

    read: Reader
    required: bool = False


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the sentence that suggests what may have been meant, or nothing."""
    near = difflib.get_close_matches(word, list(known), 1, 0.6)
    return " " + _("Did you mean “%(word)s”?", word=near[0]) if near else ""


def record(fields: Mapping[str, Field]) -> Reader:
    """Read a map with these keys and no others, in this order."""

    def read(reading: Reading, value: Any, at: At) -> Record | None:
        if not isinstance(value, Map):
            reading.wrong(at.line, _("“%(name)s” must be a map of keys and values.", name=at.name))
            return None
        for key in value:
            if key not in fields:
                sentence = _("There is no key “%(key)s” here.", key=key) + nearest(key, fields)
                reading.wrong(value.lines[key], sentence)
        found = {key: _field(reading, value, key, one) for key, one in fields.items()}
        return {key: told for key, told in found.items() if told is not None}

    return read


def _field(reading: Reading, whole: Map, key: str, one: Field) -> Any:
    """Read the value of one key; None where there is none."""
    before = len(reading.problems)
    line = whole.lines.get(key, whole.line)
    found = None
    if whole.get(key) is not None:
        found = one.read(reading, whole[key], At(line, key))
    if found in ("", {}, []):
        found = None
    if found is None and one.required and len(reading.problems) == before:
        reading.wrong(line, _("“%(key)s” is missing or empty.", key=key))
    return found


def text(limit: int, *, multiline: bool = False) -> Reader:
    """Read a text of at most so many characters, cleaned as the site stores it."""

    def read(reading: Reading, value: Any, at: At) -> str | None:
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            reading.wrong(at.line, _("“%(name)s” must be a text.", name=at.name))
            return None
        found = clean(str(value), multiline=multiline)
        if len(found) > limit:
            sentence = _(
                "“%(name)s” has %(length)s characters; at most %(limit)s fit.",
                name=at.name,
                length=len(found),
                limit=limit,
            )
            reading.wrong(at.line, sentence)
        return found

    return read


def texts(limit: int, *, multiline: bool = False) -> Reader:
    """Read a text by language: `{zh: …, en: …}`, one of them or both."""
    return by_language(text(limit, multiline=multiline))


def labels(limit: int) -> Reader:
    """Read lists of texts by language."""
    return by_language(many(text(limit)))


def by_language(reader: Reader) -> Reader:
    """Read what this reads, by language: `{zh: …, en: …}`."""

    def read(reading: Reading, value: Any, at: At) -> Record | None:
        if not isinstance(value, Map):
            sentence = _("“%(name)s” must be given by language: {zh: …, en: …}.", name=at.name)
            reading.wrong(at.line, sentence)
            return None
        found: Record = {}
        for tag, told in value.items():
            short = _TAG_OF.get(tag)
            if short is None:
                sentence = _("“%(tag)s” is no language of this site; use zh or en.", tag=tag)
                reading.wrong(value.lines[tag], sentence)
            elif told is not None:
                read_value = reader(reading, told, At(value.lines[tag], f"{at.name}.{tag}"))
                if read_value:
                    found[short] = read_value
        return found

    return read


def whole(least: int, most: int) -> Reader:
    """Read a whole number between these."""

    def read(reading: Reading, value: Any, at: At) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            sentence = _(
                "“%(name)s” must be a whole number from %(least)s to %(most)s.",
                name=at.name,
                least=least,
                most=most,
            )
            reading.wrong(at.line, sentence)
            return None
        return value

    return read


def flag(reading: Reading, value: Any, at: At) -> bool | None:
    """Read `true` or `false`."""
    if not isinstance(value, bool):
        reading.wrong(at.line, _("“%(name)s” must be true or false.", name=at.name))
        return None
    return value


def one_of(*values: str) -> Reader:
    """Read one of these words."""

    def read(reading: Reading, value: Any, at: At) -> str | None:
        if value not in values:
            sentence = _(
                "“%(name)s” is “%(value)s”; it must be one of: %(values)s.",
                name=at.name,
                value=str(value)[:40],
                values=", ".join(values),
            )
            reading.wrong(at.line, sentence + nearest(str(value), values))
            return None
        return str(value)

    return read


def key(reading: Reading, value: Any, at: At) -> str | None:
    """Read a stable key: small letters, digits and hyphens."""
    found = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    if not _KEY.fullmatch(found) or len(found) > KEY_LIMIT:
        sentence = _(
            "“%(name)s” must be a key of at most %(limit)s small letters, digits and hyphens.",
            name=at.name,
            limit=KEY_LIMIT,
        )
        reading.wrong(at.line, sentence)
        return None
    return found


def ref(kind: str, scheme: str = "") -> Reader:
    """Read the key of something that exists, here or in the files imported together."""

    def read(reading: Reading, value: Any, at: At) -> str | None:
        found = str(value) if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
        if not found or len(found) > KEY_LIMIT:
            reading.wrong(at.line, _("“%(name)s” must be a key.", name=at.name))
            return None
        reading.refs.setdefault(Ref(kind, found, scheme), at.line)
        return found

    return read


def many(reader: Reader, *, unique: bool = False, most: int = 200) -> Reader:
    """Read a list; where `unique`, nothing may stand in it twice."""

    def read(reading: Reading, value: Any, at: At) -> list[Any] | None:
        if not isinstance(value, Seq):
            reading.wrong(at.line, _("“%(name)s” must be a list.", name=at.name))
            return None
        if len(value) > most:
            sentence = _("“%(name)s” has more than %(most)s items.", name=at.name, most=most)
            reading.wrong(at.line, sentence)
            return None
        found = []
        for item, line in zip(value, value.lines, strict=True):
            read_value = reader(reading, item, At(line, at.name))
            if read_value in (None, "", {}, []):
                continue
            if unique and read_value in found:
                sentence = _("“%(value)s” stands in the list twice.", value=str(read_value)[:60])
                reading.wrong(line, sentence)
                continue
            found.append(read_value)
        return found

    return read


def period(reading: Reading, value: Any, at: At) -> str | None:
    """Read a year, a month or a day: `2019`, `2019-05`, `2019-05-31`."""
    found = str(value)
    if isinstance(value, bool) or not _PERIOD.fullmatch(found) or not _exists(found):
        reading.wrong(at.line, _("Write a year (2019), a month (2019-05) or a day (2019-05-31)."))
        return None
    return found


def _exists(found: str) -> bool:
    try:
        date.fromisoformat(f"{found}-01-01"[:10])
    except ValueError:
        return False
    return True


def day(reading: Reading, value: Any, at: At) -> str | None:
    """Read a day: `2027-05-31`."""
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        sentence = _("“%(name)s” must be a day, for example 2027-05-31.", name=at.name)
        reading.wrong(at.line, sentence)
        return None


def clock_time(reading: Reading, value: Any, at: At) -> str | None:
    """Read a time of day: `09:00`."""
    try:
        return time.fromisoformat(str(value)).strftime("%H:%M")
    except ValueError:
        sentence = _("“%(name)s” must be a time of day in quotes, such as 09:00.", name=at.name)
        reading.wrong(at.line, sentence)
        return None


def moment(reading: Reading, value: Any, at: At) -> str | None:
    """Read a day or a moment with its zone, not in the future: `2026-03-01`, `2026-03-01T08:30:00Z`."""
    found = _moment(value)
    if found is None or found > clock.now():
        sentence = _(
            "“%(name)s” must be a past day (2026-03-01) or moment (2026-03-01T08:30:00Z).",
            name=at.name,
        )
        reading.wrong(at.line, sentence)
        return None
    return found.strftime("%Y-%m-%dT%H:%M:%SZ")


def _moment(value: Any) -> datetime | None:
    try:
        if len(str(value)) <= len("2026-03-01"):
            return datetime.combine(date.fromisoformat(str(value)), time(), UTC)
        found = datetime.fromisoformat(str(value))
    except (ValueError, TypeError):
        return None
    return found.astimezone(UTC) if found.tzinfo is not None else None
