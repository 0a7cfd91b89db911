"""A workshop for the walks in both languages, told in both and built on what is there."""

from __future__ import annotations

from typing import Any

from cop.core.db import db
from cop.core.types import Lang
from cop.entries import queries
from cop.entries.draft import Signature, TextDraft
from cop.entries.models import Visibility
from cop.people.models import User
from cop.workshops import outcomes, team
from cop.workshops.draft import AgendaRow, Exercise, Material, WorkshopDraft, WorkshopFacts
from cop.workshops.operations import publish_workshop
from cop.workshops.sessions import call_off
from cop.workshops.signing import make_link, sign_up_by_name
from tests import papers
from tests.enclosures import enclosed
from tests.web.workshops.dating import give


def bring_workshop(make: Any, key: str) -> dict[str, Any]:
    """Publish a workshop that is built on the entry of this key; return the parts of addresses."""
    trainer = make.viewer(make.user(handle="⟨coach⟩", name="⟨Coach⟩", grants=["trainer"]))
    both = {"en": "«Told»", "zh-Hans": "《说》"}
    texts = tuple(
        TextDraft(lang, title, {"for_whom": words, "objectives": f"- {words}", "handout": words})
        for lang, title, words in (
            (Lang.EN, "«Workshop»", "«Its words»"),
            (Lang.ZH, "《坊》", "《它的文字》"),
        )
    )
    made = publish_workshop(
        by=trainer,
        draft=WorkshopDraft(
            texts,
            WorkshopFacts(
                begins="09:00",
                group_min=3,
                group_max=9,
                agenda=(AgendaRow("a", 90, both, both), AgendaRow("b", 45, both, new_day=True)),
                exercises=(Exercise("x", both, both),),
                materials=(Material(key, both, both),),
                files=(enclosed(trainer, "2025.docx", papers.docx(), both, "«Source»"),),
            ),
            Signature(Visibility.PUBLIC),
        ),
    )
    give(made, venue="«Hall»", online=True)
    off = give(made, days=12, venue="«Hall»")
    call_off(by=trainer, entry_id=made.id, number=off.number, reason="«Reason»")
    reader = db.session.query(User).filter_by(handle="reader").one()
    asked = make.user(handle="⟨asked⟩", name="⟨Asked⟩")
    for user in (reader, asked):
        team.invite(by=trainer, entry_id=made.id, user=user)
    team.accept(by=make.viewer(reader), entry_id=made.id, named=True)
    outcomes.name_note(by=trainer, entry_id=made.id, note_id=queries.by_key(key).id)
    token = make_link(by=trainer, entry_id=made.id, number=1)
    place = sign_up_by_name(token=token, name="⟨Guest⟩", form_key="an-invented-key")
    db.session.commit()
    return {"workshop_id": made.id, "sign_up_token": token, "place_token": place}
