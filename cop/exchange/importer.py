"""Importing files: check all of it, then write it in committed batches, keeping what the site has changed."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from cop.collections.draft import PURPOSE
from cop.core.db import db
from cop.core.errors import DomainError
from cop.core.i18n import _
from cop.core.types import Lang
from cop.entries import queries as entries
from cop.entries.models import Entry
from cop.exchange import collected, drafts, mentioned, pages, talk, workshops
from cop.exchange.checking import FIXED, Checked, Files, Progress, check
from cop.exchange.kept import STATES
from cop.exchange.problems import Problem
from cop.exchange.reading import Item, digest
from cop.exchange.report import Kept, Report
from cop.exchange.shapes import Record
from cop.exchange.states import in_order, long, told_only
from cop.exchange.weighing import weighing
from cop.exchange.writing import in_batches
from cop.guides.draft import SECTIONS as GUIDE_SECTIONS
from cop.notes import operations as notes
from cop.notes.adapting import link_again
from cop.notes.draft import REASON
from cop.notes.living import facts_of
from cop.notes.revising import revise_note
from cop.people.directory import OrganisationDraft, put_organisations
from cop.people.models import User
from cop.people.system import system_account
from cop.people.viewer import Viewer
from cop.practices.draft import SECTIONS as PAGE_SECTIONS
from cop.terms import operations as terms
from cop.terms.organisations import cite_organisations
from cop.terms.vocabulary import vocabulary

Found = tuple[Item, Record]
#: What a page that curators keep tells by language.
_PAGE_WORDS = frozenset({"title", PURPOSE, *PAGE_SECTIONS, *GUIDE_SECTIONS})
_Write = Callable[[Viewer, Record], None]
_Batch = Callable[[Sequence[Found]], None]


class _Stopped(Exception):
    """The import ends here; what was written before stays."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def import_files(
    paths: Sequence[Path],
    *,
    by: Viewer,
    progress: Progress | None = None,
    keep_going: bool = False,
) -> Report:
    """Import YAML and JSONL files that may refer to each other; return what was done and what is wrong.

    Everything is checked first, and with any bad record nothing is written unless `keep_going`. Items
    without an author are credited to `by`, or to the system account where `by` is the system. The same
    files twice change nothing; what was edited on the site since is kept; nothing is deleted; an
    interrupted import is finished by running it again. Commits as it goes.
    """
    files = Files(paths)
    checked = check(files, progress)
    report = Report(problems=checked.problems)
    if checked.problems and not keep_going:
        return report
    report.written = True
    report.left_out = checked.bad
    try:
        _Import(files, checked, report, by=by, keep_going=keep_going).run(progress)
    except _Stopped as stopped:
        report.problems.append(stopped.problem)
        report.stopped = True
    return report


class _Import:
    """One import that is being written."""

    def __init__(
        self, files: Files, checked: Checked, report: Report, *, by: Viewer, keep_going: bool
    ) -> None:
        self.files = files
        self.checked = checked
        self.report = report
        self.by = by
        self.keep_going = keep_going
        self.system = by
        #: Keys of terms whose names are written and whose relations are to follow.
        self.unrelated: dict[str, str] = {}

    def run(self, progress: Progress | None) -> None:
        """Write kind after kind, so that what is referred to comes first."""
        in_batches(["editors"], self._find_system)
        steps = [
            ("source", self._sources),
            ("scheme", self._schemes),
            ("term", self._terms),
            ("term", self._relations),
            ("organisation", self._organisations),
            ("space", self._spaces),
            ("note", self._each("note", _post, _revise)),
            ("practice", self._each("practice", pages.post_practice, pages.revise_practice)),
            ("guide", self._each("guide", pages.post_guide, pages.revise_guide)),
            ("note", self._link),
            ("discussion", self._each("discussion", talk.post_discussion, talk.revise)),
            ("workshop", self._each("workshop", workshops.post_workshop, workshops.revise)),
            ("collection", self._each("collection", collected.post_collection, collected.revise)),
            ("workshop", self._collect),
            ("comment", self._each("comment", talk.write_comment, None)),
        ]
        total = sum(self.checked.counts.get(kind, 0) for kind, _write in steps)
        before = 0
        for kind, write in steps:

            def done(safe: int, before: int = before, kind: str = kind) -> None:
                if progress is not None:
                    progress(before + safe, total, kind)

            in_batches(self._records(kind), write, done)
            before += self.checked.counts.get(kind, 0)

    def _find_system(self, _once: Sequence[str]) -> None:
        self.system = system_account()

    def _records(self, kind: str) -> Iterator[Found]:
        for item in self.files.items():
            if isinstance(item, Item) and item.kind == kind and self.checked.takes(item):
                record, _reading = item.read()
                if record is not None:
                    yield item, self._complete(kind, record)

    def _complete(self, kind: str, record: Record) -> Record:
        if kind == "discussion":
            record.setdefault("space", talk.first_space(self.system))
            record = in_order(kind, record)
        if kind in ("note", "practice", "guide", "discussion", "workshop", "collection"):
            # A person's own notes open to members until she says more; the site's own are public.
            record.setdefault("visibility", "public" if self.by.system else "members")
        return record

    def _due(self, kind: str, batch: Sequence[Found]) -> tuple[list[Found], set[str]]:
        """Return the records that have to be written, and the keys of those that are new."""
        if kind not in FIXED or kind == "comment":
            records = mentioned.settled([record for _item, record in batch])
            batch = [(found[0], record) for found, record in zip(batch, records, strict=True)]
        states = STATES[kind]([record["id"] for _item, record in batch])
        due, new = [], set()
        for item, record in batch:
            state = states.get(record["id"])
            if state is None or state.import_sha256 == terms.UNFINISHED:
                new.add(record["id"])
                due.append((item, record))
                continue
            there = digest(state.record)
            if digest(_as_told(kind, state.record, record)) == digest(record):
                self.report.unchanged[kind] += 1
            elif not state.published:
                self._keep(kind, record, _("it was taken off the site and stays as it is."))
            elif kind == "comment":
                self._keep(kind, record, _("it is on the site already and stays as it is there."))
            elif there != state.import_sha256:
                self._keep(kind, record, _("it was edited on the site since; the edit is kept."))
            else:
                due.append((item, record))
        return due, new

    def _count(self, kind: str, due: Sequence[Found], new: set[str]) -> None:
        for _item, record in due:
            (self.report.added if record["id"] in new else self.report.changed)[kind] += 1

    def _keep(self, kind: str, record: Record, reason: str) -> None:
        self.report.kept.append(Kept(kind, record["id"], reason))

    def _sources(self, batch: Sequence[Found]) -> None:
        due, new = self._due("source", batch)
        if due:
            made = [drafts.source(record) for _item, record in due]
            terms.put_sources(by=self.system, drafts=made, digests=_digests(due))
            self._count("source", due, new)

    def _schemes(self, batch: Sequence[Found]) -> None:
        due, new = self._due("scheme", batch)
        if due:
            made = [drafts.scheme(record) for _item, record in due]
            terms.put_schemes(by=self.system, drafts=made, digests=_digests(due))
            self._count("scheme", due, new)

    def _terms(self, batch: Sequence[Found]) -> None:
        due, new = self._due("term", batch)
        if due:
            terms.put_terms(by=self.system, drafts=[drafts.term(record) for _item, record in due])
            self.unrelated |= _digests(due)
            self._count("term", due, new)

    def _relations(self, batch: Sequence[Found]) -> None:
        """Relate the terms that were written, now that all they name are there."""
        due = [drafts.term(record) for _item, record in batch if record["id"] in self.unrelated]
        if due:
            terms.relate_terms(by=self.system, drafts=due, digests=self.unrelated)

    def _organisations(self, batch: Sequence[Found]) -> None:
        due, new = self._due("organisation", batch)
        if not due:
            return
        places = vocabulary().by_key
        made = [
            OrganisationDraft(
                key=record["id"],
                name=long(record["name"]),
                place_id=places[record["place"]].id if "place" in record else None,
                written_by=record["written_by"],
            )
            for _item, record in due
        ]
        rows = put_organisations(by=self.system, drafts=made, digests=_digests(due))
        cited = {
            row.id: [(one["ref"], one.get("at", "")) for one in record.get("source", ())]
            for row, (_item, record) in zip(rows, due, strict=True)
        }
        cite_organisations(by=self.system, cited=cited)
        self._count("organisation", due, new)

    def _spaces(self, batch: Sequence[Found]) -> None:
        due, new = self._due("space", batch)
        for _item, record in due:
            talk.write_space(self.system, record)
        self._count("space", due, new)

    def _link(self, batch: Sequence[Found]) -> None:
        """Link notes with what they were tried after, now that all of it is there."""
        link_again([record["id"] for _item, record in batch if "adapts" in record])

    def _collect(self, batch: Sequence[Found]) -> None:
        """Build workshops on the collections they name, now that those are there, which may hold workshops."""
        named = [
            record for _item, record in batch if record.get("materials", {}).get("collections")
        ]
        states = STATES["workshop"]([record["id"] for record in named])
        for record in named:
            state = states.get(record["id"])
            if state is not None and state.import_sha256 == digest(record) != digest(state.record):
                name = record.get("author", "")
                with weighing(record):
                    workshops.revise(_authors(iter([name])).get(name) or self._own(), record)

    def _each(self, kind: str, post: _Write, revise: _Write | None) -> _Batch:
        """Return what writes records that each have an author, one after the other."""

        def write(batch: Sequence[Found]) -> None:
            due, new = self._due(kind, batch)
            authors = _authors(record.get("author", "") for _item, record in due)
            done = []
            for item, record in due:
                author = authors.get(record.get("author", "")) or self._own()
                act = post if record["id"] in new else revise
                try:
                    if act is not None:
                        with db.session.begin_nested(), weighing(record):
                            act(author, record)
                except DomainError as error:
                    # The check knows less than the operations; what they refuse is a bad record too.
                    problem = Problem(item.file, item.line, str(error))
                    if not self.keep_going:
                        raise _Stopped(problem) from error
                    self.report.problems.append(problem)
                    self.report.left_out += 1
                else:
                    done.append((item, record))
            self._count(kind, done, new)

        return write

    def _own(self) -> Viewer:
        return self.system if self.by.system else replace(self.by, system=True)


def _as_told(kind: str, state: Record, record: Record) -> Record:
    """Return the state of an entry without the languages the file does not tell it in: those stay untouched."""
    told = record.get("title", {})
    if "title" not in state or not state["title"].keys() - told.keys():
        return state

    def less(texts: Record) -> Record:
        return {tag: text for tag, text in texts.items() if tag in told}

    if kind == "workshop":
        only: Record = told_only(state, told)
        return only
    if "entries" in state:
        held = [one | {"why": less(one["why"])} for one in state["entries"]]
        state = state | {"entries": held}
    if "sections" not in state:
        return {name: less(told) if name in _PAGE_WORDS else told for name, told in state.items()}
    sections = {name: less(texts) for name, texts in state["sections"].items()}
    return state | {
        "title": less(state["title"]),
        REASON: less(state[REASON]),
        "sections": {name: texts for name, texts in sections.items() if texts},
    }


def _digests(found: Sequence[Found]) -> dict[str, str]:
    return {record["id"]: digest(record) for _item, record in found}


def _authors(handles: Iterator[str]) -> Mapping[str, Viewer]:
    """Return the authors by handle, each with the right to have an import post in her name."""
    wanted = {handle for handle in handles if handle}
    users = db.session.scalars(select(User).where(User.handle.in_(wanted))) if wanted else ()
    return {
        user.handle: Viewer(id=user.id, handle=user.handle, name=user.name, system=True)
        for user in users
    }


def _post(author: Viewer, record: Record) -> None:
    notes.post_note(
        by=author, draft=drafts.note(record), origin=drafts.origin(record, digest(record))
    )


def _revise(author: Viewer, record: Record) -> None:
    """Bring a note that nobody edited here to the state of the file; texts the file lacks stay."""
    entry = entries.by_key(record["id"])
    if entry is None:
        return
    draft = drafts.note(record)
    # What is imported says nothing of images and files: those added here stay.
    now = facts_of(entries.latest_facts(entry))
    facts = replace(draft.facts, images=now.images, files=now.files)
    there = {text.lang: text for text in entry.texts}
    for text in draft.texts:
        if text.lang.value in there:
            base = entries.current(there[text.lang.value])
            revise_note(
                by=author,
                entry_id=entry.id,
                base_id=base.id,
                draft=text,
                facts=facts,
                signature=draft.signature,
            )
        else:
            notes.add_text(by=author, entry=entry, text=text, facts=facts)
    _finish(entry, record)


def _finish(entry: Entry, record: Record) -> None:
    """Remember the imported state as the site now has it."""
    entry.written_by = record.get("written_by", "member")
    entry.reviewed_by_organisations = record.get("reviewed_by_organisations", True)
    entry.lang = Lang.of_tag(record["lang"]) or entry.lang
    db.session.flush()
    state = STATES["note"]([record["id"]])[record["id"]]
    entry.import_sha256 = digest(state.record)
    db.session.flush()
