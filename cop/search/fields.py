"""Fields of a typed question: `place:Ningbo`, 地点：宁波. Their names in both languages, and where a value ends.

Only the names below make a field, and only at the start of a word, so that "note: this", 10:30 and web
addresses stay what they are. What the values mean is not known here: the caller says which are known.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from cop.search.text import fold

#: Facet → the names people type for it, folded. The Chinese are those the pages use, and near ones.
FIELD_NAMES: Mapping[str, tuple[str, ...]] = {
    "kind": ("kind", "type", "类型", "种类"),
    "lang": ("lang", "language", "语言"),
    "outcome": ("outcome", "结果"),
    "evidence": ("evidence", "证据", "证据类型"),
    "strategy": ("strategy", "策略"),
    "sector": ("sector", "领域"),
    "place": ("place", "地点"),
    "period": ("period", "year", "时期", "年份"),
    "by": ("by", "author", "organisation", "organization", "作者", "机构", "署名"),
}

#: Given a facet and the candidates for its value, each one word longer, returns which of them is known, or -1.
Known = Callable[[str, Sequence[str]], int]

_FACETS = {name: facet for facet, names in FIELD_NAMES.items() for name in names}
#: An unquoted value may go on for so many words: `strategy:open space`, "by:Shining Stone Community Action".
_LONGEST_VALUE = 6
_NAME = re.compile(r"(?P<name>[^\W\d_]{2,12})[:\uff1a](?P<space> ?)")
_COMMA = re.compile("[,\uff0c\u3001|\uff5c]")
_SPACED_WORD = re.compile(r" ([^\s]+)")
_ENDS = ".,;!?\u3002\uff0c\uff1b\u3001\uff01\uff1f()\uff08\uff09"


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A value that a facet is to have, and the piece of the question that said so."""

    name: str
    value: str
    raw: str


@dataclass(frozen=True, slots=True)
class FieldFound:
    """A field in a question: the values that are known, those that are not, and where it ends."""

    end: int
    raw: str
    values: tuple[FieldValue, ...]
    unknown: tuple[str, ...] = ()


def everything_known(facet: str, candidates: Sequence[str]) -> int:
    """Take the shortest candidate, for callers that find out later what it means."""
    return 0


def nothing_known(facet: str, candidates: Sequence[str]) -> int:
    """Know no value, so that every field is searched as words."""
    return -1


def field_at(text: str, at: int, value: re.Pattern[str], known: Known) -> FieldFound | None:
    """Return the field that begins here, if one does.

    `value` matches one value, as its group `quoted` or `plain`. Behind a space ("place: Ningbo")
    only a known value makes a field, because people write colons in sentences.
    """
    named = _NAME.match(text, at)
    facet = _FACETS.get(fold(named["name"])) if named else None
    if named is None or facet is None:
        return None
    values: list[FieldValue] = []
    unknown: list[str] = []
    end = named.end()
    while one := value.match(text, end):
        said, end = _value(text, one, facet, known)
        if said:
            values.append(FieldValue(facet, said, ""))
        elif spoken := one.group().strip():
            unknown.append(spoken)
        comma = _COMMA.match(text, end)
        if comma is None or not value.match(text, comma.end()):
            break
        end = comma.end()
    if named["space"] and (unknown or not values):
        return None
    raw = text[at:end]
    said_so = tuple(replace(found, raw=raw) for found in values)
    return FieldFound(end, raw, said_so, tuple(unknown))


def _value(text: str, value: re.Match[str], facet: str, known: Known) -> tuple[str, int]:
    """Return the value and where it ends; "" where no candidate is known."""
    if value["quoted"]:
        said = value["quoted"][1:-1].strip()
        return (said if said and known(facet, [said]) == 0 else ""), value.end()
    candidates, ends = [value["plain"].strip(_ENDS)], [value.end()]
    while len(candidates) < _LONGEST_VALUE and (word := _SPACED_WORD.match(text, ends[-1])):
        candidates.append(f"{candidates[-1]} {word[1].strip(_ENDS)}")
        ends.append(word.end())
    chosen = known(facet, candidates) if candidates[0] else -1
    return (candidates[chosen], ends[chosen]) if chosen >= 0 else ("", ends[0])
