"""What somebody typed into any form of the wiki survives a session that ended and a form that expired."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cop.core.db import db
from cop.terms import suggesting
from cop.terms.suggesting import SuggestionDraft
from tests.collecting import collection
from tests.web.guides.conftest import write
from tests.web.proposals.conftest import propose

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["write"]

WORDS = "Typed with care before the session ended"
#: What is written → the address of its form, and the field somebody typed into.
FORMS = {
    "a proposal": ("/entries/{page}/proposals/", "pitfalls"),
    "a proposal of a guide": ("/entries/{guide}/proposals/", "body"),
    "a changed proposal": ("/proposals/{proposal}/edit", "pitfalls"),
    "a new page": ("/proposals/new/practice?strategy=unwritten", "how"),
    "a new guide": ("/proposals/new/guide", "body"),
    "a remark": ("/proposals/{proposal}/remarks", "body"),
    "a decision": ("/proposals/{proposal}/decision", "reason"),
    "a practice page": ("/practices/{page}/edit", "how"),
    "a practice page told in Chinese": ("/practices/{page}/translate/zh", "how"),
    "a guide": ("/guides/{guide}/edit", "body"),
    "a judgement": ("/practices/{page}/grade", "reason"),
    "a citation": ("/practices/{page}/evidence/", "reason"),
    "what stands first": ("/entries/{page}/featuring/", "reason_en"),
    "a suggested term": ("/terms/suggest", "definition"),
    "an accepted term": ("/terms/suggestions/{suggested}/decision", "reason"),
    "a term": ("/terms/strategy/small-groups/edit", "definition_en"),
    "a merging": ("/terms/strategy/small-groups/merge", "reason"),
    "two kept apart": ("/terms/strategy/small-groups/apart/unwritten", "reason"),
    "a collection": ("/collections/", "purpose"),
    "a collection edited": ("/collections/{collection}/edit", "purpose"),
    "something collected": ("/collections/add/{note}", "reason"),
    "what was tried too": ("/notes/?", "what_we_did"),
    "strategies of a note": ("/notes/{note}/strategies", "reason"),
}


@pytest.fixture
def there(page: Any, write: Any, desk: Any, make: Any) -> dict[str, int]:
    """Return the numbers of what the addresses name."""
    make.term("unwritten")
    note = make.note()
    suggested = suggesting.suggest(
        by=make.member(),
        draft=SuggestionDraft(
            "strategy", {"en": "Going round"}, {"en": "The chair goes round."}, "None says it."
        ),
        key="invented",
    )
    held = collection(make, note)
    guide = write()
    db.session.commit()
    return {
        "page": page.id,
        "guide": guide.id,
        "note": note.id,
        "proposal": propose(desk, page, how="x"),
        "suggested": suggested.id,
        "collection": held.id,
    }


@pytest.fixture
def strict(app: Any) -> Iterator[None]:
    """Ask every form for its token."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


def test_whoever_is_signed_out_meanwhile_signs_in_and_sends_again(client, there):
    for what, (path, field) in FORMS.items():
        answer = client.post(path.format(**there), data={field: WORDS})
        assert answer.status_code == 401, what
        assert WORDS in answer.text, what


def test_a_form_that_expired_is_shown_again_with_everything_in_it(there, curator, desk, strict):
    for what, (path, field) in FORMS.items():
        by = desk if what == "a changed proposal" else curator
        answer = by.post(path.format(**there), data={field: WORDS})
        assert answer.status_code in (400, 409, 422), (what, answer.status_code)
        assert WORDS in answer.text, what
