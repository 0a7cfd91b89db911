"""Who comes to a workshop, what she answers and what she has not published stays with those it is for."""

from __future__ import annotations

import pytest

from cop.core import clock
from cop.core.db import db
from cop.entries.drafts import save_draft
from cop.exchange.exporter import export_to
from cop.mail.models import OutgoingMail
from cop.workshops import attendance, evaluating, following_up, sharing
from cop.workshops.evaluating import Answers
from cop.workshops.session_models import SignUp, SignUpState
from tests.privacy.reading import addresses, headers_and_body, pages
from tests.web.workshops.conftest import hold, trainer
from tests.web.workshops.dating import give

__all__ = ["hold", "trainer"]

NAME, GUEST = "Zebulonia", "Quixotina"
ANSWER, DRAFT = "Wyrdanswer", "Wyrddraft"


@pytest.fixture
def taught(make, hold, trainer, index, run_jobs):
    """Return a workshop that was given, with all that is not for others."""
    entry = hold()
    past = give(entry, days=-5)
    people = [make.user(name=f"{NAME} {one}") for one in (1, 2, 3, 4)]
    now = clock.now()
    seats = [
        SignUp(
            session_id=past.id,
            user_id=one.id,
            state=SignUpState.GOING.value,
            queued_at=now,
            changed_at=now,
        )
        for one in people
    ]
    db.session.add_all(seats)
    db.session.flush()
    by = make.viewer(trainer)
    where = {"entry_id": entry.id, "number": past.number}
    attendance.tick(by=by, **where, shown=(), ticked=[one.id for one in seats])
    attendance.add_who_came(by=by, **where, names=[f"{GUEST} Invented"])
    for one in people:
        answers = Answers("very", f"{ANSWER} try", f"{ANSWER} missing")
        evaluating.answer(by=make.viewer(one), **where, answers=answers)
    following_up.show_numbers(by=by, **where, shown=True)
    writer = make.viewer(people[0])
    draft = save_draft(
        by=writer,
        kind="note",
        lang="en",
        data={"title": [DRAFT], "what_happened": [DRAFT]},
        draft_id=None,
    )
    sharing.share(by=writer, entry_id=entry.id, draft_id=draft.id)
    sharing.remark(by=by, entry_id=entry.id, draft_id=draft.id, body=f"{DRAFT} remark")
    run_jobs()
    index()
    return entry


@pytest.mark.parametrize("who", ["visitor", "member", "moderator"])
def test_no_page_tells_others_who_came_what_was_answered_or_what_is_not_published(
    app, client, make, taught, who
):
    if who != "visitor":
        make.signed_in(client, make.user(grants=["moderator"] if who == "moderator" else []))
    own = ("/people", "/admin", "/moderation", "/mentions")
    for path, answer in pages(client, [one for one in addresses(app) if "workshops" in one]):
        said = headers_and_body(answer)
        for word in (ANSWER, DRAFT, GUEST, *([] if path.startswith(own) else [NAME])):
            assert word not in said, f"{word} in {path}"


def test_no_export_mail_or_event_tells_it(taught, tmp_path, make, trainer):
    export_to(tmp_path)
    told = "".join(one.read_text() for one in tmp_path.iterdir())
    mails = [one for one in db.session.query(OutgoingMail) if one.to != trainer.email]
    told += "".join(f"{one.subject} {one.text}" for one in mails)
    for word in (ANSWER, DRAFT, GUEST, NAME):
        assert word not in told, word
