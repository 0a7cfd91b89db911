"""The forms of practice pages: the editor, and the judgement of a curator."""

from typing import Any, ClassVar

from wtforms import HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from cop.entries.curated_form import CuratedForm
from cop.practices import operations
from cop.practices.draft import FACT_TITLES, SECTION_TITLES, SECTIONS, PracticeFacts
from cop.practices.grading import seen_as
from cop.practices.models import Grade
from cop.practices.operations import KIND
from cop.practices.wording import GRADES
from cop.web.forms import BaseForm


class PracticeForm(CuratedForm):
    """A practice page as typed; the strategies a reader should look at too are chosen with it."""

    entry_kind: ClassVar[str] = KIND
    section_keys: ClassVar[tuple[str, ...]] = SECTIONS
    words: ClassVar[tuple[str, ...]] = ("title", *SECTIONS)
    whole_by: ClassVar[str] = "strategy"
    marked: ClassVar[tuple[str, ...]] = SECTIONS
    choosing: ClassVar[str] = "related"
    lacking = staticmethod(operations.lacking)

    summary = TextAreaField(SECTION_TITLES["summary"])
    when_to_use = TextAreaField(SECTION_TITLES["when_to_use"])
    how = TextAreaField(SECTION_TITLES["how"])
    conditions = TextAreaField(SECTION_TITLES["conditions"])
    pitfalls = TextAreaField(SECTION_TITLES["pitfalls"])
    dissent = TextAreaField(SECTION_TITLES["dissent"])
    related = SelectMultipleField(FACT_TITLES["related"], choices=[], validate_choice=False)
    #: The strategy, by key; a whole form says it.
    strategy = HiddenField()


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


def judged(facts: PracticeFacts) -> dict[str, Any]:
    """Return what the form of a judgement shows to begin with; a reason is written anew each time."""
    return {"grade": facts.grade, "review_by": facts.review_by, "seen": seen_as(facts)}
