"""Exporting what is published as files that the importer takes back: YAML, or JSONL for machines."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TextIO

from sqlalchemy import Select, func, or_, select

from cop.core.db import db
from cop.core.errors import Invalid
from cop.core.i18n import _l
from cop.discussions.models import Space
from cop.entries import policy
from cop.entries.image_models import Attachment
from cop.entries.models import Comment, Entry
from cop.exchange.checking import Progress
from cop.exchange.dumping import dump
from cop.exchange.kept import STATES
from cop.exchange.shapes import Record
from cop.exchange.talk import ABOUT, told_further
from cop.exchange.workshops import material_of, without_strangers as without_strange_material
from cop.notes.models import CaseNote
from cop.people.models import Organisation
from cop.people.viewer import Viewer
from cop.terms.models import OrganisationSource, Scheme, Source, Term

#: Records read at a time.
_CHUNK = 200
#: Keys of records that hold keys of entries.
_ENTRIES = ABOUT


#: Who runs the command: reads what members read, and is nobody.
OPERATOR = Viewer(id=0, system=True)


def export_to(
    folder: Path,
    *,
    viewer: Viewer = OPERATOR,
    jsonl: bool = False,
    progress: Progress | None = None,
) -> dict[str, int]:
    """Write everything this viewer finds in lists as files into a folder; return records by file name.

    Held, hidden and withdrawn texts are nobody's to export, drafts neither; authors who stay unnamed do
    not appear. Each file is put in place whole. Importing the files into an empty site and exporting
    that gives the same files, byte by byte (accounts that are named as authors must be there). Raises
    Invalid where the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = _l("%(file)s cannot be made: %(error)s.", file=folder, error=error.strerror)
        raise Invalid("folder", reason) from error
    job = _Export(folder, viewer, progress)
    return job.jsonl() if jsonl else job.yaml()


def images_left_out(viewer: Viewer = OPERATOR) -> int:
    """Return how many images stand with what this viewer exports; files of words do not hold them."""
    statement = (
        select(func.count())
        .select_from(Attachment)
        .join(Entry, Entry.id == Attachment.entry_id)
        .where(Attachment.position.is_not(None), policy.listed(viewer))
    )
    return db.session.scalar(statement) or 0


def head_of(name: str) -> str:
    """Return the first lines of a file that holds one list of records."""
    return f"format: cop-{name}/1\n{name}:\n"


def taxonomy(
    sources: Iterable[Record],
    schemes: Iterable[Record],
    terms_in: Callable[[str], Iterable[Record]],
) -> Iterator[str]:
    """Give a file of sources, and of schemes with their terms inside, piece by piece."""
    yield "format: cop-taxonomy/1\nlanguages: [en, zh]\nsources:\n"
    yield from ("\n" + dump(record) for record in sources)
    yield "schemes:\n"
    for record in schemes:
        yield "\n" + dump(record)
        for number, term in enumerate(terms_in(record["id"])):
            if not number:
                yield "    concepts:\n"
            inside = {name: value for name, value in term.items() if name != "scheme"}
            yield "\n" + dump(inside, indent=6)


def referred(records: Iterable[Record]) -> set[str]:
    """Return the keys of all entries that records refer to, but for those that comments stand under."""
    keys: set[str] = set()
    for record in records:
        keys |= {key for name in _ENTRIES for key in record.get(name, ())}
        keys |= material_of(record)
        keys |= {one["key"] for one in record.get("entries", ())}
        if "adapts" in record:
            keys.add(record["adapts"]["key"])
    return keys


def without_strangers(record: Record, known: Collection[str]) -> Record:
    """Return a record that refers to no entry but those known."""
    if "adapts" in record and record["adapts"]["key"] not in known:
        record = {name: value for name, value in record.items() if name != "adapts"}
    if "entries" in record:
        inside = [one for one in record["entries"] if one["key"] in known]
        record = {**record, "entries": inside}
    record = without_strange_material(record, set(known))
    held = {
        name: [key for key in value if key in known] if name in _ENTRIES else value
        for name, value in record.items()
    }
    return {name: value for name, value in held.items() if value != []}


class _Export:
    """One export that is being written."""

    def __init__(self, folder: Path, viewer: Viewer, progress: Progress | None) -> None:
        self.folder = folder
        # What is of a circle stays in it: its hosts have everything of it in a file of their own.
        self.viewer = replace(viewer, circles=frozenset(), hosted=frozenset())
        self.progress = progress
        #: The file that is being written.
        self.name = ""
        self.counts: dict[str, int] = {}

    def yaml(self) -> dict[str, int]:
        """Write one file a format, like the starter content."""
        self._write("taxonomy.yaml", self._taxonomy)
        self._write("organisations.yaml", self._listed("organisation"))
        self._write("notes.yaml", self._listed("note"))
        self._write("practices.yaml", self._listed("practice"))
        self._write("guides.yaml", self._listed("guide"))
        self._write("spaces.yaml", self._listed("space"))
        self._write("discussions.yaml", self._listed("discussion"))
        self._write("workshops.yaml", self._listed("workshop"))
        self._write("collections.yaml", self._listed("collection"))
        self._write("comments.yaml", self._listed("comment"))
        return self.counts

    def jsonl(self) -> dict[str, int]:
        """Write one line an item, each with its kind."""

        def lines(file: TextIO) -> None:
            for kind in STATES:
                for record in self._records(kind):
                    json.dump({"kind": kind, **record}, file, ensure_ascii=False)
                    file.write("\n")

        self._write("export.jsonl", lines)
        return self.counts

    def _write(self, name: str, fill: Callable[[TextIO], None]) -> None:
        target = self.folder / name
        self.name = name
        self.counts[name] = 0
        draft = target.with_name(f".{name}.part")
        try:
            with draft.open("w", encoding="utf-8", newline="\n") as file:
                fill(file)
            draft.replace(target)
        except OSError as error:
            reason = _l("%(file)s cannot be written: %(error)s.", file=target, error=error.strerror)
            raise Invalid("folder", reason) from error
        finally:
            draft.unlink(missing_ok=True)

    def _listed(self, kind: str) -> Callable[[TextIO], None]:
        def fill(file: TextIO) -> None:
            file.write(head_of(f"{kind}s"))
            file.writelines("\n" + dump(record) for record in self._records(kind))

        return fill

    def _taxonomy(self, file: TextIO) -> None:
        """Write sources, then each scheme with its terms inside."""

        def terms_in(scheme: str) -> Iterator[Record]:
            inside = select(Scheme.id).where(Scheme.key == scheme).scalar_subquery()
            return self._of("term", _ordered_terms().where(Term.scheme_id == inside))

        file.writelines(taxonomy(self._records("source"), self._records("scheme"), terms_in))

    def _records(self, kind: str) -> Iterator[Record]:
        return self._of(kind, self._keys(kind))

    def _of(self, kind: str, statement: Select[str]) -> Iterator[Record]:
        """Give the records of these keys in their order, read some at a time."""
        keys = list(db.session.scalars(statement))
        for start in range(0, len(keys), _CHUNK):
            chunk: Sequence[str] = keys[start : start + _CHUNK]
            states = STATES[kind](chunk)
            known = self._known([states[key].record for key in chunk])
            for key in chunk:
                self.counts[self.name] += 1
                yield without_strangers(states[key].record, known)
            if self.progress is not None:
                self.progress(min(start + _CHUNK, len(keys)), len(keys), kind)

    def _known(self, records: Sequence[Record]) -> set[str]:
        """Return which of the notes and pages that records refer to belong into this export."""
        keys = referred(records)
        if not keys:
            return set()
        statement = select(Entry.key).where(Entry.key.in_(keys), policy.listed(self.viewer))
        return set(db.session.scalars(statement))

    def _keys(self, kind: str) -> Select[str]:
        """Return the statement of the keys of a kind that belong into this export, in their order."""
        if kind == "source":
            return select(Source.key).order_by(Source.position, Source.key)
        if kind == "scheme":
            return select(Scheme.key).order_by(Scheme.position, Scheme.key)
        if kind == "term":
            return _ordered_terms()
        if kind == "organisation":
            return self._organisations()
        if kind == "space":
            return select(Space.key).order_by(Space.position, Space.id)
        if kind == "comment":
            return (
                select(Comment.key)
                .join(Entry, Entry.id == Comment.entry_id)
                .where(policy.listed(self.viewer), told_further())
                .order_by(Comment.id)
            )
        return (
            select(Entry.key)
            .where(Entry.kind == kind, policy.listed(self.viewer))
            .order_by(Entry.key)
        )

    def _organisations(self) -> Select[str]:
        """Return organisations that an exported note names, and those of the directory's own.

        One that only a hidden or masked note ever named stays out: its being here would tell.
        """
        named = (
            select(CaseNote.organisation_id)
            .join(Entry, Entry.id == CaseNote.entry_id)
            .where(policy.listed(self.viewer), CaseNote.organisation_id.is_not(None))
        )
        cited = select(OrganisationSource.organisation_id)
        own = or_(Organisation.import_sha256.is_not(None), Organisation.written_by == "editors")
        return (
            select(Organisation.key)
            .where(or_(Organisation.id.in_(named), Organisation.id.in_(cited), own))
            .order_by(Organisation.key)
        )


def _ordered_terms() -> Select[str]:
    return select(Term.key).order_by(Term.scheme_id, Term.position, Term.key)
