"""A workshop for the walks in both languages, told in both and built on what is there."""

from __future__ import annotations

from typing import Any

from cop.core.types import Lang
from cop.entries.draft import Signature, TextDraft
from cop.entries.models import Visibility
from cop.workshops.draft import AgendaRow, Exercise, Material, WorkshopDraft, WorkshopFacts
from cop.workshops.operations import publish_workshop


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
            ),
            Signature(Visibility.PUBLIC),
        ),
    )
    return {"workshop_id": made.id}
