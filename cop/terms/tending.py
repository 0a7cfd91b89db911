"""Curators tend the vocabulary: edit a term, merge it into another, take that back. Actor first, no commit."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from itertools import chain, count

from sqlalchemy import or_, select

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Invalid
from cop.core.i18n import _l
from cop.core.text import slugify
from cop.core.types import Json, Lang, Texts
from cop.events.models import Event
from cop.events.record import record
from cop.people.models import User
from cop.people.viewer import Grant, Viewer
from cop.terms import vocabulary
from cop.terms.draft import TermDraft
from cop.terms.events import (
    HISTORY,
    TermAdded,
    TermEdited,
    TermMerged,
    TermsKeptApart,
    TermUnmerged,
)
from cop.terms.labels import HANT, PINYIN
from cop.terms.models import LabelKind, Source, TermSource
from cop.terms.operations import put_term, require_keeper
from cop.terms.vocabulary import TermView

#: Longest name and definition, and most other names of one language.
NAME_LIMIT, DEFINITION_LIMIT, NAMES = 160, 2000, 40
REASON_LIMIT = 300
_KEY_LENGTH = 70
#: How long a merging can be taken back.
UNDO = timedelta(days=1)
_TAGS = {HANT: Lang.ZH.value, PINYIN: Lang.EN.value}


@dataclass(frozen=True)
class TermEdit:
    """What a curator makes of a term; other terms by key."""

    name: Texts
    definition: Texts
    #: Language (`zh-Hans` or `en`) → its other names, in their order.
    alternatives: Mapping[str, tuple[str, ...]]
    broader: tuple[str, ...] = ()
    related: tuple[str, ...] = ()


def may_tend(viewer: Viewer) -> bool:
    """Tell whether somebody tends the vocabulary."""
    return viewer.system or viewer.has(Grant.CURATOR, Grant.ADMIN)


def draft_of(term: TermView) -> TermDraft:
    """Return a term as it stands, as a draft that would make it so. One query."""
    words = vocabulary.vocabulary()
    cited = db.session.execute(
        select(Source.key, TermSource.at)
        .join(Source, Source.id == TermSource.source_id)
        .where(TermSource.term_id == term.id)
        .order_by(TermSource.position)
    )

    def keys(ids: Sequence[int]) -> tuple[str, ...]:
        return tuple(sorted(words.by_id[one].key for one in ids if one in words.by_id))

    merged = words.by_id.get(term.merged_into or 0)
    return TermDraft(
        key=term.key,
        scheme=term.scheme,
        name=dict(term.name),
        definition=dict(term.definition),
        alternatives=_by_language(term, LabelKind.ALTERNATIVE),
        hidden=_by_language(term, LabelKind.HIDDEN),
        abbreviations=tuple(label.text for label in term.texts(LabelKind.ABBREVIATION)),
        pinyin=term.extra.get("pinyin", ""),
        broader=keys(term.broader),
        related=keys(term.related),
        sources=tuple((key, at) for key, at in cited),
        merged_into=merged.key if merged else "",
        extra={name: value for name, value in term.extra.items() if name != "pinyin"},
    )


def _by_language(term: TermView, kind: LabelKind) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for label in term.texts(kind):
        lang = _TAGS.get(label.lang, label.lang)
        found[lang] = (*found.get(lang, ()), label.text)
    return found


def stamp(term: TermView) -> str:
    """Return what names the state of a term, so that two curators do not write over each other."""
    state = json.dumps(asdict(draft_of(term)), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(state.encode()).hexdigest()[:16]


def edit_term(*, by: Viewer, term: TermView, edit: TermEdit, reason: str) -> bool:
    """Make a term what a curator says, for a reason; return whether that changed anything."""
    require_keeper(by)
    if term.merged_into is not None:
        raise Invalid("name_zh", _l("This term was merged into another; edit that one."))
    _check(term.id, edit)
    now = draft_of(term)
    new = replace(
        now,
        name=edit.name,
        definition=edit.definition,
        alternatives={lang: names for lang, names in edit.alternatives.items() if names},
        broader=tuple(sorted(edit.broader)),
        related=tuple(sorted(edit.related)),
        # What was spelt for another name would be wrong.
        pinyin=now.pinyin if edit.name.get(Lang.ZH) == now.name.get(Lang.ZH) else "",
    )
    changes = _changes(now, new)
    if not changes:
        return False
    why = _reason(reason)
    put_term(by=by, draft=new)
    record(TermEdited(key=term.key, reason=why, changes=changes), actor_id=by.id)
    return True


def add_term(*, by: Viewer, scheme: str, edit: TermEdit, reason: str = "") -> TermView:
    """Take a term that a member suggested into a list; its key is made of its English name."""
    require_keeper(by)
    _check(0, edit)
    why = _reason(reason) if reason else ""
    key = _free_key(edit.name[Lang.EN])
    put_term(
        by=by,
        draft=TermDraft(
            key=key,
            scheme=scheme,
            name=edit.name,
            definition=edit.definition,
            alternatives={lang: names for lang, names in edit.alternatives.items() if names},
            broader=tuple(sorted(edit.broader)),
            related=tuple(sorted(edit.related)),
        ),
    )
    record(TermAdded(key=key, reason=why), actor_id=by.id)
    return vocabulary.vocabulary().by_key[key]


def _free_key(name: str) -> str:
    """Return a key for a name that no term has, merged ones included."""
    taken = vocabulary.vocabulary().by_key
    stem = slugify(name)[:_KEY_LENGTH].strip("-") or "term"
    keys = chain((stem,), (f"{stem}-{number}" for number in count(2)))
    return next(key for key in keys if key not in taken)


def _check(term_id: int, edit: TermEdit) -> None:
    """Raise Invalid for what no term can be called, or stand to others."""
    for tag, lang in (("zh", Lang.ZH), ("en", Lang.EN)):
        name = edit.name.get(lang, "")
        if not name:
            raise Invalid(f"name_{tag}", _l("A term has a name in both languages."))
        too_long = _l("This name is too long; %(limit)s characters are enough.", limit=NAME_LIMIT)
        if len(name) > NAME_LIMIT:
            raise Invalid(f"name_{tag}", too_long)
        if len(edit.definition.get(lang, "")) > DEFINITION_LIMIT:
            sentence = _l(
                "This definition is too long; at most %(limit)s characters fit.",
                limit=DEFINITION_LIMIT,
            )
            raise Invalid(f"definition_{tag}", sentence)
        names = edit.alternatives.get(lang, ())
        if len(names) > NAMES:
            raise Invalid(f"other_{tag}", _l("At most %(most)s other names fit.", most=NAMES))
        if any(len(one) > NAME_LIMIT for one in names):
            raise Invalid(f"other_{tag}", too_long)
    for field, keys in (("broader", edit.broader), ("related", edit.related)):
        _check_around(term_id, field, keys)


def _check_around(term_id: int, field: str, keys: Sequence[str]) -> None:
    words = vocabulary.vocabulary()
    for key in keys:
        other = words.by_key.get(key)
        if other is None or other.merged_into is not None or other.id == term_id:
            raise Invalid(field, _l("Choose other terms that are in the list."))
        if field == "broader" and term_id in {one.id for one in words.above(other.id)}:
            sentence = _l(
                "“%(key)s” is itself narrower than this term; the two cannot be broader than each other.",
                key=key,
            )
            raise Invalid(field, sentence)


def _changes(now: TermDraft, new: TermDraft) -> dict[str, tuple[str, str]]:
    before, after = _parts(now), _parts(new)
    return {name: (before[name], value) for name, value in after.items() if before[name] != value}


def _parts(draft: TermDraft) -> dict[str, str]:
    told: dict[str, str] = {}
    for tag, lang in (("zh", Lang.ZH), ("en", Lang.EN)):
        told[f"name_{tag}"] = draft.name.get(lang, "")
        told[f"other_{tag}"] = "\n".join(draft.alternatives.get(lang, ()))
        told[f"definition_{tag}"] = draft.definition.get(lang, "")
    return told | {"broader": " ".join(draft.broader), "related": " ".join(draft.related)}


def _reason(reason: str) -> str:
    if not reason:
        raise Invalid("reason", _l("Give a reason; it is kept with the change."))
    if len(reason) > REASON_LIMIT:
        raise Invalid(
            "reason",
            _l("One line is enough here: at most %(limit)s characters.", limit=REASON_LIMIT),
        )
    return reason


def merge_term(*, by: Viewer, term: TermView, into: str, reason: str) -> TermView:
    """Merge a term into another of its list, for a reason; its key leads there from now on everywhere.

    What carries the old one counts as carrying the other. Merged already into that one is no error.
    """
    require_keeper(by)
    words = vocabulary.vocabulary()
    other = words.by_key.get(into)
    if other is None or other.scheme != term.scheme:
        raise Invalid("into", _l("Choose the term of this list that shall stand for both."))
    if term.merged_into == other.id:
        return other
    if other.merged_into is not None or words.resolved(other).id == term.id:
        raise Invalid("into", _l("That term was merged itself; choose one that is in the list."))
    if term.merged_into is not None:
        raise Invalid("into", _l("This term was merged into another already."))
    why = _reason(reason)
    put_term(by=by, draft=replace(draft_of(term), merged_into=other.key))
    record(TermMerged(key=term.key, into=other.key, reason=why), actor_id=by.id)
    return other


def unmerge_term(*, by: Viewer, term: TermView, reason: str) -> TermView:
    """Take a merging back, at most a day after it; once is enough."""
    require_keeper(by)
    if term.merged_into is None:
        return term
    merged = next((one for one in history(term.key) if one.verb == "TermMerged"), None)
    if merged is None or merged.at < clock.now() - UNDO:
        raise Invalid("reason", _l("A merging can be taken back within a day; this one is older."))
    why = _reason(reason)
    now = draft_of(term)
    put_term(by=by, draft=replace(now, merged_into=""))
    record(TermUnmerged(key=term.key, into=now.merged_into, reason=why), actor_id=by.id)
    return term


def merged_lately() -> frozenset[str]:
    """Return the keys of the terms whose merging can be taken back still, in one query."""
    told = db.session.scalars(
        select(Event.data).where(Event.verb == TermMerged.__name__, Event.at >= clock.now() - UNDO)
    )
    return frozenset(data["key"] for data in told)


def keep_apart(*, by: Viewer, term: TermView, other: TermView, reason: str) -> None:
    """Say that two terms of a list are two things, for a reason, so that nobody is asked again."""
    require_keeper(by)
    if term.id == other.id or term.scheme != other.scheme:
        raise Invalid("reason", _l("Choose other terms that are in the list."))
    why = _reason(reason)
    record(TermsKeptApart(key=term.key, other=other.key, reason=why), actor_id=by.id)


@dataclass(frozen=True)
class Happened:
    """One change of a term: when, by whom, why, and what."""

    verb: str
    at: datetime
    name: str
    reason: str
    #: The other term of a merging, by key.
    into: str
    #: (part, before, after).
    changes: Sequence[tuple[str, str, str]]
    #: Where another was merged into this one: that one, by key.
    came: str = ""


def history(key: str, limit: int = 50) -> list[Happened]:
    """Return what curators changed about a term, and what they merged into it, the newest first."""
    named = (Event.data[one].as_string() == key for one in ("key", "other", "into"))
    rows = db.session.execute(
        select(Event, User.name)
        .outerjoin(User, User.id == Event.actor_id)
        .where(
            Event.verb.in_([one.__name__ for one in HISTORY]),
            or_(*named),
        )
        .order_by(Event.id.desc())
        .limit(limit)
    )
    return [
        Happened(
            verb=event.verb,
            at=event.at,
            name=name or "",
            reason=event.data.get("reason", ""),
            into=event.data.get("into", "") or _other(event.data, key),
            came=event.data["key"] if event.data.get("into") == key else "",
            changes=[
                (part, old, new) for part, (old, new) in event.data.get("changes", {}).items()
            ],
        )
        for event, name in rows
    ]


def _other(data: Json, key: str) -> str:
    """Return the other one of two terms that were kept apart."""
    other: str = data.get("other", "")
    kept: str = data.get("key", "")
    return kept if other == key else other
