"""What a record of each kind may hold: the import format, version 1, as tables.

`cop/docs/handbook/import-format.md` explains every key; a test compares the two.
"""

from collections.abc import Callable, Mapping

from cop.core.i18n import _
from cop.discussions.models import Form
from cop.entries.commenting import COMMENT_LIMIT
from cop.entries.models import LinkKind
from cop.entries.operations import SECTION_LIMIT, TITLE_LIMIT
from cop.entries.originals import RELATION_VALUES
from cop.entries.reasons import REASON_LIMIT as REASONS_LIMIT
from cop.exchange.finishing import (
    finish_collection,
    finish_comment,
    finish_discussion,
    finish_guide,
    finish_note,
    finish_practice,
)
from cop.exchange.located import Map
from cop.exchange.shapes import (
    At,
    Field,
    Reader,
    Reading,
    Record,
    day,
    flag,
    key,
    labels,
    many,
    moment,
    one_of,
    period,
    record,
    ref,
    text,
    texts,
    whole,
)
from cop.guides.draft import SECTIONS as GUIDE_SECTIONS
from cop.notes.draft import REASON, REQUIRED_SECTIONS, SECTIONS
from cop.notes.models import Durability, Evidence, Outcome
from cop.notes.operations import DESCRIPTION_LIMIT, REASON_LIMIT, STRATEGY_LIMIT
from cop.people.organisations import LONGEST as NAME_LIMIT
from cop.practices.draft import PLACES, SECTIONS as PAGE_SECTIONS, SUMMARY
from cop.practices.models import Grade
from cop.practices.operations import ATTACHED_LIMIT, RELATED_LIMIT

#: Longest label, definition, citation and line of a list.
LABEL, DEFINITION, CITATION, LINE = 160, 2000, 600, 1000
PLACE_IN_SOURCE = 200

_written_by = Field(one_of("editors", "member"))
_sources = Field(
    many(record({"ref": Field(ref("source"), required=True), "at": Field(text(PLACE_IN_SOURCE))}))
)


def _terms(scheme: str, most: int = 50) -> Field:
    return Field(many(ref("term", scheme), unique=True, most=most))


def _prose(limit: int = SECTION_LIMIT, *, required: bool = False) -> Field:
    return Field(texts(limit, multiline=True), required)


def _organisation_of_note(reading: Reading, value: object, at: At) -> Record | None:
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


def _period_of_note(reading: Reading, value: object, at: At) -> Record | None:
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


def _tried_after(reading: Reading, value: object, at: At) -> Record | None:
    """Read what a note was tried after: a key alone, or with how it compares."""
    if isinstance(value, str):
        key_alone = ref("original")(reading, value, at)
        return {"key": key_alone, "how": LinkKind.ADAPTS.value} if key_alone else None
    found: Record | None = _TRIED_AFTER(reading, value, at)
    if found is None or "key" not in found:
        return None
    return {"key": found["key"], "how": found.get("how", LinkKind.ADAPTS.value)}


_USE = record(
    {
        "strategy": Field(ref("term", "strategy"), required=True),
        "outcome": Field(one_of(*Outcome)),
        "effects": _prose(DEFINITION),
        "side_effects": _prose(DEFINITION),
        "durability": Field(one_of(*Durability)),
    }
)

SOURCE: Mapping[str, Field] = {
    "id": Field(key, required=True),
    "short": Field(texts(LABEL), required=True),
    "citation": Field(text(CITATION), required=True),
    "about": Field(texts(LINE)),
}
SCHEME: Mapping[str, Field] = {
    "id": Field(key, required=True),
    "title": Field(texts(LABEL), required=True),
    "description": Field(texts(DEFINITION)),
}
TERM: Mapping[str, Field] = {
    "id": Field(key, required=True),
    "scheme": Field(ref("scheme"), required=True),
    "pref_label": Field(texts(LABEL), required=True),
    "alt_labels": Field(labels(LABEL)),
    "hidden_labels": Field(labels(LABEL)),
    "abbr_zh": Field(many(text(8))),
    "pinyin": Field(text(LABEL)),
    "ascii": Field(text(LABEL)),
    "definition": Field(texts(DEFINITION)),
    "broader": _terms(""),
    "related": _terms(""),
    "source": _sources,
    "merged_into": Field(ref("term")),
    "iso": Field(text(16)),
    "level": Field(text(40)),
    "sample_count": Field(whole(0, 10**9)),
    "count": Field(whole(0, 10**9)),
}
ORGANISATION: Mapping[str, Field] = {
    "id": Field(key, required=True),
    "name": Field(texts(NAME_LIMIT), required=True),
    "place": Field(ref("term", "place")),
    "written_by": _written_by,
    "source": _sources,
}
NOTE: Mapping[str, Field] = {
    "id": Field(key, required=True),
    "lang": Field(one_of("zh", "en")),
    "author": Field(ref("user")),
    "written_by": _written_by,
    "reviewed_by_organisations": Field(flag),
    "visibility": Field(one_of("public", "members")),
    "masks": Field(record({"name": Field(one_of("shown", "unnamed"))})),
    "dates": Field(record({"published": Field(moment)})),
    "title": Field(texts(TITLE_LIMIT), required=True),
    "organisation": Field(_organisation_of_note),
    "project": Field(key),
    "adapts": Field(_tried_after),
    "place": Field(ref("term", "place")),
    "period": Field(_period_of_note),
    "sectors": _terms("sector"),
    "strategies": Field(
        many(ref("term", "strategy"), unique=True, most=STRATEGY_LIMIT), required=True
    ),
    "uses": Field(many(_USE)),
    "audiences": _terms("audience"),
    "outcome": Field(one_of(*Outcome), required=True),
    REASON: Field(texts(REASON_LIMIT), required=True),
    "motivations": _terms("motivation"),
    "resources": _terms("resource"),
    "powers": _terms("power"),
    "pressures": _terms("pressure"),
    "phase": Field(ref("term", "phase")),
    "evidence": Field(one_of(*Evidence)),
    "sections": Field(
        record({name: _prose(required=name in REQUIRED_SECTIONS) for name in SECTIONS}),
        required=True,
    ),
    "source": _sources,
}
_AT_STEP = {
    "note": Field(ref("note"), required=True),
    "at": Field(one_of(*PLACES), required=True),
}
PRACTICE: Mapping[str, Field] = {
    "id": Field(key, required=True),
    "strategy": Field(ref("term", "strategy"), required=True),
    "lang": Field(one_of("zh", "en")),
    "author": Field(ref("user")),
    "written_by": _written_by,
    "visibility": Field(one_of("public", "members")),
    "dates": Field(record({"published": Field(moment)})),
    "title": Field(texts(TITLE_LIMIT), required=True),
    **{name: _prose(required=name == SUMMARY) for name in PAGE_SECTIONS},
    "grade": Field(one_of(*Grade)),
    "grade_reason": Field(texts(REASONS_LIMIT)),
    "reviewed_on": Field(day),
    "review_by": Field(day),
    "notes": Field(many(ref("note"), unique=True)),
    "evidence": Field(many(record(_AT_STEP), most=ATTACHED_LIMIT)),
    "related": _terms("strategy", RELATED_LIMIT),
    "source": _sources,
}
GUIDE: Mapping[str, Field] = {
    "id": Field(key, required=True),
    "lang": Field(one_of("zh", "en")),
    "author": Field(ref("user")),
    "written_by": _written_by,
    "visibility": Field(one_of("public", "members")),
    "dates": Field(record({"published": Field(moment)})),
    "title": Field(texts(TITLE_LIMIT), required=True),
    **{name: _prose(required=True) for name in GUIDE_SECTIONS},
    "terms": _terms(""),
    "source": _sources,
}
SPACE: Mapping[str, Field] = {
    "id": Field(key, required=True),
    "name": Field(texts(LABEL), required=True),
    "purpose": Field(texts(DEFINITION), required=True),
    "lang": Field(one_of("zh", "en")),
}
DISCUSSION: Mapping[str, Field] = {
    "id": Field(key, required=True),
    "lang": Field(one_of("zh", "en")),
    "author": Field(ref("user")),
    "asked_by": Field(one_of("editors")),
    "space": Field(ref("space")),
    "form": Field(one_of(*Form)),
    "visibility": Field(one_of("public", "members")),
    "masks": Field(record({"name": Field(one_of("shown", "unnamed"))})),
    "dates": Field(record({"published": Field(moment)})),
    "title": Field(texts(TITLE_LIMIT), required=True),
    "body": _prose(required=True),
    "tags": _terms(""),
    "practices": Field(many(ref("practice"), unique=True)),
    "guides": Field(many(ref("guide"), unique=True)),
    "notes": Field(many(ref("note"), unique=True)),
    "source": _sources,
}
COLLECTION: Mapping[str, Field] = {
    "id": Field(key, required=True),
    "lang": Field(one_of("zh", "en")),
    "author": Field(ref("user")),
    "written_by": _written_by,
    "visibility": Field(one_of("public", "members")),
    "masks": Field(record({"name": Field(one_of("shown", "unnamed"))})),
    "dates": Field(record({"published": Field(moment)})),
    "title": Field(texts(TITLE_LIMIT), required=True),
    "purpose": _prose(required=True),
    "entries": Field(
        many(
            record(
                {
                    "key": Field(ref("entry"), required=True),
                    "why": Field(texts(REASONS_LIMIT), required=True),
                }
            )
        )
    ),
}
COMMENT: Mapping[str, Field] = {
    "id": Field(key, required=True),
    "on": Field(ref("entry"), required=True),
    "answers": Field(ref("comment")),
    "author": Field(ref("user")),
    "former": Field(flag),
    "lang": Field(one_of("zh", "en")),
    "dates": Field(record({"published": Field(moment)})),
    "body": Field(text(COMMENT_LIMIT, multiline=True)),
    "taken_away": Field(flag),
}
_TITLED = {"title": Field(texts(TITLE_LIMIT), required=True)}
WORKSHOP: Mapping[str, Field] = {
    "id": Field(key, required=True),
    **_TITLED,
    "for": Field(texts(LINE)),
    "group_size": Field(record({"min": Field(whole(1, 10000)), "max": Field(whole(1, 10000))})),
    "duration_minutes": Field(whole(1, 100_000)),
    "objectives": Field(many(texts(LINE))),
    "agenda": Field(
        many(
            record(
                {
                    "minutes": Field(whole(0, 10_000), required=True),
                    **_TITLED,
                    "activity": _prose(),
                }
            )
        )
    ),
    "materials": Field(
        record(
            {
                "practices": Field(many(ref("practice"), unique=True)),
                "notes": Field(many(ref("note"), unique=True)),
                "supplies": Field(many(texts(LINE))),
            }
        )
    ),
    "exercises": Field(many(record({**_TITLED, "instructions": _prose(required=True)}))),
    "handout": Field(record({**_TITLED, "text": _prose(required=True)})),
    "source": _sources,
}

FIELDS: Mapping[str, Mapping[str, Field]] = {
    "source": SOURCE,
    "scheme": SCHEME,
    "term": TERM,
    "organisation": ORGANISATION,
    "note": NOTE,
    "practice": PRACTICE,
    "guide": GUIDE,
    "space": SPACE,
    "discussion": DISCUSSION,
    "collection": COLLECTION,
    "comment": COMMENT,
    "workshop": WORKSHOP,
}
#: Written to the database now, in this order: what is referred to comes first.
WRITTEN = (
    "source",
    "scheme",
    "term",
    "organisation",
    "space",
    "note",
    "practice",
    "guide",
    "discussion",
    "collection",
    "comment",
)
#: Checked in full, and written when the feature that shows them is there.
CHECKED = ("workshop",)

_READERS: Mapping[str, Reader] = {kind: record(fields) for kind, fields in FIELDS.items()}
#: Kind → what checks several keys of its records together.
_FINISHING: Mapping[str, Callable[[Reading, Record, int], None]] = {
    "note": finish_note,
    "practice": finish_practice,
    "guide": finish_guide,
    "discussion": finish_discussion,
    "collection": finish_collection,
    "comment": finish_comment,
}


def read(kind: str, reading: Reading, value: object, line: int) -> Record | None:
    """Return the record in its one true form, with `reading` saying what is wrong with it."""
    found: Record | None = _READERS[kind](reading, value, At(line, kind))
    if found is None:
        return None
    if kind in _FINISHING:
        _FINISHING[kind](reading, found, line)
    if kind == "term":
        # Relations are sets: their order says nothing.
        for name in ("broader", "related"):
            if name in found:
                found[name] = sorted(found[name])
    if kind == "organisation":
        found.setdefault("written_by", "editors" if "source" in found else "member")
    return found
