"""The editor of a case note.

Required are title, outcome with its reason, one strategy, what happened and what was learned.
"""

import re
from dataclasses import replace
from typing import Any, ClassVar

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice

from cop.core.i18n import _, _l
from cop.core.types import Lang
from cop.entries import mentions
from cop.entries.draft import TextDraft
from cop.entries.editor_form import EditorForm
from cop.entries.models import Entry, NameMask, Revision
from cop.entries.opening import is_signed_so
from cop.entries.originals import RELATIONS
from cop.entries.readers_field import chosen_of
from cop.notes.adapting import NOT_COMPARED
from cop.notes.draft import REASON, SECTIONS, TERM_FIELDS, NoteDraft, NoteFacts
from cop.notes.living import facts_of, living
from cop.notes.models import Evidence, Outcome
from cop.notes.operations import KIND, lacking
from cop.notes.wording import EVIDENCE, FACT_TITLES, OUTCOMES, OWN_RELATIONS, SECTION_TITLES
from cop.people.organisations import find
from cop.people.viewer import Viewer
from cop.web.forms import BaseForm, as_before, number_of

NAMED, DESCRIBED = "named", "described"
#: The fields that together say which organisation it was.
ORGANISATION_FIELDS = ("organisation", "organisation_mask", "described_as")


def _terms(label: Any) -> SelectMultipleField:
    """Return a field of term keys; the domain says which of them are not in the list (any more)."""
    return SelectMultipleField(label, choices=[], validate_choice=False)


class FilingForm(BaseForm):
    """Which strategies a note tells of that names none, and why."""

    strategies = _terms(FACT_TITLES["strategies"])
    reason = StringField(_l("Reason"))


class CaseNoteForm(EditorForm):
    """A note as typed; `text`, `facts` and `signature` are what it says."""

    entry_kind: ClassVar[str] = KIND
    words: ClassVar[tuple[str, ...]] = ("title", REASON, *SECTIONS)
    whole_by: ClassVar[str] = "evidence"
    marked: ClassVar[tuple[str, ...]] = SECTIONS

    lang = RadioField(
        _l("Language of this note"),
        choices=[SelectChoice("zh", "中文"), SelectChoice("en", "English")],
    )
    title = StringField(FACT_TITLES["title"])
    outcome = RadioField(
        FACT_TITLES["outcome"],
        choices=[SelectChoice(outcome.value, OUTCOMES[outcome]) for outcome in Outcome],
        validate_choice=False,
    )
    outcome_reason = StringField(_l("Why do you say so?"))
    strategies = _terms(FACT_TITLES["strategies"])
    context = TextAreaField(SECTION_TITLES["context"])
    what_we_did = TextAreaField(SECTION_TITLES["what_we_did"])
    what_happened = TextAreaField(SECTION_TITLES["what_happened"])
    what_we_learned = TextAreaField(SECTION_TITLES["what_we_learned"])
    when_it_applies = TextAreaField(SECTION_TITLES["when_it_applies"])
    organisation_mask = RadioField(
        _l("How the organisation is shown"),
        choices=[
            SelectChoice(NAMED, _l("By its name")),
            SelectChoice(DESCRIBED, _l("Only described")),
        ],
        default=NAMED,
    )
    organisation = StringField(FACT_TITLES["organisation"])
    #: Asked for only where somebody signs as unnamed and names her own organisation.
    own_named = BooleanField(_l("Name my organisation although I sign as unnamed"))
    described_as = StringField(_l("What kind of organisation"))
    place = SelectField(FACT_TITLES["place"], choices=[], validate_choice=False)
    started = StringField(FACT_TITLES["started"])
    ended = StringField(FACT_TITLES["ended"])
    evidence = SelectField(
        FACT_TITLES["evidence"],
        choices=[SelectChoice(kind.value, EVIDENCE[kind]) for kind in Evidence],
        default=Evidence.OWN_EXPERIENCE.value,
        validate_choice=False,
    )
    sectors = _terms(FACT_TITLES["sectors"])
    audiences = _terms(FACT_TITLES["audiences"])
    motivations = _terms(FACT_TITLES["motivations"])
    resources = _terms(FACT_TITLES["resources"])
    powers = _terms(FACT_TITLES["powers"])
    pressures = _terms(FACT_TITLES["pressures"])
    phase = _terms(FACT_TITLES["phase"])
    facts_base = HiddenField()
    #: The key of what it was tried after; how it compares is asked for only where there is one.
    original = HiddenField()
    relation = RadioField(
        FACT_TITLES["relation"],
        choices=[
            *(SelectChoice(one.value, OWN_RELATIONS[one]) for one in RELATIONS),
            SelectChoice("", _l("It stands on its own")),
        ],
        validate_choice=False,
    )
    #: Set while the short form is shown.
    short = HiddenField()
    #: What it is written at, by id, and whether its author says so.
    occasion = HiddenField()
    at_occasion = BooleanField(_l("Written at"))

    #: The facts an edit starts from: what the form does not show stays as it is.
    kept: NoteFacts | None = None
    #: Whether to ask if the own organisation shall be named under an unnamed note.
    asks_about_own = False

    @property
    def text(self) -> TextDraft:
        """The telling: title and sections in its language."""
        sections = {key: self[key].data or "" for key in (*SECTIONS, REASON)}
        return TextDraft(self.language, self.title.data or "", sections)

    @property
    def named(self) -> str:
        """The organisation's name as typed, or "" where it is only described."""
        return (self.organisation.data or "") if self.organisation_mask.data == NAMED else ""

    @property
    def facts(self) -> NoteFacts:
        """The facts as chosen; the organisation's name is resolved by the operation."""
        kept = self.kept or NoteFacts(outcome="")
        started, ended = as_period(self.started.data or ""), as_period(self.ended.data or "")
        same_period = (started, ended) == (kept.started, kept.ended)
        strategies = as_before(self.strategies.data, kept.strategies)
        original, relation = self._compared(kept)
        return replace(
            kept,
            outcome=self.outcome.data or "",
            strategies=strategies,
            evidence=self.evidence.data or "",
            organisation="",
            described_as=self._described(kept),
            place=self.place.data or "",
            started=started,
            ended=ended,
            period_exact=kept.period_exact if same_period else True,
            period_text=kept.period_text if same_period else {},
            terms={
                name: as_before(self[name].data, kept.terms.get(name, ())) for name in TERM_FIELDS
            },
            uses={key: use for key, use in kept.uses.items() if key in strategies},
            images=self.described(self.language, kept.images),
            files=self.enclosed(self.language, kept.files),
            original=original,
            relation=relation,
        )

    def _compared(self, kept: NoteFacts) -> tuple[str, str]:
        """Return what it was tried after and how it compares; nothing where it stands on its own."""
        if self.relation.data is None:
            return kept.original, kept.relation
        return (self.original.data or "") if self.relation.data else "", self.relation.data

    def _described(self, kept: NoteFacts) -> dict[str, str]:
        if self.organisation_mask.data == NAMED:
            return {}
        others = {lang: words for lang, words in kept.described_as.items() if lang != self.language}
        words = self.described_as.data or ""
        return {**others, self.language.value: words} if words else others

    @property
    def note_draft(self) -> NoteDraft:
        """Return the whole note as the operation takes it."""
        return NoteDraft((self.text,), self.facts, self.signature)

    def says_more_than(self, by: Viewer, entry: Entry, published: Revision) -> bool:
        """Whether words, facts or signature differ from what stands published."""
        text = mentions.taken_draft(by, entry, self.text, published.sections)
        words = {key: value for key, value in text.sections.items() if value}
        theirs = facts_of(published)
        mine = replace(
            living(self.facts), organisation=theirs.organisation, described_as=theirs.described_as
        )
        return (
            (self.text.title, words) != (published.title, published.sections)
            or not is_signed_so(entry, self.signature)
            or mine.to_json() != theirs.to_json()
            or self._names_another(theirs)
        )

    def _names_another(self, theirs: NoteFacts) -> bool:
        """Tell whether another organisation is meant, however its name is spelt, or another description."""
        meant = find(self.named)
        if self.named and (meant is None or meant.key != theirs.organisation):
            return True
        mine, lang = self.facts.described_as, self.language.value
        return not self.named and (
            bool(theirs.organisation) or mine.get(lang) != theirs.described_as.get(lang)
        )

    def gives_itself_away(self, own: str, *, before: tuple[str, str] = ("", "")) -> bool:
        """Whether an unnamed author names her `own` organisation (its key), unasked; then the form asks.

        Not asked again is what the note says already: `before` are its name mask and organisation.
        """
        unnamed = self.signature.name_mask is NameMask.UNNAMED
        if not (own and unnamed and self.named) or self.own_named.data:
            return False
        meant = find(self.named)
        if meant is None or meant.key != own or (NameMask.UNNAMED.value, own) == before:
            return False
        self.put_error(
            "organisation",
            _(
                "You sign as unnamed but name your own organisation. "
                "Describe it instead, or tick below that you want this."
            ),
        )
        self.asks_about_own = True
        return True

    def is_whole(self, *, telling: bool = False) -> bool:
        """Put a sentence beside every required field that is empty, all at once; return whether none is.

        `telling` asks for the words alone: the facts were told in another language.
        """
        found = list(lacking(self.text, None if telling else self.facts))
        for error in found:
            self.put_error(error.field, error.message)
        if not telling and self.original.data and self.relation.data is None:
            self.put_error("relation", NOT_COMPARED)
        images, files = (self.kept.images, self.kept.files) if self.kept else ((), ())
        pictured = telling or self.describes_images(self.language, images)
        enclosed = telling or self.describes_enclosures(self.language, files)
        return pictured and enclosed and not found and not self.relation.errors

    @property
    def has_more(self) -> bool:
        """Whether the folded part of the short form holds anything to look at, so that it opens."""
        names = ("organisation", "described_as", "strategies", "visibility", "name_mask")
        return any(self[name].errors for name in names) or bool(
            self.organisation.data or self.described_as.data or self.asks_about_own
        )

    @property
    def has_story(self) -> bool:
        """Whether the folded part of the story holds anything, so that it opens."""
        return any(
            self[key].data or self[key].errors
            for key in ("context", "what_we_did", "when_it_applies")
        )

    @property
    def has_facts(self) -> bool:
        """Whether who, where and when hold anything worth opening for."""
        names = ("organisation", "described_as", "place", "started", "ended")
        wrong = any(self[key].errors for key in (*names, "evidence"))
        return wrong or any(self[key].data for key in names)

    @property
    def has_terms(self) -> bool:
        """Whether any further term is chosen."""
        return any(self[name].data or self[name].errors for name in TERM_FIELDS)

    @property
    def occasion_id(self) -> int:
        """What its author says it was written at; 0 where she does not."""
        return number_of(self.occasion.data) if self.at_occasion.data else 0

    @property
    def facts_base_id(self) -> int:
        """The revision whose facts the edit started from; 0 where the form names none."""
        return number_of(self.facts_base.data)


_WRITTEN = re.compile(r"(\d{4})(?:[年./\-](\d{1,2})(?:[月./\-](\d{1,2})日?|月)?|年)?")


def as_period(typed: str) -> str:
    """Return a year, month or day as it is kept, from the ways people write it: 2023年5月, 2023/05, 2023.5.1.

    What is none of these is returned as typed, for the domain to refuse in a sentence.
    """
    found = _WRITTEN.fullmatch("".join(typed.split()))
    if found is None or (not typed.isascii() and not found.group(1).isascii()):
        return typed
    return "-".join(part.zfill(2) for part in found.groups() if part)


def values_of(
    entry: Entry, revision: Revision, lang: Lang, facts: NoteFacts, organisation: str
) -> dict[str, Any]:
    """Return what the editor shows of a note that exists."""
    values: dict[str, Any] = {
        "lang": lang.tag,
        "title": revision.title,
        "visibility": chosen_of(entry),
        "name_mask": entry.name_mask,
        "base": str(revision.id),
    }
    values |= {key: revision.sections.get(key, "") for key in (*SECTIONS, REASON)}
    return values | values_of_facts(facts, lang, organisation)


def values_of_facts(facts: NoteFacts, lang: Lang, organisation: str) -> dict[str, Any]:
    """Return what the editor shows of facts; the organisation is given by its name."""
    described = not organisation and bool(facts.described_as)
    values: dict[str, Any] = {
        "outcome": facts.outcome,
        "strategies": list(facts.strategies),
        "evidence": facts.evidence,
        "organisation": organisation,
        "organisation_mask": DESCRIBED if described else NAMED,
        "described_as": facts.described_as.get(lang, ""),
        "place": facts.place,
        "original": facts.original,
        "relation": facts.relation,
        "started": facts.started,
        "ended": facts.ended,
    }
    return values | {name: list(facts.terms.get(name, ())) for name in TERM_FIELDS}
