"""The forms of practice pages: the editor, and the judgement of a curator."""

from dataclasses import replace
from typing import Any, ClassVar

from wtforms import HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from cop.core.types import Lang
from cop.entries.draft import TextDraft
from cop.entries.editor_form import EditorForm
from cop.entries.models import Revision
from cop.practices.draft import FACT_TITLES, SECTION_TITLES, SECTIONS, PracticeFacts
from cop.practices.grading import seen_as
from cop.practices.models import Grade
from cop.practices.operations import KIND, lacking
from cop.practices.wording import GRADES
from cop.web.forms import BaseForm


class PracticeForm(EditorForm):
    """A practice page as typed; `text` and `facts` are what it says."""

    entry_kind: ClassVar[str] = KIND
    words: ClassVar[tuple[str, ...]] = ("title", *SECTIONS)
    whole_by: ClassVar[str] = "strategy"
    marked: ClassVar[tuple[str, ...]] = SECTIONS

    title = StringField(FACT_TITLES["title"])
    summary = TextAreaField(SECTION_TITLES["summary"])
    when_to_use = TextAreaField(SECTION_TITLES["when_to_use"])
    how = TextAreaField(SECTION_TITLES["how"])
    conditions = TextAreaField(SECTION_TITLES["conditions"])
    pitfalls = TextAreaField(SECTION_TITLES["pitfalls"])
    dissent = TextAreaField(SECTION_TITLES["dissent"])
    related = SelectMultipleField(FACT_TITLES["related"], choices=[], validate_choice=False)
    #: The strategy, by key; a whole form says it.
    strategy = HiddenField()

    #: The facts an edit starts from: what the form does not show stays as it is.
    kept: PracticeFacts = PracticeFacts("")

    @property
    def text(self) -> TextDraft:
        """The telling: title and sections in its language."""
        typed = {name: self[name].data or "" for name in SECTIONS}
        return TextDraft(
            self.language,
            self.title.data or "",
            {name: words for name, words in typed.items() if words},
        )

    @property
    def facts(self) -> PracticeFacts:
        """The facts as chosen."""
        return replace(self.kept, related=tuple(dict.fromkeys(self.related.data or ())))

    def is_whole(self) -> bool:
        """Put a sentence beside every required field that is empty, all at once; return whether none is."""
        found = list(lacking(self.text))
        for error in found:
            self.put_error(error.field, error.message)
        return not found


class GradeForm(BaseForm):
    """How far a page can be relied on, why, and when it is looked at again."""

    grade = RadioField(
        FACT_TITLES["grade"],
        choices=[SelectChoice(grade.value, GRADES[grade]) for grade in Grade],
        validate_choice=False,
    )
    reason = TextAreaField(FACT_TITLES["grade_reason"])
    review_by = StringField(FACT_TITLES["review_by"])
    #: The judgement the form was opened on.
    seen = HiddenField()


def values_of(revision: Revision, lang: Lang, facts: PracticeFacts) -> dict[str, Any]:
    """Return what the editor shows of a page that exists."""
    return {
        "lang": lang.tag,
        "title": revision.title,
        **{name: revision.sections.get(name, "") for name in SECTIONS},
        "related": list(facts.related),
        "strategy": facts.strategy,
        "base": str(revision.id),
    }


def judged(facts: PracticeFacts) -> dict[str, Any]:
    """Return what the form of a judgement shows to begin with; a reason is written anew each time."""
    return {"grade": facts.grade, "review_by": facts.review_by, "seen": seen_as(facts)}
