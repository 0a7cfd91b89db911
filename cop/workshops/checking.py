"""What a workshop must tell, and what cannot be: texts, agenda, exercises; what its facts name, looked up."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import select

from cop.collections.ordering import with_unseen
from cop.core.db import db
from cop.core.errors import Invalid
from cop.core.i18n import _l, _ln
from cop.core.types import Texts
from cop.entries import policy
from cop.entries.draft import TextDraft
from cop.entries.models import Entry, Status
from cop.entries.operations import SECTION_LIMIT, TITLE_LIMIT
from cop.markup.mentions import Mention, rewritten
from cop.people.viewer import Viewer
from cop.terms.models import Source
from cop.workshops.agenda import DAY, clock_of, days, total
from cop.workshops.draft import (
    FOR_WHOM,
    HANDOUT,
    HANDOUT_TITLE,
    SECTIONS,
    Material,
    WorkshopFacts,
)
from cop.workshops.links import dated, wrong_links

#: More rows than this are no agenda any more.
ROW_LIMIT = 100
#: Longest line of a row: for whom, why, how; and longest text of one.
LINE_LIMIT, TEXT_LIMIT = 1000, 10_000
GROUP_LIMIT = 10_000
#: Kinds that can be linked as material, in the order in which a workshop shows them.
LINKED = ("practice", "guide", "note", "discussion", "collection")


def lacking(text: TextDraft) -> Iterator[Invalid]:
    """Yield everything a workshop must tell and this one does not, so that a form can say it all at once."""
    if not text.title:
        yield Invalid("title", _l("Give the workshop a title: what people learn in it."))
    if text.sections.get(HANDOUT_TITLE) and not text.sections.get(HANDOUT):
        yield Invalid(
            HANDOUT, _l("The handout has a title but no text; write it, or clear the title.")
        )


def check_text(text: TextDraft) -> None:
    """Raise Invalid for a text that lacks what a workshop must tell, or is longer than one can be."""
    for error in lacking(text):
        raise error
    for name, words in (
        ("title", text.title),
        (HANDOUT_TITLE, text.sections.get(HANDOUT_TITLE, "")),
    ):
        if len(words) > TITLE_LIMIT:
            raise Invalid(
                name,
                _l("This title is too long; %(limit)s characters are enough.", limit=TITLE_LIMIT),
            )
    for key in SECTIONS:
        limit = LINE_LIMIT if key == FOR_WHOM else SECTION_LIMIT
        if len(text.sections.get(key, "")) > limit:
            raise Invalid(
                key,
                _l(
                    "This section is too long; at most %(limit)s characters fit.",
                    limit=f"{limit:,}",
                ),
            )


def check_facts(facts: WorkshopFacts) -> None:
    """Raise Invalid for facts that do not hold together."""
    for error in wrong_in(facts):
        raise error


def wrong_in(facts: WorkshopFacts) -> Iterator[Invalid]:
    """Yield everything that does not hold together, so that a form can say it all at once."""
    if facts.begins and clock_of(facts.begins) is None:
        yield Invalid("begins", _l("Write a time of day, for example 9:00."))
    group = (facts.group_min, facts.group_max)
    if any(size is not None and not 1 <= size <= GROUP_LIMIT for size in group):
        yield Invalid("group_max", _l("Write numbers of people, for example 12 and 40."))
    elif facts.group_min and facts.group_max and facts.group_min > facts.group_max:
        yield Invalid("group_max", _l("The largest number of people is below the smallest."))
    yield from _wrong_in_agenda(facts)
    for one in facts.exercises:
        if not any(one.title.values()) or not any(one.instructions.values()):
            yield Invalid("exercises", _l("Each exercise needs a title and instructions."))
            break
    told = [words for row in facts.agenda for words in (row.title, row.activity)]
    told += [words for one in facts.exercises for words in (one.title, one.instructions)]
    told += [words for one in facts.materials for words in (one.why, one.how)]
    told += [one.why for one in facts.links]
    yield from wrong_links(facts.links)
    groups: tuple[Sequence[object], ...] = (facts.exercises, facts.materials, facts.links)
    if any(len(group) > ROW_LIMIT for group in groups) or _too_long(told):
        yield Invalid(
            "agenda",
            _l(
                "At most %(rows)s rows fit, and at most %(limit)s characters into each text.",
                rows=ROW_LIMIT,
                limit=f"{TEXT_LIMIT:,}",
            ),
        )


def _too_long(told: Sequence[Texts]) -> bool:
    return any(len(one) > TEXT_LIMIT for words in told for one in words.values())


def _wrong_in_agenda(facts: WorkshopFacts) -> Iterator[Invalid]:
    rows = facts.agenda
    if len(rows) > ROW_LIMIT:
        yield Invalid("agenda", _l("At most %(limit)s rows fit into an agenda.", limit=ROW_LIMIT))
    if any(not any(row.title.values()) for row in rows):
        yield Invalid("agenda", _l("Each row of the agenda needs a title."))
    if any(not 0 <= row.minutes <= DAY for row in rows):
        yield Invalid("agenda", _l("Write the minutes of each row as a whole number, such as 45."))
        return
    for day, minutes in enumerate(days(rows), 1):
        if minutes > DAY:
            yield Invalid(
                "agenda",
                _l(
                    "Day %(day)s of the agenda is %(hours)s hours long, and a day has 24. "
                    "Shorten its rows, or let one of them begin another day.",
                    day=day,
                    hours=f"{minutes / 60:.4g}",
                ),
            )
    if facts.minutes < 0:
        yield Invalid("minutes", _l("Write the length in minutes as a whole number, such as 180."))
    elif facts.minutes and rows and total(rows) != facts.minutes:
        yield Invalid("minutes", _does_not_add_up(total(rows), facts.minutes))


def _does_not_add_up(agenda: int, said: int) -> object:
    return _ln(
        "The agenda adds up to %(num)d minute, not to %(said)d. Change one of them, "
        "or leave this empty: then the agenda says it.",
        "The agenda adds up to %(num)d minutes, not to %(said)d. Change one of them, "
        "or leave this empty: then the agenda says it.",
        agenda,
        said=said,
    )


def settled(by: Viewer, facts: WorkshopFacts, before: WorkshopFacts | None = None) -> WorkshopFacts:
    """Return the facts in their one true form: times alike, materials by kind, nobody mentioned in rows.

    Material that this person may not read is dropped, unless it stood there `before`: others may read it.
    """
    begins = clock_of(facts.begins)
    return replace(
        facts,
        begins=begins.strftime("%H:%M") if begins else facts.begins,
        agenda=tuple(
            replace(row, title=_told(row.title), activity=_told(row.activity))
            for row in facts.agenda
        ),
        exercises=tuple(
            replace(one, title=_told(one.title), instructions=_told(one.instructions))
            for one in facts.exercises
        ),
        materials=_readable(by, facts.materials, before.materials if before else ()),
        links=tuple(replace(one, why=_told(one.why)) for one in dated(facts.links)),
    )


def _told(texts: Texts) -> Texts:
    """Return texts without empty ones; people are mentioned in texts that tell them, and rows do not."""
    plain = {lang: rewritten(words, _as_words) for lang, words in texts.items()}
    return {lang: words for lang, words in plain.items() if words}


def _as_words(_mentioned: Mention, name: str) -> str:
    return f"@{name}" if name else ""


def _readable(
    by: Viewer, materials: Sequence[Material], before: Sequence[Material]
) -> tuple[Material, ...]:
    """Return the material by kind; what stands there and she may not read stays in its place, as it was."""
    stood = {one.id: one for one in before}
    keys = {one.id.replace("\0", "") for one in (*materials, *before)}
    statement = select(Entry.key, Entry.kind, Entry.status).where(
        Entry.key.in_(sorted(keys)), Entry.kind.in_(LINKED)
    )
    rows = db.session.execute(statement).all()
    known = {row.key: row.kind for row in rows}
    unseen: list[str] = []
    if not by.system:
        seen = {row.key for row in db.session.execute(statement.where(policy.readable(by)))}
        published = {row.key for row in rows if row.status == Status.PUBLISHED}
        unseen = [key for key in stood if key in published and key not in seen]
        known = {key: kind for key, kind in known.items() if key in seen or key in stood}
    found = {
        one.id: replace(one, why=_told(one.why), how=_told(one.how))
        for one in materials
        if one.id in known
    } | {key: stood[key] for key in unseen}
    order = with_unseen([one.id for one in materials if one.id in found], list(stood), unseen)
    return tuple(sorted((found[key] for key in order), key=lambda one: LINKED.index(known[one.id])))


class Found:
    """The rows that a workshop's facts name by key; raises Invalid for a source that is none."""

    def __init__(self, facts: WorkshopFacts) -> None:
        """Look everything up. Material that is not there (any more) is passed over."""
        self.materials = _entries([one.id for one in facts.materials])
        self.sources = _sources([cited.key for cited in facts.sources])


def _entries(keys: Sequence[str]) -> list[Entry]:
    if not keys:
        return []
    known = {row.key: row for row in db.session.scalars(select(Entry).where(Entry.key.in_(keys)))}
    return [known[key] for key in keys if key in known]


def _sources(keys: Sequence[str]) -> list[int]:
    if not keys:
        return []
    rows = db.session.execute(select(Source.key, Source.id).where(Source.key.in_(keys)))
    found = {row.key: row.id for row in rows}
    for key in keys:
        if key not in found:
            raise Invalid("sources", _l("There is no source “%(key)s”.", key=key))
    return [found[key] for key in keys]
