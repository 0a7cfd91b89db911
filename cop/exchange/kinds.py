"""What a record of each kind may hold: the import format, version 1, as tables.

`cop/docs/handbook/import-format.md` explains every key; a test compares the two.
"""

from collections.abc import Callable, Mapping

from cop.discussions.models import Form
from cop.entries.commenting import COMMENT_LIMIT
from cop.entries.operations import TITLE_LIMIT
from cop.entries.reasons import REASON_LIMIT as REASONS_LIMIT
from cop.exchange.finishing import (
    finish_collection,
    finish_comment,
    finish_discussion,
    finish_guide,
    finish_note,
    finish_practice,
    finish_workshop,
)
from cop.exchange.parts import (
    CITATION,
    DEFINITION,
    LABEL,
    LINE,
    USE,
    address,
    cited_sources,
    day_looked,
    how_much_it_changes,
    organisation_of_note,
    period_of_note,
    prose,
    rows_of,
    terms_of,
    tried_after,
    written_by_whom,
)
from cop.exchange.shapes import (
    At,
    Field,
    Reader,
    Reading,
    Record,
    clock_time,
    day,
    flag,
    key,
    labels,
    many,
    moment,
    one_of,
    record,
    ref,
    text,
    texts,
    whole,
)
from cop.guides.draft import SECTIONS as GUIDE_SECTIONS
from cop.notes.draft import REASON, REQUIRED_SECTIONS, SECTIONS
from cop.notes.models import Evidence, Outcome
from cop.notes.operations import REASON_LIMIT, STRATEGY_LIMIT
from cop.people.organisations import LONGEST as NAME_LIMIT
from cop.practices.draft import PLACES, SECTIONS as PAGE_SECTIONS, SUMMARY
from cop.practices.models import Grade
from cop.practices.operations import ATTACHED_LIMIT, RELATED_LIMIT
from cop.workshops.checking import TEXT_LIMIT
from cop.workshops.sessions import (
    MOST_SEATS,
    MOST_SESSIONS,
    REASON_LIMIT as REASON_LIMIT_OF_DATES,
    VENUE_LIMIT,
)
from cop.workshops.team import MOST as CO_TRAINERS

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
    "broader": terms_of(""),
    "related": terms_of(""),
    "source": cited_sources,
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
    "written_by": written_by_whom,
    "source": cited_sources,
}
NOTE: Mapping[str, Field] = {
    "id": Field(key, required=True),
    "lang": Field(one_of("zh", "en")),
    "author": Field(ref("user")),
    "written_by": written_by_whom,
    "reviewed_by_organisations": Field(flag),
    "visibility": Field(one_of("public", "members")),
    "masks": Field(record({"name": Field(one_of("shown", "unnamed"))})),
    "dates": Field(record({"published": Field(moment)})),
    "significance": how_much_it_changes,
    "title": Field(texts(TITLE_LIMIT), required=True),
    "organisation": Field(organisation_of_note),
    "project": Field(key),
    "adapts": Field(tried_after),
    "place": Field(ref("term", "place")),
    "period": Field(period_of_note),
    "sectors": terms_of("sector"),
    "strategies": Field(
        many(ref("term", "strategy"), unique=True, most=STRATEGY_LIMIT), required=True
    ),
    "uses": Field(many(USE)),
    "audiences": terms_of("audience"),
    "outcome": Field(one_of(*Outcome), required=True),
    REASON: Field(texts(REASON_LIMIT), required=True),
    "motivations": terms_of("motivation"),
    "resources": terms_of("resource"),
    "powers": terms_of("power"),
    "pressures": terms_of("pressure"),
    "phase": Field(ref("term", "phase")),
    "evidence": Field(one_of(*Evidence)),
    "sections": Field(
        record({name: prose(required=name in REQUIRED_SECTIONS) for name in SECTIONS}),
        required=True,
    ),
    "source": cited_sources,
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
    "written_by": written_by_whom,
    "visibility": Field(one_of("public", "members")),
    "dates": Field(record({"published": Field(moment)})),
    "significance": how_much_it_changes,
    "title": Field(texts(TITLE_LIMIT), required=True),
    **{name: prose(required=name == SUMMARY) for name in PAGE_SECTIONS},
    "grade": Field(one_of(*Grade)),
    "grade_reason": Field(texts(REASONS_LIMIT)),
    "reviewed_on": Field(day),
    "review_by": Field(day),
    "notes": Field(many(ref("note"), unique=True)),
    "evidence": Field(many(record(_AT_STEP), most=ATTACHED_LIMIT)),
    "related": terms_of("strategy", RELATED_LIMIT),
    "source": cited_sources,
}
GUIDE: Mapping[str, Field] = {
    "id": Field(key, required=True),
    "lang": Field(one_of("zh", "en")),
    "author": Field(ref("user")),
    "written_by": written_by_whom,
    "visibility": Field(one_of("public", "members")),
    "dates": Field(record({"published": Field(moment)})),
    "significance": how_much_it_changes,
    "title": Field(texts(TITLE_LIMIT), required=True),
    **{name: prose(required=True) for name in GUIDE_SECTIONS},
    "terms": terms_of(""),
    "source": cited_sources,
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
    "significance": how_much_it_changes,
    "title": Field(texts(TITLE_LIMIT), required=True),
    "body": prose(required=True),
    "tags": terms_of(""),
    "practices": Field(many(ref("practice"), unique=True)),
    "guides": Field(many(ref("guide"), unique=True)),
    "notes": Field(many(ref("note"), unique=True)),
    "source": cited_sources,
}
COLLECTION: Mapping[str, Field] = {
    "id": Field(key, required=True),
    "lang": Field(one_of("zh", "en")),
    "author": Field(ref("user")),
    "written_by": written_by_whom,
    "visibility": Field(one_of("public", "members")),
    "masks": Field(record({"name": Field(one_of("shown", "unnamed"))})),
    "dates": Field(record({"published": Field(moment)})),
    "significance": how_much_it_changes,
    "title": Field(texts(TITLE_LIMIT), required=True),
    "purpose": prose(required=True),
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
_GIVEN: Mapping[str, Field] = {
    "id": Field(key),
    "day": Field(day, required=True),
    "begins": Field(clock_time, required=True),
    "last_day": Field(day),
    "ends": Field(clock_time, required=True),
    "timezone": Field(text(64), required=True),
    "place": Field(ref("term", "place")),
    "venue": Field(text(VENUE_LIMIT)),
    "online": Field(flag),
    "lang": Field(one_of("zh", "en", "both")),
    "sign_up": Field(flag),
    "seats": Field(whole(1, MOST_SEATS)),
    "closes": Field(day),
    "called_off": Field(text(REASON_LIMIT_OF_DATES)),
}

WORKSHOP: Mapping[str, Field] = {
    "id": Field(key, required=True),
    "lang": Field(one_of("zh", "en")),
    "author": Field(ref("user")),
    "co_trainers": Field(many(ref("user"), unique=True, most=CO_TRAINERS)),
    "written_by": written_by_whom,
    "visibility": Field(one_of("public", "members")),
    "masks": Field(record({"name": Field(one_of("shown", "unnamed"))})),
    "dates": Field(
        record(
            {"published": Field(moment), "given": Field(many(record(_GIVEN), most=MOST_SESSIONS))}
        )
    ),
    "significance": how_much_it_changes,
    **_TITLED,
    "for": Field(texts(LINE)),
    "group_size": Field(record({"min": Field(whole(1, 10000)), "max": Field(whole(1, 10000))})),
    "duration_minutes": Field(whole(1, 100_000)),
    "begins": Field(clock_time),
    "objectives": Field(many(texts(LINE))),
    "agenda": rows_of(
        {
            "minutes": Field(whole(0, 10_000), required=True),
            "new_day": Field(flag),
            **_TITLED,
            "activity": prose(TEXT_LIMIT),
        }
    ),
    "materials": Field(
        record(
            {
                "practices": Field(many(ref("practice"), unique=True)),
                "guides": Field(many(ref("guide"), unique=True)),
                "notes": Field(many(ref("note"), unique=True)),
                "discussions": Field(many(ref("discussion"), unique=True)),
                "collections": Field(many(ref("collection"), unique=True)),
                "words": rows_of(
                    {
                        "entry": Field(ref("entry"), required=True),
                        "why": prose(TEXT_LIMIT),
                        "how": prose(TEXT_LIMIT),
                    }
                ),
                "links": rows_of(
                    {
                        "url": Field(address, required=True),
                        "title": Field(text(TITLE_LIMIT)),
                        "looked": Field(day_looked, required=True),
                        "why": prose(TEXT_LIMIT),
                    }
                ),
                "supplies": Field(many(texts(LINE))),
            }
        )
    ),
    "exercises": rows_of({**_TITLED, "instructions": prose(TEXT_LIMIT, required=True)}),
    "handout": Field(record({"title": Field(texts(TITLE_LIMIT)), "text": prose(required=True)})),
    "source": cited_sources,
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
    "workshop",
    "collection",
    "comment",
)

_READERS: Mapping[str, Reader] = {kind: record(fields) for kind, fields in FIELDS.items()}
#: Kind → what checks several keys of its records together.
_FINISHING: Mapping[str, Callable[[Reading, Record, int], None]] = {
    "note": finish_note,
    "practice": finish_practice,
    "guide": finish_guide,
    "discussion": finish_discussion,
    "workshop": finish_workshop,
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
