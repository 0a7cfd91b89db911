"""What she wrote: each entry as a page, and as a record of the import format, so that another site can take it in."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import joinedload, selectinload

from cop.core.db import db
from cop.core.i18n import _, _l
from cop.core.types import Lang
from cop.entries import mentions, policy
from cop.entries.attaching import is_image
from cop.entries.comparing import SHARED_TITLES
from cop.entries.image_models import Attachment
from cop.entries.kinds import KINDS
from cop.entries.mentions import Names
from cop.entries.models import Entry, NameMask, Revision, Status, Visibility
from cop.exchange import kinds as formats
from cop.exchange.dumping import dump
from cop.exchange.exporter import referred, without_strangers
from cop.exchange.kept import STATES
from cop.exchange.located import read_json_line
from cop.exchange.shapes import Reading, Record, Ref
from cop.exchange.states import published_of
from cop.people.mails import url
from cop.takeout import attached
from cop.takeout.owner import Owner, number_of
from cop.takeout.parts import Item, Part, page
from cop.takeout.sheets import Link
from cop.web.filters import as_date

#: Kinds of what is somebody's own, in their order; pages of the wiki are everybody's (see `cop.takeout.common`).
OWN = ("note", "discussion", "workshop", "collection")
#: Where a record stands: what others could read, and what would be opened by taking it in elsewhere.
OPEN, KEPT_BACK = "import", "kept-back"
#: What a record says of people: who takes it in elsewhere is its author there.
_OF_PEOPLE = frozenset({"author", "co_trainers", "asked_by"})
STATES_IN_WORDS: Mapping[str, Any] = {
    Status.HELD.value: _l("waits for a moderator"),
    Status.HIDDEN.value: _l("hidden by a moderator"),
    Status.MERGED.value: _l("joined with another discussion"),
    Status.WITHDRAWN.value: _l("withdrawn by you"),
}


@dataclass(frozen=True)
class Room:
    """Her entries of one kind."""

    kind: str

    def count(self, owner: Owner) -> int:
        """Return how many there are."""
        return number_of(_own(owner.id, self.kind))

    def write(self, owner: Owner, after: int, most: int, part: Part) -> tuple[int, int | None]:
        """Put entries into a part; return how many, and the last of them where there may be more."""
        rows = db.session.scalars(
            _own(owner.id, self.kind)
            .where(Entry.id > after)
            .order_by(Entry.id)
            .limit(most)
            .options(joinedload(Entry.author), selectinload(Entry.texts))
        ).all()
        told = [row for row in rows if row.texts]
        _Batch(owner, told, part).write()
        return len(rows), rows[-1].id if len(rows) == most else None


def _own(user_id: int, kind: str) -> Select[Entry]:
    there = Entry.status.not_in([Status.DELETED.value, Status.DRAFT.value])
    return select(Entry).where(Entry.author_id == user_id, Entry.kind == kind, there)


def is_open(entry: Entry) -> bool:
    """Tell whether all members or everybody could read an entry."""
    return entry.status == Status.PUBLISHED and entry.visibility != Visibility.CIRCLE


class _Batch:
    """Some entries of one kind, with all that is asked for them at once."""

    def __init__(self, owner: Owner, entries: Sequence[Entry], part: Part) -> None:
        self.owner = owner
        self.entries = entries
        self.part = part
        if not entries:
            return
        ids = [entry.id for entry in entries]
        self.told = published_of(ids)
        states = STATES[entries[0].kind]([entry.key for entry in entries])
        self.records = {key: state.record for key, state in states.items()}
        self.images = attached.of_entries(owner.id, ids)
        others = referred(self.records.values())
        self.own, self.links = _known(owner, others)
        sections = (one.sections for texts in self.told.values() for one in texts.values())
        words = (text for texts in sections for text in texts.values())
        self.names = mentions.names(owner.viewer, None, words)

    def write(self) -> None:
        """Put them into the part."""
        for entry in self.entries:
            self._record(entry)
            self._page(entry)

    def _record(self, entry: Entry) -> None:
        folder = OPEN if is_open(entry) else KEPT_BACK
        known = {key for key, was_open in self.own.items() if was_open or folder == KEPT_BACK}
        record = without_strangers(self.records[entry.key], known)
        record = {name: value for name, value in record.items() if name not in _OF_PEOPLE}
        if entry.visibility == Visibility.CIRCLE:
            record.pop("visibility", None)
        if folder == OPEN:
            self.part.refer(refs_of(entry.kind, record))
        self.part.add(f"{folder}/{entry.kind}s.yaml", "\n" + dump(record))
        if beside := self._beside(entry):
            whole = self.records[entry.key]
            told = [_as_record(link) | _said_of(whole, key) for key, link in beside.items()]
            row = {"id": entry.key, "refers_to": told}
            self.part.add("data/refers-to.yaml", "\n" + dump(row))

    def _beside(self, entry: Entry) -> dict[str, Link]:
        """Return what others wrote and this refers to, as far as she may still read it: titles and addresses."""
        found = referred([self.records[entry.key]])
        return {key: self.links[key] for key in sorted(found) if key in self.links}

    def _page(self, entry: Entry) -> None:
        kind, lang = KINDS[entry.kind], self.owner.lang
        told = self.told[entry.id]
        order = sorted(told, key=lambda tag: (tag != lang.value, tag))
        names = self.names.under(self.owner.viewer, entry)
        newest = max(told.values(), key=lambda one: one.id)
        facts = kind.compare_facts(self.owner.viewer, {}, newest.facts, newest.facts)
        marks = marks_of(entry)
        address = f"read/{kind.path}-{entry.id}.html"
        text = page(
            "takeout/file/entry.html",
            title=told[order[0]].title,
            title_lang=order[0],
            kind=str(kind.label),
            marks=marks,
            published=entry.published_at,
            address=url(f"/{kind.path}/{entry.id}"),
            tellings=[self._telling(entry, told[tag], tag, names) for tag in order],
            facts=[(label, words) for label, _before, words in facts],
            files=[self._file(one) for one in self.images.get(entry.id, ())],
            beside=list(self._beside(entry).values()),
        )
        self.part.add(address, text)
        title = told[order[0]].title
        at = as_date(entry.published_at)
        item = Item(str(kind.label_plural), title, address, order[0], at, marks=tuple(marks))
        self.part.name(item)

    def _telling(self, entry: Entry, one: Revision, tag: str, names: Names) -> dict[str, Any]:
        kind = KINDS[entry.kind]
        titles = {**SHARED_TITLES, **kind.titles}
        order = dict.fromkeys([*SHARED_TITLES, *kind.sections])
        sections = [
            (str(titles[key]), self.owner.shown(one.sections[key], names))
            for key in order
            if one.sections.get(key)
        ]
        more = kind.words_of_facts(one.facts, Lang(tag)) if kind.words_of_facts else ()
        sections += [(line, self.owner.shown(text, names)) for line, text in more]
        return {"title": one.title, "lang": tag, "sections": sections}

    def _file(self, row: Attachment) -> dict[str, Any]:
        return told_file(row, self.owner)


def told_file(row: Attachment, owner: Owner) -> dict[str, Any]:
    """Return an image or a file as pages of the file show it; `href` is "" where it found no room."""
    sent = attached.in_file(row, owner.cut)
    said = row.alt.get(owner.lang.value) or next(iter(row.alt.values()), "")
    return {
        "href": f"../{sent.name}" if sent else "",
        "said": said,
        "name": row.name,
        "is_image": is_image(row),
    }


def marks_of(entry: Entry) -> list[str]:
    """Return what is to be known of an entry beside its words."""
    marks = []
    if entry.name_mask == NameMask.UNNAMED:
        marks.append(_("unnamed: others do not see that it is yours"))
    if entry.status != Status.PUBLISHED:
        marks.append(str(STATES_IN_WORDS.get(entry.status, entry.status)))
    if entry.visibility == Visibility.CIRCLE:
        marks.append(_("written in a circle"))
    return marks


def refs_of(kind: str, record: Record) -> set[Ref]:
    """Return what a record refers to, as an import reads it."""
    reading = Reading("")
    formats.read(kind, reading, read_json_line(json.dumps(record), 1), 1)
    return set(reading.refs)


def _known(owner: Owner, keys: set[str]) -> tuple[dict[str, bool], dict[str, Link]]:
    """Return which of these entries are hers, and whether others read them; and links to those of others."""
    if not keys:
        return {}, {}
    rows = db.session.scalars(
        select(Entry)
        .where(and_(Entry.key.in_(sorted(keys)), policy.readable(owner.viewer)))
        .options(selectinload(Entry.texts))
    ).all()
    own = {row.key: is_open(row) for row in rows if row.author_id == owner.id and row.kind in OWN}
    others = {row.key: owner.link(row) for row in rows if row.key not in own and row.texts}
    return own, others


def _as_record(link: Link) -> Record:
    return {"title": link.title, "link": link.href}


def _said_of(record: Record, key: str) -> Record:
    """Return what she said of an entry that a record refers to: how it went beside it, why it is collected, taught."""
    said: Record = {}
    if record.get("adapts", {}).get("key") == key:
        said["tried_after"] = record["adapts"]["how"]
    for one in record.get("entries", ()):
        if one["key"] == key:
            said["why"] = one["why"]
    for one in record.get("materials", {}).get("words", ()):
        if one["entry"] == key:
            said |= {name: one[name] for name in ("why", "how") if name in one}
    return said
