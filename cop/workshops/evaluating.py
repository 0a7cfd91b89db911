"""Three questions to those who came, answered without a name. Actor first, no commit.

That somebody has answered is kept beside her attendance, and what was answered apart from it, without person, time
or order: nobody, not even who reads the database, can say whose answer it is. Trainers read answers from the third
on, several at a time, so that the one that came since yesterday cannot be told from the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import cast

from sqlalchemy import CursorResult, func, select, update

from cop.core import clock
from cop.core.db import db
from cop.core.errors import Forbidden, Invalid, NotFound
from cop.core.i18n import _l
from cop.core.text import clean
from cop.people.viewer import Viewer
from cop.workshops import sessions, signing
from cop.workshops.attendance import own_attendance
from cop.workshops.running_models import Attendance, Evaluation
from cop.workshops.session_models import SignUp, WorkshopSession

#: So many answers are opened at once, and so many there are at least before any is.
AT_ONCE = 3
WORDS_LIMIT = 2000
#: How long after a date one can answer.
OPEN_FOR = timedelta(days=60)


class Useful(StrEnum):
    """How useful it was, to who came."""

    VERY = "very"
    QUITE = "quite"
    LITTLE = "little"
    NOT = "not"


@dataclass(frozen=True)
class Answers:
    """What somebody says of a date."""

    useful: str
    will_try: str = ""
    missing: str = ""


@dataclass(frozen=True)
class Results:
    """What those who came said, as far as its trainers read it."""

    #: How useful → how many said so.
    numbers: Mapping[Useful, int]
    will_try: Sequence[str]
    missing: Sequence[str]
    #: How many of the answers are not opened yet: at least one, or none. Never how many exactly.
    more: bool

    @property
    def total(self) -> int:
        """How many answers are open."""
        return sum(self.numbers.values())


def is_open(session: WorkshopSession) -> bool:
    """Tell whether one can still answer."""
    return clock.now() < session.ends_at + OPEN_FOR


def answer(*, by: Viewer, entry_id: int, number: int, answers: Answers) -> None:
    """Take an answer of a member who came; raise Invalid where she has answered, NotFound where she did not come."""
    _entry, session = sessions.session_of(by, entry_id, number, to_change=True)
    _take(session, own_attendance(by, session), answers)


def answer_by_link(*, token: str, answers: Answers) -> None:
    """Take an answer of somebody without an account who came, by her own link."""
    found = signing.place_of(token)
    if found.entry is None:
        raise NotFound
    session = db.session.scalars(
        select(WorkshopSession).where(WorkshopSession.id == found.session.id).with_for_update()
    ).one()
    _take(session, attendance_by_link(token), answers)


def attendance_by_link(token: str) -> Attendance | None:
    """Return whether somebody came who signed up by name, as the trainers ticked; by her own link."""
    return attendance_of(signing.place_of(token).row)


def attendance_of(row: SignUp) -> Attendance | None:
    """Return whether somebody came who signed up, as the trainers ticked."""
    there = db.session.get(Attendance, row.id, populate_existing=True)
    return there if there is not None and there.present else None


def _take(session: WorkshopSession, own: Attendance | None, answers: Answers) -> None:
    if own is None:
        raise NotFound
    if not is_open(session):
        raise Forbidden(_l("The questions are closed; so much time has passed."))
    if answers.useful not in set(Useful):
        raise Invalid("useful", _l("Please choose one of the options offered."))
    words = {
        name: clean(getattr(answers, name), multiline=True) for name in ("will_try", "missing")
    }
    for name, said in words.items():
        if len(said) > WORDS_LIMIT:
            raise Invalid(name, _l("Use at most %(number)s characters.", number=WORDS_LIMIT))
    spent = cast(
        "CursorResult[object]",
        db.session.execute(
            update(Attendance)
            .where(Attendance.sign_up_id == own.sign_up_id, Attendance.answered.is_(False))
            .values(answered=True)
        ),
    )
    if not spent.rowcount:
        raise Invalid("", _l("You have answered already. Answers have no name, so yours stays."))
    db.session.add(Evaluation(session_id=session.id, useful=answers.useful, **words))
    db.session.flush()
    _open(session)


def _open(session: WorkshopSession) -> None:
    """Open the answers that wait, once there are enough of them."""
    waiting = list(
        db.session.scalars(
            select(Evaluation).where(
                Evaluation.session_id == session.id, Evaluation.opened.is_(False)
            )
        )
    )
    if len(waiting) >= AT_ONCE:
        for row in waiting:
            row.opened = True
        db.session.flush()


def results(session: WorkshopSession) -> Results:
    """Return what trainers read of a date's answers; once nobody can answer any more, the last ones too."""
    every = list(
        db.session.scalars(
            select(Evaluation).where(Evaluation.session_id == session.id).order_by(Evaluation.id)
        )
    )
    opened = [row for row in every if row.opened]
    if opened and not is_open(session):
        opened = every
    return Results(
        numbers={one: sum(row.useful == one for row in opened) for one in Useful},
        will_try=[row.will_try for row in opened if row.will_try],
        missing=[row.missing for row in opened if row.missing],
        more=len(every) > len(opened),
    )


def numbers_of(session_ids: Sequence[int]) -> dict[int, dict[Useful, int]]:
    """Return how useful those who came found each date, of the answers that are open, in one query."""
    rows = db.session.execute(
        select(Evaluation.session_id, Evaluation.useful, func.count())
        .where(Evaluation.session_id.in_(list(session_ids)), Evaluation.opened)
        .group_by(Evaluation.session_id, Evaluation.useful)
    )
    found: dict[int, dict[Useful, int]] = {}
    for session_id, useful, many in rows:
        found.setdefault(session_id, {})[Useful(useful)] = many
    return found
