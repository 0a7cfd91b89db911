"""Collections for tests, made by the real operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cop.collections.draft import CollectionDraft, CollectionFacts
from cop.collections.operations import make_collection
from cop.core.types import Lang
from cop.entries.draft import Signature, TextDraft
from cop.entries.models import Entry, Visibility
from cop.people.models import User

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cop.people.viewer import Viewer
    from tests.make import Make


def collection(
    make: Make,
    *entries: Entry,
    by: Viewer | User | None = None,
    title: str = "Invented first month",
    purpose: str = "For who begins.",
    reasons: Iterable[str] = (),
    visibility: Visibility | str = Visibility.PUBLIC,
) -> Entry:
    """Make a collection of these entries; by a trainer, with an invented reason each, unless said."""
    if isinstance(by, User):
        by = make.viewer(by)
    said = [*reasons, *[f"Invented reason {number}" for number in range(len(entries))]]
    keys = tuple(entry.key for entry in entries)
    why = {key: {"en": reason} for key, reason in zip(keys, said, strict=False)}
    return make_collection(
        by=by or make.member("trainer"),
        draft=CollectionDraft(
            (TextDraft(Lang.EN, title, {"purpose": purpose}),),
            CollectionFacts(keys, why),
            Signature(Visibility(visibility)),
        ),
    )
