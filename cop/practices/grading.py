"""Judging a practice page: its grade with the reason, and when it is looked at again. Actor first, no commit."""

from dataclasses import dataclass, replace
from datetime import date

from cop.core.errors import Invalid
from cop.core.i18n import _l
from cop.core.types import Lang
from cop.entries import policy, queries
from cop.entries.draft import TextDraft
from cop.entries.models import Entry
from cop.entries.policy import Act
from cop.entries.significance import Change
from cop.events.record import record
from cop.people.viewer import Viewer
from cop.practices.draft import PracticeFacts
from cop.practices.events import PracticeGraded
from cop.practices.operations import KIND, check_grade, facts_now, publish


@dataclass(frozen=True)
class Judgement:
    """What a curator says of a page: the grade, why (in her language), and by which day to look again ("" = none)."""

    grade: str
    reason: str
    lang: Lang
    #: The day it is, on her calendar.
    on: date
    review_by: str = ""


def seen_as(facts: PracticeFacts) -> str:
    """Return what names the judgement a curator saw, so that two do not decide past each other."""
    return f"{facts.grade}|{facts.reviewed_on}|{facts.review_by}"


def grade_page(*, by: Viewer, entry_id: int, judgement: Judgement, seen: str) -> bool:
    """Judge a page; return whether anything changed. The judgement is a revision of its own, with the reason.

    Raises Invalid without a reason, for a day in the past, and where somebody judged it since (`seen`).
    """
    entry = queries.get(by, entry_id, KIND, to_change=True)
    policy.require(by, Act.GRADE, entry)
    now = facts_now(entry)
    facts = replace(
        now,
        grade=judgement.grade,
        grade_reason={judgement.lang.value: judgement.reason},
        reviewed_on=judgement.on.isoformat(),
        review_by=judgement.review_by,
    )
    if facts == now:
        # The same form, sent twice.
        return False
    _check(facts, judgement.on)
    if seen != seen_as(now):
        raise Invalid(
            "grade",
            _l(
                "Somebody judged this page while you were at it; the page shows how. Look again, then decide."
            ),
        )
    _publish(by, entry, facts, judgement)
    record(
        PracticeGraded(
            entry_id=entry.id,
            grade=facts.grade,
            before=now.grade,
            review_by=facts.review_by,
            reason=judgement.reason,
        ),
        actor_id=by.id,
    )
    return True


def _check(facts: PracticeFacts, today: date) -> None:
    if not any(facts.grade_reason.values()):
        raise Invalid("reason", _l("Say why: what in the evidence speaks for this grade?"))
    try:
        check_grade(facts)
    except Invalid as error:
        if error.field == "grade_reason":
            raise Invalid("reason", error.message) from error
        raise
    if facts.review_by and date.fromisoformat(facts.review_by) < today:
        raise Invalid("review_by", _l("This day is over; choose one that is still to come."))


def _publish(by: Viewer, entry: Entry, facts: PracticeFacts, judgement: Judgement) -> None:
    text = queries.text_for(entry, judgement.lang)
    current = queries.current(text)
    publish(
        by=by,
        entry=entry,
        text=text,
        draft=TextDraft(Lang(text.lang), current.title, current.sections),
        facts=facts,
        change=Change(judgement.reason),
    )
