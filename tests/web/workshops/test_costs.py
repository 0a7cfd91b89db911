"""Pages of running a workshop ask as much for many people as for one, and weigh what a phone can carry."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest

from cop.core import clock
from cop.core.db import db
from cop.entries.drafts import save_draft
from cop.entries.models import Entry
from cop.people import tokens
from cop.workshops import evaluating, outcomes, signing
from cop.workshops.evaluating import Answers
from cop.workshops.participant_models import DraftRemark, DraftShare
from cop.workshops.running_models import Attendance
from cop.workshops.session_models import SignUp, SignUpState
from tests.counting import BUDGETS, assert_all_constant
from tests.web.workshops.dating import give

if TYPE_CHECKING:
    from collections.abc import Callable

    from cop.workshops.session_models import WorkshopSession


@pytest.fixture
def past(hold: Any, make: Any) -> WorkshopSession:
    """Return a date that is over, of a workshop on a note."""
    return give(hold(make.note(title="An invented failure")), days=-10)


def came(session: WorkshopSession, user: Any = None, **more: Any) -> SignUp:
    """Let somebody have come to a date."""
    now = clock.now()
    row = SignUp(
        session_id=session.id,
        user_id=user.id if user else None,
        name="" if user else "Without Account",
        state=SignUpState.GOING.value,
        queued_at=now,
        changed_at=now,
        **more,
    )
    db.session.add(row)
    db.session.flush()
    db.session.add(Attendance(sign_up_id=row.id, session_id=session.id))
    db.session.commit()
    return row


@pytest.fixture
def own_link(past: WorkshopSession) -> str:
    """Return the secret of somebody who came without an account."""
    token = tokens.fresh()
    came(past, token_hash=tokens.digest(token))
    return token


@pytest.fixture
def draft(make: Any, past: WorkshopSession) -> Any:
    """Return a draft that a participant shares."""
    user = make.user()
    came(past, user)
    sections = {"what_happened": ["We asked twice."], "what_we_learned": ["Ask first."]}
    made = save_draft(
        by=make.viewer(user),
        kind="note",
        lang="en",
        data={"title": ["My first try"], **sections},
        draft_id=None,
    )
    db.session.add(DraftShare(draft_id=made.id, entry_id=past.entry_id, shared_at=clock.now()))
    db.session.commit()
    return made


@pytest.fixture
def more(make: Any, past: WorkshopSession, trainer: Any, draft: Any) -> Callable[[int], None]:
    """Return the function that lets so many more people come, answer, write, share and be talked to."""

    def grow(number: int) -> None:
        for _one in range(number):
            user = make.user()
            came(past, user)
            evaluating.answer(
                by=make.viewer(user),
                entry_id=past.entry_id,
                number=past.number,
                answers=Answers("very", "I will try it at home.", "More time."),
            )
            note = make.note(by=user)
            outcomes.name_note(by=make.viewer(trainer), entry_id=past.entry_id, note_id=note.id)
            make.note(by=user)
            made = save_draft(
                by=make.viewer(user), kind="note", lang="en", data={"title": ["T"]}, draft_id=None
            )
            share = DraftShare(draft_id=made.id, entry_id=past.entry_id, shared_at=clock.now())
            said = DraftRemark(
                draft_id=draft.id,
                section="what_happened",
                author_id=trainer.id,
                body=f"@[](person:{user.id}), look",
                at=clock.now(),
            )
            db.session.add_all([share, said])
        db.session.commit()

    return grow


@pytest.fixture
def pages(
    app: Any, make: Any, desk: Any, trainer: Any, past: WorkshopSession, draft: Any, own_link: str
) -> list[tuple[Any, str, str]]:
    """Return the pages: whose browser opens which, and the name of its ceiling."""
    visitor = app.test_client()
    visitor.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    coming = give(db.session.get_one(Entry, past.entry_id), days=9, seats=200)
    by = make.viewer(trainer)
    invited = signing.make_link(by=by, entry_id=past.entry_id, number=coming.number)
    db.session.commit()
    workshop = f"/workshops/{past.entry_id}"
    date = f"{workshop}/dates/{past.number}"
    return [
        (desk, f"{workshop}-an-invented-workshop", "workshop"),
        (desk, f"{workshop}/trainers/", "trainers"),
        (desk, f"{workshop}/participants/", "participants"),
        (desk, f"{workshop}/participants/drafts/{draft.id}", "shared draft"),
        (desk, date, "date"),
        (desk, f"{date}/attendance", "attendance"),
        (desk, f"{date}/evaluation", "evaluation"),
        (desk, f"{date}/follow-up", "follow-up"),
        (visitor, f"{workshop}/dates/", "dates"),
        (visitor, f"{workshop}/participants/{own_link}", "participants, by link"),
        (visitor, f"/workshops/places/{own_link}", "place, by link"),
        (visitor, f"/workshops/places/{own_link}/evaluation", "evaluation, by link"),
        (visitor, f"/workshops/sign-up/{invited}", "sign-up"),
    ]


def test_they_ask_the_same_however_many_came(
    pages: list[tuple[Any, str, str]], more: Callable[[int], None]
) -> None:
    assert all(budget in BUDGETS["queries"] for _browser, _url, budget in pages)
    assert_all_constant(pages, grow=more)


def test_they_stay_light(pages: list[tuple[Any, str, str]], more: Callable[[int], None]) -> None:
    more(20)
    for browser, url, budget in pages:
        weight = len(gzip.compress(browser.get(url).data))
        assert weight <= BUDGETS["kilobytes"][budget] * 1024, f"{url}: {weight}"
