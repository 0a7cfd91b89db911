"""What stands in a booklet and on a sheet, thing by thing, in one language or in both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup

from cop.core.i18n import pick, speaking
from cop.core.types import Lang
from cop.entries import policy
from cop.entries.bylines import Byline
from cop.entries.cards import Card, cards
from cop.entries.comparing import rendered
from cop.entries.enclosures import NOTHING, File
from cop.entries.kinds import KINDS
from cop.entries.models import Entry
from cop.entries.pictures import Picture
from cop.entries.queries import text_for
from cop.handouts.around import (
    DATES,
    DateTold,
    LinkTold,
    can_be_seen,
    dates_told,
    links_told,
    there,
)
from cop.handouts.blocks import beside, whole
from cop.handouts.collected import Inside, insides
from cop.handouts.gathering import REPLIES, Gathered, gathered, in_language
from cop.handouts.replied import Reply, day_of, replies
from cop.handouts.wording import WORDS
from cop.people.viewer import Viewer
from cop.terms.queries import CitedSource, cited_once
from cop.web.codes import code
from cop.workshops import wording
from cop.workshops.agenda import length
from cop.workshops.draft import WorkshopFacts
from cop.workshops.operations import facts_now
from cop.workshops.queries import RowsShown, shown_facts


@dataclass(frozen=True)
class Section:
    """One section of a thing, with its title in the language of the words around it."""

    title: str
    html: Markup


@dataclass(frozen=True)
class Telling:
    """A thing in one language: `asked` is that of its labels, `lang` that of its words."""

    asked: Lang
    lang: Lang
    title: str
    kind: str
    day: str
    byline: Byline
    card: Card | None
    reason: str
    sections: Mapping[str, Section]
    #: Why the workshop is built on it, and what to do with it, as HTML.
    why: str = ""
    why_lang: str = ""
    how: str = ""
    how_lang: str = ""
    replies: Sequence[Reply] = ()
    #: What it holds, where it is a collection.
    inside: Sequence[Inside] = ()
    files: Sequence[File] = ()
    images: Sequence[Picture] = ()


@dataclass(frozen=True)
class Cell:
    """What stands on one side of a row."""

    lang: str
    html: Markup
    title: str = ""
    title_lang: str = ""


@dataclass(frozen=True)
class Chapter:
    """A linked thing, or the workshop itself, in the languages of the paper that it is told in."""

    id: int
    kind: str
    address: str
    code: Markup
    tellings: Sequence[Telling]
    #: Told in fewer languages than the paper has.
    lacks: bool
    has_more_replies: bool = False

    @property
    def first(self) -> Telling:
        """The telling that leads."""
        return self.tellings[0]

    @property
    def rows(self) -> list[tuple[Cell, ...]]:
        """Its sections: one cell a row, or two that say the same in both languages."""
        keys = dict.fromkeys(key for one in self.tellings for key in one.sections)
        return [row for key in keys for row in self._rows_of(key)]

    def section(self, key: str) -> list[tuple[Cell, ...]]:
        """Return the rows of one of its sections."""
        return self._rows_of(key)

    def _rows_of(self, key: str) -> list[tuple[Cell, ...]]:
        told = [(one, one.sections[key]) for one in self.tellings if key in one.sections]
        rows = beside([section.html for _telling, section in told]) if told else []
        return [
            tuple(
                Cell(
                    telling.lang.value,
                    Markup(html),  # noqa: S704  a piece of what was rendered and sanitized
                    section.title if not at else "",
                    telling.asked.value,
                )
                for (telling, section), html in zip(told, row, strict=True)
            )
            for at, row in enumerate(rows)
        ]


@dataclass(frozen=True)
class Plan:
    """Agenda, exercises and length of the workshop in one language."""

    lang: Lang
    rows: RowsShown
    lasts: str
    group: str
    #: How long each part of the agenda is, in words.
    lengths: Sequence[str]
    #: Pages elsewhere on the web.
    links: Sequence[LinkTold]
    all_dates: Sequence[DateTold]
    #: The files and the images of the workshop itself.
    files: Sequence[File] = ()
    images: Sequence[Picture] = ()

    @property
    def asked(self) -> Lang:
        """The language of its labels, as of tellings."""
        return self.lang

    @property
    def dates(self) -> Sequence[DateTold]:
        """The next dates, as many as a paper names."""
        return self.all_dates[:DATES]

    @property
    def has_more_dates(self) -> bool:
        """Whether there are more than it names."""
        return len(self.all_dates) > DATES


@dataclass(frozen=True)
class Booklet:
    """Everything of a booklet."""

    langs: Sequence[Lang]
    face: Chapter
    plans: Sequence[Plan]
    chapters: Sequence[Chapter]
    sources: Sequence[CitedSource]
    contributors: Sequence[str]

    @property
    def days(self) -> int:
        """How many days the agenda has."""
        return self.plans[0].rows.days


def booklet(eyes: Viewer, workshop: Entry, langs: Sequence[Lang], base: str) -> Booklet:
    """Return the booklet of a workshop; `base` is the address of the site, which papers name in full."""
    facts = facts_now(workshop)
    plans: list[Plan] = []
    told: dict[int, list[Telling]] = {}
    for lang in langs:
        with speaking(lang):
            found = gathered(eyes, workshop, [one.id for one in facts.materials])
            own = found.attached.get(workshop.id, NOTHING)
            plan = _plan(eyes, workshop, facts, lang, base)
            plans.append(replace(plan, files=there(own.files), images=can_be_seen(own.images)))
            for one in _tellings(eyes, found, plans[-1], lang, base):
                told.setdefault(one[0], []).append(one[1])
    return Booklet(
        langs=langs,
        face=_chapter(workshop, told[workshop.id], langs, base, found),
        plans=plans,
        chapters=[_chapter(one, told[one.id], langs, base, found) for one in found.linked],
        sources=cited_once(
            (source.key, source.short, source.citation, source.about, at)
            for source, at in found.sources
        ),
        contributors=list(dict.fromkeys(one.name for one in found.contributors)),
    )


def address_of(base: str, entry: Entry) -> str:
    """Return the short address of an entry, which stays whatever it is called."""
    return f"{base}/entries/{entry.id}"


def _chapter(
    entry: Entry, told: Sequence[Telling], langs: Sequence[Lang], base: str, found: Gathered
) -> Chapter:
    address = address_of(base, entry)
    # Told in one language alone it stands once, with its labels in that language.
    once = {one.lang: one for one in told if one.lang == one.asked} or {told[0].lang: told[0]}
    return Chapter(
        id=entry.id,
        kind=entry.kind,
        address=address,
        code=code(address, _label(langs[0])),
        tellings=list(once.values()),
        lacks=len(once) < len(langs) or told[0].lang != told[0].asked,
        has_more_replies=entry.replies > REPLIES and entry.id in found.replies,
    )


def _label(lang: Lang) -> str:
    with speaking(lang):
        return str(WORDS["code"])


def _plan(eyes: Viewer, workshop: Entry, facts: WorkshopFacts, lang: Lang, base: str) -> Plan:
    rows = shown_facts(eyes, workshop, facts, lang)
    return Plan(
        lang=lang,
        rows=rows,
        lasts=wording.lasting(length(facts)),
        group=wording.group(facts.group_min, facts.group_max),
        lengths=[wording.lasting(row.minutes) for row in facts.agenda],
        links=links_told(rows, base),
        all_dates=dates_told(workshop),
    )


def _tellings(
    eyes: Viewer, found: Gathered, plan: Plan, lang: Lang, base: str
) -> list[tuple[int, Telling]]:
    """Return every thing in this language, the workshop first."""
    shown = {one.id: one for one in cards(eyes, found.linked, with_tries=False)}
    said = {one.id: one for one in plan.rows.facts.materials}
    held = insides(eyes, found, base)
    made = []
    for entry in [found.workshop, *found.linked]:
        more: dict[str, Any] = {}
        material = said.get(entry.key)
        if material is not None:
            for name, texts, place in (("why", material.why, "w"), ("how", material.how, "h")):
                more[name] = whole(plan.rows.html.get(f"{place}{material.id}", ""), base)
                more[f"{name}_lang"] = pick(texts, lang)[1].value
        more["replies"] = replies(eyes, found, entry, base)
        more["inside"] = held.get(entry.id, ())
        attached = found.attached.get(entry.id, NOTHING)
        more["files"], more["images"] = there(attached.files), can_be_seen(attached.images)
        made.append((entry.id, _telling(eyes, found, entry, lang, base, shown, more)))
    return made


def _telling(
    eyes: Viewer,
    found: Gathered,
    entry: Entry,
    lang: Lang,
    base: str,
    shown: Mapping[int, Card],
    more: Mapping[str, Any],
) -> Telling:
    kind = KINDS[entry.kind]
    told, revision = in_language(found, entry, lang) or (lang, None)
    names = found.names.under(eyes, entry)
    html = rendered(revision) if revision else {}
    return Telling(
        asked=lang,
        lang=told,
        title=revision.title if revision else text_for(entry, lang).title,
        kind=str(kind.label),
        day=day_of(entry, entry.published_at),
        byline=policy.byline(eyes, entry),
        card=shown.get(entry.id),
        reason=str(revision.sections.get("outcome_reason", "")) if revision else "",
        sections={
            key: Section(str(kind.titles[key]), whole(names.html(html[key]), base))
            for key in kind.sections
            if html.get(key)
        },
        **more,
    )


@dataclass(frozen=True)
class Linked:
    """A linked thing as a sheet names it."""

    kind: str
    title: str
    lang: str
    address: str


@dataclass(frozen=True)
class Sheet:
    """Everything of a sheet, in one language."""

    face: Chapter
    plan: Plan
    linked: Sequence[Linked]

    @property
    def weight(self) -> int:
        """About how many lines it takes: the more, the smaller its type, so that it stays one page."""
        objectives = [cell.html for row in self.face.section("objectives") for cell in row]
        lines = sum(one.count("<li") + len(one.striptags()) // 110 for one in objectives)
        around = len(self.plan.dates) + len(self.plan.links)
        return lines + len(self.plan.rows.agenda) + len(self.linked) + around


def sheet(eyes: Viewer, workshop: Entry, lang: Lang, base: str) -> Sheet:
    """Return the sheet of a workshop."""
    with speaking(lang):
        facts = facts_now(workshop)
        found = gathered(eyes, workshop, [one.id for one in facts.materials])
        plan = _plan(eyes, workshop, facts, lang, base)
        telling = _telling(eyes, found, workshop, lang, base, {}, {})
        named = cards(eyes, found.linked, with_tries=False)
        return Sheet(
            face=_chapter(workshop, [telling], [lang], base, found),
            plan=plan,
            linked=[
                Linked(str(KINDS[one.kind].label), one.title, one.lang, f"{base}/entries/{one.id}")
                for one in named
            ],
        )
